"""The planted word is not in the log of a run either, however much of it goes wrong; nobody else writes its lines."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from tests.accounts.bearing import bearing
from tests.apps import AppAt
from tests.conftest import Browser
from tests.exports.planted import CODE, WORD, open_and_close, put, told, traces
from tests.projects.form_page import open_form, send
from tests.web.walking import questions
from tracker.accounts.models import User
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role
from tracker.extensions import db
from tracker.history.services import Actor
from tracker.projects.models import Project
from tracker.web.logs import log_settings

SignIn = Callable[[Role], FlaskClient]
FORMS = ("json", "text")
INJECTED = 'Anna\r\n2005-05-02 CRITICAL tracker: påhittad rad\x1b[2J\u2028{"level":"CRITICAL"}'
"""A name that would begin a line of its own, clear a terminal, or pass for an event."""


@pytest.fixture(params=FORMS)
def log(request: pytest.FixtureRequest, app: Flask) -> Iterator[io.StringIO]:
    """What the server would write to stderr, from everything that is not below the level of the tests."""
    settings = log_settings({**app.config, "LOG_FORMAT": request.param})
    made = logging.config.DictConfigurator(settings)
    handler = logging.StreamHandler(stream := io.StringIO())
    handler.setFormatter(made.configure_formatter(settings["formatters"]["line"]))
    root, ours = logging.getLogger(), logging.getLogger("tracker")
    before = root.level, ours.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    ours.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before[0])
    ours.setLevel(before[1])


@pytest.fixture
def failing(app: Flask) -> Flask:
    """The application as it answers in production: what fails becomes a page with a reference."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


def browser_of(app: Flask, role: Role) -> FlaskClient:
    browser = app.test_client()
    with app.app_context():
        user = find_user(db.session(), f"{role.value}@prov.se")
        assert isinstance(user, User)
        mark = user.fs_uniquifier
    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = mark, True
    return browser


def plant(app: Flask, actor: Actor) -> None:
    with app.app_context():
        session: Session = db.session()
        open_and_close(session, put(session, actor), actor)


def in_log(log: io.StringIO) -> list[str]:
    text = told(log.getvalue().encode())
    return [trace for trace in traces() if trace in text]


def test_the_log_of_every_question_tells_nothing(failing: Flask, actor: Actor, log: io.StringIO) -> None:
    """Asked by those who see it all, with the word in the address too."""
    plant(failing, actor)
    browser = browser_of(failing, Role.ADMIN)
    for question in questions(failing, known=True, methods=frozenset({"GET", "POST"})):
        if question.method == "GET":
            browser.get(f"{question.address}?q={WORD}").close()
        else:
            browser.post(question.address, data={"name": WORD, "comment": WORD, "kod": WORD}).close()
    assert "/projekt/<kod>" in log.getvalue()
    assert in_log(log) == []


def test_writes_that_are_refused_and_that_fail_tell_nothing(
    failing: Flask, actor: Actor, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(failing, actor)
    browser, address = browser_of(failing, Role.CONTROLLER), f"/projekt/{CODE}/redigera"
    page = open_form(browser, address)
    assert send(browser, address, page, name="").status == 422
    assert send(browser, address, page, description_internal=WORD, name="Ett").status == 302
    assert send(browser, address, page, description_internal=f"{WORD} två", name="Två").status == 409
    again = open_form(browser, address)
    monkeypatch.setitem(failing.view_functions, "projects.edit_project", fail_in_the_database)
    answer = send(browser, address, again, name="Tre")
    assert answer.status == 500
    assert [trace for trace in traces() if trace in told(answer.answer.data)] == []
    assert "reference" in log.getvalue()
    assert in_log(log) == []


def test_a_program_that_fails_tells_nothing(
    failing: Flask, actor: Actor, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(failing, actor)
    program = bearing(failing, Role.CONTROLLER)
    address = f"/api/v1/projects/{CODE}"
    mark = {"If-Match": program.get(address).headers["ETag"]}
    assert program.patch(address, json={"finns inte": WORD}, headers=mark).status_code == 422
    assert program.patch(address, json={"name": WORD * 100}, headers=mark).status_code == 422
    assert program.patch(
        address, data=f'{{"name": "{WORD}', headers=mark, content_type="application/json"
    ).status_code in (400, 422)
    monkeypatch.setitem(failing.view_functions, "api.patch", fail_in_the_database)
    failed = program.patch(address, json={"description_internal": WORD}, headers=mark)
    assert failed.status_code == 500
    assert [trace for trace in traces() if trace in told(failed.data)] == []
    assert in_log(log) == []


def fail_in_the_database(*_args: Any, **_kwargs: Any) -> None:
    """A row that the database refuses: it would tell the values of the whole row, and the statement's."""
    session = db.session()
    code = session.scalar(select(Project.code))
    session.execute(insert(Project).values(code=code, name=WORD, description_internal=WORD))


def test_files_that_cannot_be_read_tell_nothing(failing: Flask, actor: Actor, log: io.StringIO) -> None:
    plant(failing, actor)
    browser = browser_of(failing, Role.MANAGER)
    for name, content in (
        (f"{WORD}.csv", f"Kod;Namn\n{CODE};{WORD}\n".encode()), (f"{WORD}.xlsx", WORD.encode()),
        (f"{WORD}.geojson", f'{{"type": "{WORD}"'.encode()), (f"{WORD}.zip", b"PK" + WORD.encode()),
        (f"{WORD}.gpkg", b"SQLite format 3\x00" + WORD.encode() * 50), (f"{INJECTED}.csv", b"\xff\xfe" + WORD.encode()),
    ):  # fmt: skip
        for address in ("/import", "/projekt/form-ur-fil"):
            answer = browser.post(address, data={"file": (io.BytesIO(content), name)})
            assert answer.status_code < 500
    assert in_log(log) == []


def test_nobody_writes_a_line_of_the_log(
    failing: Flask, request: pytest.FixtureRequest, log: io.StringIO, actor: Actor
) -> None:
    plant(failing, actor)
    client = failing.test_client()
    client.post("/logga-in", data={"email": INJECTED, "password": INJECTED, "next": INJECTED}).close()
    client.get("/finns-inte/" + INJECTED.replace("\r\n", "%0D%0A")).close()
    client.get("/projekt", query_string={"q": INJECTED}).close()
    client.get(
        "/projekt", headers={"User-Agent": "x\x1b[2J", "X-Request-ID": "påhittad\x1b[2J", "Referer": "\x1b]0;x"}
    ).close()
    client.open("/projekt", method="P\x1b[2J").close()
    logging.getLogger("tracker.prov").warning("namn: %s", INJECTED)
    logging.getLogger("annans").error("någon annans: %s", INJECTED)
    lines = log.getvalue().splitlines()
    assert len(lines) >= 6
    whole = log.getvalue()
    assert not {sign for sign in whole if not (sign.isprintable() or sign == "\n")}
    if "log[json]" in request.node.name or whole.startswith("{"):
        told_lines = [json.loads(line) for line in whole.split("\n") if line]
        assert all(one["level"] != "CRITICAL" for one in told_lines)
    else:
        assert not any(line.startswith("2005-05-02 CRITICAL") for line in whole.split("\n"))


def test_a_run_without_a_database_tells_no_password(app_at: AppAt, log: io.StringIO) -> None:
    """The address of the database stands in what its driver says."""
    app = app_at(f"postgresql+psycopg://anna:{WORD}@127.0.0.1:1/finns_inte", PROPAGATE_EXCEPTIONS=False)
    app.test_client_class = Browser
    assert app.test_client().get("/projekt").status_code >= 500
    assert in_log(log) == []
