"""Packed facts: the same sequence as a tuple, whether they lie in memory or in a file."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.contribution import packed
from tracker.contribution.packed import batched, pack, pack_texts


@dataclass(frozen=True, slots=True)
class Thing:
    """What is packed here."""

    name: str
    ore: int | None
    day: date | None
    parts: tuple[int, ...] = ()
    words: dict[str, str] = field(default_factory=dict)


THINGS = [Thing(f"Åäö {at}", at * 10**9, date(2005, 1, 1 + at % 28), (at,), {"a": '","'}) for at in range(1_000)]
SPILLS = pytest.mark.parametrize("spill", [packed.SPILL_BYTES, 100], ids=["memory", "file"])


@SPILLS
def test_it_is_the_sequence_that_was_packed(spill: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "SPILL_BYTES", spill)
    monkeypatch.setattr(packed, "PIECE_BYTES", 70)
    found = pack(Thing, THINGS)
    assert len(found) == 1_000
    assert tuple(found) == tuple(THINGS)
    assert [found[at] for at in (0, 0, 999, -1, 500, -1_000)] == [THINGS[at] for at in (0, 0, 999, -1, 500, 0)]
    assert found[10:13] == tuple(THINGS[10:13])
    assert found == THINGS
    assert found != THINGS[:-1]
    assert list(zip(found, found, strict=True)) == list(zip(THINGS, THINGS, strict=True))
    assert b"[" + b"".join(found.texts()) + b"]" == msgspec.json.encode(THINGS)


@SPILLS
def test_what_is_not_there_is_an_index_error(spill: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "SPILL_BYTES", spill)
    found = pack(Thing, THINGS[:3])
    for at in (3, -4):
        with pytest.raises(IndexError):
            found[at]
    empty = pack(Thing, [])
    assert (len(empty), tuple(empty), list(empty.texts())) == (0, (), [])


@given(st.lists(st.builds(Thing, st.text(), st.none() | st.integers(-(2**62), 2**62), st.none() | st.dates())))
def test_anything_comes_back(things: list[Thing]) -> None:
    assert tuple(pack(Thing, things)) == tuple(things)
    again = pack_texts(Thing, [msgspec.json.encode(one) for one in things])
    assert again == pack(Thing, things)


def test_one_item_at_a_time_is_asked_for_and_none_is_kept() -> None:
    alive = 0

    class Counted(Thing):
        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    def made() -> Iterator[Thing]:
        nonlocal alive
        for one in THINGS:
            alive += 1
            assert alive <= 2
            yield Counted(one.name, one.ore, one.day)

    assert len(pack(Thing, made())) == 1_000


def test_the_file_goes_with_the_sequence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "SPILL_BYTES", 100)
    before = len(os.listdir("/proc/self/fd"))
    found = pack(Thing, THINGS)
    assert len(os.listdir("/proc/self/fd")) == before + 1
    del found
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) == before


def test_batches_hold_everything_once() -> None:
    assert [list(one) for one in batched(range(5), 2)] == [[0, 1], [2, 3], [4]]
    assert list(batched([], 2)) == []
