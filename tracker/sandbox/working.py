"""What a child does with its file: gives up what it does not need, calls the reader, answers, ends."""

from __future__ import annotations

import gc
import importlib
import os
import signal
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from tracker.errors import RefusedFileError
from tracker.sandbox import guards
from tracker.sandbox.limits import Limits
from tracker.sandbox.saying import pack_texts

DONE, REFUSED, MEMORY, FAULT = b"d", b"r", b"m", b"f"
"""The first byte of an answer; after it what was read, why not (saying.py), nothing, or where our code failed."""
_FIRST_OWN = 3


class Job(msgspec.Struct, frozen=True):
    """A file to read. `reader` is "module:function", called with the path, the title and the arguments.

    The function gives bytes, made by wire.pack. The parent makes the job and a child only reads it.
    """

    reader: str
    path: str
    title: str
    folder: str
    limits: Limits
    arguments: dict[str, Any]


def find_reader(name: str) -> Callable[..., bytes]:
    """The function, its module imported."""
    module, _, function = name.partition(":")
    found: Callable[..., bytes] = getattr(importlib.import_module(module), function)
    return found


def work(job: Job, answer: int) -> None:
    """Read in this process, just forked, and write to the pipe `answer`."""
    _forget_the_parent(answer)
    with os.fdopen(answer, "wb") as pipe:
        for part in _read(job):
            pipe.write(part)


def _read(job: Job) -> tuple[bytes, ...]:
    try:
        reader = _prepare(job)
        return DONE, reader(Path(job.path), job.title, **job.arguments)
    except RefusedFileError as error:
        return REFUSED, pack_texts([str(error)])
    except MemoryError:
        return (MEMORY,)
    except Exception as error:  # whatever a hostile file brings about ends here
        return FAULT, _place_of(error).encode("utf-8", errors="replace")


def _prepare(job: Job) -> Callable[..., bytes]:
    """The reader, with everything that it does not need given up."""
    gc.disable()
    os.chdir(job.folder)
    for name in ("TMPDIR", "CPL_TMPDIR", "SQLITE_TMPDIR", "HOME"):
        os.environ[name] = job.folder
    tempfile.tempdir = job.folder
    reader = find_reader(job.reader)
    guards.give_up(job.limits, Path(job.path), Path(job.folder))
    return reader


def _place_of(error: Exception) -> str:
    """Where it went wrong, for the log: never the message, which may quote the file."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return " < ".join([type(error).__name__, *(f"{Path(one.filename).name}:{one.lineno}" for one in reversed(frames))])


def _forget_the_parent(answer: int) -> None:
    signal.set_wakeup_fd(-1)
    for one in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT):
        signal.signal(one, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in range(_FIRST_OWN):
        os.dup2(nothing, standard)
    os.closerange(_FIRST_OWN, answer)
    os.closerange(answer + 1, os.sysconf("SC_OPEN_MAX") if os.sysconf("SC_OPEN_MAX") < 4096 else 4096)
