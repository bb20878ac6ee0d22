// The page's own furniture: the switch between map and list on a narrow page, boxes that stay as they were left, skip links.
const NARROW = "(max-width: 991px)";

/** Whether the page is one column: a phone, or a page enlarged. */
export function isNarrow() {
  return matchMedia(NARROW).matches;
}

/** The switch "Karta / Lista": on a narrow page one of the two is shown; `changed` is called when the reader picks. */
export function bindSwitch(changed) {
  const holder = document.querySelector("[data-switch]");
  const layout = document.querySelector("[data-shown]");
  const pick = (shown) => {
    layout.dataset.shown = shown;
    for (const input of holder.querySelectorAll("input")) input.checked = input.value === shown;
  };
  holder.hidden = false;
  layout.classList.add("map-switched");
  holder.addEventListener("change", (event) => {
    pick(event.target.value);
    changed();
  });
  return {
    isList: () => layout.dataset.shown === "lista",
    show: (list) => pick(list ? "lista" : "karta"),
  };
}

/** Boxes stand as the reader left them; until then open where there is room. */
export function bindBoxes() {
  const filter = document.querySelector("[data-filter-box]");
  const key = "karta-filter";
  const kept = localStorage.getItem(key);
  filter.open = isNarrow() ? false : kept !== "stangd";
  // Where the boxes stand above the map, an open one would hide what it has chosen.
  if (isNarrow()) for (const box of document.querySelectorAll("[data-theme-box]")) box.open = false;
  revealOpened();
  filter.querySelector("summary").addEventListener("click", () => {
    if (!isNarrow()) localStorage.setItem(key, filter.open ? "stangd" : "oppen");
  });
}

/** A box that the reader opens comes into view among the others, which scroll by themselves on a low screen. */
function revealOpened() {
  for (const box of document.querySelectorAll(".map-boxes > details")) {
    box.querySelector("summary").addEventListener("click", () => {
      requestAnimationFrame(() => box.open && box.scrollIntoView({ block: "nearest" }));
    });
  }
}

/** Links that skip: the focus moves, the address keeps its view. `reveal` makes the target visible first. */
export function bindSkips(reveal) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.skip-link[href^='#']");
    if (!link) return;
    event.preventDefault();
    const name = link.hash.slice(1);
    reveal(name);
    const target = document.getElementById(name);
    (name === "karta" ? target.querySelector(".leaflet-container") : target).focus();
  });
}
