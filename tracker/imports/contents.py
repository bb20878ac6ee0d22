"""A first look at a file: what kind it is, what it holds, and where the headers of a sheet stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tracker.errors import RefusedFileError
from tracker.imports.kinds import Kind
from tracker.imports.opening import Source, opened
from tracker.imports.sheets import propose_header
from tracker.imports.texts import read_text_grid
from tracker.imports.together import passed_over, project_layers
from tracker.imports.values import read_text
from tracker.imports.vectors import list_vector_layers
from tracker.imports.workbooks import read_grids

SHOWN_ROWS = 20
SHOWN_COLUMNS = 40
SHOWN_LETTERS = 120


@dataclass(frozen=True, slots=True)
class LayerContents:
    """A layer of a map or a sheet of a workbook; a text is one sheet without a name."""

    name: str
    rows: int | None
    """Objects, or rows below the proposed headers; None where it is not known."""
    has_shapes: bool
    sample: tuple[tuple[str, ...], ...] = ()
    """The first rows of a sheet as they stand, row 1 first; nothing for a map."""
    header_row: int | None = None
    """The row, counted from 1, that is proposed for the headers."""


@dataclass(frozen=True, slots=True)
class FileContents:
    """What a file holds."""

    kind: str
    """In words: "GeoPackage", "kalkylblad (Excel)"."""
    layers: tuple[LayerContents, ...]
    notes: tuple[str, ...] = ()
    together: LayerContents | None = None
    """The layers of projects of a file of ours as one; its name is empty, which asks for all of them."""

    @property
    def only(self) -> LayerContents | None:
        """The layer, when nobody needs to choose."""
        return self.together or (self.layers[0] if len(self.layers) == 1 else None)

    @property
    def offered(self) -> tuple[LayerContents, ...]:
        """What can be chosen."""
        return (self.together, *self.layers) if self.together else self.layers


def inspect_file(path: Path, title: str = "") -> FileContents:
    """Look at a file; `title` is the name that the person knows it by.

    Raises RefusedFileError with one sentence for a file that is empty, broken, locked, too large or of another kind.
    """
    with opened(path, title) as sources:
        first = sources[0]
        said: tuple[str, ...] = ()
        together = None
        if first.kind.is_sheet:
            layers = _sheets(first)
        elif first.kind is Kind.TEXT:
            text = read_text_grid(first.path, first.title)
            layers, said = (_sheet("", text.rows),), (text.note,)
        else:
            found = list_vector_layers(sources)
            layers = tuple(LayerContents(one.name, one.rows, one.has_shapes) for one in found)
            if ours := project_layers(found):
                together = LayerContents("", _sum([one.rows for one in ours]), any(one.has_shapes for one in ours))
                said = passed_over(found, ours)
        if not layers or all(one.rows == 0 for one in layers):
            raise RefusedFileError(f"{first.title} är tom: den har inga rader.")
        notes = dict.fromkeys(note for source in sources for note in source.notes)
        return FileContents(first.kind.label, layers, (*notes, *said), together)


def _sum(counts: Sequence[int | None]) -> int | None:
    return None if None in counts else sum(count or 0 for count in counts)


def _sheets(source: Source) -> tuple[LayerContents, ...]:
    grids = read_grids(source.path, source.title)
    return tuple(_sheet(name, grid) for name, grid in grids.items())


def _sheet(name: str, grid: Sequence[Sequence[Any]]) -> LayerContents:
    header = propose_header(grid)
    sample = tuple(_shown(row) for row in grid[:SHOWN_ROWS])
    width = max((len(row) for row in sample), default=0)
    padded = tuple((*row, *("" for _ in range(width - len(row)))) for row in sample)
    return LayerContents(name, len(grid) - header if header else 0, has_shapes=False, sample=padded, header_row=header)


def _shown(row: Sequence[Any]) -> tuple[str, ...]:
    cells = [shown(cell) for cell in row[:SHOWN_COLUMNS]]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def shown(cell: Any) -> str:
    """A cell as a person sees it, cut to a readable length."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        cell = cell.date() if cell.time() == datetime.min.time() else cell.isoformat(" ", "minutes")
    text = cell.isoformat() if isinstance(cell, date) else read_text(cell)
    return text if len(text) <= SHOWN_LETTERS else f"{text[: SHOWN_LETTERS - 1]}…"
