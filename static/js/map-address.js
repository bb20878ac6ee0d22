// The address holds the filter (after ?), the page of the table, and the view (after #): #zoom/lat/lon/hidden,layers
const DECIMALS = 5;

/** The filter form as query parameters, without what is empty or goes without saying. */
export function formQuery(form) {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    const text = String(value).trim();
    if (text) query.append(name, text);
  }
  // An edition is named only with what is chosen within it, so that a link means the same in ten years.
  if (!query.has("area") && isFirst(form, "areas")) query.delete("areas");
  if (!query.has("goal")) query.delete("edition");
  return query;
}

function isFirst(form, name) {
  const select = form.elements.namedItem(name);
  return select?.selectedIndex === 0;
}

/** The view that an address asks for, or null: zoom, centre as [lat, lon], and names of hidden layers. */
export function readView(hash) {
  const match = /^#(\d{1,2}(?:\.\d{1,2})?)\/(-?[\d.]+)\/(-?[\d.]+)(?:\/([\w,]*))?$/.exec(hash);
  if (!match) return null;
  const [zoom, lat, lon] = match.slice(1, 4).map(Number);
  if (![zoom, lat, lon].every(Number.isFinite) || Math.abs(lat) > 85 || Math.abs(lon) > 180) return null;
  return { zoom, centre: [lat, lon], hidden: (match[4] ?? "").split(",").filter(Boolean) };
}

/** The view as the part of an address after the number sign. */
export function writeView(map, hidden) {
  const { lat, lng } = map.getCenter();
  const layers = hidden.length ? `/${hidden.join(",")}` : "";
  return `#${map.getZoom()}/${lat.toFixed(DECIMALS)}/${lng.toFixed(DECIMALS)}${layers}`;
}
