// Drafts: what is typed and drawn is kept on the server while one works, and in this browser when that cannot be reached.
import { element, settled } from "./project-form-sending.js";

const PAUSE = 1200;
const LARGE_PAUSE = 5000;
const LARGE = 500_000;
const KEEPALIVE_MOST = 60_000; // what a page that goes away may still send
const LOCAL_MOST = 4_000_000;
const PREFIX = "portfoljkartan-utkast:";
const UNKEPT = new Set(["csrf_token", "action"]);

/** Keep drafts of the form; `form.dataset` has draftAddress and user. */
export function startDrafts(form) {
  const drafts = new Drafts(form);
  drafts.start();
  return drafts;
}

class Drafts {
  constructor(form) {
    this.form = form;
    this.note = form.querySelector("[data-draft-state]");
    this.dirty = false;
    this.sent = false;
    this.again = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
    this.running = null;
  }

  start() {
    const { form } = this;
    const soon = settled(() => this.save(), PAUSE);
    const later = settled(() => this.save(), LARGE_PAUSE);
    const changed = () => {
      if (this.sent) return;
      this.dirty = true;
      ((form.elements.geometry?.value.length ?? 0) > LARGE ? later : soon)();
    };
    for (const kind of ["input", "change", "shape:changed"]) form.addEventListener(kind, changed);
    form.addEventListener("submit", () => this.stop());
    addEventListener("pageshow", (event) => event.persisted && this.resume());
    document.addEventListener("visibilitychange", () => document.hidden && this.save({ leaving: true }));
    addEventListener("pagehide", () => this.save({ leaving: true }));
    this.offerLocal();
  }

  /** The form is on its way as a whole; a draft that came after it would rise from the dead. */
  stop() {
    this.sent = true;
    this.running?.abort();
  }

  /** Back from the page that followed: what is typed from now on is newer than what was sent. */
  resume() {
    this.sent = false;
    this.again = true;
  }

  content() {
    const data = new FormData(this.form);
    for (const name of UNKEPT) data.delete(name);
    if (this.again) data.set("again", "ja");
    return data;
  }

  async save({ leaving = false } = {}) {
    if (!this.dirty || this.sent) return;
    this.dirty = false;
    const data = this.content();
    const body = leaving ? compact(data) : data;
    const keepalive = leaving && sizeOf(body) < KEEPALIVE_MOST;
    if (leaving) this.keepLocally(data);
    this.running?.abort();
    const mine = (this.running = new AbortController());
    try {
      const answer = await send(this.form.dataset.draftAddress, body, { keepalive, signal: leaving ? undefined : mine.signal });
      this.forgetLocally();
      this.say(answer.text);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.dirty = true;
      this.say(this.keepLocally(data) ? this.note.dataset.local : this.note.dataset.lost);
    }
  }

  say(text) {
    if (this.note.textContent.trim() !== text) this.note.textContent = text;
  }

  get key() {
    return `${PREFIX}${this.form.dataset.user}:${this.form.getAttribute("action")}`;
  }

  keepLocally(data) {
    const pairs = [...data].filter(([, value]) => typeof value === "string");
    const text = JSON.stringify({ at: Date.now(), pairs });
    if (text.length > LOCAL_MOST) return false;
    try {
      localStorage.setItem(this.key, text);
      return true;
    } catch {
      return false; // full, or not allowed
    }
  }

  forgetLocally() {
    try {
      localStorage.removeItem(this.key);
    } catch {
      // not allowed: then nothing is there either
    }
  }

  /** Something was kept here that the server never got: hand it over now and offer it. */
  async offerLocal() {
    const kept = this.readLocal();
    if (!kept) return;
    const data = new FormData();
    for (const [name, value] of kept.pairs) data.append(name, value);
    try {
      const answer = await send(this.form.dataset.draftAddress, data);
      this.forgetLocally();
      if (answer.state === "kept" && data.get("form_pass") !== this.form.elements.form_pass.value) this.showOffer(kept.at, answer);
    } catch {
      // Still away, or refused: it stays here for the next time.
    }
  }

  readLocal() {
    try {
      return JSON.parse(localStorage.getItem(this.key) ?? "null");
    } catch {
      return null;
    }
  }

  showOffer(at, answer) {
    if ([...document.querySelectorAll(".draft-offer a")].some((link) => link.getAttribute("href") === answer.address)) return;
    const place = document.querySelector("[data-local-offer]");
    const when = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short" }).format(at);
    const text = element("p", { class: "mb-0" }, place.dataset.text.replace("__WHEN__", when));
    place.replaceChildren(text, element("a", { class: "btn btn-sm btn-outline-primary", href: answer.address }, place.dataset.go));
    place.hidden = false;
  }
}

async function send(address, data, options = {}) {
  const answer = await fetch(address, { method: "POST", body: data, ...options });
  if (answer.status === 413) return answer.json();
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

/** The same in fewer signs, where that lets a page that goes away send it: a grid has many short fields. */
function compact(data) {
  const pairs = [...data];
  if (sizeOf(data) < KEEPALIVE_MOST || sizeOf(pairs) > LARGE || pairs.some(([, value]) => typeof value !== "string")) return data;
  return new URLSearchParams(pairs);
}

function sizeOf(data) {
  if (data instanceof URLSearchParams) return `${data}`.length;
  let size = 0;
  for (const [name, value] of data) size += name.length + value.length + 120; // a part's own lines
  return size;
}
