"""Projects in the register for tests of reports: tags by goal code, areas by name, amounts in kronor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests.factories import find_area, make_project
from tracker.areas.models import LOWEST
from tracker.areas.queries import lowest_set
from tracker.geo.crs import STORAGE_SRID
from tracker.goals.models import Goal, GoalSet
from tracker.measures.models import Measure
from tracker.projects.figures import Figure, Volume
from tracker.projects.models import GoalAssessment, GoalTag, Location, Project, ServedArea
from tracker.projects.vocabulary import Flow, Scope

EDITION = "policy-2004"
Served = tuple[str | Scope, int]
"""A name of an area (with its edition after a slash: "Kista/1999") or a scope, and its share in percent."""


def add_project(
    session: Session,
    code: str,
    geometry: BaseGeometry | None = None,
    *,
    goals: Mapping[str, int] | None = None,
    serves: Sequence[Served] = (),
    lies_in: Mapping[str | None, int] | None = None,
    outlay: Mapping[int, int] | None = None,
    **values: Any,
) -> Project:
    """A published project. `outlay` is budget by year in kronor; `lies_in` percent by stadsdel, None for outside."""
    project = make_project(session, code, **values)
    if geometry is not None:
        stored = func.ST_GeomFromWKB(shapely.to_wkb(geometry), STORAGE_SRID)
        session.execute(update(Project).where(Project.id == project.id).values(geom=stored))
    project.goal_tags = [GoalTag(goal_id=goal_id(session, one), weight=weight) for one, weight in (goals or {}).items()]
    project.serves = [_served(session, place, *row) for place, row in enumerate(serves, start=1)]
    lowest = lowest_set(session).id
    project.locations = [
        Location(
            area_set_id=lowest, place=place, area_id=find_area(session, name).id if name else None, share=share * 100
        )
        for place, (name, share) in enumerate((lies_in or {}).items())
    ]
    for year, kronor in (outlay or {}).items():
        add_figure(session, project, year, budget=kronor * 100)
    session.flush()
    return project


def _served(session: Session, position: int, area: str | Scope, percent: int) -> ServedArea:
    if isinstance(area, Scope):
        return ServedArea(position=position, scope=area, share=percent * 100)
    name, _, edition = area.partition("/")
    found = find_area(session, name, edition or LOWEST)
    return ServedArea(position=position, scope=Scope.AREA, area_id=found.id, share=percent * 100)


def add_figure(
    session: Session,
    project: Project,
    year: int,
    flow: Flow = Flow.OUTLAY,
    *,
    budget: int | None = None,
    outcome: int | None = None,
    forecast: int | None = None,
) -> None:
    """Amounts in whole öre."""
    figure = Figure(year=year, flow=flow, budget_ore=budget, outcome_ore=outcome, forecast_ore=forecast)
    project.figures.append(figure)
    session.flush()


def add_volume(session: Session, project: Project, code: str, year: int, **numbers: int) -> None:
    """Numbers of a measure: planned, started, completed."""
    measure = session.scalars(select(Measure).where(Measure.code == code)).one()
    project.volumes.append(Volume(measure_id=measure.id, year=year, **numbers))
    session.flush()


def add_no_contribution(session: Session, project: Project, edition: str = EDITION) -> None:
    """Assessed, and found to contribute to nothing."""
    goal_set = session.scalars(select(GoalSet).where(GoalSet.code == edition)).one()
    project.goal_assessments.append(GoalAssessment(goal_set_id=goal_set.id, reason="Prov"))
    session.flush()


def goal_id(session: Session, code: str, edition: str = EDITION) -> int:
    """The id of a goal of an edition."""
    statement = select(Goal.id).join(GoalSet, Goal.goal_set_id == GoalSet.id)
    return session.scalars(statement.where(Goal.code == code, GoalSet.code == edition)).one()
