// The parts of the page that follow the filter: fetched as the page's own address, swapped in place.

/** The main part of the page at this address as a document. */
export async function fetchPage(address, signal) {
  const answer = await fetch(address, { signal, headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  const text = await answer.text();
  // Only the main part: the head's styles carry that answer's nonce, which this page's policy does not know.
  const main = text.slice(text.indexOf("<main"), text.indexOf("</main>"));
  return new DOMParser().parseFromString(main, "text/html");
}

/** Take every marked part and the form's choices from a fresh page. */
export function swapParts(fresh) {
  for (const part of document.querySelectorAll("[data-part]")) {
    const other = fresh.getElementById(part.id);
    if (!other) continue;
    for (const [name, value] of Object.entries(other.dataset)) part.dataset[name] = value;
    if (part.innerHTML !== other.innerHTML) part.replaceChildren(...other.childNodes);
  }
  syncForm(document.querySelector("[data-filter-form]"), fresh.querySelector("[data-filter-form]"));
}

/** Give the form the values and choices of another without touching what has the focus more than needed. */
function syncForm(form, other) {
  if (!form || !other) return;
  // Fields that stand elsewhere on the page belong to the form too, by their `form` attribute.
  for (const field of form.elements) {
    const twin = field.id && field.type !== "hidden" && other.ownerDocument.getElementById(field.id);
    if (twin) syncField(field, twin);
  }
  for (const field of form.querySelectorAll("input[type=hidden]")) field.remove();
  form.append(...other.querySelectorAll("input[type=hidden]"));
  syncButtons(form.querySelector(".filter-buttons"), other.querySelector(".filter-buttons"));
}

function syncField(field, twin) {
  if (field.tagName === "SELECT" && field.innerHTML !== twin.innerHTML) {
    field.replaceChildren(...[...twin.children].map((one) => one.cloneNode(true)));
  }
  if (field.type === "checkbox" || field.type === "radio") field.checked = twin.checked;
  else if ("value" in field && field.tagName !== "BUTTON") field.value = twin.value;
}

function syncButtons(buttons, others) {
  if (!buttons || !others || buttons.innerHTML === others.innerHTML) return;
  const held = buttons.contains(document.activeElement);
  buttons.replaceChildren(...others.childNodes);
  if (held) buttons.querySelector("button")?.focus();
}
