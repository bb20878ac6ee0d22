// The list in step with the map: when asked for, it holds what is in view, and follows the map as it moves.
import { fetchPart, fieldSearch, showSearch } from "./map-find-address.js";
import { hideRows } from "./map-twin.js";

const WAIT_MILLISECONDS = 250;
const DECIMALS = 5;

/** A feature of the page. */
export function bindList(page) {
  const box = document.querySelector("[data-list]");
  return box ? new ListInView(page, box) : null;
}

class ListInView {
  constructor(page, box) {
    this.page = page;
    this.url = document.querySelector("[data-find]").dataset.listUrl;
    this.box = box.querySelector("[data-list-inview]");
    this.field = box.querySelector("[data-list-view]");
    this.box.checked = this.field.value !== "";
    box.querySelector("[data-list-switch]").hidden = false;
    this.box.addEventListener("change", () => this.update());
    page.map.on("moveend resize", () => this.box.checked && this.later());
    page.list.addEventListener("follow", () => this.update());
  }

  /** The map's view as the address has it. */
  view() {
    const box = this.page.map.getBounds();
    return [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((one) => one.toFixed(DECIMALS)).join(",");
  }

  later() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      if (this.page.frame.dataset.state === "laddar") this.later();
      else if (this.view() !== this.field.value) this.update();
    }, WAIT_MILLISECONDS);
  }

  /** Fetch the list for the view, or for everything; a later fetch ends an earlier one. */
  async update() {
    this.request?.abort();
    this.request = new AbortController();
    this.field.value = this.box.checked ? this.view() : "";
    const { list } = this.page;
    showSearch(this.page, fieldSearch(this.page), false);
    list.setAttribute("aria-busy", "true");
    try {
      const part = await fetchPart(this.url + location.search, this.request.signal);
      list.replaceChildren(part);
      hideRows(list, this.page.legend.hidden());
      list.setAttribute("aria-busy", "false");
    } catch (error) {
      if (error.name !== "AbortError") list.setAttribute("aria-busy", "false");
    }
  }

  /** What only the list and the panels ask does not change what the map draws. */
  ask(query) {
    for (const name of ["view", "sort", "order", "here", "radius"]) query.delete(name);
  }

  refreshed(search) {
    this.request?.abort();
    clearTimeout(this.waiting);
    this.field.value = new URLSearchParams(search).get("view") ?? "";
    this.box.checked = this.field.value !== "";
    if (this.box.checked) this.later();
  }
}
