// Lines from projects to the areas that they serve: of the project that is pointed at or open, and of all as a layer.
import { onTheme } from "./map-frame.js";
import { themed } from "./map-signs.js";

const L = window.L;
const PAUSE_MILLISECONDS = 120; // a mouse that only passes over a project asks for nothing

export function bindServes(page) {
  return new Serves(page);
}

class Serves {
  constructor(page) {
    Object.assign(this, { page, map: page.map, projects: page.projects, all: {}, known: new Map() });
    const pane = this.map.createPane("linjer");
    pane.style.zIndex = 395; // over the areas and their circles, under the projects
    pane.style.pointerEvents = "none";
    this.renderer = L.svg({ pane: "linjer" });
    this.layer = L.layerGroup().addTo(this.map);
    this.one = L.layerGroup().addTo(this.map);
    this.projects.on("light", ({ code }) => this.point(code));
    this.projects.on("open", ({ code }) => this.open(code));
    this.projects.on("drawn", () => this.drawAll());
    this.map.on("popupclose", () => this.open(null));
    // The list lights a project without saying so.
    for (const kind of ["mouseover", "focusin"]) {
      document.addEventListener(kind, (event) => this.pointInList(event.target.closest?.("tr[data-code]")));
    }
    onTheme(() => this.drawAll());
  }

  holder() {
    return document.getElementById("karta-linjer");
  }

  asked() {
    // In a frame there is nothing to tick: the address has said it.
    return document.getElementById("tema-served")?.checked ?? this.holder()?.dataset.drawn === "ja";
  }

  drawn(data) {
    this.clustered = data.clustered;
    this.drawAll();
  }

  /** After every change of the address: what was known of the register is asked for again. */
  async refreshed(_search, signal) {
    this.known.clear();
    this.all = {};
    this.complete = true;
    const { linesUrl } = this.holder()?.dataset ?? {};
    if (linesUrl && this.asked() && !this.clustered) {
      const answer = await fetch(linesUrl, { signal });
      if (answer.ok) {
        const data = await answer.json();
        this.all = data.projects;
        this.complete = data.complete;
      }
    }
    this.drawAll();
  }

  drawAll() {
    this.layer.clearLayers();
    const { few = "", many = "" } = this.holder()?.dataset ?? {};
    const hidden = this.asked() && (this.clustered || !this.complete);
    const lines = this.asked() && !hidden ? Object.entries(this.all).filter(([code]) => this.shows(code)) : [];
    for (const [, one] of lines) this.add(this.layer, one, false);
    this.say(hidden ? many : this.asked() && !lines.length ? few : "");
  }

  shows(code) {
    const item = this.projects.items.get(code);
    return item && !this.projects.hidden.has(item.kind);
  }

  point(code) {
    clearTimeout(this.timer);
    if (!code) {
      this.showOne(this.opened ?? null);
      return;
    }
    this.timer = setTimeout(() => this.showOne(code), PAUSE_MILLISECONDS);
  }

  pointInList(row) {
    if (row === this.row) return;
    this.row = row;
    this.point(row?.dataset.code ?? null);
  }

  open(code) {
    this.opened = code;
    clearTimeout(this.timer);
    this.showOne(code);
  }

  async showOne(code) {
    this.shown = code;
    const one = code ? await this.find(code) : null;
    if (this.shown !== code) return;
    this.one.clearLayers();
    if (one) this.add(this.one, one, true);
  }

  /** What a project serves; asked for once until the address changes. */
  async find(code) {
    if (this.all[code]) return this.all[code];
    if (!this.known.has(code)) {
      const address = this.holder()?.dataset.lineUrl;
      if (!address) return null;
      const asked = fetch(address.replace("KOD", encodeURIComponent(code)))
        .then((answer) => (answer.ok ? answer.json() : { projects: {} }))
        .then((data) => data.projects[code] ?? null)
        .catch(() => null);
      this.known.set(code, asked);
    }
    return this.known.get(code);
  }

  add(group, { at, areas }, strong) {
    const from = L.latLng(at[1], at[0]);
    const options = { pane: "linjer", renderer: this.renderer, interactive: false, color: themed("--pk-text") };
    for (const code of areas) {
      const to = this.page.outlines.middleOf(code);
      if (!to) continue;
      group.addLayer(L.polyline([from, to], { ...options, weight: 5, color: themed("--pk-surface"), opacity: 0.7 }));
      group.addLayer(L.polyline([from, to], { ...options, weight: strong ? 2.5 : 1.4, opacity: strong ? 1 : 0.75 }));
      group.addLayer(L.circleMarker(to, { ...options, radius: 4, weight: 2, fill: true, fillColor: themed("--pk-surface"), fillOpacity: 1 }));
    }
  }

  say(text) {
    const said = document.querySelector("[data-lines-said]");
    if (said && said.textContent !== text) said.textContent = text;
  }
}
