"""The real server: what its processes count together, how it ends, and that a slow client stops nobody."""

from __future__ import annotations

import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import Engine, create_engine, text

from tests.conftest import PASSWORD
from tests.deploy.serving import WAIT_SECONDS, Answer, Server, free_port, serving
from tests.programs import need_program
from tests.projects.form_page import read_page
from tests.web.test_health_trouble import HOLDER

ROOT = Path(__file__).resolve().parent.parent.parent
TOKEN = "a" * 40
NO_QUESTION_OF_THE_DATABASE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
UNDER_WAY = "portfoljkartan_requests_in_progress"


def numbers(server: Server) -> dict[str, float]:
    answer = server.ask("/metrics", Authorization=f"Bearer {TOKEN}")
    assert answer.status == 200
    lines = (line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in lines}


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait for something that another process does."""
    end = time.monotonic() + WAIT_SECONDS
    pause = threading.Event()
    while not holds():
        assert time.monotonic() < end, f"never: {what}"
        pause.wait(0.05)


def field_of(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found is not None, name
    return found[1]


class Person:
    """A browser that keeps its cookies."""

    def __init__(self, server: Server) -> None:
        self.server, self.cookies = server, dict[str, str]()

    def ask(self, path: str, fields: dict[str, str] | list[tuple[str, str]] | None = None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = None if fields is None else urlencode(fields)
        answer = self.server.ask(path, "GET" if fields is None else "POST", body, **headers)
        self.cookies |= answer.cookies
        return answer

    def sign_in(self, email: str = "manager@prov.se", password: str = PASSWORD) -> Answer:
        token = field_of(self.ask("/logga-in").text, "csrf_token")
        return self.ask("/logga-in", {"email": email, "password": password, "csrf_token": token})

    def new_project(self, name: str) -> list[tuple[str, str]]:
        """The fields that a browser sends for a new project with nothing but a name and a kind."""
        page: Any = SimpleNamespace(text=self.ask("/projekt/ny").text)
        given = {"name": name, "main_kind": "bostad"}
        sent = read_page(page).fields.items(multi=True)
        return [pair for pair in sent if pair[0] not in given] + list(given.items())


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """The test's own way into the database."""
    made = create_engine(database_url)
    yield made
    made.dispose()


@contextmanager
def writing_blocked(database_url: str, engine: Engine) -> Iterator[None]:
    """Nobody else can save while the block lasts: what is sent then waits in the middle of its work."""
    if engine.dialect.name == "sqlite":
        path = str(engine.url.database)
        with subprocess.Popen(
            [sys.executable, "-c", HOLDER, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as holder:
            assert holder.stdin is not None
            assert holder.stdout is not None
            assert holder.stdout.readline() == b"held\n"
            yield
            holder.stdin.close()
        return
    with engine.begin() as connection:
        connection.execute(text("LOCK TABLE history_entry IN ACCESS EXCLUSIVE MODE"))
        yield


def waits(server: Server, engine: Engine) -> Callable[[], bool]:
    """Whether a save has come as far as where it is blocked."""
    if engine.dialect.name == "sqlite":
        # It holds the file open and waits inside BEGIN; in the numbers, it is being answered.
        # Twice, for the question before can still be on its way out.
        return lambda: min(numbers(server)[UNDER_WAY] for _ in range(3)) >= 2

    def asked() -> bool:
        with engine.connect() as connection:
            found = connection.execute(
                text("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'history_entry'::regclass")
            )
            return bool(found.scalar())

    return asked


def count_named(engine: Engine, name: str) -> int:
    with engine.connect() as connection:
        return int(
            connection.execute(text("SELECT count(*) FROM project WHERE name = :name"), {"name": name}).scalar() or 0
        )


def test_the_processes_count_together_and_start_from_nothing(database_url: str, tmp_path: Path) -> None:
    counted = 'portfoljkartan_requests_total{method="GET",rule="/projekt",status="200"}'
    for _ in range(2):
        with serving(database_url, tmp_path, METRICS_TOKEN=TOKEN) as server:
            assert len(server.workers()) == 2
            with ThreadPoolExecutor(8) as pool:
                answers = list(pool.map(lambda _: server.ask("/projekt").status, range(40)))
            assert answers == [200] * 40
            # An answer is counted when it has been sent, which its reader can be before.
            until(lambda server=server: numbers(server)[counted] == 40, "every answer to be counted")  # type: ignore[misc]
            found = numbers(server)
            assert found['portfoljkartan_request_seconds_count{method="GET",rule="/projekt"}'] == 40
            until(lambda server=server: numbers(server)[UNDER_WAY] == 1, "only this to be under way")  # type: ignore[misc]
            assert found["portfoljkartan_projects"] == 0
            folder = tmp_path / "run" / "metrics"
            assert len({re.sub(r".*_(\d+)\.db", r"\1", one.name) for one in folder.iterdir()}) == 2
            assert server.ask("/metrics").status == 401


def test_a_process_that_dies_is_replaced_and_what_it_counted_stays(database_url: str, tmp_path: Path) -> None:
    import os

    with serving(database_url, tmp_path, METRICS_TOKEN=TOKEN, WEB_CONCURRENCY="1") as server:
        assert server.ask("/projekt").status == 200
        counted = 'portfoljkartan_requests_total{method="GET",rule="/projekt",status="200"}'
        until(lambda: numbers(server).get(counted) == 1, "the answer to be counted")
        (first,) = server.workers()
        os.kill(first, signal.SIGKILL)
        until(lambda: server.workers() not in ([first], []), "a new process")
        until(lambda: _answers(server), "an answer of the new process")
        found = numbers(server)
        assert found[counted] == 1
        until(lambda: numbers(server)[UNDER_WAY] == 1, "only this to be under way")


def _answers(server: Server) -> bool:
    try:
        return server.ask("/healthz").status == 200
    except OSError:
        return False


def test_every_line_on_stderr_is_an_object_without_people(database_url: str, tmp_path: Path) -> None:
    with serving(database_url, tmp_path, LOG_LEVEL="DEBUG") as server:
        person = Person(server)
        assert person.sign_in().status == 302
        answer = server.ask("/projekt?q=hemligtord", User_Agent="hemligtord", X_Request_ID="abcdefgh12345678")
        server.ask("/healthz")
        with closing(socket.create_connection(("127.0.0.1", server.port))) as odd:
            odd.sendall(b"hemligtord\r\n\r\n")
            odd.recv(1000)
        server.wait_for("/healthz")
        events = server.events()
    number = answer.headers["x-request-id"]
    assert number != "abcdefgh12345678"
    (line,) = [one for one in events if one.get("request_id") == number]
    assert (line["rule"], line["status"], line["logger"]) == ("/projekt", 200, "tracker.requests")
    assert {one["logger"] for one in events} >= {"gunicorn.error", "tracker.requests"}
    everything = "\n".join(server.lines)
    for word in ("hemligtord", "prov.se", PASSWORD, '127.0.0.1"'):
        assert word not in everything


def test_what_is_under_way_is_finished_when_the_server_is_asked_to_stop(
    database_url: str, engine: Engine, tmp_path: Path
) -> None:
    with serving(database_url, tmp_path) as server:
        person = Person(server)
        person.sign_in()
        body = urlencode(person.new_project("Sparas klart")).encode()
        cookies = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
        head = (
            f"POST /projekt/ny HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\nContent-Length: {len(body)}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
        )
        with closing(socket.create_connection(("127.0.0.1", server.port), timeout=WAIT_SECONDS)) as slow:
            slow.sendall(head.encode() + body[:20])
            assert server.ask("/projekt").status == 200
            server.process.send_signal(signal.SIGTERM)
            server.wait_for("Handling signal: term")
            slow.sendall(body[20:])
            answer = slow.recv(10_000).decode()
        assert answer.startswith("HTTP/1.1 302"), answer
        assert server.stop() == 0
    assert count_named(engine, "Sparas klart") == 1


def test_a_process_that_is_killed_in_the_midst_of_a_save_has_saved_nothing(
    database_url: str, engine: Engine, tmp_path: Path
) -> None:
    import os

    with serving(database_url, tmp_path, METRICS_TOKEN=TOKEN, WEB_CONCURRENCY="1") as server:
        person = Person(server)
        person.sign_in()
        fields = person.new_project("Dödas mitt i")
        (worker,) = server.workers()
        with writing_blocked(database_url, engine), ThreadPoolExecutor(1) as pool:
            sent = pool.submit(person.ask, "/projekt/ny", fields)
            until(waits(server, engine), "the save to be blocked")
            os.kill(worker, signal.SIGKILL)
            # A file that has been held for too long is answered as busy before the process could be killed.
            with suppress(OSError):
                assert sent.result(WAIT_SECONDS).status == 503
        until(lambda: _answers(server), "a new process")
        assert count_named(engine, "Dödas mitt i") == 0
        assert person.ask("/projekt/ny", fields).status == 302
        assert count_named(engine, "Dödas mitt i") == 1


@pytest.fixture(scope="module")
def any_server(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One for tests of what comes over the wire, which ask nothing of the database that another would not answer."""
    folder = tmp_path_factory.mktemp("server")
    shutil.copy(sqlite_template, folder / "wire.db")
    with serving(f"sqlite:///{folder / 'wire.db'}", folder) as server:
        yield server


def test_slow_clients_stop_nobody_as_long_as_a_thread_is_free(any_server: Server) -> None:
    server = any_server
    with ExitStack() as slow:
        trickles = [slow.enter_context(closing(socket.create_connection(("127.0.0.1", server.port)))) for _ in range(3)]
        for one in trickles:
            one.sendall(b"GET /projekt HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        for _ in range(10):
            for one in trickles:
                one.sendall(b"x")
            assert server.ask("/projekt").status == 200
        for one in trickles:
            one.sendall(b"\r\nConnection: close\r\n\r\n")
            assert one.recv(12) == b"HTTP/1.1 200"


def test_connections_that_say_nothing_hold_no_thread(any_server: Server) -> None:
    with ExitStack() as silent:
        for _ in range(40):
            silent.enter_context(closing(socket.create_connection(("127.0.0.1", any_server.port))))
        assert any_server.ask("/projekt").status == 200


def test_questions_that_are_too_large_are_refused(any_server: Server) -> None:
    assert any_server.ask("/projekt?q=" + "x" * 8000).status == 200
    assert any_server.ask("/projekt?q=" + "x" * 9000).status == 414
    assert any_server.ask("/projekt", X_Long="x" * 9000).status == 431
    assert any_server.ask("/projekt", **{f"X_{number}": "x" for number in range(70)}).status == 431
    assert any_server.ask("/projekt").status == 200


@contextmanager
def redis_running(port: int) -> Iterator[subprocess.Popen[bytes]]:
    command = ["redis-server", "--port", str(port), "--save", "", "--appendonly", "no"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        until(lambda: _listens(port), "Redis")
        try:
            yield process
        finally:
            process.kill()


def _listens(port: int) -> bool:
    with closing(socket.socket()) as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def test_attempts_are_counted_together_and_redis_gone_stops_nobody(database_url: str, tmp_path: Path) -> None:
    need_program("redis-server", "redis-server")
    port = free_port()
    with (
        redis_running(port) as redis,
        serving(database_url, tmp_path, RATELIMIT_STORAGE_URI=f"redis://127.0.0.1:{port}/0") as server,
    ):
        checks = server.ask("/readyz").json
        assert (checks["status"], checks["checks"]["shared_limits"]) == ("ready", {"state": "ok"})
        person = Person(server)
        statuses = [person.sign_in("ingen@prov.se", "fel lösenord").status for _ in range(12)]
        assert statuses == [200] * 10 + [429] * 2
        redis.kill()
        redis.wait()
        answer = server.ask("/readyz")
        assert (answer.status, answer.json["status"]) == (200, "degraded")
        assert answer.json["checks"]["shared_limits"]["state"] == "degraded"
        assert Person(server).sign_in().status == 302
        again = [Person(server).sign_in("ingen@prov.se", "fel lösenord").status for _ in range(21)]
        assert set(again) <= {200, 429}
        assert 429 in again


@NO_QUESTION_OF_THE_DATABASE
def test_a_socket_of_systemds_is_taken_over(database_url: str, tmp_path: Path, backend: str) -> None:
    need_program("systemd-socket-activate", "systemd")
    path = tmp_path / "web.sock"
    port = free_port()
    script = str(Path(sys.executable).with_name("portfoljkartan"))
    from tests.deploy import serving as module

    env = module.environment(database_url, tmp_path, free_port())
    # Of the environment the program passes on what it is told to.
    passed = [word for name in env for word in ("-E", name)]
    command = [
        "systemd-socket-activate", "-l", str(path), "-l", f"127.0.0.1:{port}", *passed, script, "serve",
    ]  # fmt: skip
    said = tmp_path / "said.txt"
    with said.open("wb") as stdout:
        process = subprocess.Popen(command, env=env, stdout=stdout, stderr=subprocess.PIPE, cwd=ROOT)
    server = Server(process, port)
    try:
        until(path.exists, "the socket")
        assert server.ask("/healthz").status == 200
        assert f"körs på unix:{path} och http://127.0.0.1:{port} (" in said.read_text("utf-8")
        assert env["PORT"] not in said.read_text("utf-8")
        with closing(socket.socket(socket.AF_UNIX)) as one:
            one.connect(str(path))
            one.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            assert one.recv(12) == b"HTTP/1.1 200"
        assert server.stop() == 0
    finally:
        process.kill()
        process.wait()
        assert process.stderr is not None
        process.stderr.close()


@NO_QUESTION_OF_THE_DATABASE
@pytest.mark.parametrize(("trusted", "scheme"), [("0", "http"), ("1", "https")])
def test_gunicorn_believes_no_header_that_the_settings_do_not(
    database_url: str, tmp_path: Path, backend: str, trusted: str, scheme: str
) -> None:
    """By itself it takes the scheme from whoever asks from the same machine."""
    with serving(database_url, tmp_path, TRUSTED_PROXIES=trusted) as server:
        told = server.ask("/ogc?f=json", X_Forwarded_Proto="https", SCRIPT_NAME="/annan").json
        assert {one["href"].partition(":")[0] for one in told["links"] if "/ogc" in one["href"]} == {scheme}
        assert not any("annan" in one["href"] for one in told["links"])


@NO_QUESTION_OF_THE_DATABASE
def test_the_example_with_settings_of_ones_own_runs(database_url: str, tmp_path: Path, backend: str) -> None:
    command = [sys.executable, "-m", "gunicorn", "-c", str(ROOT / "docs/drift/exempel/gunicorn.conf.py")]
    with serving(database_url, tmp_path, command, METRICS_TOKEN=TOKEN) as server:
        assert server.ask("/readyz").json["status"] == "ready"
        assert numbers(server)[UNDER_WAY] >= 1


def test_the_settings_of_the_server() -> None:
    code = (
        "import json, tracker.cli.running_gunicorn as one;"
        "print(json.dumps({k: getattr(one, k) for k in "
        "('threads', 'workers', 'graceful_timeout', 'max_requests', 'max_requests_jitter', 'keepalive', 'timeout')}))"
    )
    env = {"PATH": "/usr/bin:/bin", "SECRET_KEY": "x" * 20, "WEB_THREADS": "6", "GRACEFUL_SECONDS": "90"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True, cwd=ROOT)
    found: dict[str, Any] = __import__("json").loads(done.stdout)
    assert found == {
        "threads": 6, "workers": 2, "graceful_timeout": 90, "max_requests": 100_000, "max_requests_jitter": 20_000,
        "keepalive": 65, "timeout": 120,
    }  # fmt: skip
