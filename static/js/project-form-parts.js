// Small dependences inside the form: what one choice shows, hides or puts first.

/** Wire them and bring the page in step with what is chosen. */
export function startParts(form) {
  const steps = [assessment, motivations, secondaryKinds, measuresFirst, secrecy];
  const all = () => steps.forEach((step) => step(form));
  form.addEventListener("change", (event) => {
    if (event.target.name?.endsWith("-weight") && event.target.value) choose(form, "bidrar", "ej-bedomt");
    all();
  });
  form.querySelector("[data-clear-weights]").addEventListener("click", () => {
    for (const weight of weights(form)) weight.value = "";
    form.dispatchEvent(new Event("input", { bubbles: true }));
    all();
  });
  all();
}

function weights(form) {
  return form.querySelectorAll("select[name^='goals-'][name$='-weight']");
}

function choose(form, value, instead) {
  const chosen = form.querySelector("[name=assessment]:checked");
  if (!chosen || chosen.value === instead) form.querySelector(`[name=assessment][value="${value}"]`).checked = true;
}

function assessment(form) {
  const state = form.querySelector("[name=assessment]:checked")?.value;
  const tagged = [...weights(form)].some((weight) => weight.value);
  form.querySelector("[data-when=inget-bidrag]").hidden = state !== "inget-bidrag";
  form.querySelector("[data-when=bidrar]").hidden = state === "inget-bidrag" && !tagged;
  form.querySelector("[data-both]").hidden = !(state === "inget-bidrag" && tagged);
}

function motivations(form) {
  for (const row of form.querySelectorAll("[data-goal]")) {
    const weight = row.querySelector("select");
    const motivation = row.querySelector("[data-motivation]");
    motivation.hidden = !weight.value && !motivation.querySelector("input").value;
    row.classList.toggle("is-chosen", Boolean(weight.value));
  }
}

function secondaryKinds(form) {
  const main = form.querySelector("[name=main_kind]:checked")?.value;
  for (const box of form.querySelectorAll("[name=secondary_kinds]")) {
    box.disabled = box.value === main;
    if (box.disabled) box.checked = false;
  }
}

function measuresFirst(form) {
  const main = form.querySelector("[name=main_kind]:checked")?.value;
  if (!main) return;
  for (const select of form.querySelectorAll("[data-measures]")) {
    const chosen = select.value;
    const rank = (group) => (group.dataset.kinds.split(" ").includes(main) ? 0 : group.dataset.kinds ? 2 : 1);
    const groups = [...select.querySelectorAll("optgroup")];
    const sorted = groups.toSorted((a, b) => rank(a) - rank(b));
    if (sorted.some((group, index) => group !== groups[index])) select.append(...sorted);
    select.value = chosen;
  }
}

function secrecy(form) {
  form.querySelector("[data-when-secret]").hidden = !form.elements.confidential.checked;
}
