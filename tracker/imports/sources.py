"""Reading a foreign file, whatever its kind, into one table of columns, shapes and a coordinate system.

It is read by reading.py in a child process; here what the child answers is checked and made a table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracker.geo.crs import GeometryArray
from tracker.projects.bulk import without_collecting
from tracker.sandbox import calling, wire
from tracker.sandbox.saying import read_texts
from tracker.sandbox.starting import preload

JOBS = "tracker.imports.sandbox_jobs"
preload(JOBS)

_Answer = tuple[bytes, list[int], dict[str, list[Any]], Any, int | None]


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds. All columns, `rows` and `geometries` are equally long."""

    name: str
    """The file's name and, where it has several, the layer's."""
    rows: Sequence[int]
    """The number of each row as a person counts it in the file."""
    columns: Mapping[str, Sequence[Any]]
    geometries: GeometryArray | None
    """In the file's own system, x before y, two dimensions; None for a file without shapes."""
    srid: int | None
    """The EPSG code that the file states; None when it states none that can be."""
    notes: tuple[str, ...] = ()


def read_table(path: Path, layer: str | None = None, header_row: int | None = None, title: str = "") -> Table:
    """Read a file. Raises RefusedFileError with the reason; a file of several layers must be told which, but for the
    layers of projects of one of our own exports, which are read together.

    `header_row` counts from 1 and concerns sheets and texts; `title` is the name that the person knows the file by.
    """
    title = title or path.name
    data = calling.run(f"{JOBS}:table", path, title, layer=layer, header_row=header_row)
    try:
        with without_collecting():
            answer: _Answer = wire.unpack(data, _Answer)
        said, rows, columns, shapes, srid = answer
        wire.check_table(columns, rows, shapes)
        name, *notes = read_texts(said)
    except (wire.WireError, ValueError) as error:
        raise calling.not_understood(title) from error
    return Table(name, rows, columns, shapes, srid, tuple(notes))
