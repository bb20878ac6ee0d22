"""Zipped Shapefiles of the register: one for each type of geometry, in EPSG:3011, texts in UTF-8.

A Shapefile has names of ten letters and texts of 254 bytes, and no collections. What is cut or left out is said in the
file LÄS MIG.txt beside them, and for each project in the column `avkortat`.
"""

from __future__ import annotations

import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from tracker.exports.geo import LAYERS, UNLOCATED, Progress, field_name, rows_by_type
from tracker.exports.geo_copying import copy_layer
from tracker.exports.gpkg import stored
from tracker.exports.gpkg_file import GeoPackage, Table
from tracker.exports.register import Extract
from tracker.exports.register_blocks import Block, read_blocks
from tracker.exports.register_tables import Attribute, attributes_for

SHORT = {
    "ytterligare_slag": "ytterl_sl", "diarienummer": "dnr", "planerade_bostader": "plan_bost",
    "planerade_arbetsplatser": "plan_arb", "beskrivning": "beskr", "ungefarligt_lage": "ungef_lage",
    "exempelvarden": "exempelv", "publicering": "publicer", "sekretessbelagda_uppgifter": "sekr_uppg",
}  # fmt: skip
"""Names of more than ten letters → what they are called here."""
CUT = "avkortat"
LONGEST = 254
"""Bytes of a text."""
MARK = "…"
README = "LÄS MIG.txt"
TOLD_CODES = 20
WITHOUT_SHAPES = ("", "GeometryCollection")
"""Types that become a table alone: no location, and collections, which the format cannot hold."""


def short_name(attribute: Attribute) -> str:
    """The name of a field here: at most ten letters."""
    name = field_name(attribute)
    return SHORT.get(name, name)


def cut(text: str) -> str:
    """At most LONGEST bytes of UTF-8, never ending in the middle of a letter; what was cut ends with MARK."""
    if len(text) * 4 <= LONGEST or len(data := text.encode()) <= LONGEST:
        return text
    return data[: LONGEST - len(MARK.encode())].decode(errors="ignore") + MARK


def write_shapefiles(session: Session, extract: Extract, path: Path, progress: Progress = lambda _: None) -> None:
    """The archive, by way of a GeoPackage beside it."""
    attributes = attributes_for(extract.audience)
    between = path.with_suffix(".between.gpkg")
    cuts: dict[str, list[str]] = defaultdict(list)
    with GeoPackage(between, extract.produced) as file:
        for block in read_blocks(session, extract, progress):
            _write_block(file, block, attributes, cuts)
        if not file.tables:
            file.insert(_table("", attributes), [])
        file.finish([])
        tables = file.tables
    for table in tables:
        located = table.geometry_type is not None
        target = path.with_name(f"projekt_{table.name}.{'shp' if located else 'dbf'}")
        copy_layer(between, table.name, target, "ESRI Shapefile", table.geometry_type, ENCODING="UTF-8")
    between.unlink()
    _pack(path, _readme(extract, attributes, tables, cuts))


def _write_block(file: GeoPackage, block: Block, attributes: Sequence[Attribute], cuts: dict[str, list[str]]) -> None:
    columns, shortened = [], [[] for _ in block.ids]  # type: tuple[list[Sequence[Any]], list[list[str]]]
    for one in attributes:
        cells = _cells(block.columns[one.column], one.kind)
        if one.kind is str:
            for row, (text, whole) in enumerate(zip(cells, block.columns[one.column], strict=True)):
                if text != whole:
                    shortened[row].append(short_name(one))
                    cuts[one.label].append(block.codes[row])
        columns.append(cells)
    columns.append([cut(" ".join(names)) for names in shortened])
    for kind, rows in rows_by_type(block.geometries).items():
        picked = zip(*([column[row] for row in rows] for column in columns), strict=True)
        file.insert(_table(kind, attributes), picked, None if kind in WITHOUT_SHAPES else block.geometries[rows])


def _cells(cells: Sequence[Any], kind: type[object]) -> Sequence[Any]:
    if kind is str:
        return [cut(text) for text in cells]
    if kind is bool:
        return [None if cell is None else "Ja" if cell else "Nej" for cell in cells]
    return stored(cells, kind)


def _table(kind: str, attributes: Sequence[Attribute]) -> Table:
    kinds: Mapping[type[object], type[Any]] = {int: int, date: date}
    fields = {short_name(one): (short_name(one), kinds.get(one.kind, str)) for one in attributes}
    shape = None if kind in WITHOUT_SHAPES else kind
    return Table(LAYERS.get(kind, UNLOCATED), "", {**fields, CUT: (CUT, str)}, shape)


def _readme(
    extract: Extract, attributes: Sequence[Attribute], tables: Sequence[Table], cuts: Mapping[str, Sequence[str]]
) -> str:
    lines = [extract.about, "", "Koordinatsystem: SWEREF 99 18 00 (EPSG:3011). Texter i UTF-8 (.cpg).", "", "Kolumner:"]
    lines += [f"  {short_name(one):10}  {one.label}" for one in attributes]
    lines += [f"  {CUT:10}  De kolumner vars text är avkortad på raden", ""]
    if any(one.name == LAYERS["GeometryCollection"] for one in tables):
        lines.append("projekt_samlingar.dbf: projekt vars läge är en samling av olika former. Shapefile rymmer inte")
        lines.append("sådana; ta ut projekten som GeoPackage för att få lägena.")
    if any(one.name == UNLOCATED for one in tables):
        lines.append("projekt_utan_lage.dbf: projekt utan läge.")
    lines.append("")
    lines.append(
        f"En text rymmer högst {LONGEST} byte. Avkortade texter slutar med {MARK}." if cuts else "Inget är avkortat."
    )
    for label, codes in cuts.items():
        told = ", ".join(codes[:TOLD_CODES]) + (" med flera" if len(codes) > TOLD_CODES else "")
        lines.append(f"  {label}: {len(codes)} projekt ({told})")
    return "\r\n".join(lines) + "\r\n"


def _pack(path: Path, readme: str) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(README, readme.encode("utf-8-sig"))
        for part in sorted(path.parent.glob("projekt_*.*")):
            if part != path:
                packed.write(part, part.name)
                part.unlink()
