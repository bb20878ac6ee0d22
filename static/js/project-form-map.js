// The drawing: points, lines and areas over the outlines of the areas. The hidden field changes only when the
// person changes something, so that a shape nobody touched is sent back as it came.
import { areaOutlines } from "./map-outlines.js";
import { showDistricts } from "./project-form-districts.js";
import { joined, partsOf, readShape } from "./project-form-shapes.js";

const L = window.L;
const DECIMALS = 9;
const VERTICES_SHOWN = 250;
const VERTICES_EDITED = 5000;
const CITY = [
  [59.227, 17.76],
  [59.441, 18.201],
];
const DRAWING = { snappable: true, snapDistance: 12, continueDrawing: false };
const ROOMY = "(min-width: 641px)";
const DRAWN = ["Marker", "Line", "Polygon"];

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
    this.undone = [];
    this.mode = "";
    L.PM.setOptIn(true);
    const options = { pmIgnore: false, zoomSnap: 0.25, attributionControl: false, zoomControl: false };
    this.map = L.map(frame.querySelector("[data-map]"), options);
    L.control.zoom({ zoomInTitle: frame.dataset.zoomIn, zoomOutTitle: frame.dataset.zoomOut }).addTo(this.map);
    this.map.fitBounds(CITY);
    this.map.pm.setLang("sv");
    this.parts = L.featureGroup().addTo(this.map);
    this.marks = L.layerGroup().addTo(this.map);
    areaOutlines(this.map).show(frame.dataset.outlines, []);
    showDistricts(this.map, frame.dataset.districts);
    // The names are landmarks for the eye; the tables under the map say where the shape lies.
    for (const pane of ["omradesnamn", "stadsdelar"]) this.map.getPane(pane)?.setAttribute("aria-hidden", "true");
    this.listen();
    this.draw();
    this.frameShape();
  }

  listen() {
    this.map.on("pm:create", ({ layer }) => this.take(layer));
    this.map.on("pm:cut", ({ layer, originalLayer }) => this.replace(originalLayer, layer));
    this.map.on("pm:remove", ({ layer }) => {
      this.parts.removeLayer(layer);
      this.changed();
    });
    this.map.on("pm:globaldrawmodetoggled", ({ enabled }) => !enabled && DRAWN.includes(this.mode) && this.setMode(""));
    for (const button of this.frame.querySelectorAll("[data-mode]")) {
      button.addEventListener("click", () => this.setMode(button.dataset.mode === this.mode ? "" : button.dataset.mode));
    }
    this.on("[data-undo]", () => this.undo());
    this.on("[data-finish]", () => this.finish());
    this.on("[data-centre]", () => this.map.fire("click", { latlng: this.map.getCenter() }));
    this.on("[data-fit]", () => this.frameShape());
    this.frame.addEventListener("keydown", (event) => this.key(event));
    this.fullScreen();
  }

  on(selector, action) {
    this.frame.querySelector(selector).addEventListener("click", action);
  }

  key(event) {
    if (event.key === "Escape" && this.mode) {
      event.preventDefault();
      this.setMode("");
    } else if (event.key === "Enter" && event.target.matches("[data-map]") && this.mode) {
      event.preventDefault();
      this.finish();
    } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
      event.preventDefault();
      this.undo();
    }
  }

  fullScreen() {
    const button = this.frame.querySelector("[data-full-screen]");
    const show = () => {
      const full = document.fullscreenElement === this.frame || this.frame.classList.contains("is-full");
      button.setAttribute("aria-pressed", String(full));
      this.map.invalidateSize();
    };
    button.addEventListener("click", async () => {
      if (document.fullscreenElement) await document.exitFullscreen();
      else if (this.frame.requestFullscreen) await this.frame.requestFullscreen();
      else this.frame.classList.toggle("is-full");
      show();
    });
    this.frame.addEventListener("fullscreenchange", show);
  }

  /** Switch to drawing or editing in one way, or to none. */
  setMode(mode) {
    this.mode = "";
    const { pm } = this.map;
    if (pm.globalDrawModeEnabled()) pm.disableDraw();
    for (const kind of ["Edit", "Drag", "Removal", "Cut"]) {
      if (pm[`global${kind}ModeEnabled`]()) pm[`disableGlobal${kind}Mode`]();
    }
    this.mode = mode;
    if (DRAWN.includes(mode)) pm.enableDraw(mode, { ...DRAWING, ...styles(), tooltips: matchMedia(ROOMY).matches });
    if (mode === "edit") pm.enableGlobalEditMode({ limitMarkersToCount: VERTICES_SHOWN, allowSelfIntersection: true });
    if (mode === "drag") pm.enableGlobalDragMode();
    if (mode === "cut") pm.enableGlobalCutMode({ allowSelfIntersection: false });
    if (mode === "remove") pm.enableGlobalRemovalMode();
    this.frame.dataset.drawing = mode;
    this.tell();
    for (const button of this.frame.querySelectorAll("[data-mode]")) {
      button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
    }
  }

  /** Say under the buttons how the chosen tool is used. */
  tell() {
    const note = this.frame.querySelector("[data-note]");
    const button = this.mode && this.frame.querySelector(`[data-mode="${this.mode}"]`);
    const large = this.mode === "edit" && this.parts.getLayers().some((part) => part.pm.options.allowEditing === false);
    note.textContent = large ? note.dataset.large : button ? button.title : note.dataset.idle;
  }

  /** End what is being drawn as if its last corner had been clicked; too few corners are dropped. */
  finish() {
    const shape = this.map.pm.Draw.getActiveShape();
    const drawing = shape && this.map.pm.Draw[shape];
    if (drawing?._finishShape) drawing._finishShape();
  }

  take(layer) {
    const part = layer.toGeoJSON(DECIMALS).geometry;
    layer.remove();
    this.add(part);
    this.changed();
  }

  replace(before, after) {
    this.parts.removeLayer(before);
    const left = after ? after.toGeoJSON(DECIMALS) : null;
    after?.remove();
    const shapes = left?.type === "FeatureCollection" ? left.features.map((one) => one.geometry) : [left?.geometry];
    for (const part of shapes.flatMap((one) => partsOf(one))) this.add(part);
    this.changed();
  }

  add(part) {
    const layer = layerOf(part);
    if (part.coordinates.flat(part.type === "Polygon" ? 1 : 0).length > VERTICES_EDITED) layer.pm.setOptions({ allowEditing: false });
    layer.on("pm:edit pm:dragend pm:vertexremoved", () => this.changed());
    this.parts.addLayer(layer);
  }

  /** Put a whole geometry in the place of what is drawn, or beside it. */
  put(geometry, { beside = false } = {}) {
    const before = beside ? partsOf(this.geometry()) : [];
    this.set(JSON.stringify(joined([...before, ...partsOf(geometry)])));
    this.frameShape();
  }

  geometry() {
    return joined(this.parts.getLayers().flatMap((layer) => partsOf(layer.toGeoJSON(DECIMALS).geometry)));
  }

  changed() {
    const geometry = this.geometry();
    this.set(geometry ? JSON.stringify(geometry) : "", { drawn: true });
  }

  set(text, { drawn = false } = {}) {
    if (text === this.text) return;
    this.undone.push(this.text);
    this.show(text, drawn);
  }

  undo() {
    const drawing = this.map.pm.Draw[this.map.pm.Draw.getActiveShape() || ""];
    if (drawing?._removeLastVertex) {
      drawing._removeLastVertex();
      return;
    }
    if (this.undone.length) this.show(this.undone.pop(), false);
  }

  show(text, drawn) {
    this.text = this.field.value = text;
    if (!drawn) this.draw();
    this.marks.clearLayers();
    this.frame.querySelector("[data-undo]").disabled = this.undone.length === 0;
    this.field.dispatchEvent(new CustomEvent("shape:changed", { bubbles: true }));
  }

  draw() {
    const mode = this.mode;
    if (mode) this.setMode("");
    this.parts.clearLayers();
    for (const part of partsOf(readShape(this.text))) this.add(part);
    if (mode) this.setMode(mode);
  }

  /** Show where a fault is: [longitude, latitude]. */
  mark(point) {
    this.marks.clearLayers();
    if (!point) return;
    const icon = L.divIcon({ className: "fault-sign", html: "", iconSize: [26, 26] });
    this.marks.addLayer(L.marker([point[1], point[0]], { icon, interactive: false, keyboard: false }));
  }

  frameShape() {
    const bounds = this.parts.getLayers().length ? this.parts.getBounds().pad(0.3) : L.latLngBounds(CITY);
    this.map.fitBounds(bounds, { maxZoom: 16, animate: false });
  }
}

function styles() {
  return {
    markerStyle: { icon: pointSign() },
    pathOptions: { className: "drawn-part" },
    templineStyle: { className: "drawn-line" },
    hintlineStyle: { className: "drawn-hint", dashArray: "5 6" },
  };
}

function pointSign() {
  return L.divIcon({ className: "drawn-point", html: "", iconSize: [18, 18] });
}

function layerOf(part) {
  const options = { pmIgnore: false, className: "drawn-part" };
  if (part.type === "Point") {
    return L.marker(L.GeoJSON.coordsToLatLng(part.coordinates), { ...options, icon: pointSign(), keyboard: false });
  }
  if (part.type === "LineString") {
    return L.polyline(L.GeoJSON.coordsToLatLngs(part.coordinates, 0), { ...options, className: "drawn-part drawn-line" });
  }
  return L.polygon(L.GeoJSON.coordsToLatLngs(part.coordinates, 1), options);
}
