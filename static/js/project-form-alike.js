// "Kan vara samma projekt": asked while name, case numbers and place are given. It tells; it never stops anybody.
import { asker, element, settled } from "./project-form-sending.js";

const LARGEST = 60_000;
const box = document.querySelector("[data-alike]");
const form = box?.closest("form");
if (form) start();

function start() {
  const ask = asker(box.dataset.alike, form.elements.csrf_token.value);
  let asked = "";

  const update = settled(async () => {
    const sought = gathered();
    const text = JSON.stringify(sought);
    if (text === asked) return;
    asked = text;
    try {
      const found = await ask(sought);
      if (found) show(found);
    } catch {
      // Nothing is said; the question is asked again at the next change.
      asked = "";
    }
  }, 600);

  form.addEventListener("input", (event) => /^(name$|case_numbers-)/.test(event.target.name ?? "") && update());
  form.addEventListener("shape:changed", update);
  if (!box.dataset.code) update();
}

function gathered() {
  const text = form.elements.geometry.value;
  return {
    name: form.elements.name.value.trim(),
    case_numbers: [...form.querySelectorAll("input[name^='case_numbers-']")].map((one) => one.value.trim()).filter(Boolean),
    geometry: text && text.length <= LARGEST ? JSON.parse(text) : null,
    code: box.dataset.code,
  };
}

function show(found) {
  const list = box.querySelector("ul");
  box.hidden = !found.length;
  list.replaceChildren(
    ...found.map((one) =>
      element("li", {}, element("a", { href: one.address, target: "_blank", rel: "noopener" }, one.name), ` ${one.code} · ${one.why}`),
    ),
  );
}
