"""KML of the register: a folder for each kind of project, with the map's colours, in longitude and latitude.

What people wrote stands as data, never as a description: programs show a description as HTML.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from tracker.exports.geo import Progress, field_name
from tracker.exports.gpkg_styles import COLOURS
from tracker.exports.register import Extract
from tracker.exports.register_blocks import Block, read_blocks
from tracker.exports.register_tables import Attribute, attributes_for, cell_of
from tracker.geo.crs import GeometryArray
from tracker.geo.keeping import web_degrees
from tracker.measures.models import MainKind

ICON = "http://maps.google.com/mapfiles/kml/shapes/placemark_circle.png"
"""The sign that comes with the programs that read KML."""


def write_kml(session: Session, extract: Extract, path: Path, progress: Progress = lambda _: None) -> None:
    """The file; each folder is gathered in a file of its own first."""
    attributes = attributes_for(extract.audience)
    folders = {kind.label: path.with_suffix(f".{kind.value}") for kind in MainKind}
    with ExitStack() as stack:
        files = {label: stack.enter_context(part.open("wb")) for label, part in folders.items()}
        for block in read_blocks(session, extract, progress):
            for kind, text in zip(block.columns["kind"], _placemarks(block, attributes), strict=True):
                files[kind].write(text.encode())
    with path.open("wb") as file:
        file.write(_head(extract.about).encode())
        for label, part in folders.items():
            if part.stat().st_size:
                file.write(f"<Folder><name>{escape(label)}</name>\n".encode())
                with part.open("rb") as gathered:
                    shutil.copyfileobj(gathered, file)
                file.write(b"</Folder>\n")
            part.unlink()
        file.write(b"</Document>\n</kml>\n")


def _head(about: str) -> str:
    styles = "".join(_style(kind) for kind in MainKind)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n<Document>\n'
        f"<name>Projekt</name>\n<description>{escape(about)}</description>\n{styles}"
    )


def _style(kind: MainKind) -> str:
    red, green, blue = (int(part) for part in COLOURS[kind].split(","))
    colour = f"{blue:02x}{green:02x}{red:02x}"
    return (
        f'<Style id="{kind.value}"><IconStyle><color>ff{colour}</color><Icon><href>{ICON}</href></Icon></IconStyle>'
        f"<LineStyle><color>ff{colour}</color><width>3</width></LineStyle>"
        f"<PolyStyle><color>5a{colour}</color></PolyStyle></Style>\n"
    )


_STYLE_OF = {kind.label: kind.value for kind in MainKind}


def _placemarks(block: Block, attributes: Sequence[Attribute]) -> Iterator[str]:
    heads = [
        f"<Data name={quoteattr(field_name(one))}><displayName>{escape(one.label)}</displayName><value>"
        for one in attributes
    ]
    columns = [[escape(str(cell_of(cell))) for cell in block.columns[one.column]] for one in attributes]
    facts = zip(block.columns["name"], block.columns["kind"], _in_degrees(block.geometries), strict=True)
    for row, (name, kind, shape) in enumerate(facts):
        data = "".join(
            f"{head}{column[row]}</value></Data>" for head, column in zip(heads, columns, strict=True) if column[row]
        )
        place = "" if shape is None else geometry_text(shape)
        yield (
            f"<Placemark><name>{escape(name)}</name><styleUrl>#{_STYLE_OF[kind]}</styleUrl>"
            f"<ExtendedData>{data}</ExtendedData>{place}</Placemark>\n"
        )


def _in_degrees(geometries: GeometryArray) -> GeometryArray:
    moved: GeometryArray = shapely.transform(geometries, web_degrees)
    return moved


def geometry_text(shape: BaseGeometry) -> str:
    """A shape in longitude and latitude as KML."""
    if shape.geom_type == "Point":
        return f"<Point><coordinates>{_coordinates(shape)}</coordinates></Point>"
    if shape.geom_type == "LineString":
        return f"<LineString><coordinates>{_coordinates(shape)}</coordinates></LineString>"
    if shape.geom_type == "Polygon":
        holes = "".join(f"<innerBoundaryIs>{_ring(ring)}</innerBoundaryIs>" for ring in shape.interiors)
        return f"<Polygon><outerBoundaryIs>{_ring(shape.exterior)}</outerBoundaryIs>{holes}</Polygon>"
    return f"<MultiGeometry>{''.join(geometry_text(part) for part in shape.geoms)}</MultiGeometry>"


def _ring(ring: BaseGeometry) -> str:
    return f"<LinearRing><coordinates>{_coordinates(ring)}</coordinates></LinearRing>"


def _coordinates(shape: BaseGeometry) -> str:
    return " ".join(f"{x!r},{y!r}" for x, y in np.round(shapely.get_coordinates(shape), 9).tolist())
