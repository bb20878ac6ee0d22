"""The register as a table, for CSV and XLSX: our own import reads the columns back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import shapely
from sqlalchemy.orm import Session

from tracker.exports.audience import Audience
from tracker.exports.register import Entry, Extract, list_entries, point_of
from tracker.exports.tables import Cell, Field, Level, Line, Table


@dataclass(frozen=True, slots=True)
class Attribute:
    """A fact of a project: the header in tables, the width there, its type (or None), and how it is read."""

    label: str
    width: int
    kind: type[str | int | date | bool]
    read: Callable[[Entry], str | int | date | bool | None]


ATTRIBUTES = (
    Attribute("Kod", 12, str, lambda one: one.code),
    Attribute("Namn", 44, str, lambda one: one.name),
    Attribute("Huvudslag", 13, str, lambda one: one.kind),
    Attribute("Ytterligare slag", 16, str, lambda one: one.other_kinds),
    Attribute("Undertyp", 20, str, lambda one: one.subtype),
    Attribute("Skede", 16, str, lambda one: one.phase),
    Attribute("Diarienummer", 20, str, lambda one: one.case_numbers),
    Attribute("Start", 11, date, lambda one: one.start),
    Attribute("Slut", 11, date, lambda one: one.end),
    Attribute("Stadsdel", 22, str, lambda one: one.stated_area),
    Attribute("Områden", 28, str, lambda one: one.areas),
    Attribute("Mål", 16, str, lambda one: one.goals),
    Attribute("Planerade bostäder", 11, int, lambda one: one.dwellings),
    Attribute("Planerade arbetsplatser", 11, int, lambda one: one.workplaces),
    Attribute("Beskrivning", 40, str, lambda one: one.description),
    Attribute("Länk", 30, str, lambda one: one.link),
    Attribute("Ungefärligt läge", 11, bool, lambda one: one.approximate),
    Attribute("Exempelvärden", 11, bool, lambda one: one.example_values),
    Attribute("Publicering", 12, str, lambda one: one.publication),
    Attribute("Ändrad", 11, date, lambda one: one.changed),
    Attribute("Sekretessbelagda uppgifter", 24, str, lambda one: one.secrets),
)
"""Områden are those the project serves or, where none are chosen, the stadsdelar it lies in."""
VERSION = Attribute("Version", 8, int, lambda one: one.version)
"""Not for the public: it would show that something hidden was changed."""
SECRET_ATTRIBUTES = (
    Attribute("Sekretess", 10, bool, lambda one: one.confidential),
    Attribute("Lagrum", 16, str, lambda one: one.ground),
)
"""Only in an internal export."""


def attributes_for(audience: Audience) -> tuple[Attribute, ...]:
    """The facts that this audience gets."""
    if audience is Audience.PUBLIC:
        return ATTRIBUTES
    return (*ATTRIBUTES, VERSION, *(SECRET_ATTRIBUTES if audience is Audience.INTERNAL else ()))


def register_table(session: Session, extract: Extract, longest: int | None = None) -> Table:
    """One line for each project. N and E are a point, WKT the whole shape, both EPSG:3011 in metres.

    A shape whose WKT has more than `longest` characters is left out, never cut: an import then leaves it alone.
    """
    attributes = attributes_for(extract.audience)
    fields = [Field(one.label, one.width) for one in attributes]
    places = [Field("N", 13), Field("E", 12), Field("WKT", 30), Field("Om uttaget", 30)]
    return Table("Projekt", (*fields, *places), _lines(session, extract, attributes, longest))


def _lines(
    session: Session, extract: Extract, attributes: tuple[Attribute, ...], longest: int | None
) -> Iterator[Line]:
    for block in list_entries(session, extract):
        for entry in block:
            facts = (_cell(one.read(entry)) for one in attributes)
            yield Line(Level.DETAIL, (*facts, *_place(entry, longest), extract.about))


def _cell(value: str | int | date | bool | None) -> Cell:
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else value


def _place(entry: Entry, longest: int | None) -> tuple[Cell, Cell, Cell]:
    """Northing and easting to the centimetre; the shape with every digit that it is stored with."""
    if entry.geometry is None:
        return "", "", ""
    northing, easting = point_of(entry.geometry)
    text = shapely.to_wkt(entry.geometry, rounding_precision=-1)
    return round(northing, 2), round(easting, 2), text if longest is None or len(text) <= longest else ""
