"""The program that children are forked from: `python -m tracker.sandbox.forking FD MODULE…`.

It has one thread and holds no secret; the readers are imported in it once, so that a child starts in milliseconds.
Over the socket FD come jobs, each with two descriptors: the pipe for the answer and a socket on which the exit code is
told. When the other end of that socket is shut, the child is killed; when FD is closed, everything ends.
"""

from __future__ import annotations

import gc
import importlib
import os
import selectors
import signal
import socket
import struct
import sys
from contextlib import suppress
from dataclasses import dataclass, field

import msgspec

from tracker.sandbox import gdal, guards
from tracker.sandbox.working import Job, find_reader, work

LENGTH, CODE = struct.Struct("=I"), struct.Struct("=i")
_MOST_JOB = 2**20


@dataclass(eq=False, slots=True)
class _Forking:
    control: socket.socket
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    waiting: dict[int, socket.socket] = field(default_factory=dict)
    """Child → where its exit code is told."""

    def serve(self) -> None:
        """Until the parent closes its end."""
        bell = _bell()
        self.selector.register(self.control, selectors.EVENT_READ, "control")
        self.selector.register(bell, selectors.EVENT_READ, "bell")
        while True:
            for key, _ in self.selector.select():
                if key.data == "bell":
                    os.read(bell, 512)
                    self._reap()
                elif key.data != "control":
                    self._kill(key.data)
                elif not self._take():
                    return

    def _take(self) -> bool:
        data, descriptors = receive(self.control)
        if not data:
            return False
        answer, status = descriptors
        self._fork(msgspec.msgpack.decode(data, type=Job), answer, socket.socket(fileno=status))
        return True

    def _fork(self, job: Job, answer: int, told: socket.socket) -> None:
        find_reader(job.reader)
        gc.freeze()
        child = os.fork()
        if child == 0:
            try:
                work(job, answer)
            except BaseException:  # a child must never run on into this loop
                os._exit(1)
            os._exit(0)
        os.close(answer)
        self.waiting[child] = told
        self.selector.register(told, selectors.EVENT_READ, child)

    def _kill(self, child: int) -> None:
        """Nobody waits for it any longer."""
        self.selector.unregister(self.waiting[child])
        os.kill(child, signal.SIGKILL)

    def _reap(self) -> None:
        while self.waiting:
            child, status = os.waitpid(-1, os.WNOHANG)
            if not child:
                return
            told = self.waiting.pop(child)
            with suppress(KeyError):  # a killed one is no longer listened to
                self.selector.unregister(told)
            with suppress(OSError):  # whoever asked is gone
                told.sendall(CODE.pack(os.waitstatus_to_exitcode(status)))
            told.close()


def _bell() -> int:
    """A pipe that can be read when a child has ended."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    return reading


def receive(control: socket.socket) -> tuple[bytes, list[int]]:
    """One message with its descriptors; nothing when the other end is closed, or gone with something unread."""
    try:
        data, descriptors, _flags, _address = socket.recv_fds(control, LENGTH.size, 2)
    except ConnectionResetError:
        return b"", []
    if len(data) < LENGTH.size:
        return b"", []
    left = min(LENGTH.unpack(data)[0], _MOST_JOB)
    whole = bytearray()
    while left and (piece := control.recv(left)):
        whole += piece
        left -= len(piece)
    return (b"" if left else bytes(whole)), descriptors


def main() -> None:
    """Load what reads, leave what is not needed, say which guards are missing, and wait for files."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=int(sys.argv[1]))
    for module in sys.argv[2:]:
        importlib.import_module(module)
    gdal.keep_our_drivers()
    network = not guards.leave_the_network()
    said = msgspec.msgpack.encode(guards.missing_guards(network=network))
    try:
        control.sendall(LENGTH.pack(len(said)) + said)
        _Forking(control).serve()
    except BrokenPipeError:
        return


if __name__ == "__main__":
    main()
