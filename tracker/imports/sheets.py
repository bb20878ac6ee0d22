"""Tables without shapes: spreadsheets, and text in the encodings and with the separators that people have."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from tracker.errors import RefusedFileError

DELIMITERS = (";", "\t", ",", "|")
MAX_CELL = 2**25
"""Characters of one cell. Python's own bound is 131 072; the WKT of 200 000 vertices takes some eight million."""
_SAMPLE_ROWS = 50


@dataclass(frozen=True, slots=True)
class Sheet:
    """Columns by header with the row numbers that a person sees; empty cells are None."""

    title: str
    rows: list[int]
    columns: dict[str, list[Any]]
    notes: tuple[str, ...] = ()


def read_spreadsheet(path: Path, title: str | None) -> Sheet:
    """One sheet of a workbook. Raises RefusedFileError; with several filled sheets one must be named."""
    try:
        book = CalamineWorkbook.from_path(str(path))
        titles = [title] if title else book.sheet_names
        if title and title not in book.sheet_names:
            raise RefusedFileError(f"{path.name} har inget blad ”{title}”. Den har: {', '.join(book.sheet_names)}.")
        sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in titles}
    except CalamineError as error:
        raise RefusedFileError(
            f"{path.name} går inte att läsa som kalkylblad. Är den hel, utan lösenord och av rätt slag?"
        ) from error
    filled = {name: rows for name, rows in sheets.items() if any(map(_is_filled, rows))}
    if len(filled) != 1:
        reason = f"har flera blad med innehåll. Välj ett med --layer: {', '.join(filled)}." if filled else "är tom."
        raise RefusedFileError(f"{path.name} {reason}")
    ((name, rows),) = filled.items()
    return _to_sheet(path, name, rows)


def read_text_table(path: Path) -> Sheet:
    """A CSV file in UTF-8 (with or without mark), UTF-16 or Windows-1252. Raises RefusedFileError."""
    try:
        text, encoding = decode(path.read_bytes())
    except UnicodeDecodeError as error:
        raise RefusedFileError(
            f"{path.name} ser ut att vara UTF-16 men går inte att avkoda; den är troligen avkortad. Spara om den."
        ) from error
    lines = text.splitlines(keepends=True)
    start = 0
    if lines and lines[0].casefold().startswith("sep=") and len(lines[0].strip()) == 5:
        delimiter, start = lines[0].strip()[-1], 1
    else:
        delimiter = find_delimiter(text)
    sheet = _to_sheet(path, "", [[]] * start + _parse(path, "".join(lines[start:]), delimiter, start + 1))
    word = {"\t": "tabb"}.get(delimiter, delimiter)
    return Sheet("", sheet.rows, sheet.columns, (f"Läst som {encoding} med {word} mellan kolumnerna.",))


def _parse(path: Path, text: str, delimiter: str, first: int) -> list[list[Any]]:
    """All rows, the first of them being number `first`. A quote that is not closed would swallow the rows below it."""
    csv.field_size_limit(MAX_CELL)
    rows: list[list[Any]] = []
    try:
        rows.extend(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        reason = (
            f"en cell är längre än {MAX_CELL} tecken"
            if "field limit" in str(error)
            else "ett citattecken är inte avslutat, eller följs av mer text i samma cell. Citattecken inne i en cell "
            "som börjar med citattecken skrivs dubbelt"
        )
        raise RefusedFileError(f"{path.name}, rad {first + len(rows)}: {reason}. Ingenting har lästs.") from error
    return rows


def decode(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding. Bytes that are no Unicode are Windows-1252.

    Raises UnicodeDecodeError for what is UTF-16 by its mark or its zeros, but broken.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16"), "UTF-16"
    for encoding, zeros in (("utf-16-le", data[1:400:2]), ("utf-16-be", data[0:400:2])):
        if len(zeros) > 1 and zeros.count(0) > len(zeros) * 0.8:
            return data.decode(encoding), "UTF-16"
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace"), "Windows-1252"


def find_delimiter(text: str) -> str:
    """The separator that gives the header most columns while the rows below agree with it."""

    csv.field_size_limit(MAX_CELL)

    def quality(delimiter: str) -> tuple[int, int]:
        sample = "".join(text.splitlines(keepends=True)[:_SAMPLE_ROWS])
        try:
            rows = [row for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row]
        except csv.Error:
            return 0, 0  # a cell beyond the bound; whoever reads the rows says which
        width = len(rows[0]) if rows else 0
        agreeing = sum(len(row) == width for row in rows)
        return (agreeing if width > 1 else 0, width)

    return max(DELIMITERS, key=quality)


def _to_sheet(path: Path, title: str, rows: Sequence[Sequence[Any]]) -> Sheet:
    """The first filled row is the header; empty rows and columns without header and cells are nothing."""
    numbered = [(number, row) for number, row in enumerate(rows, start=1) if _is_filled(row)]
    if len(numbered) < 2:
        raise RefusedFileError(f"{path.name} har inga rader under rubrikerna.")
    (_, header), *body = numbered
    columns: dict[str, list[Any]] = {}
    for place, cell in enumerate(header):
        title_text = str(cell).strip() if cell is not None else ""
        if not title_text:
            continue
        if title_text in columns:
            raise RefusedFileError(f"{path.name} har två kolumner med rubriken ”{title_text}”.")
        columns[title_text] = [_cell(row[place]) if place < len(row) else None for _, row in body]
    return Sheet(title, [number for number, _ in body], columns)


def _is_filled(row: Sequence[Any]) -> bool:
    return any(cell not in (None, "") for cell in row)


def _cell(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value
