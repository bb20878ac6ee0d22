// The map of a plan. What happens is told by colour and by shape; the tables beside it hold the same rows.
import { onTheme } from "./map-frame.js";
import { areaOutlines } from "./map-outlines.js";
import { Sign, themed } from "./map-signs.js";

const L = window.L;
const CITY = [
  [59.22, 17.75],
  [59.45, 18.22],
];
// A square is new, a diamond changes, a circle stays; what is refused, and where something was, is hollow.
const LOOKS = {
  ny: { kind: "bostad", colour: "--pk-traffic" },
  andras: { kind: "arbetsplats", colour: "--pk-housing" },
  fran: { kind: "arbetsplats", colour: "--pk-housing", hollow: true, dash: "4 4" },
  oforandrad: { kind: "trafik", colour: "--pk-muted" },
  avvisas: { kind: "trafik", colour: "--plan-refused", hollow: true },
};
const ORDER = ["oforandrad", "avvisas", "ny", "fran", "andras"];

function signStyle(look) {
  const colour = themed(look.colour);
  return {
    kind: look.kind,
    radius: 5.5,
    color: look.hollow ? colour : themed("--pk-surface"),
    weight: look.hollow ? 2 : 1.2,
    fillColor: look.hollow ? themed("--pk-surface") : colour,
    fillOpacity: look.hollow ? 0.4 : 1,
  };
}

function shapeStyle(look) {
  const colour = themed(look.colour);
  return { color: colour, weight: 2.5, dashArray: look.dash ?? null, fillColor: colour, fillOpacity: look.hollow ? 0 : 0.25 };
}

async function initPlanMap(element) {
  const map = L.map(element, { attributionControl: false, preferCanvas: true, zoomSnap: 0.25, minZoom: 3, maxZoom: 18 });
  element.setAttribute("role", "group");
  map.fitBounds(CITY, { animate: false });
  const areas = areaOutlines(map);
  const [answer] = await Promise.all([fetch(element.dataset.shapesUrl), areas.show(element.dataset.outlinesUrl, [])]);
  if (answer.redirected) location.reload(); // applied in another tab: the page knows where to go
  if (!answer.ok || answer.redirected) return;
  const collection = await answer.json();
  collection.features.sort((a, b) => ORDER.indexOf(a.properties.what) - ORDER.indexOf(b.properties.what));
  const look = (feature) => LOOKS[feature.properties.what];
  const layer = L.geoJSON(collection, {
    pointToLayer: (feature, at) => new Sign(at, signStyle(look(feature))),
    style: (feature) => (feature.geometry.type === "Point" ? signStyle(look(feature)) : shapeStyle(look(feature))),
    onEachFeature: (feature, shape) => shape.bindTooltip(() => describe(feature.properties, element.dataset.row)),
  }).addTo(map);
  onTheme(() => layer.setStyle((feature) => (feature.geometry.type === "Point" ? signStyle(look(feature)) : shapeStyle(look(feature)))));
  const box = layer.getBounds();
  if (box.isValid()) map.fitBounds(box, { animate: false, padding: [20, 20], maxZoom: 14 });
  element.dataset.state = "klar";
}

/** The words of a shape as a node: names come from files, and must never be read as HTML. */
function describe({ row, code, name }, word) {
  const text = document.createElement("span");
  text.textContent = [`${word} ${row}`, code, name].filter(Boolean).join(" · ");
  return text;
}

for (const element of document.querySelectorAll("[data-plan-map]")) initPlanMap(element);
