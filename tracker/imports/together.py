"""A file of ours that keeps the projects in a layer for each type of geometry: its layers, read as one table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from tracker.errors import RefusedFileError
from tracker.imports.beside import CODE, Beside, is_beside, read_beside
from tracker.imports.vectors import VectorLayer, VectorTable, read_vector
from tracker.messages import joined, message
from tracker.text import slug

_OURS = frozenset({"kod", "namn", "huvudslag", "skede"})
"""Fields that every layer of projects of our own exports has, also in a Shapefile."""


def project_layers(layers: Sequence[VectorLayer]) -> tuple[VectorLayer, ...]:
    """The layers of projects of a file of ours; nothing for a file of one layer, or of somebody else's shapes too."""
    found = tuple(one for one in layers if {slug(field) for field in one.fields} >= _OURS)
    others = [one for one in layers if one not in found]
    return found if len(layers) > 1 and not any(one.has_shapes for one in others) else ()


def passed_over(layers: Sequence[VectorLayer], read: Sequence[VectorLayer]) -> tuple[str, ...]:
    """What to say of the tables that stand beside the projects and are not read with them."""
    names = ", ".join(one.name for one in layers if one not in read and not is_beside(one))
    return (message("Tabeller bredvid projekten läses inte in: %(names)s.", names=names),) if names else ()


def read_together(layers: Sequence[VectorLayer], title: str) -> VectorTable:
    """All of them below each other, in the order of the file. Raises RefusedFileError where they disagree."""
    filled = [one for one in layers if one.rows != 0] or list(layers[:1])
    tables = [read_vector(one) for one in filled]
    stated = {one.srid for one in tables if one.geometries is not None}
    if len(stated) > 1:
        names = ", ".join(one.name for one in filled)
        raise RefusedFileError(
            message(
                "Lagren i %(title)s har olika koordinatsystem. Läs in ett i taget: %(names)s.", title=title, names=names
            )
        )
    counts = [_count(one) for one in tables]
    headers = dict.fromkeys(header for one in tables for header in one.columns)
    columns: dict[str, list[Any]] = {header: [] for header in headers}
    for table, count in zip(tables, counts, strict=True):
        for header, cells in columns.items():
            cells.extend(table.columns.get(header) or [None] * count)
    shapes = None
    if any(one.geometries is not None for one in tables):
        parts = zip(tables, counts, strict=True)
        shapes = np.concatenate([_shapes(one, count) for one, count in parts])
    beside = read_beside(filled[0].source, columns.get(CODE, []))
    shapes = _put_beside(columns, shapes, beside, sum(counts))
    notes = dict.fromkeys(note for one in tables for note in one.notes)
    said = (*notes, *_numbering(filled, counts), *_said(beside, sum(counts)))
    return VectorTable(columns, shapes, next(iter(stated), None), said)


def _put_beside(
    columns: dict[str, list[Any]], shapes: np.ndarray[Any, Any] | None, beside: Beside, count: int
) -> np.ndarray[Any, Any] | None:
    """Add the columns of the tables, and a row for each project that stands in no layer."""
    more = len(beside.orphans)
    for header, cells in columns.items():
        cells.extend(beside.orphans if header == CODE else [None] * more)
    columns |= {header: list(cells) for header, cells in beside.columns.items() if len(cells) == count + more}
    return shapes if shapes is None or not more else np.concatenate([shapes, np.full(more, None, dtype=object)])


def _said(beside: Beside, count: int) -> Iterator[str]:
    if beside.names:
        yield message("Tabellerna bredvid projekten läses in med dem: %(names)s.", names=", ".join(beside.names))
    if more := len(beside.orphans):
        rows = _rows(count + 1, count + more)
        yield message("Projekt som bara står i tabellerna kommer sist (%(rows)s).", rows=rows)


def _rows(first: int, last: int) -> str:
    if first < last:
        return message("rad %(first)s–%(last)s", first=first, last=last)
    return message("rad %(row)s", row=first)


def _count(table: VectorTable) -> int:
    if table.geometries is not None:
        return len(table.geometries)
    return max(map(len, table.columns.values()), default=0)


def _shapes(table: VectorTable, count: int) -> np.ndarray[Any, Any]:
    return np.full(count, None, dtype=object) if table.geometries is None else table.geometries


def _numbering(layers: Sequence[VectorLayer], counts: Sequence[int]) -> tuple[str, ...]:
    """Which rows came from which layer."""
    if len(layers) < 2:
        return (message("Läst ur lagret %(name)s.", name=layers[0].name),)
    ends = np.cumsum(counts).tolist()
    parts = [
        message("%(name)s (%(rows)s)", name=layer.name, rows=_rows(end - count + 1, end))
        for layer, count, end in zip(layers, counts, ends, strict=True)
    ]
    return (message("Lagren är lästa som en fil: %(layers)s.", layers=joined(", ", parts)),)
