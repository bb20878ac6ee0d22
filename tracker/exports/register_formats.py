"""The formats of the register's files: what each is called, what it is for, and who writes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from tracker.exports import csv, geo, gpkg, oc4ids, xlsx
from tracker.exports.flatgeobuf import write_flatgeobuf
from tracker.exports.geo import Progress
from tracker.exports.kml import write_kml
from tracker.exports.register import Extract
from tracker.exports.register_tables import register_table
from tracker.exports.shapefile import write_shapefiles
from tracker.messages import message

Write = Callable[[Session, Extract, Path, Progress], None]
Pieces = Callable[[Session, Extract], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Format:
    """A format by the word that chooses it. `pieces` gives the file as it is made, where the format allows that."""

    word: str
    label: str
    purpose: LazyString
    ending: str
    media_type: str
    write: Write
    pieces: Pieces | None = None


def _geojson(session: Session, extract: Extract, path: Path, progress: Progress) -> None:
    with path.open("wb") as file:
        geo.write_geojson(session, extract, file, progress)


def _oc4ids(session: Session, extract: Extract, path: Path, _progress: Progress) -> None:
    with path.open("wb") as file:
        oc4ids.write_package(session, extract, file)


def _xlsx(session: Session, extract: Extract, path: Path, progress: Progress) -> None:
    table = register_table(session, extract, xlsx.CELL_CHARACTERS, progress)
    with path.open("wb") as file:
        xlsx.write_table(table, extract.about, extract.produced, file)


def _csv(session: Session, extract: Extract, path: Path, progress: Progress) -> None:
    table = register_table(session, extract, None, progress)
    with path.open("w", encoding=csv.ENCODING, newline="") as text:
        csv.write_lines(table.fields, table.lines, text)


FORMATS: Mapping[str, Format] = {
    one.word: one
    for one in (
        Format(
            "xlsx", message("Excel (xlsx)"), _l("För Excel; kan läsas in igen"), "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx,
        ),
        Format(
            "csv", message("CSV"), _l("Ren text; kan läsas in igen"), "csv",
            "text/csv; charset=utf-8", _csv,
        ),
        Format(
            "gpkg", message("GeoPackage"), _l("För QGIS, med stil; kan läsas in igen"), "gpkg",
            "application/geopackage+sqlite3", gpkg.write_geopackage,
        ),
        Format(
            "geojson", message("GeoJSON"), _l("För webbkartor och program"), "geojson",
            "application/geo+json", _geojson, lambda session, extract: geo.geojson_pieces(session, extract),
        ),
        Format(
            "shp", message("Shapefile (zip)"), _l("För äldre kartprogram; långa texter kortas"), "zip",
            "application/zip", write_shapefiles,
        ),
        Format(
            "fgb", message("FlatGeobuf"), _l("För stora kartor: ett enda lager"), "fgb",
            "application/flatgeobuf", write_flatgeobuf,
        ),
        Format(
            "kml", message("KML"), _l("För Google Earth"), "kml",
            "application/vnd.google-earth.kml+xml", write_kml,
        ),
        Format(
            "oc4ids", message("OC4IDS (json)"), _l("Öppna data om investeringar"), "oc4ids.json",
            "application/json", _oc4ids,
        ),
    )
}  # fmt: skip
"""In the order in which they are offered."""
