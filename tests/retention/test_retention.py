"""Disposal: only by a recorded decision, only what is old enough, never the register."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from config import from_environment
from tests.conftest import NOW, PASSWORD
from tests.factories import make_project
from tests.reports.closed import close, kept
from tests.reports.register import make_board
from tests.shell import run
from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.accounts.services import create_user
from tracker.accounts.token_models import AccessToken
from tracker.api.models import SentRequest
from tracker.errors import ConfigurationError, ConflictError, InvalidInputError, NotFoundError
from tracker.followup.models import Reminder
from tracker.followup.queries import get_period
from tracker.history.models import HistoryEntry
from tracker.history.services import Actor
from tracker.imports.models import RememberedSource, Upload
from tracker.projects.drafts import Draft, SentForm
from tracker.projects.models import Project
from tracker.projects.vocabulary import Phase
from tracker.retention.accounts import DOMAIN, FORMER
from tracker.retention.models import Disposal, DisposalDecision
from tracker.retention.rules import BY_WORD, RULES, oldest_kept
from tracker.retention.services import apply_decision, list_due, record_decision

DAYS = {rule.setting: rule.days for rule in RULES}
LATER = NOW + timedelta(days=1_100)


def decide(session: Session, *words: str, number: str = "GFK 2005-100:1") -> DisposalDecision:
    rules = words or tuple(BY_WORD)
    return record_decision(session, number, date(2005, 4, 1), "Gatunämnden", "Enligt planen", rules, LATER, "Prov")


def user_named(session: Session, role: Role) -> User:
    return session.scalars(select(User).where(User.email == f"{role.value}@prov.se")).one()


def fill(session: Session, at: datetime) -> None:
    """One of each thing that some rule is about, as old as `at`."""
    user = user_named(session, Role.MANAGER)
    project = make_project(session, f"P-{at:%y%j}")
    mark = f"{at:%Y%m%d}-0123456789abcdef"
    session.add_all([
        SentRequest(user_id=user.id, key=mark, fingerprint="f", at=at, status=200, headers={}, body=""),
        Upload(token=mark, user_id=user.id, file_name="a.csv", size_bytes=1, created_at=at, updated_at=at),
        Draft(token=mark, user_id=user.id, content="[]", created_at=at, updated_at=at),
        SentForm(token=mark, project_id=project.id, at=at),
        AccessToken(
            public_id=f"{at:%y%m%d}x", user_id=user.id, name="n", scopes=[], secret_sha256="s", created_at=at,
            expires_at=at,
        ),
        RememberedSource(key=mark, name="a", choices="{}", user_name="Prov", updated_at=at),
    ])  # fmt: skip
    session.execute(text("INSERT INTO sign_in (user_id, at, address, method) VALUES (:user, :at, '10.0.0.1', 'losen')"),
                    {"user": user.id, "at": at.replace(tzinfo=None)})  # fmt: skip
    session.execute(text("INSERT INTO sign_in_attempt (account, kind, at) VALUES ('a', 'k', :at)"),
                    {"at": at.replace(tzinfo=None)})  # fmt: skip
    session.flush()


COUNTED = {
    "svar": ("sent_request",), "uppladdningar": ("upload",), "utkast": ("draft", "sent_form"),
    "nycklar": ("access_token",), "inloggningar": ("sign_in", "sign_in_attempt"), "kolumner": ("remembered_source",),
}  # fmt: skip


def counts(session: Session, tables: tuple[str, ...]) -> list[int]:
    return [int(session.scalar(text(f"SELECT count(*) FROM {one}")) or 0) for one in tables]  # noqa: S608


@pytest.mark.parametrize("word", list(COUNTED))
def test_each_rule_takes_what_is_older_than_its_time_and_leaves_the_rest(session: Session, word: str) -> None:
    limit = oldest_kept(LATER, DAYS[BY_WORD[word].setting])
    fill(session, limit - timedelta(seconds=1))
    fill(session, limit + timedelta(days=1))
    decide(session, word)
    every = tuple(table for tables in COUNTED.values() for table in tables)
    assert counts(session, every) == [2] * len(every)
    [due] = [one for one in list_due(session, DAYS, LATER) if one.rule.word == word]
    done = apply_decision(session, "GFK 2005-100:1", DAYS, LATER, "Prov")
    assert [(one.rule.word, one.count) for one in done.removed] == [(word, due.count)]
    assert due.count == len(COUNTED[word])
    assert counts(session, COUNTED[word]) == [1] * len(COUNTED[word])
    others = tuple(table for table in every if table not in COUNTED[word])
    assert counts(session, others) == [2] * len(others)


def test_a_live_token_is_kept_however_old_it_is(session: Session) -> None:
    fill(session, NOW)
    session.execute(update(AccessToken).values(expires_at=LATER + timedelta(days=1)))
    decide(session, "nycklar")
    apply_decision(session, "GFK 2005-100:1", DAYS, LATER, "Prov")
    assert counts(session, ("access_token",)) == [1]
    session.execute(update(AccessToken).values(revoked_at=NOW))
    apply_decision(session, "GFK 2005-100:1", DAYS, LATER, "Prov")
    assert counts(session, ("access_token",)) == [0]


def test_reminders_go_after_their_time(session: Session, actor: Actor) -> None:
    period = make_board(session, actor)
    for at in (NOW, LATER - timedelta(days=1)):
        session.add(Reminder(period_id=period.id, address="a@b.se", projects=1, sent_at=at, sent_by="Prov"))
    session.flush()
    decide(session, "paminnelser")
    apply_decision(session, "GFK 2005-100:1", DAYS, LATER, "Prov")
    assert list(session.scalars(select(Reminder.sent_at))) == [LATER - timedelta(days=1)]


def test_last_sign_ins_are_emptied_and_the_account_is_not_touched(session: Session) -> None:
    user = user_named(session, Role.MANAGER)
    user.current_login_at = NOW.replace(tzinfo=None)
    user.current_login_ip = "10.0.0.1"
    session.flush()
    changed = user.update_datetime
    decide(session, "inloggningar")
    [done] = apply_decision(session, "GFK 2005-100:1", DAYS, LATER, "Prov").removed
    assert done.count == 1
    told = text('SELECT current_login_at, current_login_ip, last_login_at FROM "user" WHERE id = :id')
    assert tuple(session.execute(told, {"id": user.id}).one()) == (None, None, None)
    assert user.update_datetime == changed


def closed_account(session: Session, email: str) -> User:
    user = create_user(session, email, "Anna Andersson", Role.MANAGER, PASSWORD)
    user.active, user.tf_totp_secret, user.last_login_ip = False, "hemlig", "10.0.0.1"
    session.flush()
    session.execute(
        update(User).where(User.id == user.id).values(update_datetime=NOW.replace(tzinfo=None)),
        execution_options={"synchronize_session": False},
    )
    session.expire_all()
    return user


def test_the_person_goes_out_of_a_closed_account_and_the_row_stays(session: Session, actor: Actor) -> None:
    user = closed_account(session, "anna@staden.se")
    project = make_project(session, "A-1", manager_id=user.id, phase=Phase.CLOSED)
    decide(session, "konton")
    [done] = apply_decision(session, "GFK 2005-100:1", DAYS, LATER, "Prov").removed
    assert done.count == 1
    assert (user.name, user.email) == (FORMER, f"{user.id}@{DOMAIN}")
    assert (user.password, user.tf_totp_secret, user.last_login_ip, user.active, list(user.roles)) == (
        None, None, None, False, [],
    )  # fmt: skip
    assert project.manager_id == user.id
    assert counts(session, ("project",)) == [1]
    again = apply_decision(session, "GFK 2005-100:1", DAYS, LATER, "Prov")
    assert [one.count for one in again.removed] == [0]


@pytest.mark.parametrize("why", ["open", "recent", "in use"])
def test_accounts_that_are_open_closed_lately_or_named_by_a_running_project_stay(session: Session, why: str) -> None:
    user = closed_account(session, "anna@staden.se")
    values: dict[str, object] = {"update_datetime": NOW.replace(tzinfo=None)}
    if why == "open":
        values["active"] = True
    elif why == "recent":
        values["update_datetime"] = (LATER - timedelta(days=100)).replace(tzinfo=None)
    else:
        make_project(session, "A-1", deputy_id=user.id, phase=Phase.IMPLEMENTATION)
    session.execute(update(User).where(User.id == user.id).values(values))
    decide(session, "konton")
    assert [one.count for one in apply_decision(session, "GFK 2005-100:1", DAYS, LATER, "Prov").removed] == [0]
    session.expire_all()
    assert user.name == "Anna Andersson"


def test_no_rule_touches_projects_history_or_closed_periods(session: Session, actor: Actor) -> None:
    close(session, make_board(session, actor), actor)
    tables = ("project", "figure", "volume", "decision", "period", "period_file", "period_snapshot", "history_entry")
    before, files = counts(session, tables), kept(session, get_period(session, "2005-T1"))
    far = LATER + timedelta(days=36_000)
    decide(session)
    apply_decision(session, "GFK 2005-100:1", DAYS, far, "Prov")
    assert counts(session, tables) == before
    assert kept(session, get_period(session, "2005-T1")) == files
    names = set(session.scalars(select(HistoryEntry.actor_name)))
    assert FORMER not in names


def test_nothing_goes_without_a_decision_that_covers_it(session: Session) -> None:
    fill(session, NOW)
    with pytest.raises(NotFoundError, match="är inte infört"):
        apply_decision(session, "X 1", DAYS, LATER, "Prov")
    decide(session, "utkast")
    apply_decision(session, "GFK 2005-100:1", DAYS, LATER, "Prov")
    assert counts(session, ("draft", "sent_request", "upload")) == [0, 1, 1]
    due = {one.rule.word: one.decisions for one in list_due(session, DAYS, LATER)}
    assert due["utkast"] == ("GFK 2005-100:1",)
    assert due["svar"] == ()


def test_each_disposal_leaves_a_trace_that_nobody_changes(session: Session) -> None:
    fill(session, NOW)
    decision = decide(session, "svar", "utkast")
    apply_decision(session, "GFK 2005-100:1", DAYS, LATER, "Prov")
    rows = session.scalars(select(Disposal).order_by(Disposal.rule)).all()
    assert [(one.rule, one.removed, one.by, one.at, one.decision_id) for one in rows] == [
        ("svar", 1, "Prov", LATER, decision.id), ("utkast", 2, "Prov", LATER, decision.id),
    ]  # fmt: skip
    assert rows[0].before == oldest_kept(LATER, 7)
    for statement in ("UPDATE disposal SET removed = 0", "DELETE FROM disposal_decision"):
        with pytest.raises(DBAPIError, match="never changed"), session.begin_nested():
            session.execute(text(statement))


def test_what_is_wrong_with_a_decision_is_told(session: Session) -> None:
    decide(session, "svar")
    with pytest.raises(ConflictError, match="redan infört"):
        decide(session, "svar")
    with pytest.raises(InvalidInputError, match="inte fattat än"):
        record_decision(session, "B", date(2999, 1, 1), "N", "V", ["svar"], NOW, "Prov")
    with pytest.raises(InvalidInputError, match="projekt finns inte"):
        record_decision(session, "B", date(2005, 1, 1), "N", "V", ["projekt"], NOW, "Prov")


def test_periods_are_settings_of_whole_days() -> None:
    base = {"SECRET_KEY": "a secret that is long enough"}
    assert from_environment(base)["RETENTION_DRAFTS_DAYS"] == 30
    assert from_environment(base | {"RETENTION_DRAFTS_DAYS": "90"})["RETENTION_DRAFTS_DAYS"] == 90
    for wrong in ("0", "-1", "snart", "1.5"):
        with pytest.raises(ConfigurationError, match="RETENTION_DRAFTS_DAYS"):
            from_environment(base | {"RETENTION_DRAFTS_DAYS": wrong})


@pytest.fixture
def place(app: Flask, session: Session, tmp_path: Path) -> dict[str, str]:
    fill(session, NOW)
    folder = Path(app.config["STATE_DIR"]) / "uploads" / f"{NOW:%Y%m%d}-0123456789abcdef"
    folder.mkdir(parents=True)
    (folder / "fil.csv").write_text("a")
    session.commit()
    return {"DATABASE_URL": app.config["DATABASE_URL"], "STATE_DIR": str(app.config["STATE_DIR"])}


def test_the_command_lists_records_tries_and_applies(place: dict[str, str], session: Session, tmp_path: Path) -> None:
    listed = run("retention", "list", **place)
    assert (listed.returncode, listed.stderr) == (0, "")
    assert listed.stdout.count("(inget beslut)") == len(RULES)
    refused = run("retention", "apply", "X", **place)
    assert (refused.returncode, "är inte infört" in refused.stderr) == (1, True)
    words = (
        "--decided",
        "2005-04-01",
        "--by",
        "Nämnden",
        "--what",
        "Planen",
        "--rule",
        "uppladdningar",
        "--rule",
        "svar",
    )
    made = run("retention", "record", "GFK 1", *words, **place)
    assert (made.returncode, made.stderr) == (0, "")
    tried = run("retention", "apply", "GFK 1", "--dry-run", **place)
    assert "Provkörning: ingenting är gallrat." in tried.stdout
    assert counts(session, ("upload", "sent_request", "disposal")) == [1, 1, 0]
    session.rollback()
    [folder] = (tmp_path / "uploads").iterdir()
    done = run("retention", "apply", "GFK 1", **place)
    assert (done.returncode, done.stderr) == (0, "")
    assert counts(session, ("upload", "sent_request", "draft", "disposal")) == [0, 0, 1, 2]
    assert not folder.exists()
    assert "Gallrat enligt beslut GFK 1: 2." in done.stdout
    assert session.scalar(select(func.count()).select_from(Project)) == 1
