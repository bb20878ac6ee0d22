"""Every rule, method and role, and every way to fail: each answer carries the whole set of headers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.accounts.bearing import bearing
from tests.exports.planted import open_and_close, put
from tests.web.answers import lacks, nonce_of
from tests.web.walking import questions
from tracker.accounts.roles import Role
from tracker.history.services import Actor

SignIn = Callable[[Role], FlaskClient]
ROLES = (None, *Role)


@pytest.mark.parametrize("role", ROLES)
def test_every_answer_about_what_never_was(app: Flask, client: FlaskClient, sign_in: SignIn, role: Role | None) -> None:
    wrong, nonces = walk(app, opened_by(sign_in, role, client), known=False, signed_in=role is not None)
    assert "\n".join(wrong) == ""
    assert len(set(nonces)) == len(nonces) > 400


@pytest.mark.parametrize("role", ROLES)
def test_every_answer_about_what_is_there(
    app: Flask, session: Session, actor: Actor, client: FlaskClient, sign_in: SignIn, role: Role | None
) -> None:
    open_and_close(session, put(session, actor), actor)
    wrong, nonces = walk(app, opened_by(sign_in, role, client), known=True, signed_in=role is not None)
    assert "\n".join(wrong) == ""
    assert len(set(nonces)) == len(nonces) > 150


def opened_by(sign_in: SignIn, role: Role | None, client: FlaskClient) -> Callable[[], FlaskClient]:
    """What gives a browser of the role that nothing has been done in."""
    return partial(sign_in, role) if role else lambda: client


def walk(app: Flask, opened: Callable[[], FlaskClient], *, known: bool, signed_in: bool) -> tuple[list[str], list[str]]:
    """What the answers lack, and the nonce of each."""
    wrong, nonces, browser = [], [], opened()
    methods = frozenset({"GET"}) if known else None
    for question in questions(app, known=known, methods=methods):
        answer = browser.open(question.address, method=question.method)
        nonces.append(nonce_of(answer))
        wrong += [
            f"{question.method} {question.address} {answer.status_code}: {fault}"
            for fault in lacks(question, answer, signed_in=signed_in)
        ]
        answer.close()
        if question.method not in ("GET", "HEAD", "OPTIONS"):
            # It may have ended who is signed in.
            browser = opened()
    return wrong, nonces


@pytest.mark.parametrize("role", list(Role))
def test_every_answer_to_a_token(app: Flask, role: Role) -> None:
    program = bearing(app, role)
    wrong = []
    for question in questions(app, known=False, methods=frozenset({"GET", "PUT", "PATCH", "POST"})):
        if question.address.startswith(("/api", "/ogc", "/data", "/karta")):
            answer = program.open(question.address, method=question.method)
            wrong += [f"{question.method} {question.address}: {one}" for one in lacks(question, answer, signed_in=True)]
    assert "\n".join(wrong) == ""
