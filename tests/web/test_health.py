"""/healthz and /readyz: what they ask, what they tell to whom, and that nothing stands in their way."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.apps import AppAt, MakeApp
from tests.counting import counted_statements
from tracker.accounts.roles import Role
from tracker.extensions import db
from tracker.web import health_checks
from tracker.web.health_checks import Migrations, State, Timed, check_limits, check_space, judge_revisions

CODE = Migrations(frozenset({"0001", "0002", "0003"}), frozenset({"0003"}))


def test_it_lives_without_asking_the_database_even_for_somebody_signed_in(
    app: Flask, sign_in: Callable[[Role], FlaskClient]
) -> None:
    manager = sign_in(Role.MANAGER)
    with app.app_context(), counted_statements(db.engine) as statements:
        answer = manager.get("/healthz")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "alive"})
    assert statements == []
    assert answer.headers["Cache-Control"] == "no-store"


def test_it_is_ready_and_says_so_to_a_program(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.get_json() == {
        "status": "ready",
        "checks": {name: {"state": "ok"} for name in ("database", "migrations", "state_folder", "disk")},
    }
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Retry-After" not in answer.headers


def test_it_says_so_to_a_person_in_swedish(client: FlaskClient) -> None:
    answer = client.get("/readyz", headers={"Accept": "text/html,*/*;q=0.8"})
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.text.splitlines() == [
        "Portföljkartan: redo", "databas: i ordning", "migreringar: i ordning", "mapp för filer: i ordning",
        "ledigt på disken: i ordning",
    ]  # fmt: skip
    assert client.get("/healthz", headers={"Accept": "text/html"}).text == "Portföljkartan: igång\n"


@pytest.mark.parametrize("role", list(Role))
def test_versions_are_for_administrators(sign_in: Callable[[Role], FlaskClient], backend: str, role: Role) -> None:
    content = sign_in(role).get("/readyz").get_json()
    assert ("versions" in content) == (role is Role.ADMIN)
    if role is Role.ADMIN:
        assert set(content["versions"]) == {
            "portfoljkartan", "python", "migration", "sqlite" if backend == "sqlite" else "postgresql",
        }  # fmt: skip


def test_nothing_of_the_installation_is_told(app: Flask, client: FlaskClient, database_url: str) -> None:
    app.config["STATE_DIR"] = Path("/finns/inte/hos/oss")
    said = client.get("/readyz").text + client.get("/healthz").text
    for secret in (app.config["SECRET_KEY"], database_url, "/finns", "127.0.0.1", "postgres"):
        assert secret not in said


def test_a_folder_that_cannot_be_written_in_is_not_ready(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    app.config["STATE_DIR"] = tmp_path / "saknas"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    content = answer.get_json()
    assert content["status"] == "not-ready"
    assert content["checks"]["state_folder"] == {"state": "failed", "reason": "Det går inte att skriva i STATE_DIR."}
    assert content["checks"]["database"] == {"state": "ok"}
    told = client.get("/readyz", headers={"Accept": "text/plain"}).text
    assert told.startswith("Portföljkartan: inte redo\n")
    assert "mapp för filer: fel. Det går inte att skriva i STATE_DIR." in told


def test_a_full_disk_is_not_ready(app: Flask, client: FlaskClient) -> None:
    app.config["MIN_FREE_MB"] = 10**9
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "Mindre än 1000000000 MB" in answer.get_json()["checks"]["disk"]["reason"]


def test_the_free_space_is_that_of_each_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free = {tmp_path: 300 * 1024**2, tmp_path.parent: 100 * 1024**2}
    monkeypatch.setattr(health_checks, "_free", free.__getitem__)
    assert check_space({tmp_path}, 200).state is State.OK
    assert check_space({tmp_path, tmp_path.parent}, 200).state is State.FAILED
    assert check_space({tmp_path / "saknas"}, 200).state is State.OK


@pytest.mark.parametrize(
    ("found", "state", "words"),
    [
        ({"0003"}, State.OK, ""),
        ({"0004"}, State.OK, "nyare"),
        ({"0002"}, State.FAILED, "äldre"),
        ({"0001", "0003"}, State.FAILED, "äldre"),
        (set(), State.FAILED, "inte byggd"),
        ({"0000-annat"}, State.FAILED, "annat program"),
        ({"0002", "0004"}, State.OK, "nyare"),
    ],
)
def test_an_older_database_is_not_ready_and_a_newer_one_is(found: set[str], state: State, words: str) -> None:
    check = judge_revisions(frozenset(found), CODE)
    assert check.state is state
    assert words in check.reason


def test_a_database_that_is_not_built_is_not_ready(
    app_at: AppAt, tmp_path: Path, cluster_url: str, backend: str
) -> None:
    empty = f"sqlite:///{tmp_path / 'empty.db'}" if backend == "sqlite" else cluster_url.format(name="postgres")
    answer = app_at(empty).test_client().get("/readyz")
    assert answer.status_code == 503
    checks = answer.get_json()["checks"]
    assert checks["database"] == {"state": "ok"}
    assert "portfoljkartan migrate" in checks["migrations"]["reason"]


def test_a_database_that_cannot_be_opened_is_not_ready(app_at: AppAt) -> None:
    for url in ("sqlite:////finns/inte/x.db", "postgresql+psycopg://a@127.0.0.1:1/x"):
        app = app_at(url)
        answer = app.test_client().get("/readyz")
        assert answer.status_code == 503
        checks = answer.get_json()["checks"]
        assert checks["database"] == {"state": "failed", "reason": "Databasen nås inte."}
        assert "migrations" not in checks
        assert app.test_client().get("/healthz").status_code == 200


def test_a_question_that_is_never_answered_costs_one_thread() -> None:
    timed, free = Timed(), threading.Event()
    before = threading.active_count()
    for _ in range(3):
        with pytest.raises(TimeoutError):
            timed.ask(free.wait, 0.01)
        assert threading.active_count() == before + 1
    free.set()
    assert timed.ask(lambda: "åter", 60) == "åter"


def test_what_a_question_raises_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        Timed().ask(lambda: 1 // 0, 60)


def test_limits_that_are_not_counted_together_are_a_flaw_and_no_stop() -> None:
    def gone() -> bool:
        raise ConnectionError

    assert check_limits(lambda: True, Timed()).state is State.OK
    for reaches in (gone, lambda: False):
        check = check_limits(reaches, Timed())
        assert (check.state, "räknar försök för sig" in check.reason) == (State.DEGRADED, True)


def test_no_redirect_no_limit_and_no_cookie_stand_in_the_way(make_app: MakeApp) -> None:
    client = make_app(FORCE_HTTPS=True, RATELIMIT_ENABLED=True, API_LIMIT="1 per hour").test_client()
    answers = [client.get("/healthz", headers={"Authorization": "Bearer pk_okand"}) for _ in range(5)]
    assert {one.status_code for one in answers} == {200}
    assert not any("Set-Cookie" in one.headers for one in answers)
    assert client.get("/readyz").status_code == 200
    assert client.post("/healthz").status_code in (302, 405)
    assert client.head("/healthz").status_code == 200
