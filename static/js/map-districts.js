// Close to the ground the names and limits of the stadsdelar stand in the areas that they make up: a map that can be
// read without any background. Fetched once, when first needed.
import { onTheme } from "./map-frame.js";
import { middle } from "./map-outlines.js";
import { themed } from "./map-signs.js";

const L = window.L;
const FROM_ZOOM = 12.25;
const NAME = { height: 16, width: 6.6 };
const AREA_NAME = { height: 20, width: 7.6 };

/** Limits and names of the stadsdelar at this address, under everything and beside the names of `outlines`. */
export function districtNames(map, outlines, address) {
  return new Districts(map, outlines, address);
}

class Districts {
  constructor(map, outlines, address) {
    Object.assign(this, { map, outlines, address, shown: true, places: null });
    const pane = map.createPane("stadsdelar");
    pane.style.zIndex = 355;
    pane.style.pointerEvents = "none";
    const style = () => ({ color: themed("--pk-muted"), weight: 1, opacity: 0.55, dashArray: "1 4", fill: false });
    this.lines = L.geoJSON(null, { pane: "stadsdelar", renderer: L.svg({ pane: "stadsdelar" }), interactive: false, style });
    this.names = L.layerGroup();
    onTheme(() => this.lines.setStyle(style));
    map.on("zoomend moveend", () => this.place());
  }

  setShown(shown) {
    this.shown = shown;
    this.place();
  }

  async place() {
    const wanted = this.address && this.shown && this.map.getZoom() >= FROM_ZOOM;
    if (wanted && !this.places) await this.fetch();
    for (const layer of [this.lines, this.names]) {
      if (wanted) this.map.addLayer(layer);
      else this.map.removeLayer(layer);
    }
    this.names.clearLayers();
    if (wanted && this.places) this.write();
  }

  /** Names are a help and no more: without them the map says nothing of it, and asks again at the next move. */
  async fetch() {
    this.fetching ??= fetch(this.address).then((answer) => (answer.ok ? answer.json() : null));
    const found = await this.fetching.catch(() => null);
    this.fetching = null;
    if (!found || this.places) return;
    this.lines.addData(found);
    this.places = this.lines.getLayers().map((one) => ({ name: one.feature.properties.name, at: middle(one) }));
  }

  write() {
    const view = this.map.getBounds().pad(0.1);
    const taken = this.outlines.names.getLayers().map((one) => this.box(one.options.icon.options.html.textContent, one.getLatLng(), AREA_NAME));
    const said = new Set(this.outlines.names.getLayers().map((one) => one.options.icon.options.html.textContent));
    for (const { name, at } of this.places) {
      const box = this.box(name, at, NAME);
      if (!view.contains(at) || said.has(name) || taken.some((other) => other.intersects(box))) continue;
      taken.push(box);
      const text = document.createElement("span");
      text.textContent = name;
      const icon = L.divIcon({ className: "area-name district-name", html: text, iconSize: null });
      this.names.addLayer(L.marker(at, { icon, pane: "omradesnamn", interactive: false, keyboard: false }));
    }
  }

  box(name, at, size) {
    const point = this.map.latLngToLayerPoint(at);
    const half = L.point((name.length * size.width) / 2, size.height / 2);
    return L.bounds(point.subtract(half), point.add(half));
  }
}
