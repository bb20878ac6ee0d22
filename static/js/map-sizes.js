// Circles in proportion to the projects: the rows of their table are the only source, so that map and table agree.
import { onTheme } from "./map-frame.js";
import { kindColour } from "./map-signs.js";
import { bindTwin, hideRows } from "./map-twin.js";

const L = window.L;

export function bindSizes(page) {
  const holder = document.getElementById("karta-storlek");
  return holder ? new Sizes(page, holder) : null;
}

class Sizes {
  constructor(page, holder) {
    Object.assign(this, { page, holder });
    const pane = page.map.createPane("storlek");
    pane.style.zIndex = 390; // over the areas and their circles, under lines and projects
    pane.style.pointerEvents = "none";
    this.renderer = L.svg({ pane: "storlek" });
    this.circles = L.layerGroup().addTo(page.map);
    bindTwin(holder, page.projects, (row, button) => page.locate(row, button));
    onTheme(() => this.draw());
  }

  refreshed() {
    this.draw();
  }

  /** Other kinds are hidden on the map. */
  hidden() {
    this.draw();
  }

  /** The large ones first, so that none hides a smaller one: so stand the rows. */
  draw() {
    const hidden = [...this.page.projects.hidden];
    hideRows(this.holder, hidden);
    this.circles.clearLayers();
    for (const { dataset } of this.holder.querySelectorAll("tr[data-code]")) {
      const radius = Number(dataset.radius) / 10;
      if (radius <= 0 || hidden.includes(dataset.kind)) continue;
      const [lon, lat] = dataset.place.split(",").map(Number);
      const color = kindColour(dataset.kind);
      const style = { color, weight: 1.5, fillColor: color, fillOpacity: 0.12 };
      this.circles.addLayer(L.circleMarker([lat, lon], { pane: "storlek", renderer: this.renderer, interactive: false, radius, ...style }));
    }
  }
}
