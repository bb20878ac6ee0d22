// The backgrounds that the city has configured: one or none lies under the map; the address remembers which.
import { say } from "./map-words.js";

const L = window.L;
const NONE = "ingen";
const PATIENCE = 8; // pictures that fail, none having come, before the background is given up

/** The layers that folium made, by their names in an address; `northFirst` says which want northing before easting. */
export function mapBackgrounds(map, { layers, codes, northFirst }) {
  layers.forEach((layer, number) => {
    if (northFirst[number]) layer.getTileUrl = northFirstUrl;
  });
  return new Backgrounds(map, layers, codes);
}

/** As Leaflet's own, but with the axes in the order that EPSG gives 3011 and WMS 1.3.0 follows. */
function northFirstUrl(coords) {
  const [northWest, southEast] = this._tileCoordsToNwSe(coords).map((corner) => this._crs.project(corner));
  const box = L.bounds(northWest, southEast);
  const asked = L.TileLayer.prototype.getTileUrl.call(this, coords);
  const words = L.Util.getParamString(this.wmsParams, asked, this.options.uppercase);
  return `${asked}${words}&BBOX=${[box.min.y, box.min.x, box.max.y, box.max.x].join(",")}`;
}

class Backgrounds {
  constructor(map, layers, codes) {
    Object.assign(this, { map, codes });
    this.layers = new Map(codes.map((code, number) => [code, layers[number]]));
    this.select = document.querySelector("[data-background]");
    this.note = document.querySelector("[data-background-note]");
    for (const [code, layer] of this.layers) this.watch(code, layer);
  }

  /** `laid` is told whether one lies there; `changed` is called when the reader has picked another. */
  bind(laid, changed) {
    this.laid = laid;
    this.select?.addEventListener("change", () => {
      this.show(this.select.value);
      changed();
    });
    this.note?.querySelector("button").addEventListener("click", () => this.show(this.shown));
  }

  /** Show the background of this name: "" is the usual, the first; a name that is unknown means it too. */
  show(name) {
    this.shown = name === NONE || this.layers.has(name) ? name : this.codes[0];
    if (this.select) this.select.value = this.shown;
    if (this.note) this.note.hidden = true;
    this.came = this.failed = 0;
    for (const [code, layer] of this.layers) {
      layer.remove();
      if (code === this.shown) layer.addTo(this.map);
    }
    this.laid?.(this.shown !== NONE);
  }

  /** The name for an address. */
  name() {
    return this.shown === this.codes[0] ? "" : (this.shown ?? "");
  }

  watch(code, layer) {
    layer.on("tileload", () => (this.came += 1));
    layer.on("tileerror", () => {
      if (code !== this.shown) return;
      this.failed += 1;
      if (this.note && this.note.hidden) this.tell();
      if (!this.came && this.failed >= PATIENCE) this.giveUp(layer);
    });
  }

  giveUp(layer) {
    layer.remove();
    this.laid?.(false);
  }

  tell() {
    this.note.querySelector("[data-background-text]").textContent = say("backgroundFailed");
    this.note.hidden = false;
  }
}
