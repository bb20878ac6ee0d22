// Circles whose area is in proportion to the value, under the projects and over the areas.
import { themed } from "./map-signs.js";

const L = window.L;

export class Symbols {
  constructor(map) {
    const pane = map.createPane("tema");
    pane.style.zIndex = 360;
    pane.style.pointerEvents = "none";
    this.renderer = L.svg({ pane: "tema" });
    this.circles = L.layerGroup().addTo(map);
  }

  /** Draw {at, radius in pixels, below}; the large ones first, so that none hides a smaller one. */
  show(places) {
    this.circles.clearLayers();
    for (const { at, radius, below } of [...places].sort((a, b) => b.radius - a.radius)) {
      if (radius <= 0) continue;
      const hue = below ? "--pk-theme--" : "--pk-theme-";
      this.circles.addLayer(
        L.circleMarker(at, {
          pane: "tema",
          renderer: this.renderer,
          interactive: false,
          radius,
          color: themed(`${hue}5`),
          weight: 1.5,
          fillColor: themed(`${hue}3`),
          fillOpacity: 0.55,
          dashArray: below ? "4 3" : null,
        }),
      );
    }
  }
}
