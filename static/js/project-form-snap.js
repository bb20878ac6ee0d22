// Borders to snap to: other projects nearby and the outlines of the areas, fetched for what the map shows.
import { element } from "./project-form-sending.js";

const L = window.L;
const FROM_ZOOM = 13;
const AROUND = 0.25;

/** Fetch and show the borders while the switch is on. */
export class Neighbours {
  constructor(frame, map) {
    this.map = map;
    this.frame = frame;
    this.switch = frame.querySelector("[data-snap]");
    this.said = frame.querySelector("[data-snap-said]");
    const pane = map.createPane("grannar");
    pane.style.zIndex = 380;
    pane.style.pointerEvents = "none";
    pane.setAttribute("aria-hidden", "true");
    this.renderer = L.svg({ pane: "grannar" });
    this.layer = L.layerGroup().addTo(map);
    this.switch.addEventListener("change", () => this.refresh());
    map.on("moveend", () => this.soon());
    this.soon();
  }

  soon() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.refresh(), 200);
  }

  async refresh() {
    if (!this.switch.checked) {
      this.box = null;
      this.layer.clearLayers();
      this.tell("");
    } else if (this.map.getZoom() < FROM_ZOOM) {
      this.tell(this.said.dataset.far);
    } else if (!this.box?.contains(this.map.getBounds())) {
      await this.fetch();
    }
  }

  async fetch() {
    this.running?.abort();
    this.running = new AbortController();
    const box = this.map.getBounds().pad(AROUND);
    const address = `${this.frame.dataset.neighbours}&bbox=${box.toBBoxString()}`;
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" }, signal: this.running.signal });
      if (!answer.ok) throw new Error(`${answer.status}`);
      this.show(await answer.json(), box);
    } catch (error) {
      if (error.name !== "AbortError") this.tell(this.said.dataset.failed);
    }
  }

  show(found, box) {
    if (!this.switch.checked) return;
    this.box = box;
    this.layer.clearLayers();
    for (const feature of found.features) {
      const name = feature.properties.area ? "neighbour-border" : "neighbour-line";
      const shown = L.geoJSON(feature.geometry, {
        pane: "grannar", renderer: this.renderer, interactive: false, snapIgnore: false, pmIgnore: true,
        style: { className: name },
        pointToLayer: (_one, at) => L.circleMarker(at, { pane: "grannar", renderer: this.renderer, radius: 5, interactive: false, className: name }),
      });
      // Geoman snaps to these although it must not edit them.
      shown.eachLayer((one) => Object.assign(one.options, { snapIgnore: false, pmIgnore: true }));
      this.layer.addLayer(shown);
    }
    this.tell(found.cut ? this.said.dataset.cut : "");
  }

  tell(text) {
    if (this.said.textContent !== text) this.said.replaceChildren(...(text ? [element("span", {}, text)] : []));
  }

  /** The corner, else the place on a border, within some pixels of `at`, or `at` itself: for the crosshair. */
  near(at, pixels = 12) {
    const here = this.map.project(at);
    const corner = nearest(pixels);
    const edge = nearest(pixels);
    this.layer.eachLayer((group) =>
      group.eachLayer((one) => {
        for (const line of one.getLatLng ? [[one.getLatLng()]] : lines(one.getLatLngs())) {
          const points = line.map((place) => this.map.project(place));
          points.forEach((point, index) => corner.offer(point.distanceTo(here), () => line[index]));
          for (let index = 0; index + 1 < points.length; index += 1) {
            const on = L.LineUtil.closestPointOnSegment(here, points[index], points[index + 1]);
            edge.offer(on.distanceTo(here), () => this.map.unproject(on));
          }
        }
      }),
    );
    return (corner.place ?? edge.place ?? (() => at))();
  }
}

function nearest(distance) {
  return {
    place: null,
    offer(found, place) {
      if (found < distance) [distance, this.place] = [found, place];
    },
  };
}

function lines(latlngs) {
  return Array.isArray(latlngs[0]) ? latlngs.flatMap(lines) : [latlngs];
}
