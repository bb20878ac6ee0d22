// Ctrl+S saves; leaving a page with unsaved changes asks first.

/** Watch a form: `save` is its first button. Gives a function that marks it as changed. */
export function guardChanges(form, save) {
  let changed = Boolean(form.dataset.refused);
  const mark = () => (changed = true);
  for (const kind of ["input", "change"]) form.addEventListener(kind, mark);
  form.addEventListener("submit", () => (changed = false));
  addEventListener("beforeunload", (event) => changed && event.preventDefault());
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      form.requestSubmit(save);
    }
  });
  return mark;
}
