// What a project says on the map. Texts are set as text, never as HTML.
import { say, words } from "./map-words.js";

const L = window.L;
const MAX_WIDTH = 300;
const BUTTONS_WIDTH = 56; // the zoom buttons lie over popups, so popups keep beside them
const HEIGHT_AROUND = 90; // tip, edges and what a popup needs to keep clear of the frame

/** The content of a project's popup, from the page's template. */
export function popupContent(properties, address) {
  const template = document.getElementById("karta-ruta");
  const { goalUrl, areaUrl } = template.dataset;
  const content = template.content.cloneNode(true).firstElementChild;
  const slot = (name) => content.querySelector(`[data-slot="${name}"]`);
  content.querySelector(".kind").classList.add(`kind-${properties.kind}`);
  slot("kind").textContent = words.kinds[properties.kind] ?? properties.kind;
  slot("phase").textContent = words.phases[properties.phase] ?? properties.phase;
  slot("name").textContent = properties.name;
  list(slot("goals"), properties.goals, goalUrl, (code) => [code, words.goals[code]].filter(Boolean).join(" "));
  list(slot("areas"), properties.areas, areaUrl, (name) => words.scopes?.[name] ?? name);
  slot("link").href = address;
  if (!properties.approximate) slot("approximate").remove();
  return content;
}

/** A line for each key, which leads to its page; the whole city and what lies outside it have none. */
function list(holder, keys, url, text) {
  for (const key of keys?.length ? keys : [null]) {
    const linked = key !== null && url && !Object.hasOwn(words.scopes ?? {}, key);
    const line = document.createElement(linked ? "a" : "span");
    line.textContent = key === null ? say("none") : text(key);
    if (linked) line.href = url.replace("KOD", encodeURIComponent(key));
    holder.append(line);
  }
}

/** Back to where the popup was asked for; to the map when that is gone or out of sight. */
function giveBack(giver, map) {
  const seen = giver?.isConnected && giver.checkVisibility({ visibilityProperty: true });
  (seen ? giver : map.getContainer()).focus({ preventScroll: !seen });
}

/** A popup that says who it is, closes on Escape, and hands focus back to where it came from. */
export function popupOn(map) {
  const popup = L.popup({ minWidth: 200, autoPanPaddingTopLeft: [BUTTONS_WIDTH, 16], autoPanPaddingBottomRight: [16, 16] });
  let giver = null;
  map.on("popupclose", (event) => {
    if (event.popup !== popup) return;
    if (popup.getElement()?.contains(document.activeElement)) giveBack(giver, map);
    giver = null;
  });
  return {
    element: popup,
    open(at, properties, address, from) {
      popup.options.maxWidth = Math.max(200, Math.min(MAX_WIDTH, map.getSize().x - BUTTONS_WIDTH - 60));
      popup.options.maxHeight = Math.max(120, map.getSize().y - HEIGHT_AROUND);
      popup.setLatLng(at).setContent(popupContent(properties, address)).openOn(map);
      giver = from ?? null;
      const box = popup.getElement();
      box.setAttribute("role", "dialog");
      box.setAttribute("aria-label", properties.name);
      box.querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", say("close"));
      box.onkeydown = (event) => {
        if (event.key === "Escape") map.closePopup(popup);
      };
      if (from) box.querySelector('[data-slot="link"]').focus({ preventScroll: true });
    },
  };
}
