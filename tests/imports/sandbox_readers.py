"""Readers that do in the child what a file that has taken it over might try."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import socket
import time
from pathlib import Path
from typing import Any

import numpy as np

from tracker.errors import RefusedFileError
from tracker.messages import message
from tracker.sandbox import wire


def echo(path: Path, title: str, **arguments: Any) -> bytes:
    """What an honest reader does."""
    return wire.pack((path.read_bytes(), title, arguments))


def crash(_path: Path, _title: str) -> bytes:
    """Read where nothing is."""
    ctypes.string_at(0)
    return b""


def leave(_path: Path, _title: str, code: int) -> bytes:
    """End without an answer."""
    os._exit(code)


def shoot(_path: Path, _title: str, number: int) -> bytes:
    """End by a signal, as by the kernel's out-of-memory killer."""
    os.kill(os.getpid(), number)
    return b""


def spin(_path: Path, _title: str) -> bytes:
    """Never end, and work hard."""
    while True:
        pass


def sleep(_path: Path, _title: str) -> bytes:
    """Never end, and do nothing."""
    while True:
        time.sleep(1000)  # a reader that hangs: what is tested is that it is ended


def hog(_path: Path, _title: str) -> bytes:
    """Take memory without end."""
    kept = []
    while True:
        kept.append(np.ones(2**22))


def fill(_path: Path, _title: str, count: int) -> bytes:
    """Write a file of so many bytes, and leave it."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    Path("stor").write_bytes(bytes(count))
    return wire.pack("skrivet")


def babble(_path: Path, _title: str) -> bytes:
    """Answer more than was ever asked for, bit by bit."""
    for descriptor in range(3, 64):
        try:
            while True:
                os.write(descriptor, bytes(2**20))
        except OSError:
            continue
    return b""


def nonsense(_path: Path, _title: str, data: bytes) -> bytes:
    """Answer with these bytes."""
    return data


def fail(_path: Path, _title: str) -> bytes:
    """Raise an error that quotes the file."""
    raise LookupError("hemligt innehåll")


def look(_path: Path, _title: str, other: str) -> bytes:
    """Read another file, and write beside it."""
    told = []
    for attempt in (lambda: Path(other).read_bytes(), lambda: Path(other + ".ny").write_bytes(b"x")):
        try:
            attempt()
            told.append("gick")
        except OSError as error:
            told.append(type(error).__name__)
    return wire.pack(told)


def connect(_path: Path, _title: str, port: int) -> bytes:
    """Call somebody."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2):
            return wire.pack("svar")
    except OSError as error:
        return wire.pack(type(error).__name__)


def state(_path: Path, _title: str) -> bytes:
    """The surroundings: environment, open descriptors, folder, limits."""
    import pyogrio

    limits = {
        name: resource.getrlimit(getattr(resource, name))[0]
        for name in ("RLIMIT_AS", "RLIMIT_CORE", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NOFILE")
    }
    open_ones = []
    for descriptor in range(3, 64):
        try:
            os.fstat(descriptor)
            open_ones.append(descriptor)
        except OSError:
            continue
    return wire.pack((dict(os.environ), open_ones, os.getcwd(), limits, sorted(pyogrio.list_drivers())))


def refuse(_path: Path, title: str, words: str) -> bytes:
    """Refuse the file with a message that has another for a value."""
    raise RefusedFileError(message("%(title)s är %(words)s.", title=title, words=message(words)))


def say(_path: Path, _title: str, data: bytes) -> bytes:
    """Answer with these bytes and no mark of our own before them, and end well."""
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, data)
        except OSError:
            continue
    os._exit(0)
