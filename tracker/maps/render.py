"""Folium builds the map; this module cuts it into the parts that our own page is made of.

The only importer of folium. No text of a project passes through here: folium writes strings raw into its script, so
names reach the browser as GeoJSON properties that our module fetches and sets as text.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from functools import cache

import folium
from branca.element import CssLink, Figure, JavascriptLink, MacroElement
from folium.elements import JSCSSMixin
from folium.template import Template
from markupsafe import Markup, escape

from tracker.maps.backgrounds import Background

CENTRE = (59.332, 18.012)
"""Latitude, longitude: where the map stands until the projects have come."""
VENDORED = {
    "leaflet.js": "vendor/leaflet/leaflet.js",
    "leaflet.css": "vendor/leaflet/leaflet.css",
    "proj4.js": "vendor/proj4/proj4.js",
    "proj4leaflet.js": "vendor/proj4leaflet/proj4leaflet.js",
}
"""File name of an asset that folium asks for → path under static/."""
LEFT_OUT = frozenset(
    {
        "bootstrap.bundle.min.js",  # the page brings its own
        "bootstrap.min.css",
        "jquery-3.7.1.min.js",  # only folium's popups use it, and we write none
        "leaflet.awesome-markers.js",  # icons are drawn by map-signs.js
        "leaflet.awesome-markers.css",
        "leaflet.awesome.rotate.min.css",
        "all.min.css",
        "bootstrap-glyphicons.css",
    }
)
_NONCE = "@nonce@"
_OPENING = re.compile(r"<(script|style)(?=[\s>])")
_META = re.compile(r"<meta\b[^>]*>", re.DOTALL)
_WHOLE_PAGE = re.compile(r"<style>\s*(?:html, body|#map)\s*\{.*?</style>", re.DOTALL)
"""Styles that assume the map to be alone on its page."""


class ModuleCall(MacroElement):
    """A call of a function that static/js/map.js exports, with the map and options, in the map's script.

    The result is a constant that later calls may name by holding this element among their options.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "const {{ this.get_name() }} = "
        "{{ this.function }}({{ this._parent.get_name() }}, {{ this.options|tojavascript }});\n"
        "{% endmacro %}"
    )

    def __init__(self, function: str, **options: object) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name, self._id = "made_by", function
        self.function = function
        self.options = options


class Projections(JSCSSMixin):
    """Brings proj4 and its bridge to Leaflet, for a map in the city's own coordinate system (map-crs.js)."""

    _template = Template("")
    default_js = [("proj4", "proj4.js"), ("proj4leaflet", "proj4leaflet.js")]  # noqa: RUF012 - folium's way


@dataclass(frozen=True, slots=True)
class MapParts:
    """A folium map in pieces: paths under static/ of its style sheets and scripts, and its own HTML and script."""

    stylesheets: tuple[str, ...]
    scripts: tuple[str, ...]
    head: str
    body: Markup
    script: Markup

    def head_with(self, nonce: str) -> Markup:
        """The head's own styles and switches, allowed by this answer's content policy."""
        return Markup(self.head.replace(_NONCE, nonce))  # noqa: S704 - folium's text, nothing of a user's


@cache
def page_map(backgrounds: tuple[Background, ...] = ()) -> MapParts:
    """The public map over these backgrounds, built once; it stands in their coordinate system.

    Raises LookupError when folium asks for an asset that we do not have.
    """
    crs = backgrounds[0].crs if backgrounds else "EPSG:3857"
    city = folium.Map(
        CENTRE,
        crs=crs.replace(":", ""),
        zoom_start=11,
        tiles=None,
        prefer_canvas=True,
        zoom_control=False,
        zoom_snap=0.25,
    )
    city._id = "portfolj"
    if crs != "EPSG:3857":
        city.add_child(Projections())  # type: ignore[no-untyped-call]
    outlines, projects = ModuleCall("areaOutlines"), ModuleCall("projectLayer")
    city.add_child(ModuleCall("frameMap", min_zoom=9, max_zoom=19))
    parts = {"outlines": outlines, "projects": projects}
    if backgrounds:
        parts["backgrounds"] = _laid_under(city, backgrounds)
    for part in parts.values():
        city.add_child(part)
    city.add_child(ModuleCall("startPage", **parts))
    return cut(city)


def _laid_under(city: folium.Map, backgrounds: tuple[Background, ...]) -> ModuleCall:
    layers = [_layer(background) for background in backgrounds]
    for number, layer in enumerate(layers):
        layer._id = str(number)
        city.add_child(layer)
    return ModuleCall(
        "mapBackgrounds",
        layers=layers,
        codes=[one.code for one in backgrounds],
        north_first=[one.north_first for one in backgrounds],
    )


def _layer(background: Background) -> folium.TileLayer | folium.WmsTileLayer:
    """Not shown until the page says so; Leaflet writes the attribution as HTML, so it is escaped here."""
    source, opacity = str(escape(background.attribution)), background.opacity / 100
    if background.url:
        return folium.TileLayer(
            background.url, attr=source, show=False, opacity=opacity, max_zoom=19, class_name="map-background"
        )
    return folium.WmsTileLayer(
        background.wms,
        background.layers,
        fmt=background.format,
        version=background.version,
        attr=source,
        show=False,
        opacity=opacity,
        max_zoom=19,
        class_name="map-background",
    )


def cut(city: folium.Map) -> MapParts:
    """Cut a map into parts: each outside address becomes a file of ours, unknown ones raise LookupError."""
    figure = city.get_root()
    if not isinstance(figure, Figure):
        raise TypeError("a map stands in a figure of its own")
    figure.render()  # the first rendering fills header, html and script
    stylesheets, scripts, head = [], [], []
    for element in figure.header._children.values():
        if isinstance(element, JavascriptLink):
            scripts.append(vendored(element.url))
        elif isinstance(element, CssLink):
            stylesheets.append(vendored(element.url))
        else:
            head.append(element.render())
    own = _WHOLE_PAGE.sub("", _META.sub("", "\n".join(head)))
    return MapParts(
        tuple(filter(None, stylesheets)),
        tuple(filter(None, scripts)),
        _OPENING.sub(rf'<\1 nonce="{_NONCE}"', own),
        Markup(figure.html.render()),  # noqa: S704 - as above
        Markup(figure.script.render()),  # noqa: S704 - as above
    )


def vendored(address: str) -> str | None:
    """The path under static/ of an asset of folium's, None for one that the page does without."""
    name = posixpath.basename(address.split("?")[0])
    if name in LEFT_OUT:
        return None
    if name not in VENDORED:
        raise LookupError(f"folium asks for an asset that is not vendored: {address}")
    return VENDORED[name]
