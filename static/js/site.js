// What every page does: the theme switch, focus on an error summary, rows that are links.
const root = document.documentElement;

function showTheme(button) {
  button.textContent = root.dataset.bsTheme === "dark" ? "Ljust läge" : "Mörkt läge";
}

for (const button of document.querySelectorAll("[data-theme-switch]")) {
  showTheme(button);
  button.addEventListener("click", () => {
    root.dataset.bsTheme = root.dataset.bsTheme === "dark" ? "light" : "dark";
    localStorage.setItem("theme", root.dataset.bsTheme);
    showTheme(button);
  });
}

document.querySelector("[data-error-summary]")?.focus();

for (const row of document.querySelectorAll("tr[data-href]")) {
  row.addEventListener("click", (event) => {
    if (!event.target.closest("a, button, input, label, select")) {
      location.assign(row.dataset.href);
    }
  });
}
