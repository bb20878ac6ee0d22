"""Conflicts in the wizard and in the shell: both values shown, whose stands is chosen, nothing written unasked."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.imports.files import write_csv
from tests.imports.walk import apply, fields_of, send_file, text_of, walk_to_plan
from tests.shell import run
from tracker.accounts.roles import Role
from tracker.history.models import Origin
from tracker.history.services import Actor
from tracker.measures.models import MainKind
from tracker.projects.inputs import ProjectInput, SecretInput
from tracker.projects.models import Project
from tracker.projects.policies import SYSTEM_RIGHTS
from tracker.projects.services import change_project, register_project

SignIn = Callable[[Role], FlaskClient]
ANNA = Actor(name="Anna Berg", origin=Origin.FORM, at=datetime(2005, 5, 2, 8, 30, tzinfo=UTC))
HEADERS = ("Kod", "Namn", "Länk", "Beskrivning", "Version")
COUNT = 3


@pytest.fixture
def manager(sign_in: SignIn) -> FlaskClient:
    return sign_in(Role.MANAGER)


def given(number: int, name: str = "", **more: object) -> ProjectInput:
    named = {"name": name or f"Projekt {number}", "link": "https://a.se", "description_public": "Som det var."}
    return ProjectInput(code=f"P-{number}", main_kind=MainKind.HOUSING, **(named | more))  # type: ignore[arg-type]


@pytest.fixture
def file(session: Session, tmp_path: Path) -> Path:
    """A file of version 1 with another name in every row, after a colleague gave the first two new names."""
    for number in range(COUNT):
        made = register_project(session, given(number), ANNA, SYSTEM_RIGHTS)
        session.flush()
        if number < 2:
            change_project(session, made, given(number, f"Annas {number}"), 1, ANNA, SYSTEM_RIGHTS)
    session.commit()
    rows = [(f"P-{number}", f"Filens {number}", "https://a.se", "Som det var.", 1) for number in range(COUNT)]
    return write_csv(tmp_path / "ur-registret.csv", rows, HEADERS, encoding="utf-8")


def names(session: Session) -> list[str]:
    session.expire_all()
    session.rollback()
    return list(session.scalars(select(Project.name).order_by(Project.code)))


def conflicts(client: FlaskClient, token: str) -> TestResponse:
    return client.get(f"/import/{token}/plan?visa=konflikter")


def settle(client: FlaskClient, token: str, **chosen: str) -> TestResponse:
    page = conflicts(client, token)
    action = re.search(r'action="(/import/[^"]*/konflikter[^"]*)"', page.text)
    assert action
    fields = fields_of(page, action[1])
    return client.post(action[1], data=fields | chosen, follow_redirects=True)


def test_both_values_are_shown_with_who_and_when(manager: FlaskClient, file: Path) -> None:
    token = send_file(manager, file)
    told = text_of(walk_to_plan(manager, token))
    assert "0 nya projekt, 1 ändras, 0 oförändrade, 0 avvisas, 2 konflikter." in told
    assert "Namn Annas 0 Anna Berg, 2005-05-02 10.30 Filens 0" in told
    assert "Filen utgår från version 1, registret har version 2." in told
    assert "2 projekt är ändrade både i filen och i registret. Välj vad som ska gälla" in told
    assert "Genomför: skriv" not in told
    page = conflicts(manager, token)
    assert page.text.count('type="radio"') == 4
    # Enter in a radio button presses the first button of its form: never the one that settles all.
    first = re.search(r"<button\b[^>]*>", page.text.split('class="import-conflicts"')[1])
    assert first is not None
    assert "name=" not in first[0]
    assert "checked" not in page.text.split('class="import-conflicts"')[1].split("</form>")[0]


def test_one_is_kept_and_one_is_taken(manager: FlaskClient, session: Session, file: Path) -> None:
    token = send_file(manager, file)
    walk_to_plan(manager, token)
    half = settle(manager, token, **{"rad-2": "register"})
    assert "1 projekt är ändrat både i filen och i registret." in text_of(half)
    assert 'id="rad-2-register" value="register" checked' in half.text
    done = settle(manager, token, **{"rad-3": "fil"})
    assert "2 konflikter (avgjorda)" in text_of(done)
    assert "Genomför: skriv 2 projekt" in text_of(done)
    answer = apply(manager, token, done)
    assert answer.headers["Location"].endswith("/klart")
    assert names(session) == ["Annas 0", "Filens 1", "Filens 2"]


@pytest.mark.parametrize(("side", "kept"), [("register", "Annas"), ("fil", "Filens")])
def test_one_word_settles_all(manager: FlaskClient, session: Session, file: Path, side: str, kept: str) -> None:
    token = send_file(manager, file)
    walk_to_plan(manager, token)
    done = settle(manager, token, alla=side)
    apply(manager, token, done)
    assert names(session) == [f"{kept} 0", f"{kept} 1", "Filens 2"]


def test_a_choice_can_be_changed_until_the_plan_is_applied(manager: FlaskClient, session: Session, file: Path) -> None:
    token = send_file(manager, file)
    walk_to_plan(manager, token)
    settle(manager, token, alla="fil")
    done = settle(manager, token, alla="register")
    apply(manager, token, done)
    assert names(session) == ["Annas 0", "Annas 1", "Filens 2"]


def test_an_open_conflict_is_never_applied(manager: FlaskClient, session: Session, file: Path) -> None:
    token = send_file(manager, file)
    page = walk_to_plan(manager, token)
    for more in ({}, {"leave_refused": "y"}):
        answer = apply(manager, token, page, **more)
        assert answer.status_code == 422
        assert "2 rader är ändrade både i filen och i registret." in text_of(answer)
    assert names(session) == ["Annas 0", "Annas 1", "Projekt 2"]


def test_a_save_between_the_choice_and_the_word_is_a_conflict_anew(
    manager: FlaskClient, session: Session, file: Path
) -> None:
    token = send_file(manager, file)
    walk_to_plan(manager, token)
    done = settle(manager, token, alla="fil")
    one = session.scalars(select(Project).where(Project.code == "P-0")).one()
    change_project(session, one, given(0, "Annas nyaste"), 2, ANNA, SYSTEM_RIGHTS)
    session.commit()
    answer = apply(manager, token, done)
    told = text_of(manager.get(answer.headers["Location"]))
    assert "Annas nyaste" in told
    assert "1 projekt är ändrat både i filen och i registret." in told
    assert names(session)[0] == "Annas nyaste"


def test_a_stale_page_of_choices_is_not_taken(manager: FlaskClient, session: Session, file: Path) -> None:
    token = send_file(manager, file)
    walk_to_plan(manager, token)
    answer = settle(manager, token, fingerprint="annan", alla="fil")
    assert "2 projekt är ändrade både i filen och i registret." in text_of(answer)
    assert "Se över den nya planen" in answer.text


def test_a_word_that_is_no_side_settles_nothing(manager: FlaskClient, file: Path) -> None:
    token = send_file(manager, file)
    walk_to_plan(manager, token)
    answer = settle(manager, token, alla="hacka", **{"rad-2": "fil:9", "rad-99": "fil"})
    assert "2 projekt är ändrade både i filen och i registret." in text_of(answer)


def test_what_is_hidden_from_the_importer_is_in_no_conflict(
    manager: FlaskClient, session: Session, tmp_path: Path
) -> None:
    secret = (SecretInput("description_public", "OSL 19 kap. 3 §"),)
    made = register_project(
        session, given(0, description_public="Zebrahemligt", secret_fields=secret), ANNA, SYSTEM_RIGHTS
    )
    session.flush()
    hidden = given(0, "Annas 0", description_public="Zebrahemligt", secret_fields=secret)
    change_project(session, made, hidden, 1, ANNA, SYSTEM_RIGHTS)
    session.commit()
    path = write_csv(tmp_path / "a.csv", [("P-0", "Filens", "https://a.se", "Gissning", 1)], HEADERS)
    token = send_file(manager, path)
    page = walk_to_plan(manager, token)
    assert "Namn Annas 0 Anna Berg" in text_of(page)
    assert "Zebrahemligt" not in page.text
    assert "Beskrivning" not in text_of(page).split("Vad som skiljer")[1].split("Genomför")[0]
    apply(manager, token, settle(manager, token, alla="fil"))
    session.rollback()
    assert session.scalars(select(Project.description_public)).all() == ["Zebrahemligt"]


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        ((), None),
        (("--on-conflict", "stopp"), None),
        (("--leave-refused",), ["Annas 0", "Annas 1", "Filens 2"]),
        (("--on-conflict", "register"), ["Annas 0", "Annas 1", "Filens 2"]),
        (("--on-conflict", "fil"), ["Filens 0", "Filens 1", "Filens 2"]),
    ],
)
def test_the_shell_refuses_conflicts_unless_a_side_is_named(
    session: Session, file: Path, database_url: str, tmp_path: Path, options: tuple[str, ...], kept: list[str] | None
) -> None:
    session.rollback()
    refused = tmp_path / "avvisade.csv"
    words = ("import", "projects", str(file), "--refused", str(refused), *options)
    done = run(*words, DATABASE_URL=database_url, STATE_DIR=str(tmp_path))
    if kept is None:
        assert done.returncode == 1
        assert "Konflikt: rad 2, P-0: Namn: filen säger ”Filens 0”, registret har ”Annas 0” (Anna Berg, " in done.stderr
        assert "3 rader: 0 nya, 1 ändras, 0 oförändrade, 0 avvisas, 2 konflikter." in done.stdout
        assert "Välj med --on-conflict register eller --on-conflict fil." in done.stderr
        assert refused.read_text("utf-8-sig").count("Ändrat både i filen och i registret") == 2
    else:
        assert done.returncode == 0, done.stderr
    assert names(session) == (kept or ["Annas 0", "Annas 1", "Projekt 2"])
