"""The tidy contributions as files: plain CSV (RFC 4180, UTF-8) and JSON, written block by block."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import BinaryIO

import orjson

from tracker.opendata.contribution_blocks import Block
from tracker.opendata.contribution_schema import FIELDS, Value, values_of
from tracker.text import guarded

FORMATS = ("csv", "json")
MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
NAMES = [one.name for one in FIELDS]


def write_contributions(blocks: Iterable[Block], form: str, file: BinaryIO) -> int:
    """Write a file of FORMATS; gives the number of rows."""
    pieces = _csv(blocks) if form == "csv" else _json(blocks)
    rows = 0
    for piece, count in pieces:
        file.write(piece)
        rows += count
    return rows


def _csv(blocks: Iterable[Block]) -> Iterator[tuple[bytes, int]]:
    yield _lines([list(NAMES)]), 0
    for block in blocks:
        yield _lines([[_cell(value) for value in values_of(block, row)] for row in block.rows]), len(block.rows)


def _lines(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def _cell(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return guarded(value) if isinstance(value, str) else str(value)


def _json(blocks: Iterable[Block]) -> Iterator[tuple[bytes, int]]:
    """An array of objects, a line each."""
    before = b"["
    for block in blocks:
        lines = [orjson.dumps(dict(zip(NAMES, values_of(block, row), strict=True))) for row in block.rows]
        if lines:
            yield before + b"\n" + b",\n".join(lines), len(lines)
            before = b","
    yield (b"[" if before == b"[" else b"") + b"\n]\n", 0
