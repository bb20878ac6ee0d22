// Printing the page itself: light colours, a map of the paper's width, and the address of what is printed.
export function bindPrint(page, link) {
  const root = document.documentElement;
  let theme = null;
  window.addEventListener("beforeprint", () => {
    theme = root.dataset.bsTheme;
    root.dataset.bsTheme = "light";
    root.classList.add("is-printing");
    for (const one of document.querySelectorAll("[data-print-address]")) one.textContent = link();
    page.map.invalidateSize({ animate: false, pan: true });
    page.projects.draw(); // its colours are read now; the map's own watch of the theme comes too late for the paper
  });
  window.addEventListener("afterprint", () => {
    root.dataset.bsTheme = theme ?? "light";
    root.classList.remove("is-printing");
    page.map.invalidateSize({ animate: false, pan: true });
  });
}
