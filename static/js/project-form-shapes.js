// A GeoJSON geometry as its single parts, and the parts as one geometry again. Nothing is rounded.

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
