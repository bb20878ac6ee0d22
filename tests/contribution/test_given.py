"""An amount of 0 is given, and not the same as one that nobody has said."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tests.factories import make_project
from tracker.areas.queries import get_area_set
from tracker.contribution.amounts import AMOUNTS
from tracker.contribution.gathering import gather
from tracker.contribution.selection import Scope
from tracker.goals.queries import get_goal_set
from tracker.measures.models import Measure, MeasureGroup
from tracker.projects.figures import Figure, Volume
from tracker.projects.policies import INTERNAL
from tracker.projects.vocabulary import Flow


def test_zero_is_a_fact_and_nothing_said_is_none(session: Session) -> None:
    project = make_project(session, "P1")
    project.figures = [Figure(year=2005, flow=Flow.OUTLAY, budget_ore=1000, forecast_ore=0)]
    measure = session.query(Measure).filter(Measure.group == MeasureGroup.DWELLINGS).first()
    assert measure is not None
    project.volumes = [Volume(measure_id=measure.id, year=2005, planned=4, completed=0)]
    session.flush()
    goal_set, area_set = get_goal_set(session, "policy-2004"), get_area_set(session, "1999")
    facts = gather(session, Scope(INTERNAL, 2005), goal_set, area_set).facts
    said = {
        AMOUNTS[column].key: amount for column, amount in zip(facts.column.tolist(), facts.amount.tolist(), strict=True)
    }
    assert said == {"utgift-budget": 1000, "utgift-prognos": 0, "bostader-planerade": 4, "bostader-fardiga": 0}
