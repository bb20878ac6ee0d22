// The page around the map: filter, table, line, address and map always say the same.
import { formSearch, readView, writeView } from "./map-address.js";
import { bindBoxes, bindSkips, bindSwitch, isNarrow } from "./map-boxes.js";
import { addButtons } from "./map-controls.js";
import { bindKeys } from "./map-keys.js";
import { bindLegend } from "./map-legend.js";
import { fetchPage, swapParts } from "./map-parts.js";
import { bindTwin, hideRows } from "./map-twin.js";
import { districtNames } from "./map-districts.js";
import { PARTS } from "./map-features.js";
import { Waiting } from "./map-waiting.js";

const FIT = { maxZoom: 15, animate: false };
const MOVES_THE_VIEW = ["q", "area", "areas", "region"];

/** Bring the page to life. */
export function startPage(map, layers) {
  return new MapPage(map, layers).start();
}

class MapPage {
  constructor(map, { outlines, projects, backgrounds = null }) {
    Object.assign(this, { map, outlines, projects, backgrounds });
    this.frame = document.getElementById("karta");
    this.form = document.querySelector("[data-filter-form]");
    this.list = document.getElementById("karta-lista");
    this.waiting = new Waiting(this.frame, this.list);
    this.windowed = false;
    this.pageSearch = location.search; // the filter that the table shows
  }

  async start() {
    const view = readView(location.hash);
    this.legend = bindLegend(view?.hidden ?? [], (hidden) => this.hide(hidden));
    this.bindFrame();
    this.shown.show(view?.list ?? false);
    this.backgrounds?.show(view?.background ?? "");
    bindTwin(this.list, this.projects, (row, button) => this.locate(row, button));
    this.projects.on("drawn", ({ drawn }) => (this.frame.dataset.drawn = drawn));
    this.features = PARTS.map((bind) => bind(this)).filter(Boolean);
    this.bindForm();
    this.bindLinks();
    window.addEventListener("popstate", () => this.goBack());
    if (view) this.map.setView(view.centre, view.zoom, { animate: false });
    this.hide(this.legend.hidden());
    await this.refresh({ fit: !view });
    // Again, for what the page has got since may have changed the size of the map.
    if (view) this.map.setView(view.centre, view.zoom, { animate: false });
    this.map.on("moveend", () => this.moved());
    this.keepView();
    // The reader may have moved the map while its first projects were on their way.
    if (this.windowed && !this.drawnBox?.contains(this.map.getBounds())) await this.moved();
  }

  /** Fields outside the form that name it by their `form` attribute belong to it too. */
  bindForm() {
    document.addEventListener("submit", (event) => {
      if (event.target !== this.form) return;
      event.preventDefault();
      this.filter();
    });
    document.addEventListener("change", (event) => {
      if (!event.target.name || event.target.form !== this.form) return;
      if (event.target.name === "areas") this.form.elements.namedItem("area").value = "";
      if (event.target.name === "edition") this.form.elements.namedItem("goal").value = "";
      this.filter();
    });
  }

  /** Links to this very page (clear the filter, pages of the table) do not reload it. */
  bindLinks() {
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[href]");
      if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
      if (!link.closest("[data-part], [data-filter-form]")) return;
      if (link.origin !== location.origin || link.pathname !== location.pathname) return;
      event.preventDefault();
      this.go(link.search);
    });
  }

  bindFrame() {
    bindBoxes();
    this.shown = bindSwitch(() => this.keepView());
    bindSkips((target) => isNarrow() && this.shown.show(target === "karta-lista"));
    addButtons(this.map, () => this.fit());
    this.outlines.setBare(!this.backgrounds);
    this.backgrounds?.bind((laid) => this.outlines.setBare(!laid), () => this.keepView());
    this.districts = districtNames(this.map, this.outlines, this.frame.dataset.districtsUrl);
    bindKeys({ map: this.map, projects: this.projects, fit: () => this.fit(), toList: (code) => this.toList(code) });
  }

  filter() {
    const search = formSearch(this.form);
    if (search !== location.search) this.go(search);
  }

  go(search) {
    const before = new URLSearchParams(location.search);
    const after = new URLSearchParams(search);
    const moves = MOVES_THE_VIEW.some((name) => String(before.getAll(name)) !== String(after.getAll(name)));
    history.pushState(null, "", location.pathname + search + this.hash());
    this.refresh({ fit: moves });
  }

  async goBack() {
    const view = readView(location.hash);
    if (view) this.legend.set(view.hidden);
    if (view) this.shown.show(view.list);
    if (view) this.backgrounds?.show(view.background);
    if (location.search !== this.askedSearch) await this.refresh({ fit: !view, keep: true });
    if (view) this.map.setView(view.centre, view.zoom, { animate: false });
  }

  /** Fetch table and map for the address; both change at once, or neither. */
  async refresh({ fit, keep = false }) {
    const signal = this.newRequest();
    const search = (this.askedSearch = location.search);
    this.waiting.set("laddar");
    try {
      const [page, found] = await Promise.all([
        search === this.pageSearch ? null : fetchPage(location.pathname + search, signal),
        this.fetchFirst(search, fit, signal),
      ]);
      if (page) swapParts(page);
      this.pageSearch = search;
      this.windowed = !found.data.complete;
      await this.drawOutlines();
      signal.throwIfAborted();
      this.draw(found.data);
      this.drawnBox = found.box;
      await Promise.all(this.features.map((one) => one.refreshed?.(search, signal)));
      signal.throwIfAborted();
      if (fit || (!keep && !found.box && this.nothingInView())) this.fit();
      this.keepView();
      this.movedMeanwhile = false;
      if (this.windowed && !this.drawnBox?.contains(this.map.getBounds())) await this.drawWindow(signal);
      this.waiting.set("klar");
      if (this.movedMeanwhile) await this.moved();
    } catch (error) {
      if (error.name !== "AbortError") this.waiting.fail(() => this.refresh({ fit, keep }));
    }
  }

  newRequest() {
    this.request?.abort();
    this.request = new AbortController();
    return this.request.signal;
  }

  /** Where the map shows a part of many projects, that part is fetched at once; all of them when none lies in it. */
  async fetchFirst(search, fit, signal) {
    const box = this.windowed && !fit ? this.map.getBounds().pad(0.2) : null;
    const data = await this.fetchData(search, box, signal);
    if (!box || data.shown || data.total === data.unlocated) return { data, box };
    return { data: await this.fetchData(search, null, signal), box: null };
  }

  async fetchData(search, box, signal) {
    const query = new URLSearchParams(search);
    query.delete("page");
    query.set("zoom", Math.floor(this.map.getZoom()));
    if (box) query.set("bbox", box.toBBoxString());
    for (const one of this.features) one.ask?.(query);
    const answer = await fetch(`${this.frame.dataset.dataUrl}?${query}`, { signal });
    if (!answer.ok) throw new Error(`${answer.status} ${answer.url}`);
    return answer.json();
  }

  draw(data) {
    this.projects.show(data);
    for (const one of this.features) one.drawn?.(data);
    this.legend.showClusters(data.clustered);
    hideRows(this.list, this.legend.hidden());
  }

  async drawOutlines() {
    const { outlinesUrl, chosen } = document.getElementById("karta-granser").dataset;
    await this.outlines.show(outlinesUrl, chosen.split(" "));
  }

  /** After a move: write the view; when not everything was fetched, fetch what is now in view. */
  async moved() {
    this.keepView();
    // While table and map are fetched a move cancels nothing; what came into view is fetched afterwards.
    this.movedMeanwhile = this.waiting.state === "laddar";
    if (!this.windowed || this.movedMeanwhile || this.pageSearch !== location.search) return;
    const signal = this.newRequest();
    this.waiting.set("flyttar");
    try {
      await this.drawWindow(signal);
      this.waiting.set("klar");
    } catch (error) {
      if (error.name !== "AbortError") this.waiting.fail(() => this.refresh({ fit: false, keep: true }));
    }
  }

  async drawWindow(signal) {
    const box = this.map.getBounds().pad(0.2);
    this.draw(await this.fetchData(location.search, box, signal));
    this.drawnBox = box;
  }

  fit() {
    const city = this.outlines.bounds();
    const found = this.projects.bounds();
    const box = found && location.search ? found : city.extend(found ?? city);
    if (box.isValid()) this.map.fitBounds(box, { ...FIT, padding: isNarrow() ? [10, 10] : [28, 28] });
  }

  nothingInView() {
    const box = this.projects.bounds();
    return box !== null && !this.map.getBounds().intersects(box);
  }

  hide(hidden) {
    this.projects.setHidden(hidden);
    this.outlines.setShown(!hidden.includes("granser"));
    this.districts.setShown(!hidden.includes("granser"));
    hideRows(this.list, hidden);
    for (const one of this.features ?? []) one.hidden?.();
    if (this.askedSearch !== undefined) this.keepView();
  }

  /** Show a row's project on the map and open its popup; from the keyboard the focus follows. */
  locate(row, button) {
    if (isNarrow()) this.shown.show(false);
    this.frame.scrollIntoView({ block: isNarrow() ? "start" : "nearest" });
    if (this.projects.open(row.dataset.code, button)) return;
    const [lon, lat] = row.dataset.place.split(",").map(Number);
    this.projects.once("drawn", () => this.projects.open(row.dataset.code, button));
    this.map.setView([lat, lon], this.map.getMaxZoom() - 2, { animate: false });
  }

  /** From the map to a project's row in the list, or to the list. */
  toList(code) {
    if (isNarrow()) this.shown.show(true);
    const row = [...this.list.querySelectorAll("tr[data-code]")].find((one) => one.dataset.code === code);
    (row?.querySelector("a") ?? this.list).focus();
    this.keepView();
  }

  keepView() {
    history.replaceState(history.state, "", location.pathname + location.search + this.hash());
  }

  hash() {
    return writeView(this.map, this.legend.hidden(), { background: this.backgrounds?.name(), list: this.shown.isList() });
  }
}
