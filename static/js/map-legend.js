// The legend's boxes show and hide layers, on the map and in the table alike; what is hidden is said.
import { KINDS } from "./map-signs.js";
import { say, words } from "./map-words.js";

/** Bind the legend; `changed` gets the names of hidden layers ("bostad", "granser"). */
export function bindLegend(hidden, changed) {
  const legend = new Legend(document.querySelector("[data-legend]"), changed);
  legend.set(hidden, false);
  return legend;
}

class Legend {
  constructor(holder, changed) {
    this.boxes = [...holder.querySelectorAll("[data-layer]")];
    this.note = holder.querySelector("[data-hidden-note]");
    this.noteText = holder.querySelector("[data-hidden-text]");
    this.clusters = holder.querySelector("[data-cluster-legend]");
    this.changed = changed;
    holder.addEventListener("change", () => this.tell());
    holder.querySelector("[data-show-layers]").addEventListener("click", () => {
      this.set([]);
      this.boxes[0].focus();
    });
  }

  hidden() {
    return this.boxes.filter((box) => !box.checked).map((box) => box.value);
  }

  set(hidden, tell = true) {
    for (const box of this.boxes) box.checked = !hidden.includes(box.value);
    this.write();
    if (tell) this.changed(this.hidden());
  }

  tell() {
    this.write();
    this.changed(this.hidden());
  }

  /** Rows are hidden only with their kind, so only kinds are spoken of. */
  write() {
    const kinds = this.hidden().filter((name) => KINDS.includes(name));
    this.note.hidden = kinds.length === 0;
    this.noteText.textContent = say("hidden", { layers: kinds.map((kind) => words.kinds[kind].toLowerCase()).join(", ") });
  }

  showClusters(shown) {
    this.clusters.hidden = !shown;
  }
}
