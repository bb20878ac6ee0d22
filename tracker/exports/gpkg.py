"""GeoPackage of the register: a layer for each type of geometry, tables beside them, styles and names for QGIS."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from tracker.exports.ahead import read_ahead
from tracker.exports.geo import LAYERS, UNLOCATED, Progress, field_name, rows_by_type
from tracker.exports.gpkg_file import GeoPackage, Table
from tracker.exports.gpkg_styles import style_rows
from tracker.exports.register import Extract
from tracker.exports.register_blocks import Block, read_blocks
from tracker.exports.register_related import Reader, Related, related_tables
from tracker.exports.register_tables import Attribute, attributes_for


def write_geopackage(session: Session, extract: Extract, path: Path, progress: Progress = lambda _: None) -> None:
    """A GeoPackage in EPSG:3011. Memory does not grow with the projects."""
    attributes = attributes_for(extract.audience)
    reader = Reader.of(session, extract.audience)
    related = related_tables(extract.audience)
    blocks = read_blocks(session, extract, progress)
    with GeoPackage(path, extract.produced) as file:
        beside = ((block, [list(table.read(reader, block)) for table in related]) for block in blocks)
        for block, lists in read_ahead(beside):
            _write_projects(file, block, attributes, extract.about)
            for table, rows in zip(related, lists, strict=True):
                file.insert(_related(table), rows)
        if not file.tables:
            file.insert(_layer("", attributes, extract.about), [])
        for table in related:
            file.insert(_related(table), [])
        file.finish(style_rows([one for one in file.tables if one.geometry_type], extract.produced))


def _write_projects(file: GeoPackage, block: Block, attributes: Sequence[Attribute], about: str) -> None:
    columns = [stored(block.columns[one.column], one.kind) for one in attributes]
    for kind, rows in rows_by_type(block.geometries).items():
        picked = zip(*([column[row] for row in rows] for column in columns), strict=True)
        file.insert(_layer(kind, attributes, about), picked, block.geometries[rows] if kind else None)


def stored(cells: Sequence[Any], kind: type[object]) -> Sequence[Any]:
    """Cells as SQLite keeps them: a date is its text."""
    return [cell and cell.isoformat() for cell in cells] if kind is date else cells


def _layer(kind: str, attributes: Sequence[Attribute], about: str) -> Table:
    fields = {field_name(one): (one.label, one.kind) for one in attributes}
    return Table(LAYERS.get(kind, UNLOCATED), about, fields, kind or None)


def _related(table: Related) -> Table:
    return Table(table.name, table.about, table.fields)
