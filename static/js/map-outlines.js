// The outlines of an area edition: ytterstad strong and tinted, the inner city grey, names where there is room.
import { onTheme } from "./map-frame.js";
import { themed } from "./map-signs.js";

const L = window.L;
const NAME_HEIGHT = 18;
const NAME_WIDTH = 7.2;
const NAMES_FROM_ZOOM = 10;

/** Whether a feature of the outlines is ytterstad. */
function isOuter(properties) {
  return Boolean(properties.ytterstad);
}

/** Options of an area's outline; a chosen area stands out. Without a background the city is paper on a darker ground. */
function outlineStyle(properties, chosen, bare) {
  const outer = isOuter(properties);
  const tint = (outer ? 6 : 16) + (chosen ? 10 : 0);
  return {
    color: outer ? themed("--pk-outer") : themed("--pk-muted"),
    weight: (outer ? 2 : 1.25) + (chosen ? 2 : 0),
    opacity: outer || chosen ? 0.95 : 0.7,
    fillColor: bare
      ? `color-mix(in srgb, ${themed(outer ? "--pk-outer" : "--pk-muted")} ${tint}%, ${themed("--pk-surface")})`
      : themed(outer ? "--pk-outer" : "--pk-muted"),
    fillOpacity: bare ? 1 : tint / 100,
    lineJoin: "round",
  };
}

/** How an area that is filled by a theme is edged: ytterstad keeps its strong outline. */
function paintedEdge(properties, chosen) {
  const outer = isOuter(properties);
  return {
    color: themed(outer || chosen ? "--pk-outer" : "--pk-muted"),
    weight: (outer ? 1.75 : 1) + (chosen ? 2 : 0),
    opacity: 1,
  };
}

/** What a theme fills, under the outlines: a broad edge in the colour of the paper keeps every outline readable. */
function filledAreas(map, fill) {
  const pane = map.createPane("omradesytor");
  pane.style.zIndex = 340;
  pane.style.pointerEvents = "none";
  const style = (feature) => ({ color: themed("--pk-theme-edge"), weight: 4, opacity: 1, lineJoin: "round", ...fill(feature) });
  return L.geoJSON(null, { pane: "omradesytor", renderer: L.svg({ pane: "omradesytor" }), interactive: false, style });
}

/** A layer that shows one edition at a time, below everything else and untouched by the mouse. */
export function areaOutlines(map) {
  return new AreaOutlines(map);
}

class AreaOutlines {
  constructor(map) {
    this.map = map;
    this.chosen = new Set();
    const pane = map.createPane("granser");
    pane.style.zIndex = 350;
    pane.style.pointerEvents = "none";
    const names = map.createPane("omradesnamn");
    names.style.zIndex = 450; // over the signs, which would make them unreadable
    names.style.pointerEvents = "none";
    this.fills = null;
    this.lit = null;
    this.bare = true;
    const style = (feature) => this.styleOf(feature.properties);
    this.filled = filledAreas(map, (feature) => this.fills(feature.properties.code));
    this.areas = L.geoJSON(null, { pane: "granser", renderer: L.svg({ pane: "granser" }), interactive: false, style });
    this.names = L.layerGroup();
    map.addLayer(this.filled).addLayer(this.areas).addLayer(this.names);
    map.on("zoomend resize", () => this.placeNames());
    onTheme(() => this.areas.setStyle(style));
    this.style = style;
  }

  /** Fetch and show the edition at this address; the same address is not fetched again. */
  async show(address, chosen) {
    this.chosen = new Set(chosen);
    if (address !== this.address) {
      this.address = address;
      const outlines = await this.fetch(address);
      // Ytterstad last, so that its strong outline lies over the grey of a neighbour.
      outlines.features.sort((a, b) => isOuter(a.properties) - isOuter(b.properties));
      if (address !== this.address) return;
      this.areas.clearLayers();
      this.areas.addData(outlines);
    }
    this.areas.setStyle(this.style);
    this.placeNames();
  }

  /** Outlines that did not come are asked for again the next time. */
  async fetch(address) {
    try {
      const answer = await fetch(address, { headers: { Accept: "application/geo+json" } });
      if (!answer.ok) throw new Error(`${answer.status} ${address}`);
      return await answer.json();
    } catch (error) {
      this.address = null;
      throw error;
    }
  }

  styleOf(properties) {
    const { code } = properties;
    const style = outlineStyle(properties, this.chosen.has(code), this.bare);
    if (!this.fills && code !== this.lit) return style;
    const painted = this.fills ? { ...style, ...paintedEdge(properties, this.chosen.has(code)), fillOpacity: 0 } : style;
    return code === this.lit ? { ...painted, color: themed("--pk-text"), weight: 4, opacity: 1 } : painted;
  }

  /** Fill the areas by a function of their code that gives fillColor and fillOpacity; null takes the fills away. */
  paint(fills) {
    this.fills = fills;
    this.filled.clearLayers();
    if (fills) this.filled.addData(this.areas.toGeoJSON(false));
    this.areas.setStyle(this.style);
    this.map.getContainer().classList.toggle("has-theme", Boolean(fills));
  }

  /** Draw one area's outline strongly, or none. */
  light(code) {
    const before = this.lit;
    this.lit = code;
    for (const one of [before, code]) {
      const area = one && this.area(one);
      area?.setStyle(this.style(area.feature));
    }
    if (code) this.area(code)?.bringToFront();
  }

  /** The layer of an area; undefined when this edition has none. */
  area(code) {
    return this.areas.getLayers().find((one) => one.feature.properties.code === code);
  }

  /** Where a sign for an area stands. */
  middleOf(code) {
    const area = this.area(code);
    return area && middle(area);
  }

  /** The code of the area that is drawn at a point of the map's layers, or null. */
  codeAt(point) {
    const found = this.areas.getLayers().find((one) => one.getElement()?.isPointInFill(new DOMPoint(point.x, point.y)));
    return found?.feature.properties.code ?? null;
  }

  /** Whether nothing lies under the map. */
  setBare(bare) {
    this.bare = bare;
    this.map.getContainer().classList.toggle("is-bare", bare);
    this.areas.setStyle(this.style);
  }

  setShown(shown) {
    for (const layer of [this.filled, this.areas, this.names]) {
      if (shown) this.map.addLayer(layer);
      else this.map.removeLayer(layer);
    }
  }

  bounds() {
    return this.areas.getBounds();
  }

  /** Names of the areas, the large ones first, none over another. */
  placeNames() {
    this.names.clearLayers();
    if (this.map.getZoom() < NAMES_FROM_ZOOM) return;
    const taken = [];
    for (const area of this.bySize()) {
      const name = area.feature.properties.name;
      const at = middle(area);
      const point = this.map.latLngToLayerPoint(at);
      const half = L.point((name.length * NAME_WIDTH) / 2, NAME_HEIGHT / 2);
      const box = L.bounds(point.subtract(half), point.add(half));
      if (taken.some((other) => other.intersects(box))) continue;
      taken.push(box);
      const text = document.createElement("span");
      text.textContent = name;
      const icon = L.divIcon({ className: "area-name", html: text, iconSize: null });
      this.names.addLayer(L.marker(at, { icon, pane: "omradesnamn", interactive: false, keyboard: false }));
    }
  }

  bySize() {
    const size = (area) => {
      const box = area.getBounds();
      return (box.getEast() - box.getWest()) * (box.getNorth() - box.getSouth());
    };
    return this.areas.getLayers().sort((a, b) => size(b) - size(a));
  }
}

/** The middle of the largest part of an area. */
export function middle(area) {
  const parts = area.feature.geometry.type === "MultiPolygon" ? area.getLatLngs() : [area.getLatLngs()];
  const largest = parts.reduce((best, part) => (part[0].length > best[0].length ? part : best));
  return L.PolyUtil.polygonCenter(largest[0], L.CRS.EPSG3857);
}
