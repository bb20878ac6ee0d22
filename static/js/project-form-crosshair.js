// Changing a shape without a mouse: the crosshair in the middle of the map picks up and puts down.
import { covers, holeAt, withoutHole } from "./project-form-holes.js";
import { isLarge, ringAt } from "./project-form-layers.js";
import { moved, runs, spliced, tidy, withRun } from "./project-form-shapes.js";

const L = window.L;
const REACH = 60;

/** What the buttons under the map do in the modes edit, drag and remove. */
export class Crosshair {
  constructor(drawing) {
    this.drawing = drawing;
    this.map = drawing.map;
    this.mark = L.layerGroup().addTo(this.map);
    this.held = null;
  }

  /** Pick up what lies at the crosshair, or put down what was picked up; removing needs no second step. */
  act(mode) {
    if (mode === "remove") this.remove();
    else if (this.held) this.drop();
    else if (mode === "edit") this.grab(this.corner(), "heldCorner", "noCorner");
    else this.grab(this.part(), "heldPart", "noPart");
  }

  letGo() {
    this.held = null;
    this.mark.clearLayers();
    this.drawing.frame.dataset.held = "";
  }

  grab(found, word, none) {
    if (!found) {
      this.drawing.say(none);
      return;
    }
    this.held = found;
    this.drawing.frame.dataset.held = "ja";
    this.mark.addLayer(ringAt(L.latLng(found.at[1], found.at[0]), "held-sign"));
    this.map.panTo([found.at[1], found.at[0]], { animate: false });
    this.drawing.say(word);
  }

  drop() {
    const { index, run, corner, at } = this.held;
    const to = this.centre();
    const parts = this.drawing.currentParts();
    const part = parts[index];
    const placed = corner === undefined ? moved(part, to[0] - at[0], to[1] - at[1]) : this.bent(part, run, corner, 1, [to]);
    this.drawing.change(parts.toSpliced(index, 1, placed), corner === undefined ? "moved" : "edited");
  }

  /** A new corner at the crosshair, in the nearest edge. */
  addCorner() {
    const found = this.edge();
    if (!found) {
      this.drawing.say("noEdge");
      return;
    }
    const parts = this.drawing.currentParts();
    const placed = this.bent(parts[found.index], found.run, found.after + 1, 0, [this.centre()]);
    this.drawing.change(parts.toSpliced(found.index, 1, placed), "cornerAdded");
  }

  /** Take away the held corner, else the one at the crosshair, unless too few would be left. */
  removeCorner() {
    const found = this.held ?? this.corner();
    const parts = this.drawing.currentParts();
    const part = parts[found?.index];
    const least = part?.type === "Polygon" ? 4 : 2;
    if (!found || part.type === "Point" || runs(part)[found.run].length <= least) {
      this.drawing.say(found ? "tooFew" : "noCorner");
      return;
    }
    this.drawing.change(parts.toSpliced(found.index, 1, this.bent(part, found.run, found.corner, 1, [])), "cornerRemoved");
  }

  remove() {
    const parts = this.drawing.currentParts();
    const found = this.part();
    const hole = found?.covering ? null : holeAt(parts, this.place());
    if (hole) this.drawing.change(withoutHole(parts, hole.index, hole.hole), "holeRemoved");
    else if (found) this.drawing.change(parts.toSpliced(found.index, 1), "removed");
    else this.drawing.say("noPart");
  }

  bent(part, number, corner, remove, corners) {
    const run = spliced(runs(part)[number], corner, remove, corners, part.type === "Polygon");
    return withRun(part, number, run);
  }

  centre() {
    const at = this.drawing.neighbours.near(this.map.getCenter());
    return [tidy(at.lng), tidy(at.lat)];
  }

  place() {
    const { lng, lat } = this.map.getCenter();
    return [lng, lat];
  }

  corner() {
    return this.nearest((part, index, found) => {
      if (isLarge(part)) return;
      runs(part).forEach((run, number) =>
        run.slice(0, part.type === "Polygon" ? -1 : undefined).forEach((at, corner) => found({ index, run: number, corner, at }, at)),
      );
    });
  }

  edge() {
    return this.nearest((part, index, found) => {
      if (isLarge(part) || part.type === "Point") return;
      runs(part).forEach((run, number) => {
        for (let after = 0; after + 1 < run.length; after += 1) found({ index, run: number, after }, run[after], run[after + 1]);
      });
    });
  }

  /** The part at the crosshair, else the nearest; `at` is where it is held. */
  part() {
    const place = this.place();
    const index = this.drawing.currentParts().findIndex((part) => part.type === "Polygon" && covers(part, place));
    if (index >= 0) return { index, at: place, covering: true };
    return this.nearest((part, number, found) =>
      runs(part).forEach((run) => run.forEach((one, after) => found({ index: number, at: one }, one, run[after + 1] ?? one))),
    );
  }

  nearest(each) {
    const here = this.map.project(this.map.getCenter());
    const point = ([lon, lat]) => this.map.project([lat, lon]);
    let best = { distance: REACH, found: null };
    this.drawing.currentParts().forEach((part, index) =>
      each(part, index, (found, from, to = from) => {
        const distance = L.LineUtil.pointToSegmentDistance(here, point(from), point(to));
        if (distance < best.distance) best = { distance, found };
      }),
    );
    return best.found;
  }
}
