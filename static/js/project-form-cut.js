// Cutting: what one cut does to every line and area it meets is one change.
import { isCutOut } from "./project-form-holes.js";
import { partsOf } from "./project-form-shapes.js";

/** Take over what Geoman makes of a cut. */
export function startCutting(drawing) {
  const { map } = drawing;
  map.on("pm:cut", ({ layer, originalLayer }) => {
    drawing.cutting = true;
    replace(drawing, originalLayer, layer);
  });
  map.on("pm:globalcutmodetoggled", ({ enabled }) => {
    if (enabled) return;
    const something = drawing.cutting;
    drawing.cutting = false;
    if (something) drawing.changed("cut");
    else if (drawing.mode === "cut") drawing.say("nothingCut");
    if (drawing.mode === "cut") drawing.setMode("");
  });
}

function replace(drawing, before, after) {
  drawing.parts.removeLayer(before);
  const left = after ? after.toGeoJSON(15) : null;
  after?.remove();
  const shapes = left?.type === "FeatureCollection" ? left.features.map((one) => one.geometry) : [left?.geometry];
  const knife = ringOf(drawing.active());
  for (const part of shapes.flatMap((one) => partsOf(one))) if (!isCutOut(part, knife)) drawing.add(part);
}

/** The corners of the area that is being drawn, as a ring. */
function ringOf(cut) {
  const ring = (cut?._layer?.getLatLngs() ?? []).flat().map(({ lng, lat }) => [lng, lat]);
  return [...ring, ...ring.slice(0, 1)];
}
