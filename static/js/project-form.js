// The form for new and edited projects. Without this script it still posts; with it, it helps while one types.
import { startAreas } from "./project-form-areas.js";
import { startCheck } from "./project-form-check.js";
import { startLiesIn } from "./project-form-lies.js";
import { startCopying } from "./project-form-copy.js";
import { startDrafts } from "./project-form-drafts.js";
import { startDrawing } from "./project-form-map.js";
import { startParts } from "./project-form-parts.js";
import { startPasting } from "./project-form-paste.js";
import { startRows } from "./project-form-rows.js";

const form = document.getElementById("projektform");
document.documentElement.classList.add("with-script");

const field = form.elements.geometry;
const drawing = startDrawing(form.querySelector("[data-drawing-frame]"), field);
startRows(form);
startParts(form);
startPasting(form, drawing);
startCopying(form, drawing);
startAreas(form);
startCheck(form);
startLiesIn(form, field, drawing);
startDrafts(form);
startSaving();
startIndex();
form.dataset.ready = "ja";

function startSaving() {
  const save = form.querySelector("[data-save]");
  const word = save.textContent;
  let changed = Boolean(form.dataset.refused);
  for (const kind of ["input", "change", "shape:changed"]) form.addEventListener(kind, () => (changed = true));
  addEventListener("beforeunload", (event) => changed && event.preventDefault());
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      if (!save.disabled) form.requestSubmit(save);
    }
  });
  form.addEventListener("submit", () => {
    drawing.finish();
    changed = false;
    // Not at once: a disabled button would not be sent with the form.
    setTimeout(() => {
      save.disabled = true;
      save.textContent = save.dataset.saving;
    });
  });
  // The page may come back from the browser's memory with the button as it was left.
  addEventListener("pageshow", () => {
    save.disabled = false;
    save.textContent = word;
  });
}

/** Mark the section that is being read in the index. */
function startIndex() {
  const links = new Map([...form.querySelectorAll("[data-section] a")].map((link) => [link.hash.slice(1), link]));
  const seen = new IntersectionObserver(
    (entries) => {
      for (const entry of entries.filter((one) => one.isIntersecting)) {
        for (const [id, link] of links) {
          if (id !== entry.target.id) link.removeAttribute("aria-current");
          else if (!link.hasAttribute("aria-current")) {
            link.setAttribute("aria-current", "true");
            link.closest("ol").scrollLeft = link.offsetLeft - 16;
          }
        }
      }
    },
    { rootMargin: "-20% 0px -70% 0px" },
  );
  for (const id of links.keys()) seen.observe(document.getElementById(id));
}
