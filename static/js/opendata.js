// Copies an example; without a clipboard the code can be marked by hand.
const status = document.querySelector("[data-copy-status]");
for (const button of document.querySelectorAll("[data-copy-code]")) {
  if (!navigator.clipboard) continue;
  const word = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copyCode).textContent);
    for (const other of document.querySelectorAll("[data-copy-code]")) other.textContent = word;
    button.textContent = button.dataset.copied;
    status.textContent = button.dataset.copied;
  });
}
