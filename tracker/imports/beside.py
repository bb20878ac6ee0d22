"""The tables that stand beside the projects in a GeoPackage of ours: goals, served areas, money, volumes.

Each becomes one column more beside the layers' own, "Tabellen ekonomi": a cell holds the project's rows of the table as
JSON, with their numbers. So they take the same way as every other column, and a person can leave one of them out.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import pyogrio

from tracker.errors import RefusedFileError
from tracker.imports.beside_tables import ROW, TABLES
from tracker.imports.kinds import Kind
from tracker.imports.opening import Source
from tracker.imports.vectors import VectorLayer, list_vector_layers
from tracker.messages import message

CODE = "kod"
_BY_NAME = {table.name: table for table in TABLES.values()}


@dataclass(frozen=True, slots=True)
class Beside:
    """Columns by header, as long as the projects and then `orphans`: codes that stand in the tables alone."""

    columns: Mapping[str, list[str | None]]
    orphans: tuple[str, ...]
    names: tuple[str, ...]


def is_beside(layer: VectorLayer) -> bool:
    """Whether a layer of a file is one of these tables."""
    table = _BY_NAME.get(layer.name)
    if table is None or layer.has_shapes or layer.source.kind is not Kind.GEOPACKAGE:
        return False
    return {CODE, *table.keys} <= set(layer.fields)


def read_beside(source: Source, codes: Sequence[Any]) -> Beside:
    """The tables beside projects of these codes; of a file without such tables nothing."""
    if source.kind is not Kind.GEOPACKAGE:
        return Beside({}, (), ())
    layers = [one for one in list_vector_layers((source,)) if is_beside(one)]
    found = {one.name: _rows_by_code(one) for one in layers}
    known = set(codes)
    orphans = tuple(dict.fromkeys(code for rows in found.values() for code in rows if code not in known))
    columns = {
        _BY_NAME[name].header: [_cell(rows.get(code)) for code in (*codes, *orphans)] for name, rows in found.items()
    }
    return Beside(columns, orphans, tuple(found))


def _cell(rows: list[dict[str, str]] | None) -> str | None:
    return orjson.dumps(rows).decode() if rows else None


def _rows_by_code(layer: VectorLayer) -> dict[str, list[dict[str, str]]]:
    """Code → its rows, each field as text: numbers keep every digit, and what is no number can be said so."""
    found: dict[str, list[dict[str, str]]] = {}
    for cells in _cells(layer):
        code = (cells.pop(CODE, None) or "").strip()
        if not code:
            raise RefusedFileError(
                message(
                    "%(title)s, tabellen %(table)s, rad %(row)s: kod saknas.",
                    title=layer.source.title,
                    table=layer.name,
                    row=cells[ROW],
                )
            )
        found.setdefault(code, []).append(cells)
    return found


def _cells(layer: VectorLayer) -> Iterator[dict[str, str]]:
    table = _BY_NAME[layer.name]
    wanted = [name for name in (CODE, *table.keys, *table.cells) if name in layer.fields]
    chosen = ", ".join(f'CAST("{name}" AS TEXT) AS "{name}"' for name in wanted)
    computed = """ WHERE "roll" = 'betjänar'""" if "roll" in wanted else ""
    # Every name is one of _BY_NAME's own; the file only says which of them it has.
    question = f'SELECT CAST(rowid AS TEXT) AS "{ROW}", {chosen} FROM "{layer.name}"{computed} ORDER BY rowid'  # noqa: S608
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _, _, _, columns = pyogrio.raw.read(layer.source.path, sql=question, read_geometry=False)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError, OSError) as error:
        raise RefusedFileError(
            message("%(title)s: tabellen %(table)s går inte att läsa.", title=layer.source.title, table=layer.name)
        ) from error
    for row in zip(*(column.tolist() for column in columns), strict=True):
        yield {name: cell for name, cell in zip((ROW, *wanted), row, strict=True) if cell not in (None, "")}
