"""A first look at a file: what kind it is, what it holds, and where the headers of a sheet stand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tracker.imports.sources import JOBS
from tracker.imports.values import read_text
from tracker.sandbox import calling, wire
from tracker.sandbox.saying import read_texts

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


_Answer = tuple[bytes, FileContents]


def inspect_file(path: Path, title: str = "") -> FileContents:
    """Look at a file; `title` is the name that the person knows it by.

    Raises RefusedFileError with one sentence for a file that is empty, broken, locked, too large or of another kind.
    It is looked at by looking.py in a child process.
    """
    title = title or path.name
    try:
        answer: tuple[bytes, FileContents] = wire.unpack(calling.run(f"{JOBS}:contents", path, title), _Answer)
        kind, *notes = read_texts(answer[0])
    except (wire.WireError, ValueError) as error:
        raise calling.not_understood(title) from error
    return replace(answer[1], kind=kind, notes=tuple(notes))


def shown(cell: Any) -> str:
    """A cell as a person sees it, cut to a readable length."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        cell = cell.date() if cell.time() == datetime.min.time() else cell.isoformat(" ", "minutes")
    text = cell.isoformat() if isinstance(cell, date) else read_text(cell)
    return text if len(text) <= SHOWN_LETTERS else f"{text[: SHOWN_LETTERS - 1]}…"
