// The search box with suggestions: a combobox as WAI-ARIA's practices have it, and "since a day" beside the periods.
import { say, words } from "./map-words.js";

const WAIT_MILLISECONDS = 180;
const NEAR_ZOOM = 15;

/** A feature of the page. */
export function bindFind(page) {
  const box = document.querySelector("[data-find]");
  if (!box) return null;
  bindSinceDay(page, box);
  return new Find(page, box);
}

/** Any day may be chosen beside the periods that the server offers. */
function bindSinceDay(page, box) {
  const day = box.querySelector("[data-since-day]");
  const select = box.querySelector("[name=since]");
  day.hidden = false;
  day.addEventListener("change", ({ target }) => {
    if (!/^(19|20)\d\d-\d\d-\d\d$/.test(target.value)) return;
    select.append(new Option(target.value, target.value, true, true));
    page.filter();
  });
}

class Find {
  constructor(page, box) {
    this.page = page;
    this.url = box.dataset.suggestUrl;
    this.input = box.querySelector("#karta-sok");
    this.list = box.querySelector("#karta-forslag");
    this.said = box.querySelector("[data-find-said]");
    this.found = [];
    this.active = -1;
    box.querySelector("[data-find-search]").hidden = false;
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close());
    // A press on a suggestion must not take the focus away before it is chosen.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(this.found[Number(option.dataset.place)]);
    });
  }

  later() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.suggest(), WAIT_MILLISECONDS);
  }

  async suggest() {
    const text = this.input.value.trim();
    this.request?.abort();
    if (text.length < 2) return this.close();
    this.request = new AbortController();
    try {
      const answer = await fetch(`${this.url}?${new URLSearchParams({ q: text })}`, { signal: this.request.signal });
      if (!answer.ok) throw new Error(answer.status);
      this.show((await answer.json()).suggestions);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.close();
      this.said.textContent = say("failed");
    }
  }

  show(found) {
    this.found = found;
    this.active = -1;
    this.list.replaceChildren(...found.map((one, place) => option(one, place)));
    this.list.hidden = found.length === 0;
    this.input.setAttribute("aria-expanded", String(found.length > 0));
    this.input.removeAttribute("aria-activedescendant");
    this.said.textContent = found.length === 0 ? say("findNone") : say("findSome", { count: found.length });
  }

  close() {
    clearTimeout(this.waiting);
    this.request?.abort();
    this.list.hidden = true;
    this.list.replaceChildren();
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.said.textContent = "";
  }

  key(event) {
    const open = !this.list.hidden;
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      if (open) this.move(key === "ArrowDown" ? 1 : -1);
      else this.suggest();
    } else if (key === "Enter") {
      if (open && this.active >= 0) this.choose(this.found[this.active]);
      else this.search();
    } else if (key === "Escape") {
      if (open) this.close();
      else this.input.value = "";
    } else return;
    event.preventDefault();
  }

  /** The active suggestion; above the first and below the last none is, and the text stands for itself. */
  move(by) {
    const places = this.found.length + 1;
    this.active = ((this.active + 1 + by + places) % places) - 1;
    for (const one of this.list.children) {
      const on = Number(one.dataset.place) === this.active;
      one.setAttribute("aria-selected", String(on));
      if (!on) continue;
      this.input.setAttribute("aria-activedescendant", one.id);
      one.scrollIntoView({ block: "nearest" });
    }
    if (this.active < 0) this.input.removeAttribute("aria-activedescendant");
  }

  /** All that the text finds, as the filter's own search. */
  search() {
    const text = this.input.value.trim();
    this.close();
    this.go({ q: text });
  }

  choose(one) {
    this.close();
    this.input.value = one.sort === "projekt" ? one.label : one.label.split(" (")[0];
    if (one.sort === "projekt") this.openProject(one);
    else this.go(Object.fromEntries(new URLSearchParams(one.query)));
  }

  /** Another filter of text and area; the other choices stand. */
  go(wanted) {
    const query = new URLSearchParams(location.search);
    for (const name of ["q", "area", "areas", "region", "page"]) query.delete(name);
    for (const [name, value] of Object.entries(wanted)) if (value) query.set(name, value);
    this.page.go(String(query) ? `?${query}` : "");
  }

  /** Its popup, where the map has it; where the filter leaves it out, the filter gives way to the project. */
  openProject(one) {
    const { page } = this;
    if (page.projects.open(one.code, this.input)) return;
    this.wanted = one;
    if (location.search && !page.windowed) this.go({ q: one.code });
    else this.openWanted();
  }

  /** As soon as it is drawn; a project without a place stands in the list alone. */
  openWanted() {
    const one = this.wanted;
    this.wanted = null;
    if (!one) return;
    const { page } = this;
    if (page.projects.open(one.code, this.input)) return;
    if (!one.place) {
      this.said.textContent = say("findNoPlace", { name: one.label });
      return;
    }
    const [lon, lat] = one.place.split(",").map(Number);
    page.projects.once("drawn", () => page.projects.open(one.code, this.input));
    page.map.setView([lat, lon], NEAR_ZOOM, { animate: false });
  }

  drawn() {
    if (this.wanted) setTimeout(() => this.openWanted());
  }
}

function option(one, place) {
  const line = document.createElement("li");
  line.id = `karta-forslag-${place}`;
  line.dataset.place = place;
  line.setAttribute("role", "option");
  line.setAttribute("aria-selected", "false");
  const sign = document.createElement("span");
  sign.className = "find-sort";
  sign.textContent = one.sort === "projekt" ? words.kinds[one.kind] : words.sorts[one.sort];
  const name = document.createElement("span");
  name.className = "find-name";
  name.textContent = one.label;
  const detail = document.createElement("span");
  detail.className = "find-detail";
  detail.textContent = one.sort === "plats" ? say("findPlaces", { count: one.detail }) : one.detail;
  line.append(name, " ", detail, " ", sign);
  return line;
}
