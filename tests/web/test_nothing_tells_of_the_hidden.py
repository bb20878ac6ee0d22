"""A hidden project is answered as one that never was: to the byte, and with as many questions to the database."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from tests.accounts.bearing import bearing
from tests.exports.planted import open_and_close, put
from tests.maps.test_print import words_of
from tests.web.looking import asked, watch
from tests.web.walking import CODE, questions
from tracker.accounts.roles import Role
from tracker.accounts.services import create_user
from tracker.extensions import db
from tracker.history.services import Actor
from tracker.projects.models import Project
from tracker.projects.vocabulary import Publication

SignIn = Callable[[Role], FlaskClient]
CONFIDENTIAL, DRAFT = CODE, "D-1"
NEVER = "N-1"
"""As long as the others: what echoes it has as many bytes."""
NAMES = ("q", "kod", "ids", "parent", "utkast", "kopia")
DRAWN = re.compile(
    r'nonce[-="]+[\w-]+|name="csrf_token" value="[^"]+"|csrf[^,;<>]*|[A-Za-z0-9_.-]{80,}|"timeStamp":"[^"]+"'
    r"|\b\d{4}-\d\d-\d\dT[\d:.]+Z?\b|<code>[0-9a-f]{8}</code>"
)
KEPT_HEADERS = frozenset({"Content-Type", "Location", "Cache-Control", "Vary", "Allow", "Content-Disposition"})


@dataclass(frozen=True, slots=True)
class Told:
    """An answer without what is drawn by lot and without the code that was asked for."""

    status: int
    text: str
    headers: dict[str, str]
    statements: int


def told(answer: Any, code: str, statements: int) -> Told:
    body = answer.get_data()
    # A sheet says what was searched for, packed and in letters of its own.
    text = words_of(body) if answer.mimetype == "application/pdf" else body.decode("utf-8", "replace")
    text = DRAWN.sub("", text).replace(code, "KOD")
    # In small letters it may end another word ("omraden-1999").
    text = re.sub(rf"(?<![a-zåäö]){code.lower()}(?!\d)", "KOD", text)
    headers = {name: value.replace(code, "KOD") for name, value in answer.headers if name in KEPT_HEADERS}
    return Told(answer.status_code, text, headers, statements)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements sent to any database."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield sent
    event.remove(Engine, "before_cursor_execute", note)


def answer_of(browser: FlaskClient, method: str, address: str, code: str) -> Told:
    """Asked twice, and the first not counted: it may fill what is kept between questions."""
    one = address.replace(CODE, code)
    browser.open(one, method=method).close()
    with counted() as sent:
        answer = browser.open(one, method=method)
    return told(answer, code, len(sent))


def differences(browser: FlaskClient, codes: tuple[str, ...], method: str, address: str) -> list[str]:
    """How what is answered about hidden projects differs from what is answered about one that never was."""
    if CODE not in address:
        browser.open(address, method=method).close()
        return []
    never, found = answer_of(browser, method, address, NEVER), []
    for code in codes:
        one = answer_of(browser, method, address, code)
        if one != never:
            parts = [name for name in Told.__slots__ if getattr(one, name) != getattr(never, name)]
            counts = f"{one.status} and {never.status}, {one.statements} and {never.statements} statements"
            where = f"{method} {address.replace(CODE, code)}: {', '.join(parts)} ({counts})"
            found.append(f"{where} {_apart(one.text, never.text)}")
    return found


def _apart(one: str, other: str) -> str:
    """Where two texts begin to differ."""
    at = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), 0)
    return f"{one[max(at - 40, 0) : at + 40]!r} and {other[max(at - 40, 0) : at + 40]!r}"


def tells(app: Flask, browser: FlaskClient, codes: tuple[str, ...]) -> list[str]:
    """Every difference, at everything that names a project in its path or in its query."""
    watch(app)
    found: list[str] = []
    queries = [f"?{name}={CODE}" for name in NAMES]
    for question in questions(app, known=True):
        if question.method in ("HEAD", "OPTIONS") or question.endpoint == "security.login":
            continue
        ask = partial(differences, browser, codes, question.method)
        if CODE in question.address:
            found += ask(question.address)
        elif question.method == "GET" and not question.address.startswith("/static"):
            for _address, those in asked(ask, question.address, queries):
                found += those
    return found


@pytest.fixture
def hidden(app: Flask, actor: Actor) -> None:
    """A project that became confidential and one that became a draft, both in an open period and in a closed one."""
    with app.app_context():
        session: Session = db.session()
        first, second = put(session, actor), put(session, actor, DRAFT)
        open_and_close(session, first, actor)
        session.get_one(Project, first.id).confidential = True
        session.get_one(Project, second.id).publication = Publication.DRAFT
        session.commit()


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    """A manager whose projects they are not."""
    with app.app_context():
        user = create_user(db.session(), "annan@prov.se", "Annan Prov", Role.MANAGER, "ett långt lösenord")
        db.session.commit()
        mark = user.fs_uniquifier
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = mark, True
    return browser


@pytest.mark.usefixtures("hidden")
@pytest.mark.parametrize("who", ["nobody", "reader", "another manager", "a reader's program"])
def test_a_hidden_project_is_as_if_it_never_was(
    app: Flask, client: FlaskClient, sign_in: SignIn, stranger: FlaskClient, who: str
) -> None:
    """For nobody a draft is hidden too."""
    browsers = {"nobody": lambda: client, "reader": lambda: sign_in(Role.READER), "another manager": lambda: stranger}
    browser = browsers[who]() if who in browsers else bearing(app, Role.READER)
    found = tells(app, browser, (CONFIDENTIAL, DRAFT) if who == "nobody" else (CONFIDENTIAL,))
    assert not found, "\n".join(found)


def test_only_what_a_view_looks_at_is_asked(app: Flask, client: FlaskClient) -> None:
    watch(app)
    for address, queries, matter in (
        ("/projekt", ["?finnsinte=1", "?q=x"], ["?q=x"]),
        ("/healthz", ["?q=x"], []),
        # Every name is looked through for one that is unknown.
        ("/ogc/collections/projects/items", ["?finnsinte=1"], ["?finnsinte=1"]),
    ):
        found = [one for one, _answer in asked(client.get, address, queries)]
        assert found == [address, *(address + query for query in matter)]


@pytest.mark.usefixtures("hidden")
def test_a_difference_would_be_found(client: FlaskClient, sign_in: SignIn) -> None:
    ask = partial(differences, sign_in(Role.CONTROLLER), (CONFIDENTIAL,), "GET")
    assert ask(f"/projekt/{CODE}")[0].startswith(f"GET /projekt/{CODE}: status, text")
    assert ask(f"/projekt?q={CODE}")
    assert partial(differences, sign_in(Role.READER), (DRAFT,), "GET")(f"/karta/data?q={CODE}")
