// The year under the map: the slider restyles what is drawn at once; address, counts and list follow a moment later.
import { STATES, dressed, stateIn, stateOf } from "./map-time-states.js";
import { say, words } from "./map-words.js";

const WAIT_MILLISECONDS = 350;
const format = new Intl.NumberFormat("sv-SE");

/** A feature of the page; nothing where no project has dates. */
export function bindTime(page) {
  const box = document.querySelector("[data-time]");
  return box ? new TimeSlider(page, box) : null;
}

class TimeSlider {
  constructor(page, box) {
    const find = (name) => box.querySelector(`[data-time-${name}]`);
    Object.assign(this, { page, box, on: find("on"), years: find("years"), range: find("range"), hide: find("hide") });
    Object.assign(this, { output: find("year"), said: find("said") });
    this.on.addEventListener("change", () => this.switchTo(this.on.checked));
    find("all").addEventListener("click", () => this.switchTo(false, true));
    for (const button of box.querySelectorAll("[data-time-step]")) {
      button.addEventListener("click", () => this.step(Number(button.dataset.timeStep)));
    }
    this.range.addEventListener("input", () => this.moved());
    // The page would follow each year that the slider passes; it follows the one where it rests.
    this.range.addEventListener("change", (event) => event.stopPropagation());
    box.addEventListener("change", (event) => event.target.matches("[data-time-state]") && this.hideStates());
    this.dress(new URLSearchParams(location.search));
  }

  get year() {
    return this.range.disabled ? null : Number(this.range.value);
  }

  switchTo(on, focus = false) {
    this.range.disabled = this.hide.disabled = !on;
    this.years.hidden = !on;
    this.on.checked = on;
    this.output.value = this.range.value;
    if (focus) this.on.focus();
    this.restyle();
    this.tell(0);
  }

  step(by) {
    const year = Math.min(Number(this.range.max), Math.max(Number(this.range.min), Number(this.range.value) + by));
    if (year === Number(this.range.value)) return;
    this.range.value = year;
    this.moved();
  }

  moved() {
    this.output.value = this.range.value;
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => {
      this.count();
      this.restyle();
    });
    this.tell();
  }

  /** The address and all that follows it, when the slider has come to rest. */
  tell(wait = WAIT_MILLISECONDS) {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      this.waiting = null;
      this.page.filter();
    }, wait);
  }

  hideStates() {
    const hidden = [...this.box.querySelectorAll("[data-time-state]:not(:checked)")].map((one) => one.value);
    this.hide.value = hidden.join(",");
    this.restyle();
    this.tell(0);
  }

  /** Count the states of the year from the courses that came with the page. */
  count() {
    const counts = {};
    for (const [start, end, aborted, count] of JSON.parse(document.getElementById("karta-tid").dataset.courses)) {
      const state = stateIn(this.year, start, end, aborted);
      counts[state] = (counts[state] ?? 0) + count;
    }
    for (const box of this.box.querySelectorAll("[data-time-state]")) {
      const label = box.closest("label");
      label.querySelector("[data-time-label]").textContent = this.name(box.value);
      label.querySelector("[data-time-count]").textContent = format.format(counts[box.value] ?? 0);
    }
    return counts;
  }

  name(state) {
    return words.states[state].replace("{year}", this.year);
  }

  restyle() {
    const { projects } = this.page;
    const year = this.year;
    const hidden = new Set(year === null ? [] : this.hide.value.split(",").filter(Boolean));
    const before = projects.leaves;
    projects.dress = year === null ? null : (item, style, part, lit) =>
      dressed(item, style, part, lit, stateOf(item.feature.properties, year));
    projects.leaves = hidden.size ? (item) => hidden.has(stateOf(item.feature.properties, year)) : null;
    if (before || projects.leaves) projects.draw();
    else projects.restyleAll();
  }

  /** Stand as an address says. */
  dress(query) {
    const year = query.get("at");
    const on = year !== null && year >= this.range.min && year <= this.range.max;
    if (on) this.range.value = year;
    this.range.disabled = this.hide.disabled = !on;
    this.years.hidden = !on;
    this.on.checked = on;
    this.hide.value = on ? (query.get("hide") ?? "") : "";
    this.output.value = this.range.value;
    this.restyle();
  }

  /** An answer that comes while the slider is on its way must not put it back. */
  refreshed(search) {
    if (!this.waiting) this.dress(new URLSearchParams(search));
    if (this.year === null) this.said.textContent = "";
    else this.say(this.count());
  }

  say(counts) {
    const told = STATES.filter((state) => counts[state]).map((state) => `${this.name(state).toLowerCase()} ${format.format(counts[state])}`);
    this.said.textContent = say("yearSaid", { year: this.year, counts: told.join(", ") });
  }
}
