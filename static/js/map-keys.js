// The keys of the map. Letters mean something only while the map has the focus, so that they disturb no one's typing.
import { toggleWhole } from "./map-controls.js";
import { Steps, stopsInView } from "./map-steps.js";
import { say } from "./map-words.js";

const QUIET_MILLISECONDS = 400; // what changed is said when the map has come to rest
const STILL_PIXELS = 8;

/** Bind keys, the dialog that explains them, and what is said aloud. `toList` goes to a project's row. */
export function bindKeys({ map, projects, fit, toList }) {
  const box = map.getContainer();
  const tell = speaker();
  const steps = new Steps(map, projects, tell);
  const help = bindHelp(box);
  const keys = {
    n: () => steps.step(1),
    p: () => steps.step(-1),
    0: () => fit(),
    f: () => toggleWhole(),
    l: () => toList(steps.key),
    "?": () => help(),
  };
  nameMap(box);
  box.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea")) return;
    const press = keys[event.key.toLowerCase()];
    if (press) press();
    else if (event.key !== "Enter" || event.target !== box || !steps.open(box)) return;
    event.preventDefault();
  });
  keepFocus(box, projects);
  sayWhatIsInView(map, projects, box, tell);
}

/** An application has keys of its own, which a screen reader then leaves to it. */
function nameMap(box) {
  box.setAttribute("role", "application");
  box.setAttribute("aria-roledescription", say("mapRole"));
  box.setAttribute("aria-describedby", "karta-tips");
}

function speaker() {
  const holder = document.querySelector("[data-said]");
  return (text) => {
    // The same text again is said only if something changed: a no-break space makes it another.
    holder.textContent = holder.textContent === text ? `${text}\u00a0` : text;
  };
}

function bindHelp(box) {
  const dialog = document.querySelector("[data-keys]");
  const button = document.querySelector("[data-help-open]");
  let giver = null;
  const open = () => {
    giver = document.activeElement;
    dialog.showModal();
  };
  button.hidden = false;
  button.addEventListener("click", open);
  dialog.addEventListener("close", () => (giver?.isConnected ? giver : box).focus());
  return open;
}

/** A group that one zooms in on is gone afterwards: the focus goes to the map, not to nowhere. */
function keepFocus(box, projects) {
  let within = false;
  box.addEventListener("focusin", () => (within = true));
  box.addEventListener("focusout", (event) => (within = !event.relatedTarget || box.contains(event.relatedTarget)));
  document.addEventListener("pointerdown", (event) => (within &&= box.contains(event.target)));
  projects.on("drawn", () => {
    // Groups are reached by the same keys as projects; a hundred more stops for Tab would be a wall.
    for (const disc of box.querySelectorAll(".cluster")) disc.tabIndex = -1;
    if (within && document.activeElement === document.body) box.focus({ preventScroll: true });
  });
}

function sayWhatIsInView(map, projects, box, tell) {
  let waiting = 0;
  let before = "";
  let stood = null;
  map.on("moveend", () => {
    const stands = { zoom: map.getZoom(), at: map.project(map.getCenter()) };
    // A map that only changed its size has not been moved.
    const moved = !stood || stood.zoom !== stands.zoom || stood.at.distanceTo(stands.at) > STILL_PIXELS;
    if (!moved) return;
    stood = stands;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (!box.contains(document.activeElement) || box.querySelector(".leaflet-popup")) return;
      const stops = stopsInView(map, projects);
      const groups = stops.filter((stop) => stop.cluster).length;
      const text = say(groups ? "inViewGrouped" : "inView", { count: stops.length - groups, groups });
      if (text !== before) tell(text);
      before = text;
    }, QUIET_MILLISECONDS);
  });
  box.addEventListener("keydown", () => clearTimeout(waiting), true);
}
