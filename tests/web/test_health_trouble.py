"""What the reader meets while the database is away or busy: 503 in Swedish, what was typed kept, and no half saves."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.apps import application
from tests.conftest import _fill_template
from tests.deploy.cluster import Cluster, own_cluster
from tests.projects.form_page import open_form
from tracker import database
from tracker.accounts.queries import find_user
from tracker.extensions import db
from tracker.projects.models import Project
from tracker.web.health_trouble import Trouble, trouble_of

TYPED = "Kajen & <torget>\nandra raden"
HOLDER = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
held.execute("ROLLBACK")
"""


class _FakeError(Exception):
    sqlstate: str | None = None


def _fault(kind: type[DBAPIError], said: str, sqlstate: str | None = None, *, gone: bool = False) -> DBAPIError:
    orig = type("Fault", (_FakeError,), {"__module__": "psycopg.errors" if sqlstate or gone else "sqlite3"})(said)
    orig.sqlstate = sqlstate
    return kind("SELECT 1", {}, orig, connection_invalidated=gone)


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (_fault(OperationalError, "database is locked"), Trouble.BUSY),
        (_fault(OperationalError, "database or disk is full"), Trouble.FULL),
        (_fault(OperationalError, "attempt to write a readonly database"), Trouble.AWAY),
        (_fault(OperationalError, "unable to open database file"), Trouble.AWAY),
        (_fault(OperationalError, "no such table: project"), None),
        (_fault(OperationalError, "terminating connection", "57P01"), Trouble.AWAY),
        (_fault(OperationalError, "too many clients", "53300"), Trouble.AWAY),
        (_fault(OperationalError, "starting up", "57P03"), Trouble.AWAY),
        (_fault(OperationalError, "connection failure", "08006"), Trouble.AWAY),
        (_fault(OperationalError, "deadlock detected", "40P01"), Trouble.BUSY),
        (_fault(OperationalError, "lock timeout", "55P03"), Trouble.BUSY),
        (_fault(OperationalError, "no space left", "53100"), Trouble.FULL),
        (_fault(DBAPIError, "could not serialize", "40001"), Trouble.BUSY),
        (_fault(InterfaceError, "the connection is closed", gone=True), Trouble.AWAY),
        (_fault(IntegrityError, "duplicate key", "23505"), None),
        (_fault(DBAPIError, "relation does not exist", "42P01"), None),
        (PoolTimeoutError("QueuePool limit"), Trouble.BUSY),
        (ValueError("x"), None),
        (None, None),
    ],
)
def test_the_kind_of_trouble(error: BaseException | None, trouble: Trouble | None) -> None:
    assert trouble_of(error) is trouble


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with own_cluster() as started:
        yield started


@pytest.fixture(scope="module")
def stoppable_url(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    from sqlalchemy import create_engine, text

    engine = create_engine(cluster.url_of("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE stoppable"))
    engine.dispose()
    _fill_template(cluster.url_of("stoppable"), tmp_path_factory.mktemp("state"))
    return cluster.url_of("stoppable")


def signed_in(app: Flask) -> FlaskClient:
    browser = app.test_client()
    with app.app_context():
        user = find_user(db.session(), "manager@prov.se")
        assert user is not None
        mark = user.fs_uniquifier
    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = mark, True
    return browser


def typed_form(browser: FlaskClient, name: str) -> MultiDict[str, str]:
    page = open_form(browser, "/projekt/ny")
    assert page.status == 200
    fields = MultiDict(page.fields)
    fields.update({"csrf_token": _token(page.text)})
    for key, value in (("name", name), ("description_public", TYPED), ("main_kind", "bostad")):
        fields.setlist(key, [value])
    return fields


def _token(text: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text)
    assert found is not None
    return found[1]


def given_back(answer: TestResponse) -> tuple[str, MultiDict[str, str]]:
    """The address and the fields of the form on the page that says that the database is away."""
    from html.parser import HTMLParser

    class Reader(HTMLParser):
        action, area = "", ""
        fields: MultiDict[str, str] = MultiDict()

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            given = {name: value or "" for name, value in attrs}
            if tag == "form":
                self.action = given["action"]
            elif tag == "input":
                self.fields.add(given["name"], given["value"])
            elif tag == "textarea":
                self.area = given["name"]
                self.fields.add(self.area, "")

        def handle_data(self, data: str) -> None:
            if self.area:
                values = self.fields.getlist(self.area)
                self.fields.setlist(self.area, [*values[:-1], values[-1] + data])

        def handle_endtag(self, tag: str) -> None:
            if tag == "textarea":
                values = self.fields.getlist(self.area)
                # As a browser reads it: the first line break after the tag is no part of the text.
                self.fields.setlist(self.area, [*values[:-1], values[-1].removeprefix("\n")])
                self.area = ""

    reader = Reader()
    reader.fields = MultiDict()
    reader.feed(answer.text)
    return reader.action, reader.fields


def count_named(app: Flask, name: str) -> int:
    with app.app_context():
        found = db.session().scalar(select(func.count()).select_from(Project).where(Project.name == name))
        return int(found or 0)


def same(one: MultiDict[str, str], other: MultiDict[str, str]) -> bool:
    def plain(fields: MultiDict[str, str]) -> list[tuple[str, str]]:
        return sorted((key, value.replace("\r\n", "\n")) for key, value in fields.items(multi=True))

    return plain(one) == plain(other)


def test_a_database_that_is_gone_and_back_loses_nothing(cluster: Cluster, stoppable_url: str, tmp_path: Path) -> None:
    with application(stoppable_url, tmp_path, WTF_CSRF_ENABLED=True) as app:
        browser = signed_in(app)
        fields = typed_form(browser, "Borta och åter")
        cluster.stop()
        try:
            for address in ("/projekt", "/", "/finns-inte", "/karta", "/karta/data?zoom=10"):
                answer = browser.get(address)
                assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10"), address
                assert answer.headers["Cache-Control"] == "no-store"
                assert "Registret är inte tillgängligt just nu" in answer.text
                assert "öppnas av sig själv" in answer.text
            assert browser.get("/api/v1/projects").get_json()["status"] == 503
            assert browser.get("/healthz").status_code == 200
            ready = browser.get("/readyz")
            assert (ready.status_code, ready.get_json()["checks"]["database"]["state"]) == (503, "failed")
            sent = browser.post("/projekt/ny", data=fields)
            assert sent.status_code == 503
            assert "inget är förlorat" in sent.text
        finally:
            cluster.start()
        assert browser.get("/readyz").status_code == 200
        assert browser.get("/projekt").status_code == 200
        assert browser.get("/karta/data?zoom=10").status_code == 200
        address, kept = given_back(sent)
        assert address == "/projekt/ny"
        assert same(kept, fields)
        assert count_named(app, "Borta och åter") == 0
        for _ in range(2):
            assert browser.post(address, data=kept).status_code == 302
        assert count_named(app, "Borta och åter") == 1
        with app.app_context():
            stored = db.session().scalar(select(Project).where(Project.name == "Borta och åter"))
            assert stored is not None
            assert stored.description_public.replace("\r\n", "\n") == TYPED


def test_a_database_that_says_nothing_is_not_ready_in_time(
    cluster: Cluster, stoppable_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.web.health_checks.DATABASE_SECONDS", 0.2)
    with application(stoppable_url, tmp_path, WTF_CSRF_ENABLED=True) as app:
        client = app.test_client()
        assert client.get("/readyz").status_code == 200
        cluster.freeze()
        try:
            answer = client.get("/readyz")
            assert answer.status_code == 503
            assert answer.get_json()["checks"]["database"]["reason"] == "Databasen svarar inte i tid."
            assert client.get("/healthz").status_code == 200
        finally:
            cluster.thaw()
        monkeypatch.setattr("tracker.web.health_checks.DATABASE_SECONDS", 60)
        assert client.get("/readyz").status_code == 200


def test_a_connection_that_was_cut_is_replaced_unseen(cluster: Cluster, stoppable_url: str, tmp_path: Path) -> None:
    with application(stoppable_url, tmp_path, WTF_CSRF_ENABLED=True) as app:
        client = app.test_client()
        assert client.get("/projekt").status_code == 200
        cluster.stop()
        cluster.start()
        assert client.get("/projekt").status_code == 200


def test_a_password_is_not_put_into_the_page(cluster: Cluster, stoppable_url: str, tmp_path: Path) -> None:
    with application(stoppable_url, tmp_path, WTF_CSRF_ENABLED=True) as app:
        client = app.test_client()
        token = _token(client.get("/logga-in").text)
        cluster.stop()
        try:
            sent = {"email": "manager@prov.se", "password": "mycket hemligt lösen", "csrf_token": token}
            answer = client.post("/logga-in", data=sent)
        finally:
            cluster.start()
    assert answer.status_code == 503
    assert "mycket hemligt" not in answer.text
    assert "manager@prov.se" not in answer.text
    assert "Gå tillbaka" in answer.text


@contextmanager
def held_by_another_process(path: str) -> Iterator[None]:
    """Another program writes to the file all the while."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        assert holder.stdout.readline() == b"held\n"
        yield
        holder.stdin.close()
        assert holder.wait() == 0


def test_a_file_that_another_program_holds_is_busy_and_nothing_is_half_saved(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MILLISECONDS", 50)
    path = tmp_path / "held.db"
    path.write_bytes(sqlite_template.read_bytes())
    with application(f"sqlite:///{path}", tmp_path, WTF_CSRF_ENABLED=True) as app:
        browser = signed_in(app)
        fields = typed_form(browser, "Upptagen fil")
        with held_by_another_process(str(path)):
            assert browser.get("/projekt").status_code == 200
            assert browser.get("/readyz").status_code == 200
            sent = browser.post("/projekt/ny", data=fields)
            assert sent.status_code == 503
            assert "Databasen är upptagen" in sent.text
        assert count_named(app, "Upptagen fil") == 0
        address, kept = given_back(sent)
        assert same(kept, fields)
        assert browser.post(address, data=kept).status_code == 302
        assert count_named(app, "Upptagen fil") == 1
