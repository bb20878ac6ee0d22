// What the folium map's script calls: the frame of the map, its two layers, and the page around it.
import "./map-crs.js";
export { mapBackgrounds } from "./map-background.js";
export { frameMap } from "./map-frame.js";
export { areaOutlines } from "./map-outlines.js";
export { projectLayer } from "./map-projects.js";
export { startPage } from "./map-page.js";
