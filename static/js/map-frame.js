// The frame of a map: limits, zoom buttons with words, a metric scale, no outside address.
import { say } from "./map-words.js";

const L = window.L;

/** Prepare the map that folium made. */
export function frameMap(map, { minZoom, maxZoom }) {
  map.setMinZoom(minZoom);
  map.setMaxZoom(maxZoom);
  map.attributionControl.setPrefix(false);
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) keepStill(map);
  L.control.zoom({ zoomInTitle: say("zoomIn"), zoomOutTitle: say("zoomOut") }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  const box = map.getContainer();
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", say("map"));
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(box);
  return map;
}

/** The style sheet stops transitions for those who ask for little motion; sliding is not one of them. */
function keepStill(map) {
  map.options.inertia = false;
  // A popup that needs room, and the arrow keys, move the map by this.
  map.panBy = (offset, options) => L.Map.prototype.panBy.call(map, offset, { ...options, animate: false });
}

/** Call back when the reader changes between light and dark. */
export function onTheme(callback) {
  new MutationObserver(callback).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
}
