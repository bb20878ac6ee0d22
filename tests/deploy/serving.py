"""The product as it runs: `portfoljkartan serve` in a process of its own, and what it says on stderr."""

from __future__ import annotations

import http.client
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

SECRET = "only-for-the-tests"
WAIT_SECONDS = 180.0
"""How long a test waits before it says that something never came; nothing depends on how soon it comes."""


def free_port() -> int:
    """A port that nobody has just now."""
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass
class Answer:
    """Of a question asked over a connection of its own."""

    status: int
    headers: dict[str, str]
    body: bytes
    cookies: dict[str, str] = field(default_factory=dict)
    """Those that the answer sets."""

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def ask(port: int, path: str, method: str = "GET", body: str | None = None, **headers: str) -> Answer:
    """A question as a program asks it; `_` in a header's name stands for a hyphen."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT_SECONDS)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    with closing(connection):
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        given = [(name.lower(), text) for name, text in answer.getheaders()]
        set_ = [text.partition(";")[0].partition("=") for name, text in given if name == "set-cookie"]
        return Answer(answer.status, dict(given), answer.read(), {name: value for name, _equals, value in set_})


@dataclass
class Server:
    """A running server. `lines` are those of stderr that have been read so far."""

    process: subprocess.Popen[bytes]
    port: int
    lines: list[str] = field(default_factory=list)
    _rest: bytes = b""

    def ask(self, path: str, method: str = "GET", body: str | None = None, **headers: str) -> Answer:
        return ask(self.port, path, method, body, **headers)

    def events(self) -> list[dict[str, Any]]:
        """The lines of the log so far, as the objects that they are; what `serve` itself says before is for people."""
        self.read(0)
        return [json.loads(line) for line in self.lines if not line.startswith("Varning: ")]

    def read(self, seconds: float) -> None:
        """Take in what stderr has, waiting at most so long for more."""
        stream: IO[bytes] | None = self.process.stderr
        assert stream is not None
        while select.select([stream], [], [], seconds)[0]:
            found = os.read(stream.fileno(), 65536)
            if not found:
                return
            *whole, self._rest = (self._rest + found).split(b"\n")
            self.lines += [line.decode("utf-8") for line in whole]
            seconds = 0

    def wait_for(self, words: str) -> str:
        """The first line of stderr that has the words in it."""
        end = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < end:
            found = next((line for line in self.lines if words in line), None)
            if found is not None:
                return found
            self.read(0.2)
        raise AssertionError(f"{words!r} never came; stderr:\n" + "\n".join(self.lines[-40:]))

    def workers(self) -> list[int]:
        """The processes that answer."""
        main = self.process.pid
        return [int(one) for one in Path(f"/proc/{main}/task/{main}/children").read_text("ascii").split()]

    def stop(self) -> int:
        """Ask it to end, as systemd does, and wait; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(WAIT_SECONDS)


def environment(url: str, state: Path, port: int, **further: str) -> dict[str, str]:
    """Of a server in production."""
    return {
        "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "SECRET_KEY": SECRET, "DATABASE_URL": url,
        "STATE_DIR": str(state), "PORT": str(port), "LOG_FORMAT": "json", "GRACEFUL_SECONDS": "30",
    } | further  # fmt: skip


@contextmanager
def serving(url: str, state: Path, command: list[str] | None = None, **further: str) -> Iterator[Server]:
    """A server that answers; ended afterwards, by force if it must be."""
    port = free_port()
    words = command or [str(Path(sys.executable).with_name("portfoljkartan")), "serve"]
    process = subprocess.Popen(
        words, env=environment(url, state, port, **further), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        cwd=Path(__file__).resolve().parent.parent.parent, process_group=0,
    )  # fmt: skip
    server = Server(process, port)
    try:
        _wait_until_it_answers(server)
        yield server
        assert server.stop() == 0, "\n".join(server.lines[-40:])
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        assert process.stderr is not None
        process.stderr.close()


def _wait_until_it_answers(server: Server) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end:
        server.read(0.1)
        if server.process.poll() is not None:
            raise AssertionError("the server ended:\n" + "\n".join(server.lines))
        try:
            if server.ask("/healthz").status == 200:
                return
        except OSError:
            continue
    raise AssertionError("the server never answered:\n" + "\n".join(server.lines))
