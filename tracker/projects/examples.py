"""The 40 example projects: real names and places, approximate geometry, made-up figures marked "exempelvärden"."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from importlib import resources
from typing import Any

import shapely
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tracker.accounts.queries import find_user
from tracker.areas.models import Area, AreaSet
from tracker.geo.crs import STORAGE_SRID, WEB_SRID, reproject_one
from tracker.goals.models import Goal, GoalSet
from tracker.history.services import Actor
from tracker.measures.models import MainKind
from tracker.measures.queries import measures_by_code
from tracker.projects.decisions import DIRECTION, IMPLEMENTATION
from tracker.projects.inputs import (
    DecisionInput,
    FigureInput,
    GoalsInput,
    ProjectInput,
    ServedInput,
    TagInput,
    VolumeInput,
)
from tracker.projects.models import Project
from tracker.projects.policies import SYSTEM_RIGHTS
from tracker.projects.reviewing import publish_project
from tracker.projects.services import register_project
from tracker.projects.vocabulary import WHOLE, Flow, Gate, Phase, Publication, Scope

FIRST_CODE = "EX-01"
YEARS = range(2004, 2008)
LAST_OUTCOME = 2004
"""The examples stand as they would in spring 2005: outcome for 2004, forecast from 2005."""
BEFORE_REVISIONS = 92
"""Percent of the made-up budget that the first decision of an example stands for."""
_TENURES = ("bostader-hyresratt", "bostader-bostadsratt")


def seed_examples(session: Session, actor: Actor) -> int:
    """Register and publish the example projects; returns how many, 0 when they are there already."""
    if session.scalar(select(exists().where(Project.code == FIRST_CODE))):
        return 0
    words = _Words(session)
    features = json.loads(resources.files("tracker.projects").joinpath("example_projects.geojson").read_text("utf-8"))
    for feature in features["features"]:
        project = register_project(session, _input(feature, words), actor, SYSTEM_RIGHTS)
        publish_project(session, project, Publication.PUBLISHED, actor, SYSTEM_RIGHTS)
    return len(features["features"])


class _Words:
    """Codes and names of the catalogues → ids, read once."""

    def __init__(self, session: Session) -> None:
        policy = select(Goal.code, Goal.id).join(GoalSet, Goal.goal_set_id == GoalSet.id)
        self.goals = dict(session.execute(policy.where(GoalSet.code == "policy-2004")).all())
        self.goal_set_id = session.scalars(select(GoalSet.id).where(GoalSet.code == "policy-2004")).one()
        areas = select(Area.name, Area.id).join(AreaSet, Area.area_set_id == AreaSet.id)
        self.areas = dict(session.execute(areas.where(AreaSet.code == "1999")).all())
        self.measures = {code: measure.id for code, measure in measures_by_code(session).items()}
        manager = find_user(session, "projektledare@exempel.se")
        self.manager_id = manager.id if manager else None


def _input(feature: dict[str, Any], words: _Words) -> ProjectInput:
    given = feature["properties"]
    shape = shapely.from_geojson(json.dumps(feature["geometry"]))
    made_up = random.Random(given["code"])  # noqa: S311 - example values, the same in every installation
    kind = MainKind(given["kind"])
    # Drawn in this order, so that the numbers are those of every installation before.
    volumes, figures = tuple(_volumes(kind, made_up, words)), tuple(_figures(made_up))
    return ProjectInput(
        code=given["code"],
        name=given["name"],
        main_kind=kind,
        subtype=given["subtype"],
        phase=Phase(given["phase"]),
        manager_id=words.manager_id,
        start_decided=date.fromisoformat(given["start"]),
        end_forecast=date.fromisoformat(given["end"]),
        description_public=given["description"],
        city_share=given.get("city_share", WHOLE),
        geometry=reproject_one(shape, WEB_SRID, STORAGE_SRID),
        location_approximate=True,
        example_values=True,
        goals=GoalsInput(
            goal_set_id=words.goal_set_id,
            tags=tuple(TagInput(words.goals[code], weight) for code, weight in given["goals"].items()),
        ),
        serves=tuple(_served(name, share, words) for name, share in given["serves"]),
        serves_motivation="Exempel: områden som projektet byggs för.",
        volumes=volumes,
        figures=figures,
        decisions=tuple(_decisions(given["decisions"], figures)),
    )


def _served(name: str, share: int, words: _Words) -> ServedInput:
    if name in (Scope.WHOLE_CITY.value, Scope.OUTSIDE.value):
        return ServedInput(Scope(name), share)
    return ServedInput(Scope.AREA, share, words.areas[name])


def _figures(made_up: random.Random) -> Iterator[FigureInput]:
    """Outlay and income 2004–2007 in even thousand kronor."""
    size = made_up.choice((4_000, 12_000, 30_000, 80_000))
    for year in YEARS:
        for flow, part in ((Flow.OUTLAY, 1.0), (Flow.INCOME, 0.35)):
            budget = round(size * part * made_up.uniform(0.4, 1.6)) * 100_000
            outcome = round(budget / 100_000 * made_up.uniform(0.8, 1.1)) * 100_000 if year <= LAST_OUTCOME else None
            forecast = round(budget / 100_000 * made_up.uniform(0.9, 1.15)) * 100_000 if year > LAST_OUTCOME else None
            yield FigureInput(year, flow, budget, outcome, forecast)


def _volumes(kind: MainKind, made_up: random.Random, words: _Words) -> Iterator[VolumeInput]:
    if kind is MainKind.HOUSING:
        for code in _TENURES:
            planned = made_up.randrange(20, 400)
            yield VolumeInput(words.measures[code], 2005, planned, planned // 3, planned // 5)
    elif kind is MainKind.WORKPLACE:
        planned = made_up.randrange(50, 1_500)
        yield VolumeInput(words.measures["arbetsplatser"], 2005, planned, planned // 2, planned // 4)


def _decisions(rows: list[dict[str, str]], figures: tuple[FigureInput, ...]) -> Iterator[DecisionInput]:
    """Real gates, days and bodies. Decided sums are made up from the made-up budget; each revision raises them."""
    share = BEFORE_REVISIONS
    for row in sorted(rows, key=lambda one: one["date"]):
        gate = Gate(row["gate"])
        one = DecisionInput(gate, row["body"], date.fromisoformat(row["date"]), note=row["note"])
        if gate in (*DIRECTION, *IMPLEMENTATION):
            outlay, income = (_part(figures, flow, share) for flow in (Flow.OUTLAY, Flow.INCOME))
            one = replace(one, outlay_ore=outlay, income_ore=income, price_level=row["date"][:4])
            share += 8
        yield one


def _part(figures: tuple[FigureInput, ...], flow: Flow, percent: int) -> int:
    """A share of the budget of all years in even hundred thousand kronor."""
    total = sum(row.budget_ore or 0 for row in figures if row.flow is flow)
    return round(total * percent / 100 / 10_000_000) * 10_000_000
