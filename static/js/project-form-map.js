// The drawing: points, lines and areas over the outlines of the areas. The hidden field changes only when the
// person changes something, so that a shape nobody touched is sent back as it came.
import { areaOutlines } from "./map-outlines.js";
import { Crosshair } from "./project-form-crosshair.js";
import { startCutting } from "./project-form-cut.js";
import { showDistricts } from "./project-form-districts.js";
import { holeAt, withHole, withoutHole } from "./project-form-holes.js";
import { drawnStyles, isLarge, layerOf, previewOf, ringAt } from "./project-form-layers.js";
import { listParts, Words } from "./project-form-said.js";
import { joined, partsOf, readShape } from "./project-form-shapes.js";
import { Neighbours } from "./project-form-snap.js";
import { startTools } from "./project-form-tools.js";
import { Steps } from "./project-form-undo.js";

const L = window.L;
const DECIMALS = 9;
const VERTICES_SHOWN = 250;
const CITY = [
  [59.227, 17.76],
  [59.441, 18.201],
];
// No tips at the pointer: they cover what is drawn, and the line above the map says the same.
const DRAWING = { snappable: true, snapDistance: 12, continueDrawing: false, tooltips: false };
/** Mode → what Geoman calls it. A hole is an area until it is known where it lies. */
const DRAWN = { Marker: "Marker", Line: "Line", Polygon: "Polygon", hole: "Polygon" };

/** Start the drawing in `frame`; `field` is the hidden field with the GeoJSON geometry. */
export function startDrawing(frame, field) {
  return new Drawing(frame, field);
}

class Drawing {
  constructor(frame, field) {
    this.frame = frame;
    frame.drawing = this;
    this.field = field;
    this.text = field.value;
    this.steps = new Steps();
    this.words = new Words(frame.dataset.words);
    this.mode = "";
    L.PM.setOptIn(true);
    const options = { pmIgnore: false, zoomSnap: 0.25, attributionControl: false, zoomControl: false };
    this.map = L.map(frame.querySelector("[data-map]"), options);
    L.control.zoom({ zoomInTitle: frame.dataset.zoomIn, zoomOutTitle: frame.dataset.zoomOut }).addTo(this.map);
    this.map.fitBounds(CITY);
    this.map.pm.setLang(frame.dataset.language);
    this.parts = L.featureGroup().addTo(this.map);
    this.marks = L.layerGroup().addTo(this.map);
    this.previewed = L.featureGroup().addTo(this.map);
    areaOutlines(this.map).show(frame.dataset.outlines, []);
    showDistricts(this.map, frame.dataset.districts);
    // The names are landmarks for the eye; the tables under the map say where the shape lies.
    for (const pane of ["omradesnamn", "stadsdelar"]) this.map.getPane(pane)?.setAttribute("aria-hidden", "true");
    this.draw();
    this.frameShape();
    this.neighbours = new Neighbours(frame, this.map);
    this.crosshair = new Crosshair(this);
    this.listen();
    startCutting(this);
    startTools(this);
    this.list();
  }

  listen() {
    this.map.on("pm:create", ({ layer }) => this.take(layer));
    this.map.on("pm:remove", ({ layer }) => {
      this.parts.removeLayer(layer);
      this.changed("removed");
    });
    this.map.on("pm:globaldrawmodetoggled", ({ enabled }) => !enabled && DRAWN[this.mode] && this.setMode(""));
    this.map.on("click", (event) => this.mode === "remove" && this.removeHoleAt(event));
  }

  /** Switch to drawing or editing in one way, or to none. */
  setMode(mode) {
    this.mode = "";
    const { pm } = this.map;
    if (pm.globalDrawModeEnabled()) pm.disableDraw();
    for (const kind of ["Edit", "Drag", "Removal", "Cut"]) {
      if (pm[`global${kind}ModeEnabled`]()) pm[`disableGlobal${kind}Mode`]();
    }
    this.crosshair?.letGo();
    this.mode = mode;
    if (DRAWN[mode]) pm.enableDraw(DRAWN[mode], { ...DRAWING, ...drawnStyles() });
    if (mode === "edit") pm.enableGlobalEditMode({ limitMarkersToCount: VERTICES_SHOWN, allowSelfIntersection: true, snapDistance: 12 });
    if (mode === "drag") pm.enableGlobalDragMode();
    if (mode === "cut") pm.enableGlobalCutMode({ allowSelfIntersection: false, snapDistance: 12, tooltips: false });
    if (mode === "remove") pm.enableGlobalRemovalMode();
    // Two quick taps on a phone are two corners, not a wish to come closer.
    this.map.doubleClickZoom[mode ? "disable" : "enable"]();
    this.frame.dataset.drawing = mode;
    this.frame.dispatchEvent(new CustomEvent("drawing:mode"));
  }

  /** End what is being drawn as if its last corner had been clicked; too few corners are dropped. */
  finish() {
    this.active()?._finishShape?.();
  }

  /** What Geoman is drawing or cutting with just now. */
  active() {
    return this.map.pm.Draw[this.map.pm.Draw.getActiveShape() || ""];
  }

  take(layer) {
    const part = layer.toGeoJSON(DECIMALS).geometry;
    const isHole = this.mode === "hole";
    layer.remove();
    if (!isHole) {
      this.add(part);
      this.changed("added");
      return;
    }
    const parts = withHole(this.currentParts(), part.coordinates[0]);
    if (parts) this.change(parts, "holeAdded");
    else this.say("noHolder");
  }

  /** A click in a hole takes the hole; one on a part is Geoman's, who takes the part. */
  removeHoleAt({ latlng: { lng, lat }, originalEvent }) {
    if (originalEvent?.target.closest?.(".drawn-part, .drawn-point")) return;
    const parts = this.currentParts();
    const found = holeAt(parts, [lng, lat]);
    if (found) this.change(withoutHole(parts, found.index, found.hole), "holeRemoved");
  }

  add(part) {
    const layer = layerOf(part);
    layer.on("pm:edit pm:vertexremoved", () => this.changed("edited"));
    layer.on("pm:dragend", () => this.changed("moved"));
    this.parts.addLayer(layer);
  }

  /** Put a whole geometry in the place of what is drawn, or beside it. */
  put(geometry, { beside = false } = {}) {
    const before = beside ? this.currentParts() : [];
    this.change([...before, ...partsOf(geometry)], beside ? "added" : this.isEmpty() ? "placed" : "replaced");
    this.frameShape();
  }

  /** The parts as the field has them. */
  currentParts() {
    return partsOf(readShape(this.text));
  }

  isEmpty() {
    return !this.text;
  }

  changed(word) {
    if (this.cutting) return;
    const parts = this.parts.getLayers().flatMap((layer) => partsOf(layer.toGeoJSON(DECIMALS).geometry));
    this.change(parts, word, { drawn: true });
  }

  /** Make `parts` the shape. `word` says what happened; `drawn` when the map shows it already. */
  change(parts, word, { drawn = false } = {}) {
    const geometry = joined(parts);
    const text = geometry ? JSON.stringify(geometry) : "";
    if (text === this.text) return;
    this.steps.keep(this.text);
    this.show(text, word, drawn);
  }

  /** How many corners of an unfinished line or area are set. */
  unfinished() {
    const drawing = this.active();
    return drawing?._removeLastVertex ? (drawing._layer?.getLatLngs().length ?? 0) : 0;
  }

  undo() {
    if (this.unfinished()) this.active()._removeLastVertex();
    else this.step(this.steps.undo(this.text), "undone");
  }

  redo() {
    this.step(this.steps.redo(this.text), "redone");
  }

  step(text, word) {
    if (text !== null) this.show(text, word, false);
  }

  show(text, word, drawn) {
    const before = this.currentParts();
    this.text = this.field.value = text;
    if (!drawn) this.draw();
    this.marks.clearLayers();
    this.crosshair.letGo();
    this.list();
    this.tell(this.words.change(word, before, this.currentParts()));
    this.frame.dispatchEvent(new CustomEvent("drawing:mode"));
    this.field.dispatchEvent(new CustomEvent("shape:changed", { bubbles: true }));
  }

  draw() {
    const mode = this.mode;
    if (mode) this.setMode("");
    this.parts.clearLayers();
    for (const part of this.currentParts()) this.add(part);
    if (mode) this.setMode(mode);
  }

  list() {
    const parts = this.currentParts();
    listParts(this.frame.querySelector("[data-parts]"), parts, this.words, {
      show: (index) => this.map.fitBounds(layerOf(parts[index]).getBounds?.() ?? pointBounds(parts[index]), { maxZoom: 17, animate: false }),
      remove: (index) => this.change(parts.toSpliced(index, 1), "removed"),
      removeHole: (index, hole) => this.change(withoutHole(parts, index, hole), "holeRemoved"),
    });
    this.frame.dataset.large = parts.some(isLarge) ? "ja" : "";
  }

  /** Say a sentence of the page's words. */
  say(word) {
    this.tell(this.words.say(word));
    this.frame.dispatchEvent(new CustomEvent("drawing:mode"));
  }

  tell(text) {
    this.frame.querySelector("[data-said]").textContent = text;
  }

  /** Show a geometry that is not part of the shape, or nothing. */
  preview(geometry) {
    this.previewed.clearLayers();
    if (!geometry) return;
    this.previewed.addLayer(previewOf(geometry));
    this.map.fitBounds(this.previewed.getBounds().pad(0.3), { maxZoom: 16, animate: false });
  }

  /** Show where a fault is: [longitude, latitude]. */
  mark(point) {
    this.marks.clearLayers();
    if (point) this.marks.addLayer(ringAt([point[1], point[0]]));
  }

  frameShape() {
    const bounds = this.parts.getLayers().length ? this.parts.getBounds().pad(0.3) : L.latLngBounds(CITY);
    this.map.fitBounds(bounds, { maxZoom: 16, animate: false });
  }
}

function pointBounds({ coordinates: [lon, lat] }) {
  return L.latLngBounds([lat, lon], [lat, lon]);
}
