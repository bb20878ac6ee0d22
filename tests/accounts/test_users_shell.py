"""`portfoljkartan users`: the first administrator by a link, and no password where others can read it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from flask import Flask, has_app_context
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.accounts.account_history import list_notes
from tracker.accounts.models import User
from tracker.accounts.queries import find_user
from tracker.cli import accounts
from tracker.errors import DomainError
from tracker.extensions import db

WORD = "hästen åt upp läxan"
Shell = Callable[..., Result]


@pytest.fixture
def shell(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """The command against the test's own application."""
    monkeypatch.setattr(accounts, "create_app", lambda: app)

    def run(*words: str, given: str = "") -> Result:
        return CliRunner().invoke(accounts.users, list(words), input=given)

    return run


def user_of(session: Session, email: str) -> User:
    db.session.rollback()
    user = find_user(session, email)
    assert user is not None
    return user


def log_in(app: Flask, email: str, password: str = WORD) -> bool:
    done = app.test_client().post("/logga-in", data={"email": email, "password": password}).status_code == 302
    # The test's own context outlives the request, and with it the right to write that the command waits for.
    if has_app_context():
        db.session.rollback()
    return done


def test_the_first_administrator_gets_a_link(app: Flask, session: Session, shell: Shell) -> None:
    done = shell("create", "chef@staden.se", "--role", "admin", "--name", "Chefen")
    assert done.exit_code == 0
    found = re.search(r"http://127\.0\.0\.1:8000(/valj-losenord/\S+)", done.output)
    assert found is not None
    assert "sju dygn" in done.output
    person = app.test_client()
    onward = person.get(found[1]).headers["Location"]
    person.post(onward, data={"password": WORD, "password_confirm": WORD})
    assert log_in(app, "chef@staden.se")
    entry = list_notes(session, user_of(session, "chef@staden.se"))[-1]
    assert (entry.note, entry.actor_name, entry.origin.value) == ("Skapade kontot", "Kommandoraden", "kommando")


def test_the_link_has_the_public_address(app: Flask, shell: Shell) -> None:
    app.config["PUBLIC_URL"] = "https://portfolj.staden.example/karta"
    assert "https://portfolj.staden.example/karta/valj-losenord/" in shell("create", "a@staden.se").output
    done = shell("link", "manager@prov.se")
    assert "https://portfolj.staden.example/karta/valj-losenord/" in done.output
    assert "ett dygn" in done.output


@pytest.mark.parametrize(
    ("words", "given"),
    [(("--password-stdin",), f"{WORD}\n"), (("--ask-password",), f"{WORD}\n{WORD}\n"), (("--password", WORD), "")],
)
def test_a_password_can_be_piped_asked_for_or_at_worst_written(
    app: Flask, shell: Shell, words: tuple[str, ...], given: str
) -> None:
    done = shell("create", "a@staden.se", *words, given=given)
    assert (done.exit_code, WORD in done.output, "valj-losenord" in done.output) == (0, False, False)
    assert log_in(app, "a@staden.se")


def test_help_warns_of_the_written_one(shell: Shell) -> None:
    assert "Avråds" in shell("create", "--help").output


def test_two_ways_at_once_are_wrong_usage(shell: Shell) -> None:
    assert shell("create", "a@staden.se", "--password-stdin", "--password", WORD).exit_code == 2


def test_a_bad_password_makes_no_account(session: Session, shell: Shell) -> None:
    done = shell("create", "anna@staden.se", "--name", "Anna", "--password-stdin", given="anna@staden.se\n")
    assert isinstance(done.exception, DomainError)
    db.session.rollback()
    assert session.scalar(select(User).where(User.email == "anna@staden.se")) is None


def test_everything_that_the_pages_change(app: Flask, session: Session, shell: Shell) -> None:
    mark = user_of(session, "manager@prov.se").fs_uniquifier
    words = ("--role", "controller", "--name", "Bo Ek", "--email", "bo@staden.se", "--password-stdin")
    assert shell("update", "manager@prov.se", *words, given=f"{WORD}\n").exit_code == 0
    user = user_of(session, "bo@staden.se")
    assert ([role.name for role in user.roles], user.name, user.fs_uniquifier != mark) == (
        ["controller"],
        "Bo Ek",
        True,
    )
    assert log_in(app, "bo@staden.se")
    shell("update", "bo@staden.se", "--close")
    assert not log_in(app, "bo@staden.se")
    shell("update", "bo@staden.se", "--open")
    assert log_in(app, "bo@staden.se")
    user = user_of(session, "bo@staden.se")
    user.tf_primary_method, user.tf_totp_secret = "authenticator", "x"
    session.commit()
    shell("update", "bo@staden.se", "--drop-code", "--sign-out")
    assert user_of(session, "bo@staden.se").tf_totp_secret is None
    notes = [entry.note for entry in list_notes(session, user_of(session, "bo@staden.se"))]
    assert set(notes) == {
        "Ändrade roll", "Ändrade namn", "Ändrade e-postadress", "Bytte lösenord", "Stängde kontot",
        "Öppnade kontot igen", "Slog av inloggning med kod", "Loggade ut kontot överallt",
    }  # fmt: skip


def test_the_last_administrator_stays(session: Session, shell: Shell) -> None:
    for words in (("--close",), ("--role", "reader")):
        done = shell("update", "admin@prov.se", *words)
        assert "enda öppna konto" in str(done.exception)
    assert user_of(session, "admin@prov.se").active


def test_the_list(shell: Shell) -> None:
    done = shell("list")
    assert "manager@prov.se\tmanager\toppet\tProjektledare Prov" in done.output.splitlines()


def test_an_unknown_account_is_said(shell: Shell) -> None:
    for words in (("update", "ingen@staden.se", "--close"), ("link", "ingen@staden.se")):
        assert "finns inte" in str(shell(*words).exception)
