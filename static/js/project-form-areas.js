// Served areas: a suggestion from where the shape lies, and equal shares.
import { addRow } from "./project-form-rows.js";
import { element } from "./project-form-sending.js";

const WHOLE = 10000;

/** Wire the buttons of the section. */
export function startAreas(form) {
  const list = form.querySelector('[data-rows="serves"]');
  const suggest = form.querySelector("[data-suggest]");
  const said = form.querySelector("[data-suggested]");
  let parts = [];

  form.addEventListener("lies:known", ({ detail }) => {
    parts = detail.tables[0]?.rows ?? [];
    suggest.disabled = parts.length === 0;
  });
  suggest.addEventListener("click", () => {
    const before = filled().map(values);
    fill(parts.map((part) => [part.text, shareText(part.share)]));
    const text = element("span", {}, said.dataset.done);
    said.replaceChildren(text);
    if (!before.length) return;
    const back = element("button", { type: "button", class: "btn btn-sm btn-link" }, said.dataset.undo);
    back.addEventListener("click", () => {
      fill(before);
      said.replaceChildren();
      suggest.focus();
    });
    said.append(" ", back);
  });
  form.querySelector("[data-equal]").addEventListener("click", () => {
    const rows = filled();
    rows.forEach((row, index) => {
      const share = Math.floor(WHOLE / rows.length) + (index < WHOLE % rows.length ? 1 : 0);
      fields(row)[1].value = shareText(share);
    });
    changed();
  });

  function fields(row) {
    return [row.querySelector("[name$='-area']"), row.querySelector("[name$='-share']")];
  }

  function values(row) {
    return fields(row).map((field) => field.value);
  }

  function filled() {
    return [...list.querySelectorAll("[data-row]")].filter((row) => fields(row)[0].value.trim());
  }

  function fill(wanted) {
    for (const row of list.querySelectorAll("[data-row]")) row.remove();
    for (const [area, share] of wanted.length ? wanted : [["", ""]]) {
      const [areaField, shareField] = fields(addRow(form, "serves"));
      areaField.value = area;
      shareField.value = share;
    }
    changed();
  }

  function changed() {
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function shareText(share) {
  return String(share / 100).replace(".", ",");
}
