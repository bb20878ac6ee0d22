// The projects on the map: shapes and signs on one canvas, clusters where there are too many.
import { clusterCount, clusterMarker } from "./map-clusters.js";
import { onTheme } from "./map-frame.js";
import { popupOn } from "./map-popup.js";
import { Sign, shapeStyle, signScale, signStyle } from "./map-signs.js";

const L = window.L;
const CLEAR_PIXELS = 36; // a traffic line as long as this is its own sign
const SIGN_TOLERANCE = 4;

/** The layer of all projects that the filter means. */
export function projectLayer(map) {
  return new ProjectLayer(map);
}

class ProjectLayer extends L.Evented {
  constructor(map) {
    super();
    this.map = map;
    this.hidden = new Set();
    this.dress = null; // a feature may change how an item looks: (item, style, "sign" | "line" | "area", lit) => style
    this.leaves = null; // and which items are left out: (item) => boolean
    this.items = new Map();
    this.clusters = [];
    this.renderer = L.canvas({ padding: 0.3, tolerance: SIGN_TOLERANCE });
    this.shapes = L.layerGroup().addTo(map);
    this.signs = L.layerGroup().addTo(map);
    this.discs = L.layerGroup().addTo(map);
    this.tooltip = L.tooltip({ direction: "top", offset: [0, -8], className: "map-tooltip" });
    this.popup = popupOn(map);
    map.on("zoomend", () => this.rescale());
    onTheme(() => this.draw());
  }

  /** Draw a FeatureCollection instead of what was drawn. */
  show(collection) {
    this.lit = null;
    this.items.clear();
    this.clusters = collection.features.filter((feature) => feature.properties.cluster);
    for (const feature of collection.features) {
      if (!feature.properties.cluster) this.items.set(feature.id, this.makeItem(feature));
    }
    this.draw();
  }

  /** Hide and show kinds without asking the server again. */
  setHidden(kinds) {
    this.hidden = new Set(kinds);
    this.draw();
  }

  makeItem(feature) {
    const { kind, approximate } = feature.properties;
    const point = feature.point ?? (feature.geometry.type === "Point" ? feature.geometry.coordinates : null);
    const item = { feature, kind, approximate, shape: null, sign: null };
    const renderer = this.renderer;
    if (feature.geometry.type !== "Point") {
      const pointToLayer = (_part, at) => new Sign(at, { renderer, ...signStyle(kind, this.scale()) });
      item.shape = L.geoJSON(feature, { renderer, pointToLayer });
      item.bounds = item.shape.getBounds();
      this.listen(item.shape, item);
    }
    item.at = point ? L.latLng(point[1], point[0]) : item.bounds.getCenter();
    item.bounds ??= L.latLngBounds(item.at, item.at);
    item.sign = new Sign(item.at, { renderer, ...this.signOf(item) });
    this.listen(item.sign, item);
    return item;
  }

  listen(layer, item) {
    layer.on("mouseover", (event) => this.pointAt(item.feature.id, event.latlng));
    layer.on("mouseout", () => this.pointAt(null));
    layer.on("click", () => this.openItem(item));
  }

  draw() {
    for (const group of [this.shapes, this.signs, this.discs]) group.clearLayers();
    const shown = this.shownItems();
    for (const item of shown) {
      this.restyle(item, false);
      if (item.shape) this.shapes.addLayer(item.shape);
    }
    this.placeSigns();
    for (const feature of this.clusters) {
      if (clusterCount(feature.properties, this.hidden)) {
        this.discs.addLayer(clusterMarker(this.map, feature, this.hidden));
      }
    }
    const drawn = this.clusters.reduce((sum, one) => sum + clusterCount(one.properties, this.hidden), shown.length);
    this.fire("drawn", { drawn });
  }

  shownItems() {
    return [...this.items.values()].filter((item) => !this.hidden.has(item.kind) && !this.leaves?.(item));
  }

  signOf(item, lit = false) {
    const style = signStyle(item.kind, this.scale(), lit);
    return this.dress ? this.dress(item, style, "sign", lit) : style;
  }

  shapeOf(item, isLine, lit) {
    const style = shapeStyle(item.kind, item.approximate, isLine, lit);
    return this.dress ? this.dress(item, style, isLine ? "line" : "area", lit) : style;
  }

  /** Give everything drawn its style anew. */
  restyleAll() {
    for (const item of this.shownItems()) this.restyle(item, item.feature.id === this.lit);
  }

  scale() {
    return signScale(this.map.getZoom());
  }

  rescale() {
    for (const item of this.shownItems()) item.sign.setStyle(this.signOf(item, item.feature.id === this.lit));
    this.placeSigns();
  }

  /** Each project has the sign of its kind, but a traffic line that is long enough to be seen speaks for itself. */
  placeSigns() {
    this.signs.clearLayers();
    for (const item of this.shownItems()) {
      if (!this.isClearLine(item)) this.signs.addLayer(item.sign);
    }
  }

  isClearLine(item) {
    if (item.kind !== "trafik" || !/LineString$/.test(item.feature.geometry.type)) return false;
    const from = this.map.latLngToLayerPoint(item.bounds.getSouthWest());
    const to = this.map.latLngToLayerPoint(item.bounds.getNorthEast());
    return from.distanceTo(to) > CLEAR_PIXELS;
  }

  restyle(item, lit) {
    item.sign.setStyle(this.signOf(item, lit));
    item.shape?.eachLayer((part) => this.restylePart(part, item, lit));
  }

  restylePart(part, item, lit) {
    if (part.eachLayer) part.eachLayer((inner) => this.restylePart(inner, item, lit));
    else if (part instanceof Sign) part.setStyle(this.signOf(item, lit));
    else part.setStyle(this.shapeOf(item, !(part instanceof L.Polygon), lit));
  }

  /** The mouse is over a project, or over none: the list hears of it. */
  pointAt(code, at) {
    this.light(code, at);
    this.fire("light", { code });
  }

  /** Highlight one project, or none; its name stands where the mouse is, or at its sign. */
  light(code, at = null) {
    if (this.lit && this.lit !== code && this.items.has(this.lit)) this.restyle(this.items.get(this.lit), false);
    this.tooltip.remove();
    this.lit = code;
    const item = code && this.items.get(code);
    if (!item || this.hidden.has(item.kind) || this.leaves?.(item)) return;
    this.restyle(item, true);
    item.shape?.eachLayer((part) => part.bringToFront?.());
    if (this.map.hasLayer(item.sign)) item.sign.bringToFront();
    if (this.popup.code !== code || !this.popup.element.isOpen()) this.tip(item, at ?? item.at);
  }

  tip(item, at) {
    const text = document.createElement("span");
    text.textContent = item.feature.properties.name;
    this.tooltip.setLatLng(at).setContent(text).addTo(this.map);
  }

  /** Open a project's popup; `from` is the control that asked, which gets the focus back. */
  open(code, from = null) {
    const item = this.items.get(code);
    if (!item) return false;
    const view = this.map.getBounds();
    if (!view.contains(item.bounds) || this.map.getZoom() < 12) {
      this.map.fitBounds(item.bounds, { maxZoom: Math.max(14, this.map.getZoom()), padding: [60, 60], animate: false });
    }
    this.openItem(item, from);
    return true;
  }

  openItem(item, from = null) {
    this.tooltip.remove();
    this.popup.code = item.feature.id;
    this.popup.open(item.at, item.feature.properties, this.address(item.feature.id), from);
    this.fire("open", { code: item.feature.id });
  }

  address(code) {
    return document.getElementById("karta").dataset.projectUrl.replace("KOD", encodeURIComponent(code));
  }

  /** The box around everything drawn, or null when there is nothing. */
  bounds() {
    const box = L.latLngBounds([]);
    for (const item of this.shownItems()) box.extend(item.bounds);
    for (const feature of this.clusters) box.extend([...feature.geometry.coordinates].reverse());
    return box.isValid() ? box : null;
  }
}
