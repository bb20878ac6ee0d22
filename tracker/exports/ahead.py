"""Reading the next piece while the present one is being written: the database answers meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from itertools import islice
from typing import TypeVar

Piece = TypeVar("Piece")


def read_ahead(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """The same pieces, each asked for in a thread of its own one step early; at most two are in memory.

    What `pieces` reads from (a session) is that thread's alone until the last piece, or until this is closed. The
    thread sees the context of whoever asked for the first piece. What `pieces` raises is raised here.
    """
    context = copy_context()
    with ThreadPoolExecutor(1, "read-ahead") as thread:
        try:
            coming = thread.submit(context.run, _next, pieces)
            while found := coming.result():
                coming = thread.submit(context.run, _next, pieces)
                yield from found
        finally:
            thread.submit(_close, pieces).result()


def _next(pieces: Iterator[Piece]) -> list[Piece]:
    """The next piece alone; an empty list after the last."""
    return list(islice(pieces, 1))


def _close(pieces: Iterator[Piece]) -> None:
    close = getattr(pieces, "close", None)
    if close is not None:
        close()
