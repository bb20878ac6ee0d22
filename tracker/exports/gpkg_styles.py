"""How QGIS draws the register: a style for each layer, with the map's colours and the fields' names in Swedish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree as Xml

from tracker.exports.gpkg_file import GEOMETRY, StyleRow, Table
from tracker.measures.models import MainKind

VERSION = "3.22.0"
"""Of QGIS, whose way of writing a style this is; later ones read it."""
KIND_FIELD = "huvudslag"
COLOURS: Mapping[MainKind, str] = {
    MainKind.HOUSING: "184,78,0",
    MainKind.WORKPLACE: "0,114,178",
    MainKind.TRAFFIC: "0,122,90",
}
"""Red, green, blue: --pk-housing, --pk-workplace and --pk-traffic of site.css."""
MARKERS = {MainKind.HOUSING: "square", MainKind.WORKPLACE: "diamond", MainKind.TRAFFIC: "circle"}
STROKES = {MainKind.HOUSING: "solid", MainKind.WORKPLACE: "dash", MainKind.TRAFFIC: "solid"}
OTHER = "91,100,110"
READ_ONLY = ("version", "andrad")
"""Ours to count: an import sees by them what was changed meanwhile."""
_SYMBOLS = {"Point": "marker", "LineString": "line", "Polygon": "fill"}
Properties = Mapping[str, str]


def style_rows(tables: Sequence[Table], produced: datetime) -> list[StyleRow]:
    """A default style for each layer, as rows of layer_styles."""
    moment = produced.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return [
        ("", "", one.name, GEOMETRY, "huvudslag", style_of(one), 1, "Portföljkartan: färg efter huvudslag", "", moment)
        for one in tables
    ]


def style_of(table: Table) -> str:
    """The style of a layer as QML: coloured by kind where there is a kind of symbol for its shapes."""
    root = Xml.Element("qgis", version=VERSION, styleCategories="Symbology|Fields|Forms|MapTips")
    symbol = _SYMBOLS.get((table.geometry_type or "").removeprefix("Multi"))
    if symbol:
        root.append(_renderer(symbol))
    names = list(table.fields)
    aliases = Xml.SubElement(root, "aliases")
    for index, name in enumerate(names, start=1):
        Xml.SubElement(aliases, "alias", field=name, index=str(index), name=table.fields[name][0])
    editable = Xml.SubElement(root, "editable")
    for name in names:
        Xml.SubElement(editable, "field", name=name, editable="0" if name in READ_ONLY else "1")
    Xml.SubElement(root, "previewExpression").text = '"namn"'
    Xml.SubElement(root, "mapTip").text = '[% "namn" %] ([% "kod" %])'
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + Xml.tostring(root, encoding="unicode")


def _renderer(symbol: str) -> Xml.Element:
    renderer = Xml.Element(
        "renderer-v2", type="categorizedSymbol", attr=KIND_FIELD, enableorderby="0", forceraster="0", symbollevels="0"
    )
    categories, symbols = Xml.SubElement(renderer, "categories"), Xml.SubElement(renderer, "symbols")
    looks = [(kind.label, kind.label, _look(symbol, kind)) for kind in MainKind]
    for place, (value, label, look) in enumerate([*looks, ("", "Övrigt", _look(symbol, None))]):
        Xml.SubElement(categories, "category", symbol=str(place), value=value, label=label, render="true")
        _symbol(symbols, symbol, str(place), look)
    return renderer


def _symbol(parent: Xml.Element, kind: str, name: str, look: Properties) -> None:
    classes = {"marker": "SimpleMarker", "line": "SimpleLine", "fill": "SimpleFill"}
    symbol = Xml.SubElement(parent, "symbol", type=kind, name=name, alpha="1", clip_to_extent="1", force_rhr="0")
    drawn = {"class": classes[kind], "enabled": "1", "locked": "0", "pass": "0"}  # nosec B105 - a round of drawing
    layer = Xml.SubElement(symbol, "layer", drawn)
    for key, value in look.items():
        Xml.SubElement(layer, "prop", k=key, v=value)


def _look(symbol: str, kind: MainKind | None) -> Properties:
    colour = COLOURS[kind] if kind else OTHER
    if symbol == "marker":
        shape = MARKERS[kind] if kind else "circle"
        return {"name": shape, "color": f"{colour},255", "outline_color": "255,255,255,255", "outline_width": "0.3",
                "outline_width_unit": "MM", "size": "2.8", "size_unit": "MM"}  # fmt: skip
    stroke = STROKES[kind] if kind else "solid"
    if symbol == "line":
        return {"line_color": f"{colour},255", "line_style": stroke, "line_width": "0.7", "line_width_unit": "MM",
                "joinstyle": "round", "capstyle": "round"}  # fmt: skip
    return {"color": f"{colour},90", "style": "solid", "outline_color": f"{colour},255", "outline_style": stroke,
            "outline_width": "0.5", "outline_width_unit": "MM", "joinstyle": "round"}  # fmt: skip
