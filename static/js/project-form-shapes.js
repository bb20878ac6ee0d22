// A GeoJSON geometry as its single parts, and the parts as one geometry again. Nothing is rounded here.

/** The points, lines and polygons of a geometry, however deep its collections go. */
export function partsOf(geometry) {
  if (!geometry) return [];
  if (geometry.type === "GeometryCollection") return geometry.geometries.flatMap(partsOf);
  if (!geometry.type.startsWith("Multi")) return [geometry];
  const type = geometry.type.slice("Multi".length);
  return geometry.coordinates.map((coordinates) => ({ type, coordinates }));
}

/** One geometry of the parts: the part itself, a Multi of one kind, or a collection; null of none. */
export function joined(parts) {
  if (parts.length < 2) return parts[0] ?? null;
  const [{ type }] = parts;
  if (parts.every((part) => part.type === type)) {
    return { type: `Multi${type}`, coordinates: parts.map((part) => part.coordinates) };
  }
  return { type: "GeometryCollection", geometries: parts };
}

/** The geometry of a text, or null for an empty or unreadable one. */
export function readShape(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

/** A part moved by degrees east and north. */
export function moved(part, east, north) {
  const step = (at) => (typeof at[0] === "number" ? [tidy(at[0] + east), tidy(at[1] + north)] : at.map(step));
  return { ...part, coordinates: step(part.coordinates) };
}

/** A coordinate with nine decimals of a degree, a tenth of a millimetre. */
export function tidy(number) {
  return Math.round(number * 1e9) / 1e9;
}

/** The runs of corners of a part: the point itself, the line, or every ring. */
export function runs(part) {
  if (part.type === "Point") return [[part.coordinates]];
  return part.type === "LineString" ? [part.coordinates] : part.coordinates;
}

/** The part with one of its runs replaced. */
export function withRun(part, number, run) {
  if (part.type === "Point") return { ...part, coordinates: run[0] };
  if (part.type === "LineString") return { ...part, coordinates: run };
  return { ...part, coordinates: part.coordinates.map((ring, index) => (index === number ? run : ring)) };
}

/** A run with the corner at `index` replaced by `corners`; a ring (`closed`) stays closed. */
export function spliced(run, index, remove, corners, closed) {
  const open = closed ? run.slice(0, -1) : [...run];
  open.splice(index, remove, ...corners);
  return closed ? [...open, open[0]] : open;
}
