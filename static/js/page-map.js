// The map of an area's or a goal's page: the same folium map, outlines and signs as the large map, without its filter.
import { say } from "./map-words.js";

const L = window.L;
const FIT = { maxZoom: 15, animate: false, padding: [16, 16] };

/** What the folium map's script calls last. */
export function startPage(map, { outlines, projects, backgrounds = null }) {
  outlines.setBare(!backgrounds);
  backgrounds?.bind((laid) => outlines.setBare(!laid));
  backgrounds?.show("");
  return new PlaceMap(map, outlines, projects).start();
}

class PlaceMap {
  constructor(map, outlines, projects) {
    Object.assign(this, { map, outlines, projects });
    this.frame = document.getElementById("karta");
    this.wait = this.frame.querySelector("[data-wait]");
    this.wanted = null;
  }

  async start() {
    this.map.scrollWheelZoom.disable(); // the page scrolls past it
    try {
      await this.showOutlines();
      await this.showProjects(null);
      this.fit();
      if (!this.complete) await this.showProjects(this.map.getBounds().pad(0.2));
      this.map.on("moveend", () => this.moved());
      this.setState("klar");
    } catch {
      this.fail();
    }
  }

  async showOutlines() {
    const { outlinesUrl, chosen } = this.frame.dataset;
    await this.outlines.show(outlinesUrl, chosen ? [chosen] : []);
  }

  /** The projects of the page, all of them or those of a window; a newer request cancels an older one. */
  async showProjects(box) {
    this.wanted?.abort();
    this.wanted = new AbortController();
    const address = new URL(this.frame.dataset.dataUrl, location.href);
    address.searchParams.set("zoom", Math.floor(this.map.getZoom()));
    if (box) address.searchParams.set("bbox", box.toBBoxString());
    const answer = await fetch(address, { signal: this.wanted.signal });
    if (!answer.ok) throw new Error(`${answer.status} ${address}`);
    const data = await answer.json();
    if (!box) this.complete = data.complete;
    this.projects.show(data);
  }

  async moved() {
    if (this.complete) return;
    try {
      await this.showProjects(this.map.getBounds().pad(0.2));
    } catch (error) {
      if (error.name !== "AbortError") this.fail();
    }
  }

  /** The chosen area, else the projects, else the city. */
  fit() {
    const chosen = this.chosenBounds();
    const found = this.projects.bounds();
    const box = chosen ?? found ?? this.outlines.bounds();
    if (box.isValid()) this.map.fitBounds(box, FIT);
  }

  chosenBounds() {
    const { chosen } = this.frame.dataset;
    if (!chosen) return null;
    const box = L.latLngBounds([]);
    for (const area of this.outlines.areas.getLayers()) {
      if (area.feature.properties.code === chosen) box.extend(area.getBounds());
    }
    return box.isValid() ? box : null;
  }

  setState(state) {
    this.frame.dataset.state = state;
    this.wait.hidden = state === "klar";
  }

  fail() {
    this.setState("fel");
    this.wait.textContent = say("failed");
  }
}
