"""How far a workbook reaches, before it is laid out as a grid: one value in the last corner is 17 billion cells."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path
from xml.parsers import expat

from tracker.errors import RefusedFileError
from tracker.imports.archives import check_sizes
from tracker.imports.kinds import Kind
from tracker.messages import message

MAX_CELLS = 10_000_000
_FILLED = re.compile(rb"<(?:\w+:)?c\b[^<>]*?\br=[\"']([A-Z]{1,3})(\d{1,7})[\"'][^<>/]*>")
_ROW = re.compile(rb"<(?:\w+:)?row\b[^<>]*?\br=[\"'](\d{1,7})[\"']")
_TAIL = 200
_MANIFEST = 2**20
_WIDE = re.compile(rb"r=[\"'][A-Z]{3}\d")
_TALL = re.compile(rb"r=[\"'][A-Z]{0,3}(\d{5,7})[\"']")
_NARROW, _WIDEST, _SHORT = 702, 16_384, 9_999
"""Columns up to ZZ, up to XFD; rows of four digits."""


def check_sheet(path: Path, kind: Kind, title: str) -> None:
    """Raises RefusedFileError for a workbook that is broken, locked, or too much for a grid."""
    if kind is Kind.XLSX:
        _check_xlsx(path, title)
    elif kind is Kind.ODS:
        _check_ods(path, title)


class _Bounds:
    """A bound on the cells of each sheet, cheaply: nearly every file stays under it with room to spare."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.tails: dict[str, bytes] = {}
        self.width, self.height = _NARROW, _SHORT

    def see(self, name: str, piece: bytes) -> None:
        data = self.tails.get(name, b"") + piece
        self.tails[name] = data[-_TAIL:]
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise entities(self.title)
        if name.startswith("xl/worksheets/"):
            if _WIDE.search(data):
                self.width = _WIDEST
            self.height = max(self.height, *map(int, _TALL.findall(data)), 0)

    @property
    def may_be_too_much(self) -> bool:
        return self.width * self.height > MAX_CELLS


class _Corners:
    """The furthest filled cell of each sheet, from pieces of its XML."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.far: dict[str, tuple[int, int]] = {}
        self.tails: dict[str, bytes] = {}

    def see(self, name: str, piece: bytes) -> None:
        if not name.startswith("xl/worksheets/"):
            return
        data = self.tails.get(name, b"") + piece
        self.tails[name] = data[-_TAIL:]
        width, height = self.far.get(name, (1, 1))
        cells = _FILLED.findall(data)
        if cells:
            width = max(width, *map(_number, {letters for letters, _ in cells}))
            height = max(height, *(int(row) for _, row in cells))
        rows = _ROW.findall(data)
        if rows and not cells and b"<v>" in data:
            height = max(height, *map(int, rows))
        self.far[name] = (width, height)
        if width * height > MAX_CELLS:
            raise _too_wide(self.title)


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _check_xlsx(path: Path, title: str) -> None:
    with zipfile.ZipFile(path) as archive:
        if "xl/workbook.bin" in archive.namelist():
            raise RefusedFileError(
                message("%(title)s är en binär Excel-fil (xlsb). Spara den som Excel-arbetsbok (xlsx).", title=title)
            )
    bounds = _Bounds(title)
    check_sizes(path, title, bounds.see)
    if bounds.may_be_too_much:
        check_sizes(path, title, _Corners(title).see)


class _Repeats:
    """Counts the cells that an OpenDocument sheet unfolds to, repeats included."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.cells = self.width = 0
        self.rows = self.columns = 1
        self.filled = False

    def start(self, name: str, given: dict[str, str]) -> None:
        if name == "table:table-row":
            self.rows = int(given.get("table:number-rows-repeated", "1"))
            self.width, self.filled = 0, False
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self.columns = int(given.get("table:number-columns-repeated", "1"))
            if "office:value-type" in given:
                self.filled = True
                self.width += self.columns

    def end(self, name: str) -> None:
        if name == "table:table-row" and self.filled:
            self.cells += self.rows * self.width
            if self.cells > MAX_CELLS:
                raise _too_wide(self.title)

    def doctype(self, *_: object) -> None:
        raise entities(self.title)


def _check_ods(path: Path, title: str) -> None:
    with zipfile.ZipFile(path) as archive:
        manifest = next((one for one in archive.infolist() if one.filename == "META-INF/manifest.xml"), None)
    if manifest is not None and manifest.file_size < _MANIFEST and _is_locked(path):
        raise RefusedFileError(
            message("%(title)s är skyddad med lösenord. Ta bort lösenordet och skicka filen igen.", title=title)
        )
    seen = _Repeats(title)
    parser = expat.ParserCreate()
    parser.StartElementHandler = seen.start
    parser.EndElementHandler = seen.end
    parser.StartDoctypeDeclHandler = seen.doctype

    def see(name: str, piece: bytes) -> None:
        if name == "content.xml":
            parser.Parse(piece, False)

    try:
        check_sizes(path, title, see)
    except (expat.ExpatError, ValueError) as error:
        raise RefusedFileError(
            message("%(title)s är skadad: innehållet går inte att läsa som kalkylblad.", title=title)
        ) from error


def _is_locked(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return b"encryption-data" in archive.read("META-INF/manifest.xml")
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, EOFError, NotImplementedError):
        return False  # broken in another way, which is told by whoever reads on


def entities(title: str) -> RefusedFileError:
    """What a document type in a file is answered with."""
    return RefusedFileError(message("%(title)s innehåller en dokumenttyp (DOCTYPE) och tas inte emot.", title=title))


def _too_wide(title: str) -> RefusedFileError:
    return RefusedFileError(
        message(
            "%(title)s har ett blad som når orimligt långt ut. Ta bort värden långt till höger eller "
            "långt ned och spara om.",
            title=title,
        )
    )
