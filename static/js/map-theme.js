// The theme on the map: the areas take their class or their circle from the rows of the theme's table.
// The table is the only source, so that map and table never disagree.
import { onTheme } from "./map-frame.js";
import { Symbols } from "./map-theme-symbols.js";
import { themed } from "./map-signs.js";

const L = window.L;
const HATCH = "tema-skraffering";

export function bindThemes(page) {
  return new Themes(page);
}

class Themes {
  constructor(page) {
    this.page = page;
    this.outlines = page.outlines;
    this.symbols = new Symbols(page.map);
    this.tooltip = L.tooltip({ direction: "top", offset: [0, -6], className: "map-tooltip", interactive: false });
    this.rows = new Map();
    this.bindChoice();
    this.bindTable();
    page.map.on("mousemove", (event) => this.pointAt(event));
    page.map.on("mouseout movestart", () => this.light(null));
    onTheme(() => this.paint());
  }

  /** The rest of the choices comes with the theme; before the page reads the form. */
  bindChoice() {
    document.addEventListener("change", (event) => {
      if (event.target.matches?.("[data-theme-choice]")) this.showRest(event.target.value);
    });
  }

  showRest(theme) {
    const rest = document.querySelector("[data-theme-rest]");
    if (rest) rest.hidden = rest.disabled = !theme;
  }

  bindTable() {
    const codeOf = (event) => event.target.closest?.("#karta-tema tr[data-area]")?.dataset.area ?? null;
    document.addEventListener("mouseover", (event) => {
      if (event.target.closest?.("#karta-tema")) this.light(codeOf(event));
    });
    document.addEventListener("focusin", (event) => {
      const code = codeOf(event);
      if (code || this.focused) this.light(code);
      this.focused = code;
    });
    document.addEventListener("click", (event) => {
      const code = event.target.closest?.("[data-show-area]") && codeOf(event);
      const area = code && this.outlines.area(code);
      if (area) this.page.map.fitBounds(area.getBounds(), { maxZoom: 14, padding: [40, 40], animate: false });
    });
  }

  async refreshed(search) {
    const choice = document.querySelector("[data-theme-choice]");
    if (choice) this.showRest(choice.value);
    this.light(null);
    const table = document.getElementById("karta-tema");
    this.rows = new Map();
    for (const row of table?.querySelectorAll("tr[data-area]") ?? []) this.rows.set(row.dataset.area, row);
    this.form = table?.dataset.form ?? "";
    if (this.rows.size) this.nameYear(search);
    // A closed period is told in its own areas, whatever edition the filter is in.
    const own = this.rows.size ? table.dataset.outlinesUrl : "";
    if (own && own !== this.outlines.address) await this.outlines.show(own, []);
    this.paint();
    this.tell(table?.querySelector("caption, .empty, .notice")?.textContent);
  }

  /** What the areas show now, for those who do not see it; nothing when the page opens without a theme. */
  tell(text) {
    const said = document.querySelector("[data-theme-said]");
    if (!said || (!text && !said.textContent)) return;
    said.textContent = text?.replace(/\s+/g, " ").trim() ?? said.dataset.none;
  }

  /** The year that the server chose stands in the address, so that a copied link means the same next year. */
  nameYear(search) {
    const query = new URLSearchParams(search);
    const year = document.getElementById("tema-theme_year")?.value;
    if (!year || query.has("theme_year")) return;
    query.set("theme_year", year);
    this.page.askedSearch = this.page.pageSearch = `?${query}`;
    history.replaceState(history.state, "", `${location.pathname}?${query}${location.hash}`);
  }

  paint() {
    document.getElementById("karta").classList.toggle("has-theme", this.rows.size > 0);
    if (!this.rows.size) {
      this.outlines.paint(null);
      this.symbols.show([]);
      return;
    }
    const circles = this.form === "cirkel";
    this.outlines.paint((code) => fillOf(this.rows.get(code), circles));
    addHatch(this.outlines.filled);
    this.symbols.show(circles ? this.placed() : []);
  }

  placed() {
    return [...this.rows].flatMap(([code, row]) => {
      const at = this.outlines.middleOf(code);
      return at ? [{ at, radius: Number(row.dataset.radius) / 10, below: Number(row.dataset.tone) < 0 }] : [];
    });
  }

  /** The mouse is over the map: the area under it says its name and value, unless a project speaks. */
  pointAt(event) {
    if (!this.rows.size) return;
    const code = this.page.projects.lit ? null : this.outlines.codeAt(event.layerPoint);
    if (code !== this.lit) this.light(code, event.latlng);
    else if (code) this.tooltip.setLatLng(event.latlng);
  }

  light(code, at = null) {
    if (code === this.lit) return;
    this.rows.get(this.lit)?.classList.remove("is-lit");
    this.tooltip.remove();
    this.lit = code;
    this.outlines.light(code);
    const row = code && this.rows.get(code);
    const place = at ?? (code && this.outlines.middleOf(code));
    if (!row || !place) return;
    row.classList.add("is-lit");
    this.tooltip.setLatLng(place).setContent(tip(row)).addTo(this.page.map);
  }
}

function fillOf(row, circles) {
  const missing = !row || row.dataset.status === "saknas";
  const tone = circles ? "0" : (row?.dataset.tone ?? "0");
  return {
    fillColor: missing ? `url(#${HATCH})` : themed(`--pk-theme-${tone}`),
    fillOpacity: circles && !missing ? 0 : missing ? 0.75 : 0.9,
  };
}

function tip(row) {
  const text = document.createElement("span");
  text.className = "theme-tip";
  const name = document.createElement("b");
  name.textContent = row.querySelector("th a, th button, th")?.textContent ?? "";
  text.append(name, row.dataset.text);
  return text;
}

/** The pattern of what is not known, in the drawing of the areas; its colours follow the style sheet. */
function addHatch(areas) {
  const drawing = areas.getLayers()[0]?.getElement()?.ownerSVGElement;
  if (!drawing || drawing.querySelector(`#${HATCH}`)) return;
  const make = (name, values) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(values)) node.setAttribute(key, value);
    return node;
  };
  const pattern = make("pattern", { id: HATCH, width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" });
  pattern.append(make("rect", { width: 7, height: 7, class: "theme-hatch-ground" }));
  pattern.append(make("line", { x1: 0, y1: 0, x2: 0, y2: 7, class: "theme-hatch-line" }));
  const defs = make("defs", {});
  defs.append(pattern);
  drawing.prepend(defs);
}
