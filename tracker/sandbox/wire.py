"""The form in which a child's answer comes back: MessagePack of plain values. Nothing in it can run.

A child that a file has taken over can answer whatever it likes, so the reader of an answer checks its shape, its cells'
types, and how deep its shapes are nested; a wrong answer is a WireError.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec
import numpy as np
import shapely
from numpy.typing import NDArray

from tracker.messages import Message

_DATE, _DATETIME, _TIME, _DURATION, _SHAPES = 1, 2, 3, 4, 5
_PLAIN = frozenset({type(None), bool, int, float, str, bytes})
CELLS = _PLAIN | {date, datetime, time, timedelta}
MOST_COLLECTIONS = 500
"""Of one shape. GEOS recurses into a collection of collections, and thousands of levels end the process."""
_COLLECTION = (b"\x07\x00\x00\x00", b"\x00\x00\x00\x07")


class WireError(Exception):
    """An answer that no honest child gives."""


def pack(answer: Any) -> bytes:
    """Plain values, dataclasses and arrays of shapes; dates in lists of cells go through `cells` first.

    Raises ValueError for what MessagePack cannot hold: a number beyond 64 bits, half a character.
    """
    try:
        return msgspec.msgpack.encode(answer, enc_hook=_outward)
    except (OverflowError, UnicodeEncodeError) as error:
        raise ValueError(str(error)) from error


def cells(column: Sequence[Any]) -> Sequence[Any]:
    """A column or a row with its dates and times marked as what they are; most have none and stay as they are."""
    return column if _PLAIN.issuperset(map(type, column)) else [_dated(cell) for cell in column]


def _dated(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return _ext(_DATETIME, cell.isoformat())
    if isinstance(cell, date):
        return _ext(_DATE, cell.isoformat())
    if isinstance(cell, time):
        return _ext(_TIME, cell.isoformat())
    if isinstance(cell, timedelta):
        return _ext(_DURATION, f"{cell.days} {cell.seconds} {cell.microseconds}")
    return cell


def _ext(code: int, text: str) -> msgspec.msgpack.Ext:
    return msgspec.msgpack.Ext(code, text.encode())


def _outward(value: Any) -> msgspec.msgpack.Ext | str:
    if isinstance(value, Message):
        return value.plain()
    if isinstance(value, np.ndarray):
        return msgspec.msgpack.Ext(_SHAPES, msgspec.msgpack.encode(shapely.to_wkb(value).tolist()))
    raise TypeError(f"{type(value).__name__} is no plain value")


def unpack(data: bytes | bytearray, kind: Any) -> Any:
    """The answer, if it is of that kind. Raises WireError."""
    try:
        return msgspec.msgpack.decode(data, type=kind, ext_hook=_inward)
    except (msgspec.DecodeError, ValueError, OverflowError, RecursionError, shapely.errors.ShapelyError) as error:
        raise WireError(type(error).__name__) from error


def _inward(code: int, data: memoryview) -> Any:
    if code == _SHAPES:
        return _shapes_in(data)
    text = bytes(data).decode("ascii")
    if code == _DATETIME:
        return datetime.fromisoformat(text)
    if code == _DATE:
        return date.fromisoformat(text)
    if code == _TIME:
        return time.fromisoformat(text)
    if code == _DURATION:
        days, seconds, micros = map(int, text.split())
        return timedelta(days, seconds, micros)
    raise ValueError("unknown mark")


def _shapes_in(data: memoryview) -> NDArray[Any]:
    given = msgspec.msgpack.decode(data, type=list[bytes | None])
    if any(one is not None and _collections(one) > MOST_COLLECTIONS for one in given):
        raise ValueError("nested too deep")
    made = np.empty(len(given), dtype=object)
    made[:] = given
    shapes: NDArray[Any] = shapely.from_wkb(made)
    return shapes


def _collections(wkb: bytes) -> int:
    return max(wkb.count(mark) for mark in _COLLECTION)


def check_table(columns: Mapping[str, Sequence[Any]], rows: Sequence[Any], shapes: object) -> None:
    """Raises WireError unless all columns and the shapes are as long as the rows, and all cells are cells."""
    for column in columns.values():
        check_cells(column)
        if len(column) != len(rows):
            raise WireError("columns of several lengths")
    if shapes is not None and not (isinstance(shapes, np.ndarray) and len(shapes) == len(rows)):
        raise WireError("shapes of another length")


def check_cells(found: Iterable[Any]) -> None:
    """Raises WireError for what is no cell."""
    if not CELLS.issuperset(map(type, found)):
        raise WireError("no cell")
