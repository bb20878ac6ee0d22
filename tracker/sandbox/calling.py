"""Handing a foreign file to a child, and taking back what it read.

`run` may be called from any thread of any process: the program that forks is started by exec, never forked from here,
and each process has its own. Whatever happens to the child (it crashes, takes too long or too much, answers nonsense),
the caller gets a RefusedFileError with a sentence that names the file; the private folder is removed.
"""

from __future__ import annotations

import logging
import os
import selectors
import signal
import socket
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from tracker.errors import RefusedFileError
from tracker.messages import message
from tracker.sandbox import limits as limiting
from tracker.sandbox.forking import CODE, LENGTH
from tracker.sandbox.limits import Limits
from tracker.sandbox.saying import read_texts
from tracker.sandbox.starting import Forker, ForkerGoneError
from tracker.sandbox.wire import WireError
from tracker.sandbox.working import DONE, FAULT, MEMORY, REFUSED, Job

log = logging.getLogger(__name__)
MOST_AT_ONCE = 2
"""Files that one process has read at the same time; others wait their turn."""
GRACE_SECONDS = 5.0
"""For a child that was killed to be gone."""
_PIECE = 2**20
_LONGEST_QUESTION = 2**15
"""Bytes of the arguments, which are names of layers and numbers of rows; they go over the socket in one piece."""
_slots = threading.BoundedSemaphore(MOST_AT_ONCE)
_forker = Forker()
_TOO_LONG = {-int(signal.SIGXCPU)}


def warm() -> None:
    """Start the program that forks, if it is not there, and do not wait for it."""
    with suppress(OSError):
        _forker.start()


def run(reader: str, path: Path, title: str, **arguments: Any) -> bytes:
    """What "module:function" made of the file in a child. Raises RefusedFileError.

    The arguments are plain values. `title` is the name that the person knows the file by.
    """
    limits = limiting.current()
    if len(msgspec.msgpack.encode(arguments)) > _LONGEST_QUESTION:
        raise RefusedFileError(message("%(title)s har inget lager eller blad med ett så långt namn.", title=title))
    if not _slots.acquire(timeout=limits.seconds):
        raise RefusedFileError(
            message(
                "%(title)s kan inte läsas just nu: servern läser andra filer. Försök igen om en stund.", title=title
            )
        )
    try:
        with tempfile.TemporaryDirectory(prefix="portfoljkartan-", ignore_cleanup_errors=True) as folder:
            job = Job(reader, str(path.absolute()), title, folder, limits, arguments)
            return _answer_of(job, _twice(job))
    finally:
        _slots.release()


class _Outcome(msgspec.Struct):
    """What came through the pipe, how the child ended (None: it was never told), and whether its time was up."""

    answer: bytearray
    code: int | None = None
    late: bool = False
    too_much: bool = False


def _twice(job: Job) -> _Outcome:
    """Should the program that forks be gone, it is started again once."""
    try:
        return _once(job)
    except ForkerGoneError:
        _forker.stop()
        return _once(job)


def _once(job: Job) -> _Outcome:
    reading, writing = os.pipe()
    status, told = socket.socketpair()
    with status, os.fdopen(reading, "rb", buffering=0) as pipe:
        try:
            _forker.send(LENGTH, msgspec.msgpack.encode(job), [writing, told.fileno()])
        finally:
            os.close(writing)
            told.close()
        outcome = _collect(pipe.fileno(), job.limits)
        outcome.code = _code_of(status, still_runs=outcome.late or outcome.too_much)
    if outcome.code is None and not outcome.late and not outcome.answer:
        raise ForkerGoneError
    return outcome


def _collect(pipe: int, limits: Limits) -> _Outcome:
    """Read until the child closes its end, its time is up, or it has said more than it may."""
    outcome, until = _Outcome(bytearray()), time.monotonic() + limits.seconds + 1
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while (left := until - time.monotonic()) > 0 and len(outcome.answer) <= limits.answer_bytes:
            if selector.select(left):
                piece = os.read(pipe, _PIECE)
                if not piece:
                    return outcome
                outcome.answer += piece
    outcome.too_much = len(outcome.answer) > limits.answer_bytes
    outcome.late = not outcome.too_much
    return outcome


def _code_of(status: socket.socket, *, still_runs: bool) -> int | None:
    """How the child ended; None when nobody can tell. One that still runs, or does not end, is killed first.

    Shutting our end is what kills it.
    """
    status.settimeout(GRACE_SECONDS)
    with suppress(OSError):
        try:
            told = b"" if still_runs else status.recv(CODE.size)
        except TimeoutError:
            told = b""
        if not told:
            status.shutdown(socket.SHUT_WR)
            told = status.recv(CODE.size)
        return int(CODE.unpack(told)[0]) if len(told) == CODE.size else None
    return None


def _answer_of(job: Job, outcome: _Outcome) -> bytes:
    mark, rest = bytes(outcome.answer[:1]), outcome.answer
    if outcome.late or outcome.code in _TOO_LONG:
        raise _refused(job, "tid", _too_slow(job))
    if outcome.too_much or mark == MEMORY:
        raise _refused(job, "minne", _too_large(job))
    if mark == DONE and outcome.code == 0:
        return bytes(memoryview(rest)[1:])
    if mark == REFUSED and outcome.code == 0:
        raise RefusedFileError(_reason(job, memoryview(rest)[1:]))
    if mark == FAULT:
        log.error("A reader of foreign files failed: %s", rest[1:300].decode("ascii", errors="replace"))
        raise _refused(job, "fel", _broken(job))
    raise _refused(job, f"kod {outcome.code}", _crashing(job))


def _reason(job: Job, data: memoryview) -> str:
    """The child's own word, which is a text of a bounded length and nothing else."""
    try:
        (reason,) = read_texts(data)
    except (WireError, ValueError):
        raise not_understood(job.title) from None
    return reason


def _refused(job: Job, why: str, sentence: str) -> RefusedFileError:
    log.warning("A foreign file ended its reader %s: %s", job.reader, why)
    return RefusedFileError(sentence)


def _too_slow(job: Job) -> str:
    return message(
        "%(title)s gick inte att läsa: det tar längre tid än %(seconds)s sekunder. Dela upp filen.",
        title=job.title,
        seconds=job.limits.seconds,
    )


def _too_large(job: Job) -> str:
    return message(
        "%(title)s gick inte att läsa: det kräver mer minne än %(most)s MB. Dela upp filen.",
        title=job.title,
        most=job.limits.memory_mb,
    )


def _broken(job: Job) -> str:
    return message(
        "%(title)s gick inte att läsa: den är skadad eller byggd på ett sätt som inte stöds. Spara om filen.",
        title=job.title,
    )


def _crashing(job: Job) -> str:
    return message(
        "%(title)s gick inte att läsa: den får läsaren att krascha. Filen är skadad eller orimligt stor.",
        title=job.title,
    )


def not_understood(title: str) -> RefusedFileError:
    """For a caller whose unpacking of the answer failed."""
    log.error("A reader of foreign files gave an answer of the wrong form")
    return RefusedFileError(
        message("%(title)s gick inte att läsa: läsarens svar var orimligt, så ingenting har tagits emot.", title=title)
    )
