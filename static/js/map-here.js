// "Vad händer här?": at a click, a long press, the map's centre (H) or the reader's own position.
import { fetchPart, fieldSearch, showSearch } from "./map-find-address.js";
import { themed } from "./map-signs.js";
import { say } from "./map-words.js";

const L = window.L;
const DECIMALS = 5;

/** A feature of the page. */
export function bindHere(page) {
  const box = document.querySelector("[data-find]");
  return box ? new Here(page, box) : null;
}

class Here {
  constructor(page, box) {
    this.page = page;
    this.url = box.dataset.hereUrl;
    this.panel = document.getElementById("karta-har");
    this.field = box.querySelector("[data-here-field]");
    this.pick = box.querySelector("[data-here-pick]");
    this.said = box.querySelector("[data-find-said]");
    this.marks = L.layerGroup().addTo(page.map);
    this.pick.hidden = false;
    this.pick.addEventListener("click", () => this.setPicking(!this.picking));
    this.bindPosition(box.querySelector("[data-here-mine]"));
    this.bindMap();
    this.bindPanel();
    this.mark();
  }

  bindMap() {
    const { map } = this.page;
    const box = map.getContainer();
    map.on("contextmenu", (event) => this.askAt(event.latlng));
    // Before the map hears of it: in this mode a click on a project asks about the place, too.
    box.addEventListener("click", (event) => {
      if (!this.picking || event.target.closest(".leaflet-control, .leaflet-popup")) return;
      event.stopPropagation();
      this.askAt(map.mouseEventToLatLng(event));
    }, true);
    box.addEventListener("keydown", (event) => this.key(event), true);
  }

  key(event) {
    if (event.target !== this.page.map.getContainer() || event.ctrlKey || event.metaKey || event.altKey) return;
    const asks = event.key.toLowerCase() === "h" || (this.picking && (event.key === "Enter" || event.key === " "));
    if (asks) this.askAt(this.page.map.getCenter());
    else if (this.picking && event.key === "Escape") this.setPicking(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** The next click, or Enter on the map, asks about a place; a cross shows the map's centre. */
  setPicking(on) {
    this.picking = on;
    this.pick.setAttribute("aria-pressed", String(on));
    this.page.frame.classList.toggle("is-picking", on);
    this.said.textContent = on ? say("herePick") : "";
    if (on) this.page.map.getContainer().focus({ preventScroll: true });
    if (on) this.page.frame.scrollIntoView({ block: "nearest" });
  }

  bindPosition(button) {
    if (!("geolocation" in navigator)) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      this.said.textContent = say("hereSeeking");
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => this.askAt(L.latLng(coords.latitude, coords.longitude), { move: true }),
        ({ code }) => (this.said.textContent = say(code === 1 ? "hereRefused" : "hereLost")),
        { timeout: 15000, maximumAge: 60000 },
      );
    });
  }

  bindPanel() {
    this.panel.addEventListener("click", (event) => {
      if (event.target.closest("[data-here-close]")) this.close();
      const area = event.target.closest("[data-here-area]");
      if (!area) return;
      event.preventDefault();
      const query = new URLSearchParams(location.search);
      query.delete("page");
      query.set("area", area.dataset.hereArea);
      query.set("areas", area.dataset.hereSet);
      this.page.go(`?${query}`);
    });
    this.panel.addEventListener("change", (event) => {
      if (!event.target.matches("[data-here-within]")) return;
      event.stopPropagation(); // the page would ask for everything anew
      this.fetch(this.field.value, event.target.value, { again: event.target.value });
    });
    for (const [name, on] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]]) {
      this.panel.addEventListener(name, (event) => {
        const code = event.target.closest("li[data-code]")?.dataset.code;
        if (code) this.page.projects.light(on ? code : null);
      });
    }
  }

  askAt(at, { move = false } = {}) {
    this.setPicking(false);
    const place = `${at.lng.toFixed(DECIMALS)},${at.lat.toFixed(DECIMALS)}`;
    const radius = this.panel.querySelector("[data-here-within]:checked")?.value ?? "";
    return this.fetch(place, radius, { move });
  }

  async fetch(place, radius, { move = false, again = null } = {}) {
    this.request?.abort();
    this.request = new AbortController();
    const [lon, lat] = place.split(",");
    this.said.textContent = say("hereAsking");
    try {
      const part = await fetchPart(`${this.url}?${new URLSearchParams({ lon, lat, radius })}`, this.request.signal);
      this.panel.replaceChildren(part);
      this.field.value = place;
      this.said.textContent = "";
      this.mark(move);
      showSearch(this.page, fieldSearch(this.page), true);
      if (again) this.panel.querySelector(`[data-here-within][value="${again}"]`)?.focus();
      else this.panel.querySelector("h2")?.focus();
      this.page.list.dispatchEvent(new Event("follow")); // its rows say how far it is
    } catch (error) {
      if (error.name !== "AbortError") this.said.textContent = say("failed");
    }
  }

  close() {
    this.panel.replaceChildren();
    this.field.value = "";
    this.marks.clearLayers();
    showSearch(this.page, fieldSearch(this.page), true);
    this.page.list.dispatchEvent(new Event("follow"));
    this.pick.focus();
  }

  /** The place and the circle around it, on the map. */
  mark(move = false) {
    this.marks.clearLayers();
    const told = this.panel.querySelector("[data-here-place]");
    const byDistance = document.querySelector("#karta-ordning option[value=avstand]");
    if (byDistance) byDistance.disabled = !told;
    if (!told && byDistance?.selected) byDistance.parentElement.value = "";
    if (!told) return;
    const [lon, lat] = told.dataset.herePlace.split(",").map(Number);
    const radius = Number(told.dataset.hereRadius);
    const circle = L.circle([lat, lon], { radius, interactive: false, color: themed("--pk-accent"), weight: 2, dashArray: "4 4", fillOpacity: 0.05 });
    const icon = L.divIcon({ className: "here-mark", iconSize: [26, 26] });
    this.marks.addLayer(circle);
    this.marks.addLayer(L.marker([lat, lon], { icon, interactive: false, keyboard: false }));
    if (move) this.page.map.fitBounds(circle.getBounds(), { maxZoom: 16, animate: false });
  }

  refreshed(search) {
    this.field.value = new URLSearchParams(search).get("here") ?? "";
    this.mark();
  }
}
