"""Text in the encodings and with the separators that people have."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracker.errors import RefusedFileError
from tracker.messages import message

DELIMITERS = (";", "\t", ",", "|")
MAX_CELL = 2**25
"""Characters of one cell. Python's own bound is 131 072; the WKT of 200 000 vertices takes some eight million."""
_SAMPLE_ROWS = 50


@dataclass(frozen=True, slots=True)
class TextGrid:
    """Rows as they stand in the file (the first is row 1), and how they were read."""

    rows: list[list[Any]]
    note: str


def read_text_grid(path: Path, title: str) -> TextGrid:
    """A CSV file in UTF-8 (with or without mark), UTF-16 or Windows-1252. Raises RefusedFileError."""
    try:
        text, encoding = decode(path.read_bytes())
    except UnicodeDecodeError as error:
        raise RefusedFileError(
            message(
                "%(title)s ser ut att vara UTF-16 men går inte att avkoda; den är troligen avkortad. Spara om den.",
                title=title,
            )
        ) from error
    if "\x00" in text:
        raise RefusedFileError(
            message("%(title)s innehåller NUL-tecken och är ingen texttabell. Spara om den som CSV.", title=title)
        )
    first_line, _, rest = text.partition("\n")
    start = 0
    if first_line.casefold().startswith("sep=") and len(first_line.strip()) == 5:
        delimiter, start, text = first_line.strip()[-1], 1, rest
    else:
        delimiter = find_delimiter(text)
    mark = message("tabb") if delimiter == "\t" else delimiter
    rows: list[list[Any]] = [[]] * start + _parse(title, text, delimiter, start + 1)
    return TextGrid(
        rows, message("Läst som %(encoding)s med %(mark)s mellan kolumnerna.", encoding=encoding, mark=mark)
    )


def _parse(title: str, text: str, delimiter: str, first: int) -> list[list[Any]]:
    """All rows, the first of them being number `first`. A quote that is not closed would swallow the rows below it."""
    csv.field_size_limit(MAX_CELL)
    rows: list[list[Any]] = []
    try:
        rows.extend(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise _broken(title, first + len(rows), too_long="field limit" in str(error)) from error
    return rows


def _broken(title: str, row: int, *, too_long: bool) -> RefusedFileError:
    if too_long:
        return RefusedFileError(
            message(
                "%(title)s, rad %(row)s: en cell är längre än %(most)s tecken. Ingenting har lästs.",
                title=title,
                row=row,
                most=MAX_CELL,
            )
        )
    return RefusedFileError(
        message(
            "%(title)s, rad %(row)s: ett citattecken är inte avslutat, eller följs av mer text i samma cell. "
            "Citattecken inne i en cell som börjar med citattecken skrivs dubbelt. Ingenting har lästs.",
            title=title,
            row=row,
        )
    )


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
