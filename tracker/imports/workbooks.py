"""The grids of a workbook, through calamine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from tracker.errors import RefusedFileError
from tracker.messages import message

Grid = list[list[Any]]
"""Rows of cells from A1 on, as wide as the widest."""


def read_grids(path: Path, title: str, wanted: str | None = None) -> dict[str, Grid]:
    """Sheet → its rows, for the sheets that hold something, or for the one that is wanted, empty or not.

    Raises RefusedFileError.
    """
    try:
        # Through an open file calamine judges by the content; through a path it trusts the suffix.
        with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as book:
            names = book.sheet_names
            chosen = names if wanted is None else [name for name in names if name == wanted]
            grids = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in chosen}
    except PasswordError as error:
        raise RefusedFileError(
            message("%(title)s är skyddad med lösenord. Ta bort lösenordet och skicka filen igen.", title=title)
        ) from error
    except (CalamineError, OSError, ValueError) as error:
        raise _unreadable(title) from error
    except BaseException as error:
        # A fault inside the reader comes as pyo3's PanicException, which is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise _unreadable(title) from None
    if wanted is not None and not grids:
        raise RefusedFileError(
            message(
                "%(title)s har inget blad ”%(wanted)s”. Den har: %(names)s.",
                title=title,
                wanted=wanted,
                names=", ".join(names),
            )
        )
    return {name: rows for name, rows in grids.items() if wanted is not None or any(map(is_filled, rows))}


def is_filled(row: Sequence[Any]) -> bool:
    """Whether any cell of a row holds something."""
    return any(cell is not None and cell != "" for cell in row)


def _unreadable(title: str) -> RefusedFileError:
    return RefusedFileError(
        message("%(title)s går inte att läsa som kalkylblad. Är den hel, utan lösenord och av rätt slag?", title=title)
    )
