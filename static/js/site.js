// What every page does: the theme switch, focus on an error summary, rows that are links.
const root = document.documentElement;

function showTheme(button) {
  button.textContent = root.dataset.bsTheme === "dark" ? button.dataset.toLight : button.dataset.toDark;
}

for (const button of document.querySelectorAll("[data-theme-switch]")) {
  showTheme(button);
  button.addEventListener("click", () => {
    root.dataset.bsTheme = root.dataset.bsTheme === "dark" ? "light" : "dark";
    localStorage.setItem("theme", root.dataset.bsTheme);
    showTheme(button);
  });
}

// After a refusal one stands at what is wrong: its summary, or the field where a page has none.
const wrong = document.querySelector("[data-error-summary]") ?? document.querySelector("main [aria-invalid=true]");
wrong?.focus();

for (const row of document.querySelectorAll("tr[data-href]")) {
  row.addEventListener("click", (event) => {
    if (!event.target.closest("a, button, input, label, select")) {
      location.assign(row.dataset.href);
    }
  });
}

// A table that is wider than its frame scrolls; the keyboard must be able to reach it.
function reachWideTables() {
  for (const frame of document.querySelectorAll(".table-wrap")) {
    const wide = frame.scrollWidth > frame.clientWidth || frame.scrollHeight > frame.clientHeight;
    frame.toggleAttribute("tabindex", wide);
    if (wide) {
      frame.tabIndex = 0;
      frame.setAttribute("role", "region");
      const name = frame.querySelector("caption")?.textContent.trim();
      frame.setAttribute("aria-label", name || document.querySelector("main").dataset.tableName);
    } else {
      frame.removeAttribute("role");
      frame.removeAttribute("aria-label");
    }
  }
}

reachWideTables();
addEventListener("resize", reachWideTables);

// On a narrow screen a period's menu scrolls sideways; the page that one is on is shown from the start.
const periodPages = document.querySelector(".period-nav");
const here = periodPages?.querySelector("[aria-current]");
if (here) {
  const [frame, item] = [periodPages.getBoundingClientRect(), here.getBoundingClientRect()];
  if (item.right > frame.right) {
    periodPages.scrollLeft += item.right - frame.right + 24;
  }
}
