"""Reading one piece ahead gives the same pieces, from one thread, and lets go of what it reads from."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextvars import ContextVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.exports.ahead import read_ahead

PLACE: ContextVar[str] = ContextVar("place", default="nowhere")


@given(st.lists(st.none() | st.integers() | st.lists(st.integers())))
def test_the_pieces_are_the_same_whatever_they_are(pieces: list[object]) -> None:
    assert list(read_ahead(iter(pieces))) == pieces


def test_all_is_read_in_one_thread_that_is_not_ours_and_in_our_context() -> None:
    def told() -> Iterator[tuple[int, str]]:
        for _ in range(3):
            yield threading.get_ident(), PLACE.get()

    token = PLACE.set("here")
    found = set(read_ahead(told()))
    PLACE.reset(token)
    ((thread, place),) = found
    assert (thread != threading.get_ident(), place) == (True, "here")


def test_what_goes_wrong_is_told_after_the_pieces_before_it() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise ValueError("the database is gone")

    read = read_ahead(broken())
    assert next(read) == 1
    with pytest.raises(ValueError, match="the database is gone"):
        next(read)


def test_whoever_stops_early_closes_what_is_read_and_at_most_one_piece_more_was() -> None:
    asked: list[int] = []

    def counted() -> Iterator[int]:
        try:
            for number in range(10):
                asked.append(number)
                yield number
        finally:
            asked.append(-1)

    read = read_ahead(counted())
    assert next(read) == 0
    read.close()  # type: ignore[attr-defined]
    assert asked in ([0, -1], [0, 1, -1])
