"""The register as a table, for CSV and XLSX: our own import reads the columns back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from tracker.exports.audience import Audience
from tracker.exports.register import Extract, point_of
from tracker.exports.register_blocks import read_blocks
from tracker.exports.tables import Cell, Field, Level, Line, Table


@dataclass(frozen=True, slots=True)
class Attribute:
    """A fact of a project: the header in tables, the width there, its type (or None), and its column in a Block."""

    label: str
    width: int
    kind: type[str | int | date | bool]
    column: str


ATTRIBUTES = (
    Attribute("Kod", 12, str, "code"),
    Attribute("Namn", 44, str, "name"),
    Attribute("Huvudslag", 13, str, "kind"),
    Attribute("Ytterligare slag", 16, str, "other_kinds"),
    Attribute("Undertyp", 20, str, "subtype"),
    Attribute("Skede", 16, str, "phase"),
    Attribute("Diarienummer", 20, str, "case_numbers"),
    Attribute("Start", 11, date, "start"),
    Attribute("Slut", 11, date, "end"),
    Attribute("Stadsdel", 22, str, "stated_area"),
    Attribute("Områden", 28, str, "areas"),
    Attribute("Mål", 16, str, "goals"),
    Attribute("Planerade bostäder", 11, int, "dwellings"),
    Attribute("Planerade arbetsplatser", 11, int, "workplaces"),
    Attribute("Beskrivning", 40, str, "description"),
    Attribute("Länk", 30, str, "link"),
    Attribute("Ungefärligt läge", 11, bool, "approximate"),
    Attribute("Exempelvärden", 11, bool, "example_values"),
    Attribute("Publicering", 12, str, "publication"),
    Attribute("Ändrad", 11, date, "changed"),
    Attribute("Sekretessbelagda uppgifter", 24, str, "secrets"),
)
"""Områden are those the project serves or, where none are chosen, the stadsdelar it lies in."""
VERSION = Attribute("Version", 8, int, "version")
"""Not for the public: it would show that something hidden was changed."""
SECRET_ATTRIBUTES = (
    Attribute("Sekretess", 10, bool, "confidential"),
    Attribute("Lagrum", 16, str, "ground"),
)
"""Only in an internal export."""


def attributes_for(audience: Audience) -> tuple[Attribute, ...]:
    """The facts that this audience gets."""
    if audience is Audience.PUBLIC:
        return ATTRIBUTES
    return (*ATTRIBUTES, VERSION, *(SECRET_ATTRIBUTES if audience is Audience.INTERNAL else ()))


@dataclass(frozen=True, slots=True)
class _Wanted:
    extract: Extract
    longest: int | None
    progress: Callable[[int], None]


def register_table(
    session: Session,
    extract: Extract,
    longest: int | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Table:
    """One line for each project. N and E are a point, WKT the whole shape, both EPSG:3011 in metres.

    A shape whose WKT has more than `longest` characters is left out, never cut: an import then leaves it alone.
    """
    attributes = attributes_for(extract.audience)
    fields = [Field(one.label, one.width) for one in attributes]
    places = [Field("N", 13), Field("E", 12), Field("WKT", 30), Field("Om uttaget", 30)]
    return Table("Projekt", (*fields, *places), _lines(session, attributes, _Wanted(extract, longest, progress)))


def _lines(session: Session, attributes: tuple[Attribute, ...], wanted: _Wanted) -> Iterator[Line]:
    for block in read_blocks(session, wanted.extract, wanted.progress):
        facts = zip(*(map(cell_of, block.columns[one.column]) for one in attributes), strict=True)
        for cells, shape in zip(facts, block.geometries, strict=True):
            yield Line(Level.DETAIL, (*cells, *_place(shape, wanted.longest), wanted.extract.about))


def cell_of(value: str | int | date | bool | None) -> Cell:
    """A fact as a cell of a table, in words and plain numbers; nothing is the empty text."""
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else value


def _place(shape: BaseGeometry | None, longest: int | None) -> tuple[Cell, Cell, Cell]:
    """Northing and easting to the centimetre; the shape with every digit that it is stored with."""
    if shape is None:
        return "", "", ""
    northing, easting = point_of(shape)
    text = shapely.to_wkt(shape, rounding_precision=-1)
    return round(northing, 2), round(easting, 2), text if longest is None or len(text) <= longest else ""
