"""Closing beside others: one closes at a time, the register goes on, and what belongs to the period is never lost."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.apps import make_settings
from tests.followup.pages import open_form, send
from tests.reports.closed import LIMIT_ORE, render
from tests.reports.register import make_board
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role
from tracker.app import create_app
from tracker.exports.audience import Audience
from tracker.extensions import db
from tracker.followup.codes import PeriodCode
from tracker.followup.limits import PeriodTerms
from tracker.followup.models import LedgerImport, Period, ProjectReport
from tracker.followup.opening import open_period
from tracker.followup.queries import get_period
from tracker.followup.reconciling_services import enter_total
from tracker.followup.refreshing import refresh_period
from tracker.followup.terms import change_terms, terms_of
from tracker.history.models import Origin
from tracker.history.services import Actor
from tracker.projects.figures import Figure
from tracker.projects.models import Project
from tracker.projects.vocabulary import Flow
from tracker.reports.closing import ChangedMeanwhileError, Render, close_period
from tracker.reports.closing_claims import ClosingNowError, claim_closing, find_claim
from tracker.reports.closing_files import Made
from tracker.reports.snapshots import kept_facts
from tracker.reports.working_folders import OLD_SECONDS, sweep

SignIn = Callable[[Role], FlaskClient]
SINCE = datetime(2005, 5, 2, 8, 42, tzinfo=UTC)
PAGE = "/uppfoljning/perioder/2005-T1/stang"
WAIT_SECONDS = 240


def while_made(session: Session, change: Callable[[], object]) -> Render:
    """Somebody changes something while the files are made."""

    def made(snapshots: Mapping[Audience, bytes], folder: Path) -> list[Made]:
        change()
        session.commit()
        return render(snapshots, folder)

    return made


def test_what_is_changed_in_the_register_meanwhile_belongs_to_the_next_period(session: Session, actor: Actor) -> None:
    period = make_board(session, actor)
    session.commit()
    paid = select(Figure.budget_ore).where(Figure.period == period.key).order_by(Figure.project_id, Figure.year)
    before = session.scalars(paid).all()

    def edit() -> None:
        session.execute(update(Project).values(name="Omdöpt"))
        session.execute(update(Figure).where(Figure.period == "lopande").values(budget_ore=77))

    close_period(session, period.key, actor, LIMIT_ORE, while_made(session, edit))
    session.commit()
    facts = kept_facts(session, get_period(session, period.key), Audience.INTERNAL)
    assert facts.material.projects[0].name == "Projekt A-OPEN"
    assert session.scalars(paid).all() == before
    assert 77 not in before


CHANGES: dict[str, Callable[[Session, Period, Actor], object]] = {
    "rapport": lambda session, _period, _actor: session.execute(update(ProjectReport).values(light_text="Ny")),
    "total": lambda session, period, actor: enter_total(session, period, (2006, Flow.OUTLAY), 1, "Budget", actor),
    "huvudbok": lambda session, period, _actor: session.add(
        LedgerImport(period_id=period.id, file_name="h.csv", sha256="0", imported_at=SINCE, imported_by="P")
    ),
    "ny period": lambda session, _period, actor: open_period(session, PeriodCode.read("2005-05"), actor, 15),
    "kopia av registret": lambda session, period, actor: (
        session.execute(update(Figure).where(Figure.period == "lopande").values(forecast_ore=77)),
        refresh_period(session, period, actor),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_what_is_changed_in_the_period_meanwhile_is_never_lost(session: Session, actor: Actor, what: str) -> None:
    period = make_board(session, actor)
    session.commit()
    change = while_made(session, lambda: CHANGES[what](session, period, actor))
    with pytest.raises(ChangedMeanwhileError, match="Stäng en gång till"):
        close_period(session, period.key, actor, LIMIT_ORE, change)
    session.rollback()
    assert get_period(session, "2005-T1").is_open


def test_a_new_deadline_alone_restarts_nothing(session: Session, actor: Actor) -> None:
    period = make_board(session, actor)
    session.commit()
    terms = terms_of(period)
    later = PeriodTerms(date(2005, 6, 1), terms.deviation_percent, terms.deviation_ore)
    change = while_made(session, lambda: change_terms(session, period, later, terms, actor))
    closed, _problems = close_period(session, period.key, actor, LIMIT_ORE, change)
    session.commit()
    assert not closed.is_open


def controller(session: Session) -> Actor:
    user = find_user(session, "controller@prov.se")
    assert user is not None
    return Actor(name=user.name, user_id=user.id, at=SINCE, origin=Origin.FORM)


def test_the_second_who_closes_is_told_who_the_first_is(session: Session, actor: Actor, app: Flask) -> None:
    make_board(session, actor)
    session.commit()
    assert find_claim(session, "2005-T1") is None
    with claim_closing(session, "2005-T1", controller(session)):
        found = find_claim(session, "2005-T1")
        assert found is not None
        assert (found.who, found.since, found.clock) == ("Controller Prov", SINCE, "10.42")
        told = pytest.raises(ClosingNowError, match=r"stängs just nu av Controller Prov sedan 10\.42")
        with told, claim_closing(session, "2005-T1", actor):
            pass
    assert find_claim(session, "2005-T1") is None
    with claim_closing(session, "2005-T1", actor):
        found = find_claim(session, "2005-T1")
        assert found is not None
        assert found.who == "kommandoraden"


def test_the_page_tells_it_and_makes_no_files(
    session: Session, actor: Actor, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_board(session, actor)
    session.commit()
    browser = sign_in(Role.CONTROLLER)
    form = open_form(browser, PAGE)
    monkeypatch.setattr(
        "tracker.reports.close_views.make_files", lambda *_given, **_named: pytest.fail("files are made")
    )
    with claim_closing(session, "2005-T1", controller(session)):
        shown = open_form(browser, PAGE)
        assert "Perioden stängs just nu av Controller Prov sedan 10.42." in shown.main
        assert "confirmation" not in shown.fields
        sent = send(browser, PAGE, form, confirmation="2005-T1")
        assert sent.status == 409
        assert "Det här försöket stängde inte perioden. Så här är läget nu." in sent.main
        assert "Perioden stängs just nu av Controller Prov sedan 10.42." in sent.main
    assert "stängs just nu" not in open_form(browser, PAGE).main
    assert get_period(session, "2005-T1").is_open


def claims_and_stays(told: Connection, url: str, state: str) -> None:
    """In a process of its own."""
    app = create_app(make_settings(url, Path(state)))
    with app.app_context(), claim_closing(db.session(), "2005-T1", controller(db.session())):
        told.send("here")
        told.recv()


def test_a_claim_ends_with_the_process_that_made_it(app: Flask, session: Session, actor: Actor) -> None:
    make_board(session, actor)
    session.commit()
    spawn = get_context("spawn")
    mine, its = spawn.Pipe()
    arguments = (its, app.config["DATABASE_URL"], str(app.config["STATE_DIR"]))
    process = spawn.Process(target=claims_and_stays, args=arguments)
    process.start()
    its.close()
    try:
        assert mine.poll(WAIT_SECONDS)
        assert mine.recv() == "here"
        found = find_claim(session, "2005-T1")
        assert found is not None
        assert found.who == "Controller Prov"
        session.rollback()
    finally:
        process.kill()
        process.join()
        mine.close()
    deadline = datetime.now(UTC).timestamp() + WAIT_SECONDS
    while find_claim(session, "2005-T1") is not None:  # PostgreSQL notices the broken connection in its own time
        session.rollback()
        assert datetime.now(UTC).timestamp() < deadline
    with claim_closing(session, "2005-T1", actor):
        assert find_claim(session, "2005-T1") is not None


def test_folders_of_killed_closings_are_swept_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    names = ["portfolj-a", "portfoljkartan-pdf-b", "portfolj-ny", "annat-c"]
    for name in names:
        (tmp_path / name).mkdir()
        (tmp_path / name / "fil.docx").write_text("x")
    (tmp_path / "portfolj-fil").write_text("en fil")
    (tmp_path / "portfolj-lank").symlink_to(tmp_path / "annat-c")
    old = datetime.now(UTC).timestamp() - OLD_SECONDS - 60
    for path in tmp_path.iterdir():
        if path.name != "portfolj-ny":
            os.utime(path, (old, old), follow_symlinks=False)
    assert {path.name for path in sweep()} == {"portfolj-a", "portfoljkartan-pdf-b"}
    assert {path.name for path in tmp_path.iterdir()} == {"portfolj-ny", "annat-c", "portfolj-fil", "portfolj-lank"}
    assert (tmp_path / "annat-c" / "fil.docx").exists()
    monkeypatch.setattr("os.getuid", lambda: -1)
    os.utime(tmp_path / "portfolj-ny", (old, old))
    assert sweep() == []
