// What the map page can do beyond filter, table and projects, each in modules of its own.
//
// A feature is a function of the page; it may return an object with any of
//   ask(query)               add to the parameters of a request for data
//   drawn(data)              projects were drawn, from this answer
//   hidden()                 other kinds are hidden on the map
//   refreshed(search, signal) the parts of the page follow a new address; may fetch, with the signal
// and it may call page.go(search), page.refresh({ fit }), page.map, page.projects, page.outlines, page.legend.
import { bindShare } from "./map-share.js";
import { bindFind } from "./map-find.js";
import { bindHere } from "./map-here.js";
import { bindTime } from "./map-time.js";
import { bindList } from "./map-twin-view.js";
import { bindServes } from "./map-theme-lines.js";
import { bindSizes } from "./map-sizes.js";
import { bindThemes } from "./map-theme.js";

export const PARTS = [bindThemes, bindSizes, bindServes, bindTime, bindShare, bindHere, bindFind, bindList];
