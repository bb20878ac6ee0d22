"""A form takes what it shows and nothing else, whoever sends it and whatever is sent along.

Every form of every page is sent twice by every role: as it stands, and with the name of every column that any table
has. Both would keep the same rows, history included.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from tests.accounts.bearing import bearing
from tests.exports.planted import CODE, open_and_close, put
from tests.web.kept_writes import Rows, never_kept, restart_numbers
from tests.web.page_forms import PageForm, forms_of
from tests.web.walking import ENDS, questions
from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.database import Base
from tracker.extensions import db
from tracker.history.services import Actor
from tracker.projects.models import Project

SignIn = Callable[[Role], FlaskClient]
WORDS = {"roles": "admin", "role": "admin", "publication": "publicerad", "state": "stangd", "origin": "kommando",
         "email": "jag@prov.se", "action": "", "kind": "trafik", "locked": "y"}  # fmt: skip
"""What is sent under names for which a number is no attack."""
FURTHER = ("role", "roles", "is_admin", "is_example", "owner", "outcome", "budget", "budget_ore", "outcome_ore",
           "actor", "user", "publish", "publicera", "published", "force", "locked", "closed_by", "created_by",
           "permissions", "scopes", "_method", "__class__", "__dict__")  # fmt: skip
LATER = {"projects"}
"""Names of columns that are also fields which a page adds rows of when they are chosen (the projects of an insats)."""
HEAVY = frozenset({"reports.close_now"})
"""Writes a file of every format, each time."""
UNKNOWN = "Uppgiften finns inte i beskrivningen."
"""The reason of a member that the document does not have."""
REACHED = {Role.MANAGER: {"projects.new_project", "projects.edit_project", "initiatives.add_initiative"}}
"""Forms that each role must have got something kept by, or the test would compare nothing."""


def attacks(form: PageForm) -> MultiDict[str, str]:
    """Every name of a column that the form has no control for, alone and in each of its rows."""
    names = {column.name for table in Base.metadata.sorted_tables for column in table.columns} | set(FURTHER)
    names -= LATER
    rows = {found[1] for name in form.controls if (found := re.fullmatch(r"(.+-\d+-)[a-z_]+", name))}
    sent: MultiDict[str, str] = MultiDict()
    for start in ["", *sorted(rows)]:
        for name in sorted(names):
            if f"{start}{name}" not in form.controls:
                sent.add(f"{start}{name}", WORDS.get(name, "1"))
    return sent


def filled(form: PageForm) -> MultiDict[str, str]:
    """The form with something in each field that must have it."""
    fields = MultiDict(form.fields)
    for name in form.empty:
        fields[name] = f"{name}@prov.se" if "email" in name else "2005" if "year" in name else "Prov"
    return fields


def all_forms(app: Flask, browser: FlaskClient) -> Iterator[tuple[str, PageForm]]:
    """(endpoint, form) of every form on every page that can be opened, each kind once."""
    seen = set()
    adapter = app.url_map.bind("localhost")
    for question in questions(app, known=True, methods=frozenset({"GET"})):
        answer = browser.get(question.address)
        if answer.mimetype != "text/html":
            continue
        for form in forms_of(answer.text, question.address):
            try:
                endpoint = str(adapter.match(form.action.partition("?")[0], method="POST")[0])
            except HTTPException:
                continue
            kind = (endpoint, frozenset(re.sub(r"\d+", "0", name) for name in form.controls))
            if form.method == "post" and endpoint not in ENDS | HEAVY and kind not in seen:
                seen.add(kind)
                yield endpoint, form


def kept_by(app: Flask, ask: Callable[[], Any]) -> tuple[list[Rows], int]:
    """What a question would have kept at each commit, and its status."""
    with app.app_context():
        restart_numbers(db.session())
        db.session.commit()
    with never_kept() as kept:
        answer = ask()
    return kept, answer.status_code


def differences(plain: list[Rows], attacked: list[Rows]) -> list[str]:
    if len(plain) != len(attacked):
        return [f"{len(plain)} commits and {len(attacked)}"]
    found = []
    for one, other in zip(plain, attacked, strict=True):
        for name in one:
            gone, come = set(one[name]) - set(other[name]), set(other[name]) - set(one[name])
            if gone or come:
                found.append(f"{name}: {sorted(gone)[:1]} → {sorted(come)[:1]}")
    return found


def plant(app: Flask, actor: Actor) -> None:
    """The register, with the manager of the tests as the project's."""
    with app.app_context():
        session: Session = db.session()
        project = put(session, actor)
        project.manager_id = session.scalar(select(User.id).where(User.email == "manager@prov.se"))
        session.commit()
        open_and_close(session, project, actor)


@pytest.mark.parametrize("role", list(Role))
def test_what_is_sent_along_changes_nothing(app: Flask, actor: Actor, sign_in: SignIn, role: Role) -> None:
    plant(app, actor)
    browser, wrong, reached = sign_in(role), [], set()
    for endpoint, form in all_forms(app, browser):
        fields = filled(form)
        plain, status = kept_by(app, partial(browser.post, form.action, data=fields))
        more = MultiDict([*fields.items(multi=True), *attacks(form).items(multi=True)])
        attacked, answered = kept_by(app, partial(browser.post, form.action, data=more))
        if plain:
            reached.add(endpoint)
        wrong += [f"{endpoint} {form.action}: {one}" for one in differences(plain, attacked)]
        if status != answered:
            wrong.append(f"{endpoint} {form.action}: {status} and {answered}")
    assert wrong == []
    assert REACHED.get(role, set()) <= reached


@pytest.mark.parametrize("role", list(Role))
def test_a_program_is_told_of_every_member_that_is_none_of_its_own(app: Flask, actor: Actor, role: Role) -> None:
    """Unknown members are refused, or change nothing; those of the document that are only read, likewise."""
    plant(app, actor)
    program, wrong = bearing(app, role), []
    told = program.get(f"/api/v1/projects/{CODE}")
    document, mark = told.get_json(), told.headers["ETag"]
    names = {column.name for table in Base.metadata.sorted_tables for column in table.columns} | set(FURTHER)
    for name in sorted(names - set(document)):
        for value in (1, "admin", True):
            with never_kept() as kept:
                answer = program.patch(f"/api/v1/projects/{CODE}", json={name: value}, headers={"If-Match": mark})
            if answer.status_code not in (403, 422) or kept:
                wrong.append((name, value, answer.status_code))
            if UNKNOWN in answer.text or role is Role.READER:
                break  # it was refused without a look at the value
    assert wrong == []


@pytest.mark.parametrize("role", [Role.READER, Role.MANAGER])
def test_a_form_made_by_hand_gets_no_further_than_the_role(
    app: Flask, actor: Actor, sign_in: SignIn, role: Role
) -> None:
    """The controller's forms, sent by those who are shown none of them."""
    plant(app, actor)
    controller, browser = sign_in(Role.CONTROLLER), sign_in(role)
    with app.app_context():
        before = db.session().scalars(select(Project.publication)).all()
    mine = {endpoint for endpoint, _form in all_forms(app, browser)}
    for endpoint, form in all_forms(app, controller):
        if endpoint not in mine:
            kept, status = kept_by(app, partial(browser.post, form.action, data=filled(form)))
            assert kept == [], (endpoint, form.action)
            assert 400 <= status < 500, (endpoint, form.action)
    with app.app_context():
        assert db.session().scalars(select(Project.publication)).all() == before
