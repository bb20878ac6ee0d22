// A preview of where the file's places lie with the coordinate system that is chosen.
import { onTheme } from "./map-frame.js";
import { areaOutlines } from "./map-outlines.js";
import { themed } from "./map-signs.js";

const L = window.L;
const CITY = [
  [59.22, 17.75],
  [59.45, 18.22],
];

function dress() {
  return {
    radius: 5,
    color: themed("--pk-surface"),
    weight: 1.5,
    fillColor: themed("--pk-accent"),
    fillOpacity: 1,
    interactive: false,
  };
}

/** The city with the places around it; all places when none is near. */
function boxOf(sample) {
  const places = sample.map(([lon, lat]) => L.latLng(lat, lon));
  const near = places.filter((place) => L.latLngBounds(CITY).pad(1).contains(place));
  return L.latLngBounds(CITY).extend(L.latLngBounds(near.length ? near : places));
}

async function initPlaceMap(element) {
  const map = L.map(element, { attributionControl: false, preferCanvas: true, zoomSnap: 0.25, minZoom: 3, maxZoom: 18 });
  element.setAttribute("role", "group");
  map.fitBounds(CITY, { animate: false });
  const areas = areaOutlines(map);
  const points = L.layerGroup().addTo(map);
  const show = (sample) => {
    points.clearLayers();
    for (const [lon, lat] of sample) points.addLayer(L.circleMarker([lat, lon], dress()));
    const words = document.querySelector("[data-place-words]");
    words.textContent = sample.length ? words.dataset.some : words.dataset.none;
    map.fitBounds(boxOf(sample), { animate: false, padding: [10, 10] });
  };
  const chosen = () => document.querySelector("input[name=reading]:checked");
  const showChosen = () => show(JSON.parse((chosen() ?? element).dataset.sample ?? "[]"));
  document.addEventListener("change", (event) => {
    if (event.target.name === "reading") showChosen();
  });
  onTheme(() => points.eachLayer((point) => point.setStyle(dress())));
  await areas.show(element.dataset.outlinesUrl, []);
  showChosen();
  element.dataset.state = "klar";
}

for (const element of document.querySelectorAll("[data-place-map]")) initPlaceMap(element);
