"""Pages that stand ready: never stale, never somebody else's, thrown away when they cannot be shown again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.orm import Session

from tests.contribution.register import add_project
from tests.factories import make_project
from tracker.accounts.roles import Role
from tracker.areas.models import Area, AreaPopulation
from tracker.exports import standing
from tracker.exports.models import StandingReport
from tracker.exports.standing import Asking, stand
from tracker.extensions import db
from tracker.goals.models import Goal
from tracker.history.models import RegisterWrite
from tracker.history.revision import MOST_ROWS, is_write, revision
from tracker.projects.figures import Figure
from tracker.projects.models import Project, SecretField

SignIn = Callable[[Role], FlaskClient]
NOW = datetime(2005, 5, 2, 8, 30, tzinfo=UTC)
PAGE = "/uppfoljning/bidrag?year=2005"


@dataclass(frozen=True, slots=True)
class Told:
    """A page of a test."""

    text: str


def tell(session: Session, text_: str, *question: str, sign: str = "", now: datetime = NOW) -> str:
    found = stand(session, Asking(question, now, sign), Told, lambda: Told(text_)).text
    session.rollback()
    return found


def test_a_page_stands_until_something_is_written(session: Session) -> None:
    assert [tell(session, "ett", "a"), tell(session, "två", "a")] == ["ett", "ett"]
    make_project(session, "A-1")
    session.commit()
    assert tell(session, "tre", "a") == "tre"
    assert tell(session, "fyra", "b") == "fyra"


def test_a_page_that_never_changes_stands_through_every_write(session: Session) -> None:
    tell(session, "ett", "a", sign="closed 1")
    make_project(session, "A-1")
    session.commit()
    assert tell(session, "två", "a", sign="closed 1") == "ett"
    assert tell(session, "tre", "a", sign="closed 2") == "tre"


def test_what_was_written_while_a_page_was_made_is_in_the_next(session: Session) -> None:
    def make() -> Told:
        with db.engine.begin() as other:
            other.execute(update(Goal).values(name_en="x"))
        return Told("innan")

    session.commit()
    assert stand(session, Asking(("a",), NOW), Told, make).text == "innan"
    session.rollback()
    assert tell(session, "efter", "a") == "efter"


def test_a_write_that_is_rolled_back_changes_nothing(session: Session) -> None:
    before = revision(session)
    make_project(session, "A-1")
    session.rollback()
    assert revision(session) == before


def write_population(session: Session) -> None:
    area = session.scalars(select(Area.id)).first()
    session.add(AreaPopulation(area_id=area, year=1990, inhabitants=1, source="Prov"))


def write_figure_past_the_orm(session: Session) -> None:
    session.execute(insert(Figure).values(project_id=_project(session), year=2005, flow="utgift", period="2005-T1"))


def write_raw(session: Session) -> None:
    session.execute(text("UPDATE goal SET name_sv = 'Annat' WHERE code = 'G1'"))


def write_secret(session: Session) -> None:
    session.add(SecretField(project_id=_project(session), field="figures", ground="OSL 19 kap. 3 §"))


def write_outline(session: Session) -> None:
    session.execute(text("UPDATE area_set SET schematic = schematic"))


def delete_projects(session: Session) -> None:
    _project(session)
    session.execute(text("DELETE FROM project"))


def _project(session: Session) -> int:
    found = session.scalar(select(Project.id))
    return found if found is not None else make_project(session, "A-1").id


@pytest.mark.parametrize(
    "write",
    [write_population, write_figure_past_the_orm, write_raw, write_secret, write_outline, delete_projects],
)
def test_every_committed_write_moves_the_revision_by_one(session: Session, write: Callable[[Session], None]) -> None:
    before = revision(session)
    write(session)
    assert revision(session) == before
    session.commit()
    assert revision(session) == before + 1


def test_what_no_report_reads_leaves_pages_standing() -> None:
    assert is_write("INSERT INTO figure (year) VALUES (1)")
    assert is_write("  insert or replace into goal values (1)")
    assert is_write('UPDATE "project" SET name = 1')
    assert is_write("DELETE FROM served_area WHERE 1")
    assert is_write("TRUNCATE TABLE goal")
    assert is_write("WITH gone AS (DELETE FROM figure RETURNING *) SELECT 1 FROM gone")
    assert is_write("COPY figure (year) FROM STDIN")
    assert not is_write("SELECT * FROM figure")
    assert not is_write("WITH one AS (SELECT 1) SELECT * FROM one")
    assert not is_write('UPDATE "user" SET last_login_at = 1')
    assert not is_write("INSERT INTO standing_report (key) VALUES (1)")


def test_old_pages_and_too_many_are_thrown_away(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "MOST_KEPT", 3)
    for number in range(5):
        tell(session, "x", str(number), now=NOW + timedelta(minutes=number))
    session.rollback()
    assert session.scalar(select(func.count()).select_from(StandingReport)) == 3
    assert tell(session, "y", "4") == "x"
    make_project(session, "A-1")
    session.commit()
    tell(session, "y", "0", now=NOW + timedelta(minutes=9))
    session.rollback()
    assert session.scalar(select(func.count()).select_from(StandingReport)) == 1


def test_folding_leaves_the_revision_as_it_is(session: Session) -> None:
    session.execute(insert(RegisterWrite), [{"number": 1}] * (MOST_ROWS + 5))
    session.commit()
    before = revision(session)
    tell(session, "x", "a")
    session.rollback()
    assert session.scalar(select(func.count()).select_from(RegisterWrite)) == 1
    assert revision(session) == before
    assert tell(session, "y", "a") == "x"


def test_many_at_once_make_the_same_page(app: Flask, session: Session) -> None:
    session.commit()
    found, barrier = [], threading.Barrier(4)

    def ask() -> None:
        with app.app_context():
            barrier.wait()
            found.append(tell(db.session(), "samma", "a"))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert found == ["samma"] * 4
    assert tell(session, "annan", "a") in ("samma", "annan")


@pytest.mark.parametrize("backend", ["postgis"], indirect=True)  # SQLite has one writer at a time
def test_a_late_commit_of_an_older_transaction_is_seen(app: Flask, session: Session, backend: str) -> None:
    """Ids are given out before the commit; a page made between is not shown after it."""
    session.commit()
    older = db.engine.connect()
    older.execute(update(Goal).values(name_en="äldre"))
    with db.engine.begin() as newer:
        newer.execute(update(Area).where(Area.code == "rinkeby").values(official_code="1"))
    assert tell(session, "mellan", "a") == "mellan"
    session.rollback()
    older.commit()
    older.close()
    assert tell(session, "efter", "a") == "efter"


def test_the_page_follows_the_register_and_keeps_audiences_apart(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        session = db.session()
        add_project(session, "A-1", outlay={2005: 1_000_000})
        add_project(
            session, "S-1", name="Zebrahemlig", outlay={2005: 5_000_000}, confidential=True,
            confidentiality_ground="OSL 19:1",
        )  # fmt: skip
        session.commit()
    controller, reader = sign_in(Role.CONTROLLER), sign_in(Role.READER)
    for _ in range(2):
        assert "6\u00a0000\u00a0000,00" in controller.get(PAGE).text
        assert "6\u00a0000\u00a0000,00" not in reader.get(PAGE).text
        assert "1\u00a0000\u00a0000,00" in reader.get(PAGE).text
    with app.app_context():
        session = db.session()
        session.execute(update(Figure).values(budget_ore=Figure.budget_ore + 100))
        session.commit()
    assert "6\u00a0000\u00a0002,00" in controller.get(PAGE).text
    assert "1\u00a0000\u00a0001,00" in reader.get(PAGE).text
    with app.app_context():
        session = db.session()
        session.add(
            SecretField(
                project_id=session.scalar(select(Project.id).where(Project.code == "A-1")),
                field="figures",
                ground="OSL 19 kap. 3 §",
            )
        )
        session.commit()
    assert "1\u00a0000\u00a0001,00" not in reader.get(PAGE).text
