"""A correction: a new version beside the closed one, which it begins as and never changes."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.reports.closed import close, kept
from tests.reports.comparing import difference
from tests.reports.register import make_board
from tracker.errors import ConflictError, InvalidInputError
from tracker.exports.audience import Audience
from tracker.followup.models import (
    BudgetTotal,
    Explanation,
    LedgerImport,
    LedgerRow,
    Period,
    ProjectReport,
)
from tracker.followup.queries import get_period, is_newest
from tracker.followup.vocabulary import Target
from tracker.history.services import Actor
from tracker.projects.figures import Figure
from tracker.projects.vocabulary import Flow
from tracker.reports.correcting import correct_period
from tracker.reports.snapshots import facts_of, kept_facts


@pytest.fixture
def closed(session: Session, actor: Actor) -> Period:
    period = make_board(session, actor)
    project_id = session.scalars(select(ProjectReport.project_id).order_by(ProjectReport.project_id)).first()
    current = LedgerImport(
        period_id=period.id, file_name="huvudbok.csv", sha256="a" * 64, imported_at=actor.at, imported_by="Prov"
    )
    replaced = LedgerImport(
        period_id=period.id, file_name="gammal.csv", sha256="b" * 64, imported_at=actor.at, imported_by="Prov",
        current=False,
    )  # fmt: skip
    current.rows = [
        LedgerRow(
            position=0, row=2, reference="E2005-99", year=2005, flow=Flow.OUTLAY, amount_ore=17, project_id=project_id
        ),
        LedgerRow(position=1, row=3, reference="okänd", year=2005, flow=Flow.OUTLAY, amount_ore=18),
    ]
    total = {"period_id": period.id, "year": 2005, "flow": Flow.OUTLAY}
    session.add_all([
        current, replaced, BudgetTotal(**total, amount_ore=4_000_000_004, source="Budget 2005"),
        Explanation(**total, target=Target.LEDGER, difference_ore=5, text="Sen faktura", explained_by="Prov",
                    explained_at=actor.at),
    ])  # fmt: skip
    session.commit()
    # What stops is another test's: here the period is closed as it is.
    return closed_as_it_is(session, period, actor)


def closed_as_it_is(session: Session, period: Period, actor: Actor) -> Period:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tracker.reports.closing_checks._stops", lambda _facts: ())
        return close(session, period, actor)


def test_a_correction_begins_as_the_closed_version_ended(session: Session, actor: Actor, closed: Period) -> None:
    session.execute(update(Figure).where(Figure.period == "lopande").values(budget_ore=1))
    made = correct_period(session, closed.key, " Fel kontering ", actor)
    session.commit()
    assert (made.key, made.version, made.reason, made.is_open) == ("2005-T1-v2", 2, "Fel kontering", True)
    assert (made.as_of, made.kind, made.goal_set_id) == (closed.as_of, closed.kind, closed.goal_set_id)
    assert is_newest(session, made)
    before, now = (facts_of(session, one, Audience.INTERNAL, actor.at) for one in (closed, made))
    assert difference(now.projects, before.projects) == ""
    assert difference(now.material.facts, before.material.facts) == ""
    assert now.period.name == "Tertialrapport 1 2005 (april), rättad version 2"
    [ledger] = session.scalars(select(LedgerImport).where(LedgerImport.period_id == made.id))
    assert (ledger.file_name, ledger.current) == ("huvudbok.csv", True)
    assert [(row.reference, row.amount_ore, row.project_id is None) for row in ledger.rows] == [
        ("E2005-99", 17, False), ("okänd", 18, True),
    ]  # fmt: skip
    [total] = session.scalars(select(BudgetTotal).where(BudgetTotal.period_id == made.id))
    [explanation] = session.scalars(select(Explanation).where(Explanation.period_id == made.id))
    assert (total.amount_ore, explanation.text, explanation.difference_ore) == (4_000_000_004, "Sen faktura", 5)


def test_both_versions_stand_beside_each_other_for_ever(session: Session, actor: Actor, closed: Period) -> None:
    first = kept(session, closed)
    made = correct_period(session, "2005-04", "Fel kontering", actor)
    session.execute(update(Figure).where(Figure.period == made.key, Figure.year == 2005).values(forecast_ore=77))
    made = closed_as_it_is(session, made, actor)
    assert kept(session, get_period(session, closed.key)) == first
    assert kept(session, made) != first
    facts = kept_facts(session, made, Audience.INTERNAL)
    assert (facts.period.version, facts.period.reason, facts.projects[0].money[1].forecast_ore) == (
        2, "Fel kontering", 77,
    )  # fmt: skip
    again = correct_period(session, made.key, "En gång till", actor)
    assert again.key == "2005-T1-v3"


def test_only_the_newest_version_is_corrected_and_only_once_it_is_closed(
    session: Session, actor: Actor, closed: Period
) -> None:
    made = correct_period(session, closed.key, "Fel kontering", actor)
    with pytest.raises(ConflictError, match="redan rättats"):
        correct_period(session, closed.key, "Igen", actor)
    with pytest.raises(ConflictError, match="är öppen"):
        correct_period(session, made.key, "Igen", actor)


@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_a_correction_has_a_reason(session: Session, actor: Actor, closed: Period, reason: str) -> None:
    with pytest.raises(InvalidInputError, match="Skriv varför"):
        correct_period(session, closed.key, reason, actor)
