// How a kind looks: its colour comes from the style sheet, its shape is drawn here. Never colour alone.
const L = window.L;

export const KINDS = ["bostad", "arbetsplats", "trafik"];
const COLOURS = { bostad: "--pk-housing", arbetsplats: "--pk-workplace", trafik: "--pk-traffic" };
const RADIUS = { bostad: 5, arbetsplats: 6.5, trafik: 5.5 };
const GROWTH = 3;

/** The value of a custom property in the theme in force. */
export function themed(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** The colour of a kind in the theme in force. */
export function kindColour(kind) {
  return themed(COLOURS[kind] ?? "--pk-muted");
}

/** A point with the shape of its kind, drawn on the map's canvas. */
export const Sign = L.CircleMarker.extend({
  _updatePath() {
    const renderer = this._renderer;
    if (!renderer._drawing || this._empty()) return;
    const { x, y } = this._point;
    const r = this._radius;
    const ctx = renderer._ctx;
    ctx.beginPath();
    if (this.options.kind === "bostad") {
      ctx.rect(x - r, y - r, 2 * r, 2 * r);
    } else if (this.options.kind === "arbetsplats") {
      ctx.moveTo(x, y - r);
      ctx.lineTo(x + r, y);
      ctx.lineTo(x, y + r);
      ctx.lineTo(x - r, y);
      ctx.closePath();
    } else {
      ctx.arc(x, y, r, 0, 2 * Math.PI);
    }
    renderer._fillStroke(ctx, this);
    if (this.options.mark) this._dot(ctx);
  },

  /** A dot in the middle, in the colour of the sign's edge. */
  _dot(ctx) {
    ctx.beginPath();
    ctx.arc(this._point.x, this._point.y, Math.max(1.5, this._radius * 0.36), 0, 2 * Math.PI);
    ctx.globalAlpha = 1;
    ctx.fillStyle = this.options.mark;
    ctx.fill();
  },
});

/** How large signs are at a zoom: smaller when the whole city is in view, so that they do not hide each other. */
export function signScale(zoom) {
  return Math.min(1.15, Math.max(0.7, 0.7 + (zoom - 10.5) * 0.12));
}

/** Options of a project's sign. */
export function signStyle(kind, scale = 1, lit = false) {
  return {
    kind,
    radius: (RADIUS[kind] ?? 5) * scale + (lit ? GROWTH : 0),
    fill: true,
    fillColor: kindColour(kind),
    fillOpacity: 1,
    color: themed(lit ? "--pk-text" : "--pk-surface"),
    weight: lit ? 2.5 : Math.max(1, 1.4 * scale),
    opacity: 1,
    mark: null,
  };
}

/** Options of a project's lines and areas; an approximate place is dashed. */
export function shapeStyle(kind, approximate, isLine, lit = false) {
  return {
    color: lit ? themed("--pk-text") : kindColour(kind),
    weight: (isLine ? 3.5 : 2) + (lit ? 1.5 : 0),
    opacity: lit ? 1 : 0.9,
    fillColor: kindColour(kind),
    fillOpacity: lit ? 0.5 : 0.28,
    dashArray: approximate ? "6 5" : null,
    lineJoin: "round",
  };
}
