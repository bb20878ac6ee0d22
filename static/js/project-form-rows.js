// Rows that are added and removed. The numbers in the names need not be unbroken.

/** Wire every list of rows; without this script the buttons post the form and the server adds the row. */
export function startRows(form) {
  form.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add-row]");
    const remove = event.target.closest("[data-remove-row]");
    if (add) {
      event.preventDefault();
      const row = addRow(form, add.dataset.addRow);
      row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    } else if (remove) {
      removeRow(form, remove.closest("[data-row]"));
    }
  });
}

/** Add an empty row to a list and give it. */
export function addRow(form, name) {
  const list = form.querySelector(`[data-rows="${name}"]`);
  const used = [...form.elements].map((field) => new RegExp(`^${name}-(\\d+)`).exec(field.name)?.[1]).filter(Boolean);
  const number = Math.max(-1, ...used.map(Number)) + 1;
  const template = form.querySelector(`template[data-row-template="${name}"]`);
  const holder = document.createElement("div");
  holder.innerHTML = template.innerHTML.replaceAll("__i__", String(number));
  const row = holder.querySelector("[data-row]");
  list.insertBefore(row, list.querySelector(":scope > [data-rows-end]"));
  form.dispatchEvent(new Event("input", { bubbles: true }));
  return row;
}

function removeRow(form, row) {
  const list = row.closest("[data-rows]");
  const next = row.nextElementSibling?.querySelector("[data-remove-row]") ?? form.querySelector(`[data-add-row="${list.dataset.rows}"]`);
  row.remove();
  next?.focus();
  form.dispatchEvent(new Event("input", { bubbles: true }));
}
