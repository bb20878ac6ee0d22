// How a project stands in a year, by the rule of tracker/maps/times.py, and how each state looks beside the others.
import { kindColour, themed } from "./map-signs.js";

export const STATES = ["planerat", "pagar", "klart", "tidigare", "okant"];

/** The state in a year of a project that begins and ends in these years (null: not known). */
export function stateIn(year, start, end, aborted) {
  if (aborted || (start == null && end == null)) return "okant";
  if (start != null && start > year) return "planerat";
  if (end != null && end <= year) return end === year ? "klart" : "tidigare";
  return start == null ? "planerat" : "pagar";
}

/** The state of a feature of the map's data. */
export function stateOf(properties, year) {
  return stateIn(year, properties.start, properties.end, properties.phase === "avbrutet");
}

/** Signs: hollow, filled, filled with a dot, small and pale, small and grey. Never by colour alone. */
const SIGNS = {
  planerat: (style, kind) => ({ ...style, fillColor: themed("--pk-surface"), color: kindColour(kind), weight: 2.2 }),
  pagar: (style) => style,
  klart: (style) => ({ ...style, radius: style.radius + 1, mark: themed("--pk-surface") }),
  tidigare: (style) => ({ ...style, radius: style.radius * 0.75, fillOpacity: 0.45, opacity: 0.5 }),
  okant: (style) => ({ ...style, radius: style.radius * 0.6, fillColor: themed("--pk-surface"), color: themed("--pk-muted"), weight: 1.2, opacity: 0.7 }),
};
const SHAPES = {
  planerat: (style) => ({ ...style, fillOpacity: 0.03, dashArray: "1 5" }),
  pagar: (style) => ({ ...style, fillOpacity: Math.max(style.fillOpacity, 0.34) }),
  klart: (style, part) => ({ ...style, weight: style.weight + 1, fillOpacity: part === "area" ? 0.6 : style.fillOpacity }),
  tidigare: (style) => ({ ...style, opacity: 0.4, weight: style.weight * 0.7, fillOpacity: 0.1 }),
  okant: (style) => ({ ...style, color: themed("--pk-muted"), opacity: 0.6, fillOpacity: 0.02 }),
};

/** The style of a sign, line or area in a state. */
export function dressed(item, style, part, lit, state) {
  const made = part === "sign" ? SIGNS[state](style, item.kind) : SHAPES[state](style, part);
  // What is pointed at keeps the edge that makes it stand out.
  return lit ? { ...made, color: style.color, weight: style.weight, opacity: 1 } : made;
}
