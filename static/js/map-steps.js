// Stepping from project to project on the map without a mouse: those in view, row by row as one reads.
import { clusterCount } from "./map-clusters.js";
import { say, words } from "./map-words.js";

const L = window.L;
const ROW_PIXELS = 40; // signs within a band of this height are read from left to right
const format = new Intl.NumberFormat("sv-SE");

/** The projects and groups in view, in reading order: [{ key, at, item } | { key, at, cluster }]. */
export function stopsInView(map, projects) {
  const view = map.getBounds();
  const items = projects.shownItems().filter((item) => view.contains(item.at) || view.intersects(item.bounds));
  const groups = projects.clusters.filter((one) => clusterCount(one.properties, projects.hidden) > 0);
  const stops = [
    ...items.map((item) => ({ key: item.feature.id, at: item.at, item })),
    ...groups.map((cluster) => ({ key: String(cluster.geometry.coordinates), at: place(cluster), cluster })),
  ].filter((stop) => stop.item || view.contains(stop.at));
  for (const stop of stops) stop.point = map.latLngToContainerPoint(stop.at);
  const row = (stop) => Math.floor(stop.point.y / ROW_PIXELS);
  return stops.sort((a, b) => row(a) - row(b) || a.point.x - b.point.x || (a.key < b.key ? -1 : 1));
}

function place(cluster) {
  const [lon, lat] = cluster.geometry.coordinates;
  return L.latLng(lat, lon);
}

/** Where one stands among the projects in view; `tell` is given what to say aloud. */
export class Steps {
  constructor(map, projects, tell) {
    Object.assign(this, { map, projects, tell, key: null });
    this.tip = L.tooltip({ direction: "top", offset: [0, -12], className: "map-tooltip" });
    projects.on("open", ({ code }) => (this.key = code));
    map.on("zoomstart", () => this.leave());
  }

  /** One step on (1) or back (-1); at the end it begins again. */
  step(by) {
    const stops = stopsInView(this.map, this.projects);
    this.leave();
    if (!stops.length) return this.tell(say("noneInView"));
    const here = stops.findIndex((stop) => stop.key === this.key);
    const next = here < 0 ? (by > 0 ? 0 : stops.length - 1) : (here + by + stops.length) % stops.length;
    const stop = stops[next];
    this.key = stop.key;
    this.show(stop);
    return this.tell(say("step", { name: name(stop, this.projects), number: next + 1, total: stops.length }));
  }

  show(stop) {
    if (stop.item) return this.projects.pointAt(stop.key, stop.at);
    this.disc(stop)?.classList.add("is-lit");
    const text = document.createElement("span");
    text.textContent = name(stop, this.projects);
    return this.tip.setLatLng(stop.at).setContent(text).addTo(this.map);
  }

  leave() {
    this.tip.remove();
    this.projects.pointAt(null);
    for (const disc of this.map.getContainer().querySelectorAll(".cluster.is-lit")) disc.classList.remove("is-lit");
  }

  disc(stop) {
    return this.projects.discs.getLayers().find((marker) => marker.getLatLng().equals(stop.at))?.getElement();
  }

  /** Open the project that one stands at, or zoom in on the group; false when one stands at none in view. */
  open(from) {
    const stop = stopsInView(this.map, this.projects).find((one) => one.key === this.key);
    if (!stop) return false;
    this.leave();
    if (stop.item) {
      this.projects.openItem(stop.item, from);
      return true;
    }
    this.map.setView(stop.at, Math.min(this.map.getZoom() + 2, this.map.getMaxZoom()));
    return true;
  }
}

function name(stop, projects) {
  if (stop.cluster) return say("group", { count: format.format(clusterCount(stop.cluster.properties, projects.hidden)) });
  const { name: own, kind, phase } = stop.item.feature.properties;
  return [own, words.kinds[kind], words.phases[phase]].filter(Boolean).join(", ");
}
