// What the map is doing: fetching, ready, or failed and how to try again. What stands on the page stays meanwhile.
import { say } from "./map-words.js";

export class Waiting {
  constructor(frame, list) {
    Object.assign(this, { frame, list, message: frame.querySelector("[data-wait]"), retry: null });
    window.addEventListener("online", () => this.state === "fel" && this.retry?.());
  }

  get state() {
    return this.frame.dataset.state;
  }

  set(state) {
    this.frame.dataset.state = state;
    this.list.setAttribute("aria-busy", String(state === "laddar"));
    if (this.message.contains(document.activeElement)) this.focusMap();
    this.message.textContent = state === "laddar" ? say("waiting") : "";
    this.message.hidden = state !== "laddar";
  }

  /** Say that it failed, with a button that tries again. */
  fail(retry) {
    this.set("fel");
    this.retry = retry;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm btn-outline-primary";
    button.textContent = say("again");
    button.addEventListener("click", () => retry(), { once: true });
    this.message.replaceChildren(say(navigator.onLine ? "failed" : "offline"), " ", button);
    this.message.hidden = false;
  }

  focusMap() {
    this.frame.querySelector(".leaflet-container").focus({ preventScroll: true });
  }
}
