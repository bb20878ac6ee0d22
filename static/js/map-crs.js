// The city's own coordinate system, EPSG:3011 (SWEREF 99 18 00, metres), for a map over a background that is made in it.
const L = window.L;
const DEFINITION = "+proj=tmerc +lat_0=0 +lon_0=18 +k=1 +x_0=150000 +y_0=0 +ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +units=m +no_defs";
const WEB_RESOLUTION = (2 * Math.PI * 6378137) / 256; // metres a pixel at zoom 0 at the equator, of the usual web map
const LATITUDE = 59.332;
const DEEPEST = 21;
const CORNER = [0, 7_000_000]; // of the tile grid; anywhere north-west of the city

/** Metres on the ground a pixel at a zoom: the same as on the usual web map here, so that a zoom means the same. */
export function groundResolution(zoom) {
  return (WEB_RESOLUTION * Math.cos((LATITUDE * Math.PI) / 180)) / 2 ** zoom;
}

if (L.Proj) {
  const resolutions = Array.from({ length: DEEPEST + 1 }, (_one, zoom) => groundResolution(zoom));
  L.CRS.EPSG3011 = new L.Proj.CRS("EPSG:3011", DEFINITION, { resolutions, origin: CORNER });
}
