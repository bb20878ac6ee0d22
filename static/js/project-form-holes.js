// Holes in areas: which area a drawn ring lies in, and which hole a place lies in.

/** The parts with `ring` (closed) as a hole in the smallest area that holds it and is free there; null if none does. */
export function withHole(parts, ring) {
  const holders = parts
    .map((part, index) => ({ part, index }))
    .filter(({ part }) => part.type === "Polygon" && holds(part, ring))
    .sort((a, b) => size(a.part.coordinates[0]) - size(b.part.coordinates[0]));
  if (!holders.length) return null;
  const [{ part, index }] = holders;
  return parts.toSpliced(index, 1, { ...part, coordinates: [...part.coordinates, ring] });
}

/** Part and number of the smallest hole around a place [longitude, latitude], or null. */
export function holeAt(parts, place) {
  const found = parts.flatMap((part, index) =>
    part.type === "Polygon" ? part.coordinates.slice(1).map((ring, hole) => ({ index, hole: hole + 1, ring })) : [],
  );
  const around = found.filter(({ ring }) => isInside(ring, place));
  return around.sort((a, b) => size(a.ring) - size(b.ring))[0] ?? null;
}

/** The parts without one hole. */
export function withoutHole(parts, index, hole) {
  const part = parts[index];
  return parts.toSpliced(index, 1, { ...part, coordinates: part.coordinates.toSpliced(hole, 1) });
}

/** Whether an area holds a place: inside its border and in none of its holes. */
export function covers(part, place) {
  const [outer, ...holes] = part.coordinates;
  return isInside(outer, place) && !holes.some((hole) => isInside(hole, place));
}

/** Whether a piece of a line lies in what was cut out: Geoman leaves it, as it ends exactly on the border. */
export function isCutOut(part, knife) {
  if (part.type !== "LineString" || knife.length < 4) return false;
  const [[x1, y1], [x2, y2]] = part.coordinates;
  return isInside(knife, [(x1 + x2) / 2, (y1 + y2) / 2]);
}

function holds(part, ring) {
  const [, ...holes] = part.coordinates;
  return ring.every((corner) => covers(part, corner)) && !holes.some((hole) => isInside(ring, hole[0]));
}

function isInside(ring, [x, y]) {
  let inside = false;
  for (let index = 0; index + 1 < ring.length; index += 1) {
    const [x1, y1] = ring[index];
    const [x2, y2] = ring[index + 1];
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}

function size(ring) {
  let twice = 0;
  for (let index = 0; index + 1 < ring.length; index += 1) {
    twice += ring[index][0] * ring[index + 1][1] - ring[index + 1][0] * ring[index][1];
  }
  return Math.abs(twice);
}
