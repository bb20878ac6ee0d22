// The address holds the filter (after ?), the page of the table, and the view (after #):
//   #zoom/lat/lon/hidden,layers/background/lista
// The last three are left out from the end when they go without saying.
const DECIMALS = 5;
const VIEW = /^#(\d{1,2}(?:\.\d{1,2})?)\/(-?[\d.]+)\/(-?[\d.]+)(?:\/([\w,-]*))?(?:\/([\w-]*))?(?:\/(lista)?)?$/;

/** The filter form as the query of an address, without what is empty or goes without saying. */
export function formSearch(form) {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    const text = String(value).trim();
    if (text) query.append(name, text);
  }
  // An edition is named only with what is chosen within it, so that a link means the same in ten years.
  if (!query.has("area") && !query.has("theme") && isFirst(form, "areas")) query.delete("areas");
  if (!query.has("goal")) query.delete("edition");
  const text = query.toString();
  return text ? `?${text}` : "";
}

function isFirst(form, name) {
  const select = form.elements.namedItem(name);
  return select?.selectedIndex === 0;
}

/**
 * The view that an address asks for, or null: zoom, centre as [lat, lon], names of hidden layers, name of the
 * background ("" for the usual one), and whether a narrow page shows the list instead of the map.
 */
export function readView(hash) {
  const match = VIEW.exec(hash);
  if (!match) return null;
  const [zoom, lat, lon] = match.slice(1, 4).map(Number);
  if (![zoom, lat, lon].every(Number.isFinite) || Math.abs(lat) > 85 || Math.abs(lon) > 180) return null;
  const hidden = (match[4] ?? "").split(",").filter(Boolean);
  return { zoom, centre: [lat, lon], hidden, background: match[5] ?? "", list: match[6] === "lista" };
}

/** The view as the part of an address after the number sign. */
export function writeView(map, hidden, { background = "", list = false } = {}) {
  const { lat, lng } = map.getCenter();
  const last = [hidden.join(","), background, list ? "lista" : ""];
  while (last.length && !last.at(-1)) last.pop();
  return `#${[map.getZoom(), lat.toFixed(DECIMALS), lng.toFixed(DECIMALS), ...last].join("/")}`;
}
