// The live check: what a save would say of the form as it stands, in the index and beside the touched fields.
import { asker, element, settled } from "./project-form-sending.js";

const SIGNS = { klart: "✓", saknas: "○", varning: "!", fel: "✕" };

/** Keep the index, the sums and the reasons beside the fields in step with what is typed. */
export function startCheck(form) {
  const ask = asker(form.dataset.checkAddress, form.elements.csrf_token.value);
  const touched = new Set(form.dataset.refused ? ["*"] : []);

  const check = settled(async () => {
    try {
      const state = await ask(sent(form));
      if (state) show(form, state, touched);
    } catch {
      // The server cannot be reached just now; a save will say so, and nothing typed is lost.
    }
  });

  form.addEventListener("input", check);
  form.addEventListener("change", check);
  form.addEventListener("shape:changed", check);
  form.addEventListener("lies:known", check);
  form.addEventListener("focusout", (event) => {
    const { id, name } = event.target;
    if (!name) return;
    touched.add(id).add(name).add(/^([a-z_]+)-\d/.exec(name)?.[1] ?? name);
    check();
  });
}

/** The form without its shape and pasted numbers, which can be large: only whether there are any. */
function sent(form) {
  const data = new URLSearchParams(new FormData(form));
  data.set("drawn", data.get("geometry") ? form.elements.geometry.dataset.state || "ja" : "");
  data.set("waiting", data.get("pasted").trim() ? "ja" : "");
  for (const name of ["geometry", "pasted"]) data.delete(name);
  return data;
}

function show(form, state, touched) {
  for (const section of state.sections) showSection(form, section);
  for (const slot of form.querySelectorAll("[data-fault]")) showFault(form, slot, state.faults, touched);
  for (const slot of form.querySelectorAll("[data-reading]")) slot.textContent = state.readings[slot.dataset.reading] ?? "";
  for (const cell of form.querySelectorAll("[data-net]")) {
    const row = cell.closest("[data-row]").dataset.row;
    cell.textContent = state.money.nets[row]?.[cell.dataset.net] ?? "–";
  }
  for (const cell of form.querySelectorAll("[data-sum]")) cell.textContent = state.money.sums[cell.dataset.sum];
  const sum = form.querySelector("[data-share-sum]");
  sum.textContent = state.shares.text;
  sum.classList.toggle("is-whole", state.shares.whole);
  showList(form.querySelector("[data-count-sums]"), state.counts);
  showScore(form.querySelector("[data-form-score]"), state.score);
}

function showList(list, texts) {
  if (list) list.replaceChildren(...texts.map((text) => element("li", {}, text)));
}

function showScore(place, score) {
  if (!place) return;
  const links = score.missing.flatMap((one, index) => [index ? ", " : ": ", element("a", { href: `#${one.field}` }, one.text)]);
  place.replaceChildren(element("b", {}, score.text), ...links);
}

function showSection(form, section) {
  const item = form.querySelector(`[data-section="${section.id}"]`);
  if (item.dataset.state !== section.state) item.dataset.state = section.state;
  put(item.querySelector("[data-sign]"), SIGNS[section.state]);
  put(item.querySelector("[data-word]"), section.word);
  put(item.querySelector("[data-missing]"), section.missing.length ? section.missing.join(", ") : "");
  const warnings = form.querySelector(`[data-warnings="${section.id}"]`);
  if (!warnings) return;
  const texts = section.warnings.map((text) => element("p", { class: "notice" }, text));
  if (warnings.textContent.trim() !== section.warnings.join("")) warnings.replaceChildren(...texts);
}

function showFault(form, slot, faults, touched) {
  const id = slot.dataset.fault;
  if (id === "geometry" || id === "pasted") return; // not sent
  const reason = faults[id] ?? "";
  const known = touched.has(id) || touched.has("*") || slot.textContent.trim();
  put(slot, known ? reason : "");
  const field = document.getElementById(id);
  field?.classList.toggle("is-invalid", Boolean(known && reason));
  if (known && reason) field?.setAttribute("aria-invalid", "true");
  else field?.removeAttribute("aria-invalid");
}

function put(place, text) {
  if (place.textContent.trim() !== text) place.textContent = text;
}
