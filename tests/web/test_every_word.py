"""Every word of every page comes from a catalogue or from the register: English has no hole."""

from __future__ import annotations

import os
from collections.abc import Callable

import flask_babel
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.english import in_english
from tests.exports.planted import open_and_close, put
from tests.web.spoken import Marking, data_texts, unknown, unmarked
from tests.web.walking import questions
from tracker.accounts.roles import Role
from tracker.history.services import Actor
from tracker.projects.examples import seed_examples

SWEDISH_BY_NATURE = ("handbook.",)
"""What is written in Swedish as a whole."""
FEWEST = 60


@pytest.mark.parametrize("role", [None, Role.MANAGER, Role.ADMIN])
def test_every_word_of_every_page_can_be_translated(
    app: Flask,
    session: Session,
    actor: Actor,
    client: FlaskClient,
    sign_in: Callable[[Role], FlaskClient],
    role: Role | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seed_examples(session, actor)
    open_and_close(session, put(session, actor), actor)
    data = data_texts(session)
    session.rollback()
    browser = in_english(sign_in(role) if role else client)
    monkeypatch.setattr(flask_babel.Domain, "get_translations", lambda _domain: Marking())
    found, pages = dict[str, list[str]](), 0
    for question in questions(app, known=True, methods=frozenset({"GET"})):
        if question.endpoint.startswith(SWEDISH_BY_NATURE) or not question.address.startswith(
            os.environ.get("ONLY_PAGES", "/")
        ):
            continue
        with browser.get(question.address) as answer:
            if answer.mimetype == "text/html" and not {"Content-Disposition", "Location"} & set(answer.headers.keys()):
                pages += 1
                for one in sorted(unknown(unmarked(answer.get_data(as_text=True)), data)):
                    found.setdefault(one, []).append(question.address)
    told = "\n".join(f"{one!r}  {where[0]} ({len(where)})" for one, where in sorted(found.items()))
    assert told == ""
    assert pages >= (FEWEST if role else 15)
