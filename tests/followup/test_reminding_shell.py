"""`period remind` as a shell meets it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.followup.test_reminding_mail import people, period, post, results
from tests.mail_servers import Post
from tests.shell import run
from tracker.accounts.models import User
from tracker.followup.models import Period

__all__ = ["people", "period", "post"]
Command = Callable[..., CompletedProcess[str]]


@pytest.fixture
def remind(app: Flask, database_url: str, tmp_path: Path) -> Command:
    """Run `period remind` on the test's database, with the mail settings of the app under test."""

    def command(*words: str, **env: str) -> CompletedProcess[str]:
        names = ("MAIL_SERVER", "MAIL_PORT", "MAIL_DEFAULT_SENDER", "PUBLIC_URL")
        settings = {name: str(app.config[name]) for name in names if app.config[name]}
        return run("period", "remind", *words, DATABASE_URL=database_url, STATE_DIR=str(tmp_path), **(settings | env))

    return command


def test_dry_run_then_send_then_not_again(
    post: Post, people: dict[str, User], period: Period, remind: Command, session: Session
) -> None:
    dry = remind("2005-04", "--dry-run")
    assert (dry.returncode, dry.stderr) == (0, "")
    assert "Till: Anna Åkesson <anna@staden.se>" in dry.stdout
    assert "https://portfolj.staden.example/karta/uppfoljning/perioder/2005-T1/rapportera/P3" in dry.stdout
    assert "Hemligt bygge" not in dry.stdout
    assert dry.stdout.endswith("2 brev. Inget är skickat.\n")
    assert (post.letters, results(session)) == ([], {})
    session.rollback()
    sent = remind("2005-T1")
    assert (sent.returncode, sent.stdout) == (0, "2 påminnelser är skickade.\n")
    assert results(session) == {"anna@staden.se": "", "bo@staden.se": ""}
    session.rollback()
    assert "2 var redan påminda i dag" in remind("2005-T1").stdout
    post.refused = {"bo@staden.se"}
    again = remind("2005-T1", "--again")
    assert again.returncode == 1
    assert "1 påminnelse är skickad." in again.stdout
    assert "bo@staden.se: E-postservern tar inte emot adressen" in again.stderr
    assert len(post.letters) == 3


def test_what_is_missing_is_told(people: dict[str, User], period: Period, remind: Command, session: Session) -> None:
    session.rollback()
    without = remind("2005-T1", "--dry-run")
    assert (without.returncode, "PUBLIC_URL" in without.stderr) == (1, True)
    assert "MAIL_SERVER" in remind("2005-T1", PUBLIC_URL="https://a.example").stderr
    assert "inte öppnad" in remind("2005-T2", PUBLIC_URL="https://a.example").stderr
