"""A first look at a file in this process: called by sandbox_jobs.py in a child, and by tests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tracker.errors import RefusedFileError
from tracker.imports.contents import SHOWN_COLUMNS, SHOWN_ROWS, FileContents, LayerContents, shown
from tracker.imports.kinds import Kind
from tracker.imports.opening import Source, opened
from tracker.imports.sheets import header_text, propose_header, refuse_width
from tracker.imports.texts import read_text_grid
from tracker.imports.together import passed_over, project_layers
from tracker.imports.vectors import list_vector_layers
from tracker.imports.workbooks import read_grids
from tracker.messages import message


def inspect_file_here(path: Path, title: str = "") -> FileContents:
    """What contents.inspect_file promises, without its protection."""
    with opened(path, title) as sources:
        first = sources[0]
        said: tuple[str, ...] = ()
        together = None
        if first.kind.is_sheet:
            layers = _sheets(first)
        elif first.kind is Kind.TEXT:
            text = read_text_grid(first.path, first.title)
            layers, said = (_sheet("", text.rows, first.title),), (text.note,)
        else:
            found = list_vector_layers(sources)
            layers = tuple(LayerContents(one.name, one.rows, one.has_shapes) for one in found)
            if ours := project_layers(found):
                together = LayerContents("", _sum([one.rows for one in ours]), any(one.has_shapes for one in ours))
                said = passed_over(found, ours)
        if not layers or all(one.rows == 0 for one in layers):
            raise RefusedFileError(message("%(title)s är tom: den har inga rader.", title=first.title))
        notes = dict.fromkeys(note for source in sources for note in source.notes)
        return FileContents(first.kind.label, layers, (*notes, *said), together)


def _sum(counts: Sequence[int | None]) -> int | None:
    return None if None in counts else sum(count or 0 for count in counts)


def _sheets(source: Source) -> tuple[LayerContents, ...]:
    grids = read_grids(source.path, source.title)
    return tuple(_sheet(name, grid, source.title) for name, grid in grids.items())


def _sheet(name: str, grid: Sequence[Sequence[Any]], title: str) -> LayerContents:
    header = propose_header(grid)
    if header:
        refuse_width(sum(bool(header_text(cell)) for cell in grid[header - 1]), title)
    sample = tuple(_shown(row) for row in grid[:SHOWN_ROWS])
    width = max((len(row) for row in sample), default=0)
    padded = tuple((*row, *("" for _ in range(width - len(row)))) for row in sample)
    return LayerContents(name, len(grid) - header if header else 0, has_shapes=False, sample=padded, header_row=header)


def _shown(row: Sequence[Any]) -> tuple[str, ...]:
    cells = [shown(cell) for cell in row[:SHOWN_COLUMNS]]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)
