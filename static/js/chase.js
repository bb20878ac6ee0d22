// Copying a letter; without the clipboard the text is selected, and Ctrl+C takes it.
for (const button of document.querySelectorAll("[data-copy]")) {
  const label = button.textContent;
  button.addEventListener("click", async () => {
    const letter = document.getElementById(button.dataset.copy);
    letter.select();
    try {
      await navigator.clipboard.writeText(letter.value);
      button.textContent = button.dataset.copied;
      setTimeout(() => { button.textContent = label; }, 2000);
    } catch {
      letter.focus();
    }
  });
}
