// A row of the raw table is chosen by pressing it anywhere; the radio button itself does the rest.
for (const row of document.querySelectorAll("[data-row-choice]")) {
  const radio = row.querySelector("input[type=radio]");
  row.addEventListener("click", (event) => {
    if (!event.target.closest("input, label")) radio.click();
  });
  radio.addEventListener("change", () => {
    for (const other of document.querySelectorAll("[data-row-choice]")) {
      other.classList.toggle("is-chosen", other === row);
    }
  });
}
