// How the parts of a shape look on the map, and which of them are too large to be changed corner by corner.
const L = window.L;

/** Parts with more corners than this are moved, cut out or replaced, but not edited corner by corner. */
export const EDITED_UP_TO = 5000;

/** The number of corners of a part; the closing point of a ring is none. */
export function corners(part) {
  if (part.type === "Point") return 1;
  if (part.type === "LineString") return part.coordinates.length;
  return part.coordinates.reduce((sum, ring) => sum + ring.length - 1, 0);
}

/** Whether a part is too large for its corners to be handled one by one. */
export function isLarge(part) {
  return corners(part) > EDITED_UP_TO;
}

/** Styles for what is being drawn. */
export function drawnStyles() {
  return {
    markerStyle: { icon: pointSign() },
    pathOptions: { className: "drawn-part" },
    templineStyle: { className: "drawn-line" },
    hintlineStyle: { className: "drawn-hint", dashArray: "5 6" },
  };
}

/** The layer of one part; a large one is left alone by the tools that go through every corner. */
export function layerOf(part) {
  const large = isLarge(part);
  const options = { pmIgnore: false, className: "drawn-part", snapIgnore: large };
  let layer;
  if (part.type === "Point") {
    layer = L.marker(L.GeoJSON.coordsToLatLng(part.coordinates), { ...options, icon: pointSign(), keyboard: false });
  } else if (part.type === "LineString") {
    layer = L.polyline(L.GeoJSON.coordsToLatLngs(part.coordinates, 0), { ...options, className: "drawn-part drawn-line" });
  } else {
    layer = L.polygon(L.GeoJSON.coordsToLatLngs(part.coordinates, 1), options);
  }
  if (large) layer.pm.setOptions({ allowEditing: false, allowCutting: false });
  return layer;
}

/** A shape that is only looked at: what is about to be copied. */
export function previewOf(geometry) {
  const still = { interactive: false, pmIgnore: true, snapIgnore: true };
  return L.geoJSON(geometry, {
    ...still,
    style: { className: "preview-part", dashArray: "8 5" },
    pointToLayer: (_feature, at) => L.marker(at, { ...still, icon: sign("preview-point", 18), keyboard: false }),
  });
}

/** A ring around a place. */
export function ringAt(at, name = "fault-sign") {
  return L.marker(at, { icon: sign(name, 26), interactive: false, keyboard: false });
}

function pointSign() {
  return sign("drawn-point", 18);
}

function sign(name, size) {
  return L.divIcon({ className: name, html: "", iconSize: [size, size] });
}
