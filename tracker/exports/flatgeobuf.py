"""FlatGeobuf of the register: one file with every type of geometry in EPSG:3011.

The format has no type for a day: dates are text, 2005-07-01, which no program can move over midnight. Its index has no
place for a project without location, so a file that holds any has no index, and is read from its beginning.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.orm import Session

from tracker.exports.geo import Progress, field_name
from tracker.exports.geo_copying import copy_layer
from tracker.exports.gpkg import stored
from tracker.exports.gpkg_file import GeoPackage, Table
from tracker.exports.register import Extract
from tracker.exports.register_blocks import read_blocks
from tracker.exports.register_tables import attributes_for

LAYER = "projekt"
TEXT_DATES = {"date": str}


def write_flatgeobuf(session: Session, extract: Extract, path: Path, progress: Progress = lambda _: None) -> None:
    """The file, by way of a GeoPackage beside it: the driver wants to know all features before it writes the first."""
    attributes = attributes_for(extract.audience)
    fields = {field_name(one): (one.label, TEXT_DATES.get(one.kind.__name__, one.kind)) for one in attributes}
    table = Table(LAYER, extract.about, fields, "Unknown")
    between, unlocated = path.with_suffix(".between.gpkg"), False
    with GeoPackage(between, extract.produced) as file:
        file.insert(table, [])
        for block in read_blocks(session, extract, progress):
            cells = zip(*(stored(block.columns[one.column], one.kind) for one in attributes), strict=True)
            file.insert(table, cells, block.geometries)
            unlocated = unlocated or any(shape is None for shape in block.geometries)
        file.finish([])
    index = "NO" if unlocated else "YES"
    copy_layer(between, LAYER, path, "FlatGeobuf", "Unknown", SPATIAL_INDEX=index, DESCRIPTION=extract.about)
    between.unlink()
