"""The form in which a child answers: nothing is lost on the way, and nothing hostile gets through."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec
import numpy as np
import pytest
import shapely

from tracker.sandbox import wire

CELLS = [
    None, True, 3, -(2**63), 2.5, float("inf"), "å", b"\x00", date(2005, 4, 30),
    datetime(2005, 4, 30, 8, 30),  # noqa: DTZ001 - a spreadsheet knows no time zone
    time(8, 30), timedelta(1, 2, 3),
]  # fmt: skip


def test_every_cell_comes_back_as_it_was() -> None:
    back = wire.unpack(wire.pack(wire.cells(CELLS)), list[Any])
    assert back == CELLS
    assert [type(one) for one in back] == [type(one) for one in CELLS]
    wire.check_cells(back)


def test_shapes_come_back_bit_by_bit() -> None:
    shapes = np.array(
        [
            shapely.Point(0.1 + 0.2, 1e-300), None, shapely.Point(), shapely.LineString([(1, 2), (3, 4)]),
            shapely.from_wkt("GEOMETRYCOLLECTION (POINT (1 2), MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0))))"),
        ],
        dtype=object,
    )  # fmt: skip
    back = wire.unpack(wire.pack(shapes), Any)
    assert shapely.to_wkb(back).tolist() == shapely.to_wkb(shapes).tolist()
    assert wire.unpack(wire.pack(np.empty(0, dtype=object)), Any).size == 0


def ext(code: int, data: bytes) -> bytes:
    return msgspec.msgpack.encode(msgspec.msgpack.Ext(code, data))


def shapes_of(*wkb: bytes) -> bytes:
    return ext(5, msgspec.msgpack.encode(list(wkb)))


DEEP = b"\x01\x07\x00\x00\x00\x01\x00\x00\x00" * 200_000 + shapely.to_wkb(shapely.Point(1, 2))


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\xc1", b"\xdd\xff\xff\xff\xff", b"\x91" * 5000, ext(77, b"x"), ext(1, b"2005-13-40"), ext(2, b"\xff"),
        ext(4, b"9999999999999 0 0"), ext(5, b"\xff"), shapes_of(b"nonsense"), shapes_of(DEEP),
        shapes_of(b"\x01\x02\x00\x00\x00\x00\x00\x00\x80"),
        shapes_of(b"\x01\x06\x00\x00\x00\xff\xff\xff\xff" + bytes(40)),
    ],
)  # fmt: skip
def test_hostile_answers_are_errors_never_a_crash(data: bytes) -> None:
    with pytest.raises(wire.WireError):
        wire.unpack(data, Any)


def test_a_table_must_fit_together() -> None:
    wire.check_table({"a": [1, 2]}, [1, 2], None)
    for columns, rows, shapes in (
        ({"a": [1]}, [1, 2], None),
        ({"a": [[1]]}, [1], None),
        ({"a": [{"b": 1}]}, [1], None),
        ({"a": [1]}, [1], np.empty(2, dtype=object)),
        ({"a": [1]}, [1], "shapes"),
    ):
        with pytest.raises(wire.WireError):
            wire.check_table(columns, rows, shapes)


def test_what_cannot_be_sent_is_told() -> None:
    for one in (2**70, "\ud800"):
        with pytest.raises(ValueError):
            wire.pack([one])
    with pytest.raises(TypeError):
        wire.pack([object()])
