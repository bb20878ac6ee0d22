// The map in a frame on somebody else's page: it follows its own address once, and never writes one.
import { readView, writeView } from "./map-address.js";
import { addButtons } from "./map-controls.js";
import { bindKeys } from "./map-keys.js";
import { bindLegend } from "./map-legend.js";
import { bindSizes } from "./map-sizes.js";
import { bindServes } from "./map-theme-lines.js";
import { bindThemes } from "./map-theme.js";
import { dressed, stateOf } from "./map-time-states.js";
import { bindTwin, hideRows } from "./map-twin.js";
import { Waiting } from "./map-waiting.js";

const FIT = { maxZoom: 15, animate: false, padding: [16, 16] };
const OWN = ["position", "page"]; // of the address; the map's data knows nothing of them

/** Bring the frame to life. */
export function startEmbed(map, layers) {
  askAsNobody();
  return new EmbeddedMap(map, layers).start();
}

/** What a signed-in reader may see is not for somebody else's page: no request carries a cookie. */
function askAsNobody() {
  const asked = window.fetch.bind(window);
  window.fetch = (address, options = {}) => asked(address, { ...options, credentials: "omit" });
}

class EmbeddedMap {
  constructor(map, { outlines, projects, backgrounds = null }) {
    Object.assign(this, { map, outlines, projects, backgrounds });
    this.frame = document.getElementById("karta");
    this.list = document.getElementById("karta-lista");
    this.waiting = new Waiting(this.frame, this.list);
  }

  async start() {
    const view = readView(location.hash) ?? readView(`#${this.frame.dataset.position}`);
    this.legend = bindLegend(view?.hidden ?? [], (hidden) => this.hide(hidden));
    this.backgrounds?.show(view?.background ?? "");
    bindTwin(this.list, this.projects, (row, button) => this.locate(row, button));
    this.projects.on("drawn", ({ drawn }) => (this.frame.dataset.drawn = drawn));
    this.themes = bindThemes(this);
    this.sizes = bindSizes(this);
    this.serves = document.getElementById("karta-linjer") ? bindServes(this) : null;
    this.dress();
    this.bindFrame();
    if (view) this.map.setView(view.centre, view.zoom, { animate: false });
    this.hide(this.legend.hidden());
    await this.load(!view);
    this.map.on("moveend", () => this.moved());
  }

  bindFrame() {
    addButtons(this.map, () => this.fit());
    bindKeys({ map: this.map, projects: this.projects, fit: () => this.fit(), toList: (code) => this.toList(code) });
    // A wheel that means to scroll the page around the frame must not zoom the map until the map has been chosen.
    this.map.scrollWheelZoom.disable();
    this.map.on("focus", () => this.map.scrollWheelZoom.enable());
    this.map.on("blur", () => this.map.scrollWheelZoom.disable());
    this.tellWhole();
  }

  /** Signs as the projects stand in the year of the address. */
  dress() {
    const query = new URLSearchParams(location.search);
    const year = Number(query.get("at"));
    if (!year) return;
    const hidden = new Set((query.get("hide") ?? "").split(","));
    this.projects.dress = (item, style, part, lit) => dressed(item, style, part, lit, stateOf(item.feature.properties, year));
    this.projects.leaves = (item) => hidden.has(stateOf(item.feature.properties, year));
  }

  async load(fit) {
    this.waiting.set("laddar");
    try {
      const data = await this.fetchData(null);
      const { outlinesUrl, chosen } = document.getElementById("karta-granser").dataset;
      await this.outlines.show(outlinesUrl, chosen.split(" "));
      await this.themes.refreshed();
      this.sizes?.refreshed();
      this.windowed = !data.complete;
      this.draw(data);
      if (fit) this.fit();
      await this.serves?.refreshed();
      if (this.windowed) this.draw(await this.fetchData(this.map.getBounds().pad(0.2)));
      this.tellWhole();
      this.waiting.set("klar");
    } catch {
      this.waiting.fail(() => this.load(fit));
    }
  }

  async fetchData(box) {
    this.request?.abort();
    this.request = new AbortController();
    const query = new URLSearchParams(location.search);
    for (const name of OWN) query.delete(name);
    query.set("zoom", Math.floor(this.map.getZoom()));
    if (box) query.set("bbox", box.toBBoxString());
    const answer = await fetch(`${this.frame.dataset.dataUrl}?${query}`, { signal: this.request.signal });
    if (!answer.ok) throw new Error(`${answer.status} ${answer.url}`);
    return answer.json();
  }

  draw(data) {
    this.projects.show(data);
    this.serves?.drawn(data);
    this.legend.showClusters(data.clustered);
    hideRows(this.list, this.legend.hidden());
  }

  async moved() {
    this.tellWhole();
    if (!this.windowed) return;
    this.waiting.set("flyttar");
    try {
      this.draw(await this.fetchData(this.map.getBounds().pad(0.2)));
      this.waiting.set("klar");
    } catch (error) {
      if (error.name !== "AbortError") this.waiting.fail(() => this.moved());
    }
  }

  fit() {
    const city = this.outlines.bounds();
    const found = this.projects.bounds();
    const box = found && location.search ? found : city.extend(found ?? city);
    if (box.isValid()) this.map.fitBounds(box, FIT);
  }

  hide(hidden) {
    this.projects.setHidden(hidden);
    this.outlines.setShown(!hidden.includes("granser"));
    hideRows(this.list, hidden);
    this.sizes?.hidden();
    this.serves?.drawAll();
    this.tellWhole();
  }

  locate(row, button) {
    this.frame.scrollIntoView({ block: "nearest" });
    if (this.projects.open(row.dataset.code, button)) return;
    const [lon, lat] = row.dataset.place.split(",").map(Number);
    this.projects.once("drawn", () => this.projects.open(row.dataset.code, button));
    this.map.setView([lat, lon], this.map.getMaxZoom() - 2, { animate: false });
  }

  toList(code) {
    document.querySelector("[data-list]").open = true;
    const row = [...this.list.querySelectorAll("tr[data-code]")].find((one) => one.dataset.code === code);
    (row?.querySelector("a") ?? this.list).focus();
  }

  /** The links to the whole map follow what the frame shows. */
  tellWhole() {
    if (!this.map._loaded) return;
    const hash = writeView(this.map, this.legend.hidden(), { background: this.backgrounds?.name() });
    for (const link of document.querySelectorAll("[data-whole-link]")) link.hash = hash;
  }
}
