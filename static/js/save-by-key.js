// Ctrl+S (Cmd+S) saves a form that says so.
addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
  const forms = document.querySelectorAll("form[data-save-by-key]");
  const form = document.activeElement?.closest("form[data-save-by-key]") ?? (forms.length === 1 ? forms[0] : null);
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("button[value='save']:not([hidden])") ?? form.querySelector("button[type='submit']"));
});
