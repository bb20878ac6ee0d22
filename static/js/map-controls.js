// Buttons on the map beside Leaflet's own: all that was found, and the whole screen.
import { say } from "./map-words.js";

const L = window.L;
const SHAPES = {
  fit: "M8 1.5v3M8 11.5v3M1.5 8h3M11.5 8h3M8 4.5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 1 0 0-7",
  whole: "M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4",
  part: "M6 2v4H2M14 6h-4V2M10 14v-4h4M2 10h4v4",
};

/** Put the buttons on the map. `fit` shows all that was found. */
export function addButtons(map, fit) {
  const control = L.control({ position: "topleft" });
  control.onAdd = () => {
    const bar = L.DomUtil.create("div", "leaflet-bar map-buttons");
    L.DomEvent.disableClickPropagation(bar).disableScrollPropagation(bar);
    bar.append(button("fit", say("fit"), fit));
    const whole = button("whole", say("whole"), () => toggleWhole());
    whole.dataset.whole = "";
    bar.append(whole);
    return bar;
  };
  control.addTo(map);
  document.addEventListener("fullscreenchange", nameWhole);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && side().classList.contains("is-whole")) toggleWhole();
  });
}

function side() {
  return document.querySelector("[data-map-side]");
}

/** The map with legend and time on the whole screen; where the browser cannot, over the whole page. */
export function toggleWhole() {
  const box = side();
  if (document.fullscreenElement) return document.exitFullscreen();
  if (box.requestFullscreen && !box.classList.contains("is-whole")) {
    return box.requestFullscreen().catch(() => coverPage(box));
  }
  return coverPage(box);
}

function coverPage(box) {
  box.classList.toggle("is-whole");
  nameWhole();
}

function nameWhole() {
  const one = document.querySelector("[data-whole]");
  const on = Boolean(document.fullscreenElement) || side().classList.contains("is-whole");
  one.title = say(on ? "part" : "whole");
  one.setAttribute("aria-label", one.title);
  one.querySelector("path").setAttribute("d", SHAPES[on ? "part" : "whole"]);
}

function button(shape, name, press) {
  const one = document.createElement("button");
  one.type = "button";
  one.className = "map-button";
  one.title = name;
  one.setAttribute("aria-label", name);
  one.append(drawing(SHAPES[shape]));
  one.addEventListener("click", press);
  return one;
}

function drawing(path) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const line = document.createElementNS(space, "path");
  for (const [name, value] of Object.entries({ viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" })) {
    svg.setAttribute(name, value);
  }
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}
