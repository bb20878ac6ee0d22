// Many projects in one place: a disc with their number and a ring with the share of each kind.
import { KINDS, kindColour } from "./map-signs.js";
import { say, words } from "./map-words.js";

const L = window.L;
const format = new Intl.NumberFormat("sv-SE");

/** How many of a cluster's projects are of the kinds that are shown. */
export function clusterCount(properties, hidden) {
  return KINDS.reduce((sum, kind) => sum + (hidden.has(kind) ? 0 : properties[kind]), 0);
}

/** A marker for a cluster; it zooms in on a click or on Enter. */
export function clusterMarker(map, feature, hidden) {
  const [lon, lat] = feature.geometry.coordinates;
  const count = clusterCount(feature.properties, hidden);
  const size = Math.round(26 + 7 * Math.log10(count));
  const icon = L.divIcon({ className: "cluster", html: disc(feature.properties, hidden, count), iconSize: [size, size] });
  const parts = KINDS.filter((kind) => !hidden.has(kind) && feature.properties[kind])
    .map((kind) => `${words.kinds[kind].toLowerCase()} ${format.format(feature.properties[kind])}`)
    .join(", ");
  const alt = say("cluster", { count: format.format(count), parts });
  const marker = L.marker([lat, lon], { icon, alt, title: alt });
  const zoomIn = () => map.setView([lat, lon], Math.min(map.getZoom() + 2, map.getMaxZoom()));
  marker.on("click", zoomIn);
  marker.on("keydown", ({ originalEvent }) => {
    if (originalEvent.key !== "Enter" && originalEvent.key !== " ") return;
    originalEvent.preventDefault();
    zoomIn();
  });
  return marker;
}

function disc(properties, hidden, count) {
  const ring = document.createElement("span");
  ring.className = "cluster-ring";
  const stops = [];
  let from = 0;
  for (const kind of KINDS) {
    if (hidden.has(kind)) continue;
    const to = from + (100 * properties[kind]) / count;
    stops.push(`${kindColour(kind)} ${from}% ${to}%`);
    from = to;
  }
  ring.style.background = `conic-gradient(${stops.join(", ")})`;
  const number = document.createElement("span");
  number.className = "cluster-number";
  number.textContent = format.format(count);
  ring.append(number);
  return ring;
}
