"""The score: what applies to whom, that each item counts its weight, and that the database says the same."""

from __future__ import annotations

import random
from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.contribution.register import add_project, goal_id
from tests.factories import find_area, make_measure
from tests.geometries import CITY_HALL
from tracker.accounts.queries import find_user
from tracker.geo.stored import to_stored
from tracker.goals.models import GoalSet
from tracker.measures.models import MainKind
from tracker.projects.completeness import ITEMS, Facts, completeness
from tracker.projects.completeness_sql import HIDING, percent, read_facts
from tracker.projects.figures import Decision, Figure, Volume
from tracker.projects.models import CaseNumber, GoalAssessment, GoalTag, Project, SecretField, ServedArea
from tracker.projects.policies import INTERNAL, SHELL, Viewer
from tracker.projects.vocabulary import Flow, Gate, Phase

ALL_THERE: dict[str, Any] = {item.fact: True for item in ITEMS}


@pytest.mark.parametrize("kind", list(MainKind))
@pytest.mark.parametrize("phase", list(Phase))
def test_everything_there_is_100_and_nothing_there_is_0_percent(kind: MainKind, phase: Phase) -> None:
    assert completeness(Facts(kind, phase, **ALL_THERE)).percent == 100
    assert completeness(Facts(kind, phase)).percent == 0


def test_an_idea_is_asked_for_less_than_what_is_being_built() -> None:
    idea, building = (completeness(Facts(MainKind.HOUSING, phase)) for phase in (Phase.IDEA, Phase.IMPLEMENTATION))
    assert {item.fact for item in idea.missing} == {
        "subtype", "manager", "description", "geometry", "assessed", "motivated", "serves",
    }  # fmt: skip
    assert {"figures", "implementation", "sums", "volumes", "dates"} <= {item.fact for item in building.missing}
    traffic = completeness(Facts(MainKind.TRAFFIC, Phase.IMPLEMENTATION))
    assert "volumes" not in {item.fact for item in traffic.missing}
    programme = completeness(Facts(MainKind.HOUSING, Phase.IMPLEMENTATION, programme=True))
    assert not {"figures", "volumes", "forecast", "sums"} & {item.fact for item in programme.missing}


def test_each_item_takes_its_weight_and_never_reaches_100_alone() -> None:
    full = Facts(MainKind.HOUSING, Phase.CLOSED, **ALL_THERE)
    for item in ITEMS:
        if item.applies(full):
            lost: dict[str, Any] = {item.fact: False}
            score = completeness(replace(full, **lost))
            assert score.missing == (item,)
            assert score.percent == 100 * (score.whole - item.weight) // score.whole < 100


def _make(session: Session, made: random.Random, number: int, parents: list[Project]) -> Project:
    """A project where each thing is there by chance."""

    def yes() -> bool:
        return made.random() < 0.5

    user = find_user(session, "manager@prov.se")
    assert user is not None
    project = add_project(
        session,
        f"K-{number}",
        main_kind=made.choice(list(MainKind)),
        phase=made.choice(list(Phase)),
        subtype="gata" if yes() else "",
        manager_id=user.id if yes() else None,
        description_public="Text" if yes() else "",
        start_decided=date(2005, 1, 1) if yes() else None,
        end_forecast=date(2006, 1, 1) if yes() else None,
        parent_id=made.choice(parents).id if parents and made.random() < 0.2 else None,
    )
    project.geom = to_stored(CITY_HALL) if yes() else None
    project.case_numbers = [CaseNumber(position=1, number="1")] if yes() else []
    project.goal_tags = [GoalTag(goal_id=goal_id(session, "G1a"), weight=1, motivation="m" if yes() else "")] * yes()
    if yes():
        goal_set = session.scalars(select(GoalSet.id).where(GoalSet.code == "policy-2004")).one()
        project.goal_assessments = [GoalAssessment(goal_set_id=goal_set, reason="r")]
    project.serves = [ServedArea(position=1, area_id=find_area(session, "Rinkeby").id, share=10_000)] * yes()
    project.volumes = [Volume(measure_id=make_measure(session, "arbetsplatser").id, year=2005, planned=1)] * yes()
    project.figures = [Figure(year=2005, flow=Flow.OUTLAY, budget_ore=1, forecast_ore=1 if yes() else None)] * yes()
    gates = made.sample(list(Gate), made.randrange(4))
    project.decisions = [Decision(gate=gate, income_ore=1 if yes() else None) for gate in gates]
    marks = made.sample(sorted({secret.value for secret in HIDING.values()}), made.choice((0, 0, 0, 2)))
    project.secret_fields = [SecretField(field=mark, ground="OSL 19 kap. 3 §") for mark in marks]
    session.flush()
    return project


def test_the_database_says_the_same_as_the_rule(session: Session) -> None:
    made = random.Random(2005)  # noqa: S311
    projects: list[Project] = []
    for number in range(60):
        projects.append(_make(session, made, number, projects))
    user = find_user(session, "manager@prov.se")
    assert user is not None
    ids = [project.id for project in projects]
    for viewer in (INTERNAL, SHELL, Viewer(drafts=True, user_id=user.id)):
        scores = dict(session.execute(select(Project.id, percent(viewer)).where(Project.id.in_(ids))).all())
        facts = read_facts(session, ids, viewer)
        assert scores == {one: completeness(facts[one]).percent for one in ids}
        assert len(set(scores.values())) > 10


def test_facts_are_those_of_the_project_and_what_is_hidden_counts_as_there(session: Session) -> None:
    project = add_project(session, "A1", phase=Phase.IMPLEMENTATION)
    assert read_facts(session, [project.id], INTERNAL)[project.id] == Facts(
        MainKind.HOUSING, Phase.IMPLEMENTATION, motivated=True
    )
    project.secret_fields = [SecretField(field="figures", ground="OSL 19 kap. 3 §")]
    session.flush()
    told = read_facts(session, [project.id], SHELL)[project.id]
    there = {one.name for one in fields(told) if getattr(told, one.name) is True}
    assert there == {"motivated", "figures", "forecast", "direction", "implementation", "sums", "final_report"}
    assert not read_facts(session, [project.id], INTERNAL)[project.id].figures
