// The stadsdelar as thin lines with names, from near by: the only landmarks where there is no background map.
const L = window.L;
const FROM_ZOOM = 12.5;

/** Fetch the outlines at this address and show them while the map is near enough. */
export async function showDistricts(map, address) {
  const pane = map.createPane("stadsdelar");
  pane.style.zIndex = 360;
  pane.style.pointerEvents = "none";
  const layer = L.layerGroup();
  const answer = await fetch(address, { headers: { Accept: "application/geo+json" } });
  if (!answer.ok) return;
  const renderer = L.svg({ pane: "stadsdelar" });
  const style = { className: "district-line", renderer };
  const outlines = L.geoJSON(await answer.json(), { pane: "stadsdelar", renderer, interactive: false, style });
  layer.addLayer(outlines);
  for (const area of outlines.getLayers()) layer.addLayer(named(area));
  const show = () => (map.getZoom() >= FROM_ZOOM ? map.addLayer(layer) : map.removeLayer(layer));
  map.on("zoomend", show);
  show();
}

function named(area) {
  const text = document.createElement("span");
  text.textContent = area.feature.properties.name;
  const icon = L.divIcon({ className: "district-name", html: text, iconSize: [0, 0] });
  return L.marker(area.getBounds().getCenter(), { icon, pane: "stadsdelar", interactive: false, keyboard: false });
}
