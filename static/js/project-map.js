// The small map of a project's page: its shape over the outlines, nothing to do but look and zoom.
import { onTheme } from "./map-frame.js";
import { areaOutlines } from "./map-outlines.js";
import { Sign, shapeStyle, signStyle } from "./map-signs.js";

const L = window.L;
const SIGN_BELOW_PIXELS = 24;

/**
 * Draw a project in `element`: data-geometry-url gives its geometry and data-outlines-url an edition's outlines, both
 * GeoJSON in EPSG:4326; data-kind its kind; data-approximate, when present, dashes it; data-zoom-in and
 * data-zoom-out name the buttons. Leaflet must be loaded.
 */
export async function initSmallMap(element) {
  const { geometryUrl, outlinesUrl, kind, zoomIn, zoomOut } = element.dataset;
  const map = L.map(element, {
    zoomControl: false,
    attributionControl: false,
    scrollWheelZoom: false,
    preferCanvas: true,
    zoomSnap: 0.25,
    minZoom: 9,
    maxZoom: 18,
  });
  element.setAttribute("role", "group"); // not an image: its buttons can be reached
  L.control.zoom({ zoomInTitle: zoomIn, zoomOutTitle: zoomOut }).addTo(map);
  map.setView([59.332, 18.012], 10);
  const areas = areaOutlines(map);
  const [geometry] = await Promise.all([fetchShape(geometryUrl), areas.show(outlinesUrl, [])]);
  const shape = geometry && drawShape(map, geometry, kind, "approximate" in element.dataset);
  const box = shape?.getBounds() ?? areas.bounds();
  if (box.isValid()) map.fitBounds(box, { padding: [30, 30], maxZoom: 13, animate: false });
  element.dataset.state = "klar";
  return map;
}

/** The geometry, or null when there is none to have. */
async function fetchShape(address) {
  const answer = await fetch(address, { headers: { Accept: "application/geo+json" } });
  return answer.ok ? answer.json() : null;
}

function drawShape(map, geometry, kind, approximate) {
  const pointToLayer = (_part, at) => new Sign(at, { ...signStyle(kind, 1.2), interactive: false });
  const layer = L.geoJSON(geometry, { pointToLayer, interactive: false }).addTo(map);
  const sign = geometry.type === "Point" ? null : new Sign(layer.getBounds().getCenter(), { interactive: false });
  const dress = () => {
    const style = (part) => {
      if (part.eachLayer) part.eachLayer(style);
      else if (part instanceof Sign) part.setStyle(signStyle(kind, 1.2));
      else part.setStyle(shapeStyle(kind, approximate, !(part instanceof L.Polygon)));
    };
    style(layer);
    sign?.setStyle(signStyle(kind, 1));
  };
  const place = () => {
    if (!sign) return;
    const box = layer.getBounds();
    const size = map.latLngToLayerPoint(box.getSouthWest()).distanceTo(map.latLngToLayerPoint(box.getNorthEast()));
    if (size < SIGN_BELOW_PIXELS) sign.addTo(map);
    else sign.remove();
  };
  dress();
  map.on("zoomend", place);
  onTheme(dress);
  return layer;
}

for (const element of document.querySelectorAll("[data-small-map]")) initSmallMap(element);
