// The frame of a map: limits, zoom buttons with words, a metric scale, no outside address.
import { say } from "./map-words.js";

const L = window.L;

/** Prepare the map that folium made. */
export function frameMap(map, { minZoom, maxZoom }) {
  map.setMinZoom(minZoom);
  map.setMaxZoom(maxZoom);
  map.attributionControl.setPrefix(false);
  // The style sheet stops transitions for those who ask for little motion; sliding on after a drag is ours to stop.
  map.options.inertia = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  L.control.zoom({ zoomInTitle: say("zoomIn"), zoomOutTitle: say("zoomOut") }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  const box = map.getContainer();
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", say("map"));
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(box);
  return map;
}

/** Call back when the reader changes between light and dark. */
export function onTheme(callback) {
  new MutationObserver(callback).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
}
