"""Starting and stopping the product and its rivals on ports of this machine, two workers each."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import make_url

from benchmarks.databases import environment

HERE = Path(__file__).resolve().parent
WORKERS = "2"
PATIENCE_SECONDS = 90.0


@dataclass(frozen=True, slots=True)
class Server:
    """How a server is started, and the address of its features before "&bbox=…"."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    address: str
    ours: bool = False

    def url(self, box: str, kind: str = "", further: str = "") -> str:
        """The address of what meets the box."""
        chosen = f"&kind={kind}" if kind else ""
        return f"{self.address}bbox={box}{chosen}{further if self.ours else '&limit=10000'}"


def servers(url: str, state: Path, programs: Mapping[str, Path], scratch: Path) -> list[Server]:
    """The product, one SQL statement and ready text over bare WSGI, and the three rivals."""
    where = _where(url)
    own = Path(sys.executable).parent / "gunicorn"
    product = environment(url, state) | {"WEB_CONCURRENCY": WORKERS}
    return [
        Server("ours", _gunicorn(own, 8105, "tracker.wsgi:app"), product, "http://127.0.0.1:8105/karta/data?", True),
        *_bare(own, where),
        _tipg(programs["tipg"], where),
        _pygeoapi(programs["pygeoapi"], where, scratch),
        Server(
            "GeoDjango", _gunicorn(programs["geodjango"] / "gunicorn", 8103, "geodjango_app:application"), where,
            "http://127.0.0.1:8103/items?",
        ),
    ]  # fmt: skip


def _where(url: str) -> dict[str, str]:
    parts = make_url(url)
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    place = {"RIVAL_HOST": parts.query["host"], "RIVAL_PORT": parts.query["port"], "RIVAL_DATABASE": parts.database}
    return kept | {name: str(value) for name, value in place.items()}


def _gunicorn(program: Path, port: int, app: str) -> tuple[str, ...]:
    words = ("-w", WORKERS, "-b", f"127.0.0.1:{port}", "--timeout", "120", "--log-level", "error")
    return (str(program), *words, app)


def _bare(program: Path, where: Mapping[str, str]) -> list[Server]:
    command = _gunicorn(program, 8104, "sql_app:application")
    built = Server("SQL statement", command, where, "http://127.0.0.1:8104/built?")
    return [built, Server("ready text", (), where, "http://127.0.0.1:8104/ready?")]


def _tipg(programs: Path, where: Mapping[str, str]) -> Server:
    host = quote(where["RIVAL_HOST"], safe="")
    settings = {
        "DATABASE_URL": f"postgresql://postgres:none@{host}:{where['RIVAL_PORT']}/{where['RIVAL_DATABASE']}",
        "TIPG_DB_SCHEMAS": '["rival"]',
        "TIPG_DB_EXCLUDE_FUNCTION_SCHEMAS": '["public","pg_temp"]',
        "TIPG_CATALOG_TTL": "86400",
    }
    words = ("tipg.main:app", "--workers", WORKERS, "--host", "127.0.0.1", "--port", "8102", "--no-access-log")
    command = (str(programs / "uvicorn"), *words, "--log-level", "error")
    address = "http://127.0.0.1:8102/collections/rival.project/items?f=geojson&"
    return Server("TiPg", command, {**where, **settings}, address)


def _pygeoapi(programs: Path, where: Mapping[str, str], scratch: Path) -> Server:
    settings = {"PYGEOAPI_CONFIG": str(HERE / "pygeoapi.yml"), "PYGEOAPI_OPENAPI": str(scratch / "openapi.yml")}
    both = {**where, **settings}
    write: list[str | Path] = [
        programs / "pygeoapi",
        "openapi",
        "generate",
        HERE / "pygeoapi.yml",
        "--output-file",
        scratch / "openapi.yml",
    ]
    subprocess.run(write, env=both, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    command = _gunicorn(programs / "gunicorn", 8101, "pygeoapi.flask_app:APP")
    return Server("pygeoapi", command, both, "http://127.0.0.1:8101/collections/project/items?f=json&")


@contextmanager
def running(chosen: list[Server], scratch: Path, box: str) -> Iterator[None]:
    """All of them, each answering before anything is measured; stopped by their own process groups."""
    started = [_start(server, scratch) for server in chosen if server.command]
    try:
        for server in chosen:
            _wait(server.url(box))
        yield
    finally:
        for process in started:
            os.killpg(process.pid, signal.SIGTERM)
        for process in started:
            process.wait(30)


def _start(server: Server, scratch: Path) -> subprocess.Popen[bytes]:
    folder = Path.cwd() if server.ours else HERE
    log = (scratch / f"{server.name.replace(' ', '-')}.log").open("wb")
    return subprocess.Popen(
        server.command, env=dict(server.environment), cwd=folder, stdout=log, stderr=log, start_new_session=True
    )


def _wait(address: str) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with urllib.request.urlopen(address) as answer:  # noqa: S310 - this machine
                answer.read()
                return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.3)
