"""Limits of tries shared by processes through a real Redis, and what becomes of them when it is gone."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.programs import need_program

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
TRY = """
import logging, sys
logging.basicConfig(level=logging.WARNING, format="%(name)s %(levelname)s %(message)s", stream=sys.stderr)
from config import from_environment
from tracker.app import create_app
app = create_app(from_environment() | {"WTF_CSRF_ENABLED": False})
browser = app.test_client()
def attempt(number):
    return browser.post("/logga-in", data={"email": f"{sys.argv[1]}{number}@prov.se", "password": "fel"}).status_code
"""


class Redis:
    """A server of the test's own on a socket of its own, which keeps nothing."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "redis.sock"
        self.url = f"redis+unix://{self.socket}"
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        words = ["redis-server", "--port", "0", "--unixsocket", str(self.socket), "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=self.socket.parent)
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if "eady to accept connections" in line:
                return
        pytest.fail("redis-server startade inte")

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            assert self.process.stdout is not None
            self.process.stdout.close()
            self.process = None


@pytest.fixture
def redis() -> Iterator[Redis]:
    need_program("redis-server", "redis-server")
    # The path of a socket must be short.
    with tempfile.TemporaryDirectory(prefix="pk-redis-") as folder:
        server = Redis(Path(folder))
        server.start()
        yield server
        server.stop()


def run(code: str, name: str, url: str, database_url: str, folder: Path) -> tuple[list[str], str]:
    """Run tries in a process of their own; what it printed, and its log."""
    environment = {
        "PATH": os.environ["PATH"], "SECRET_KEY": "only-for-the-tests", "APP_ENV": "development",
        "DATABASE_URL": database_url, "STATE_DIR": str(folder), "RATELIMIT_STORAGE_URI": url,
        # A day, so that no test depends on how fast a process starts.
        "LOGIN_LIMIT": "10 per day",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", TRY + code, name], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split(), done.stderr


def test_two_processes_count_together(redis: Redis, database_url: str, tmp_path: Path) -> None:
    six = "print(*[attempt(number) for number in range(6)])"
    first, _log = run(six, "a", redis.url, database_url, tmp_path)
    second, _log = run(six, "b", redis.url, database_url, tmp_path)
    assert first == ["200"] * 6
    assert second == ["200"] * 4 + ["429"] * 2


def test_redis_that_is_gone_stops_nobody_and_is_said_once(redis: Redis, database_url: str, tmp_path: Path) -> None:
    code = f"""
import os, signal
print(*[attempt(number) for number in range(4)])
os.kill({redis.process.pid if redis.process else 0}, signal.SIGKILL)
print(*[attempt(number) for number in range(4, 16)])
print(browser.post("/logga-in", data={{"email": "manager@prov.se", "password": "ett långt lösenord"}}).status_code)
"""
    said, log = run(code, "a", redis.url, database_url, tmp_path)
    assert said == ["200"] * 14 + ["429"] * 2 + ["429"]
    assert log.count("Rate limit storage unreachable") == 1
    assert "Traceback" not in log


def test_redis_that_was_never_there_is_no_hindrance_either(database_url: str, tmp_path: Path, backend: str) -> None:
    # Another browser than the one that tries: whoever is signed in is led on.
    code = """
mine = {"email": "manager@prov.se", "password": "ett långt lösenord"}
print(app.test_client().post("/logga-in", data=mine).status_code)
print(*[attempt(number) for number in range(11)])
"""
    said, log = run(code, "a", f"redis+unix://{tmp_path}/ingen.sock", database_url, tmp_path)
    assert said == ["302"] + ["200"] * 10 + ["429"]
    assert log.count("Rate limit storage unreachable") == 1
