"""Closing a period: what stops it, what is kept, and that nothing kept can be changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.conftest import NOW
from tests.exports.planted import told
from tests.reports.closed import FORMS, LIMIT_ORE, close, kept, nothing, render
from tests.reports.register import make_board
from tracker.contribution.control import Control
from tracker.contribution.rules import CountingRule
from tracker.database import begin_writing
from tracker.errors import ConflictError, DomainError
from tracker.exports.audience import Audience
from tracker.extensions import db
from tracker.followup.checks_words import Check
from tracker.followup.models import ProjectReport
from tracker.followup.queries import get_period
from tracker.followup.reconciling_services import enter_total, explain
from tracker.followup.refreshing import waiting_codes
from tracker.followup.vocabulary import PeriodState, Target
from tracker.history.models import HistoryEntry
from tracker.history.services import Actor
from tracker.projects.figures import Figure
from tracker.projects.models import Project
from tracker.projects.vocabulary import Flow, Phase
from tracker.reports import closing_files
from tracker.reports.closing import ChangedMeanwhileError, StoppedError, close_period, close_prepared, prepare
from tracker.reports.closing_checks import TOLD, standing_of, stops_of
from tracker.reports.closing_files import Made
from tracker.reports.encoding import decode, sum_of
from tracker.reports.files import Wanted, read_stored
from tracker.reports.models import PeriodFile, PeriodSnapshot, PublishedMatter
from tracker.reports.snapshots import facts_of, kept_facts

KEPT_TABLES = ("period_snapshot", "period_file", "published_matter")


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_every_format_rule_and_audience_is_kept_with_its_sum(session: Session, actor: Actor) -> None:
    period = close(session, make_board(session, actor), actor)
    files = session.scalars(select(PeriodFile)).all()
    assert {(one.format, one.rule, one.audience) for one in files} == {
        (form, rule.value, audience) for form in FORMS for rule in CountingRule for audience in ("intern", "offentlig")
    }
    for one in files:
        assert (one.sha256, one.size_bytes) == (sum_of(one.content), len(one.content))
    assert (period.state, period.closed_at, period.closed_by) == (PeriodState.CLOSED, NOW, "Prov")
    snapshots = {one.audience: one for one in session.scalars(select(PeriodSnapshot))}
    assert set(snapshots) == {"intern", "offentlig"}
    facts = decode(snapshots["intern"].content)
    assert (facts.produced, facts.period.closed_at) == (NOW, NOW)
    entry = session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
    assert entry is not None
    assert entry.changes["snapshots"] == [None, {key: one.sha256 for key, one in snapshots.items()}]


def test_the_sum_of_the_snapshot_stands_in_the_files(session: Session, actor: Actor) -> None:
    period = close(session, make_board(session, actor), actor)
    content = read_stored(session, period, Wanted("csv", CountingRule.BEROR, Audience.PUBLIC)).content.decode()
    facts = kept_facts(session, period, Audience.PUBLIC)
    assert len(facts.snapshot_sha256) == 64
    assert facts.snapshot_sha256 in content
    book = told(read_stored(session, period, Wanted("xlsx", CountingRule.BEROR, Audience.PUBLIC)).content)
    assert facts.snapshot_sha256 in book
    assert ("a-open" in book, "c-secret" in book, "dyrare berg" in book) == (True, False, False)


def test_the_report_of_a_closed_period_is_read_from_its_snapshot(session: Session, actor: Actor) -> None:
    period = close(session, make_board(session, actor), actor)
    session.execute(update(Figure).values(budget_ore=1))
    session.execute(update(Project).values(name="Omdöpt"))
    facts = facts_of(session, period, Audience.INTERNAL)
    assert facts.projects[0].money[1].budget_ore == 1_000_000_001
    assert facts.material.projects[0].name == "Projekt A-OPEN"


@pytest.mark.parametrize("table", KEPT_TABLES)
@pytest.mark.parametrize("verb", ["UPDATE {} SET period_id = period_id", "DELETE FROM {}"])
def test_what_is_kept_can_be_neither_changed_nor_removed(session: Session, actor: Actor, table: str, verb: str) -> None:
    close(session, make_board(session, actor), actor)
    with pytest.raises(DBAPIError):
        session.execute(text(verb.format(table)))
    session.rollback()
    assert count(session, PeriodFile) == 8


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE period SET state = 'oppen'", "UPDATE period SET closed_at = NULL", "UPDATE period SET reason = 'x'",
        "UPDATE period SET key = 'y'", "DELETE FROM period",
    ],
)  # fmt: skip
def test_a_closed_period_is_never_opened_or_changed(session: Session, actor: Actor, statement: str) -> None:
    period = close(session, make_board(session, actor), actor)
    with pytest.raises(DBAPIError):
        session.execute(text(statement))
    session.rollback()
    assert get_period(session, period.key).state is PeriodState.CLOSED


def test_it_is_closed_once(session: Session, actor: Actor) -> None:
    period = close(session, make_board(session, actor), actor)
    with pytest.raises(ConflictError, match="redan stängd"):
        close_period(session, period.key, actor, LIMIT_ORE, nothing)


def test_what_is_reported_while_the_files_are_made_is_never_lost(session: Session, actor: Actor) -> None:
    period = make_board(session, actor)
    session.commit()

    def somebody_reports(snapshots: Mapping[Audience, bytes], folder: Path) -> list[Made]:
        session.execute(update(ProjectReport).values(comment="Nytt läge"))
        session.commit()
        return render(snapshots, folder)

    with pytest.raises(ChangedMeanwhileError, match="Stäng en gång till"):
        close_period(session, period.key, actor, LIMIT_ORE, somebody_reports)
    session.rollback()
    assert (count(session, PeriodFile), count(session, PeriodSnapshot), count(session, PublishedMatter)) == (0, 0, 0)
    assert get_period(session, period.key).is_open
    closed = close(session, get_period(session, period.key), actor)
    assert kept_facts(session, closed, Audience.INTERNAL).projects[0].comment == "Nytt läge"


def test_two_who_close_at_once_make_one(session: Session, actor: Actor) -> None:
    period = make_board(session, actor)
    session.commit()

    def another_closes(snapshots: Mapping[Audience, bytes], folder: Path) -> list[Made]:
        close_period(session, period.key, actor, LIMIT_ORE, render)
        session.commit()
        return render(snapshots, folder)

    with pytest.raises(ConflictError, match="redan stängd"):
        close_period(session, period.key, actor, LIMIT_ORE, another_closes)
    session.rollback()
    assert (count(session, PeriodFile), count(session, PeriodSnapshot)) == (8, 2)


def test_without_libreoffice_the_rest_is_kept_and_it_is_said_why(
    session: Session, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    period = make_board(session, actor)
    session.commit()

    said = "LibreOffice saknas, så ingen PDF kan göras."
    monkeypatch.setattr(closing_files, "convert_together", lambda documents: dict.fromkeys(documents, said))
    _, problems = close_period(
        session, period.key, actor, LIMIT_ORE,
        lambda snapshots, folder: closing_files.make_files(snapshots, folder, forms=("csv", "pdf")),
    )  # fmt: skip
    session.commit()
    assert problems == (said,)
    assert {one.format for one in session.scalars(select(PeriodFile))} == {"csv"}


def test_what_is_missing_is_listed_and_stops_nothing(session: Session, actor: Actor) -> None:
    period = make_board(session, actor)
    session.execute(update(ProjectReport).values(comment=""))
    standing = standing_of(session, period, facts_of(session, period, Audience.INTERNAL, NOW))
    texts = {one.text: one.codes for one in standing.missing}
    assert texts["1 projekt har inte rapporterat."] == ("D-DRAFT",)
    assert texts["4 projekt har en avvikelse över gränsen utan kommentar."] == (
        "A-OPEN", "B-HIDDEN", "C-SECRET", "D-DRAFT",
    )  # fmt: skip
    assert "Ingen huvudbok är inläst, så utfallet 2005 är inte avstämt." in texts
    assert "Budgetens total för 2005 (utgift) är inte angiven, så budgeten är inte avstämd." in texts
    assert standing.stops == ()


def test_a_project_that_ended_without_money_in_the_year_is_not_waited_for(session: Session, actor: Actor) -> None:
    period = make_board(session, actor)
    ended = session.scalars(select(Project).where(Project.code == "D-DRAFT")).one()
    standing = standing_of(session, period, facts_of(session, period, Audience.INTERNAL, NOW))
    assert "1 projekt har inte rapporterat." in {one.text for one in standing.missing}
    ended.phase = Phase.CLOSED
    session.execute(delete(Figure).where(Figure.project_id == ended.id, Figure.period == "lopande"))
    session.expire_all()
    standing = standing_of(session, period, facts_of(session, period, Audience.INTERNAL, NOW))
    assert not [one for one in standing.missing if "har inte rapporterat" in one.text]
    assert waiting_codes(session, period) == frozenset()
    session.execute(delete(ProjectReport).where(ProjectReport.project_id == ended.id))
    standing = standing_of(session, period, facts_of(session, period, Audience.INTERNAL, NOW))
    assert not [one for one in standing.missing if "har inte rapporterat" in one.text]
    ended.phase = Phase.IDEA
    session.flush()
    assert waiting_codes(session, period) == {"D-DRAFT"}


def test_what_the_checks_doubt_is_told_with_counts_and_stops_nothing(session: Session, actor: Actor) -> None:
    period = make_board(session, actor)
    low = session.scalars(select(Project).where(Project.code.in_(["A-OPEN", "C-SECRET"]))).all()
    for project in low:
        session.execute(
            update(Figure)
            .where(Figure.project_id == project.id, Figure.year == 2005, Figure.flow == Flow.OUTLAY)
            .values(outcome_ore=900_000_000, forecast_ore=100_000_000)
        )
    standing = standing_of(session, period, facts_of(session, period, Audience.INTERNAL, NOW))
    found = {one.check: one for one in standing.missing if one.check}
    under = found[Check.UNDER_OUTCOME.value]
    assert (under.text, under.codes) == ("2 projekt: prognos under utfall.", ("A-OPEN", "C-SECRET"))
    assert under.endpoint == "followup.chase"
    assert not TOLD & {Check(one) for one in found}
    assert standing.stops == ()


def test_only_totals_that_do_not_reconcile_stop_it_and_an_explanation_lets_it_through(
    session: Session, actor: Actor
) -> None:
    period = make_board(session, actor)
    enter_total(session, period, (2005, Flow.OUTLAY), 4_000_000_000, "Budget 2005", actor)
    session.commit()
    with pytest.raises(StoppedError, match="Budgetens total 2005, utgifter: differensen 0,04 kr är inte förklarad"):
        close_period(session, period.key, actor, LIMIT_ORE, nothing)
    session.rollback()
    explain(session, period, (Target.BUDGET, 2005, Flow.OUTLAY), 4, "Avrundat i budgeten", actor)
    facts = kept_facts(session, close(session, period, actor), Audience.INTERNAL)
    [line] = facts.reconciliation
    assert (line.difference_ore, line.explanation, line.settled) == (4, "Avrundat i budgeten", True)
    assert kept_facts(session, period, Audience.PUBLIC).reconciliation == ()


def test_a_report_that_does_not_add_up_to_the_register_stops_it(session: Session, actor: Actor) -> None:
    facts = facts_of(session, make_board(session, actor), Audience.INTERNAL, NOW)
    control = facts.material.control
    wrong = Control(control.registered, (control.portfolio[0] + 1, *control.portfolio[1:]), control.projects)
    [stop] = stops_of(replace(facts, material=replace(facts.material, control=wrong)))
    assert "Utgift budget" in stop.text


def test_large_snapshots_are_worked_by_processes_to_the_same_bytes(
    session: Session, actor: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    period = close(session, make_board(session, actor), actor)
    found = kept(session, period)
    monkeypatch.setattr(closing_files, "PARALLEL_FROM_BYTES", 0)
    snapshots = {one: found["underlag", one.value] for one in (Audience.INTERNAL, Audience.PUBLIC)}
    made = render(snapshots, tmp_path)
    assert len(made) == 8
    for one in made:
        assert one.path is not None
        assert one.path.read_bytes() == found[one.form, one.rule.value, one.audience.value]


def test_whoever_is_reporting_is_waited_for_and_not_lost(app: Flask, session: Session, actor: Actor) -> None:
    period = make_board(session, actor)
    session.commit()
    prepared = prepare(session, period.key, actor, LIMIT_ORE)
    session.commit()
    begin_writing(session)
    session.refresh(period, with_for_update={"read": True})
    session.execute(update(ProjectReport).values(comment="Sent men godkänt"))
    ended: list[Exception | None] = []

    def another_closes() -> None:
        with app.app_context():
            try:
                close_prepared(db.session(), prepared, [], actor)
                db.session.commit()
                ended.append(None)
            except DomainError as error:
                db.session.rollback()
                ended.append(error)

    closer = Thread(target=another_closes)
    closer.start()
    closer.join(timeout=1)
    assert closer.is_alive(), "closing waits for whoever is reporting"
    session.commit()
    closer.join()
    assert isinstance(ended[0], ChangedMeanwhileError)
    session.rollback()
    assert get_period(session, "2005-T1").is_open
