"""Prints take turns: a sheet costs a second or two of a processor, and the map must go on answering meanwhile."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tracker.errors import DomainError
from tracker.messages import message


class BusyError(DomainError):
    """Others are printing; try again in a few seconds."""


@contextmanager
def turn(state: Path, places: int) -> Iterator[None]:
    """Hold one of `places` places, counted over all processes of the installation, while a sheet is drawn.

    Raises BusyError at once when all are taken. A lock on a file is let go of when its process dies.
    """
    held = next((lock for place in range(places) if (lock := _take(state / f"print-{place}.lock")) is not None), None)
    if held is None:
        raise BusyError(message("Andra skriver ut kartor just nu. Försök igen om några sekunder."))
    try:
        yield
    finally:
        os.close(held)


def _take(path: Path) -> int | None:
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock
