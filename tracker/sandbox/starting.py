"""The program that forks, as seen from the process that uses it: started when needed, one for each process."""

from __future__ import annotations

import atexit
import logging
import os
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

import tracker
from tracker.sandbox import gdal

log = logging.getLogger(__name__)
_KEPT = ("PATH", "LD_LIBRARY_PATH", "PROJ_DATA", "PROJ_LIB", "GDAL_DATA", "TZ", "TMPDIR", "SYSTEMROOT")
"""Of the environment. The rest, with the passwords, is nothing for a reader of foreign files."""
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "LC_ALL": "C.UTF-8"}
_STOP_SECONDS = 5.0
_preloaded: list[str] = []


class ForkerGoneError(Exception):
    """The program ended, or could not be started."""


def preload(*modules: str) -> None:
    """Let the program import these when it starts, so that the first file does not wait for it."""
    _preloaded.extend(one for one in modules if one not in _preloaded)


class Forker:
    """The program and the socket to it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._greeted = False
        # A copy of this process has the socket too, and must not speak on it.
        os.register_at_fork(after_in_child=self._forget)
        atexit.register(self.stop)

    def start(self) -> None:
        """Start it if it is not there. Raises OSError."""
        with self._lock:
            self._started()

    def send(self, length: struct.Struct, message: bytes, descriptors: Sequence[int]) -> None:
        """Hand it a message with descriptors. Raises ForkerGoneError."""
        with self._lock:
            try:
                control = self._started()
                self._greet(control, length)
                socket.send_fds(control, [length.pack(len(message)) + message], descriptors)
            except OSError as error:
                raise ForkerGoneError from error

    def stop(self) -> None:
        """End it, and with it every child that still reads. The next file starts another."""
        with self._lock:
            process, control = self._process, self._control
            self._process = self._control = None
        if control is not None:
            control.close()
        if process is not None:
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _started(self) -> socket.socket:
        if self._control is not None:
            return self._control
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-m", "tracker.sandbox.forking", str(theirs.fileno()), *_preloaded]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own module by our own interpreter
                command, env=_environment(), cwd="/", pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        self._control, self._greeted = ours, False
        return ours

    def _greet(self, control: socket.socket, length: struct.Struct) -> None:
        """Hear once which guards the system lacks, and say it in the log."""
        if self._greeted:
            return
        head = control.recv(length.size, socket.MSG_WAITALL)
        if len(head) < length.size:
            raise OSError("the program that forks ended at once")
        said = control.recv(length.unpack(head)[0], socket.MSG_WAITALL)
        self._greeted = True
        for missing in msgspec.msgpack.decode(said, type=list[str]):
            log.warning("Foreign files are read with less protection here: %s", missing)

    def _forget(self) -> None:
        """In a fork: the socket is closed here and stays open there."""
        self._lock = threading.Lock()
        if self._process is not None:
            self._process.returncode = 0  # not our child: nothing to wait for
        with suppress(OSError):
            if self._control is not None:
                self._control.close()
        self._process = self._control = None


def _environment() -> dict[str, str]:
    root = str(Path(tracker.__file__).parent.parent)
    path = os.pathsep.join(dict.fromkeys([root, *(one for one in sys.path if one)]))
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | _ONE_THREAD | gdal.SETTINGS | {"PYTHONPATH": path, "PYTHONUTF8": "1"}
