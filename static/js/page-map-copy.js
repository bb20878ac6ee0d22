// A button that copies the text of the field beside it; without a clipboard the field can be marked by hand.
for (const button of document.querySelectorAll("[data-copy-this]")) {
  const field = button.parentElement.querySelector("[data-copy-from]");
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.copied;
  });
}
