"""The projects of an area's or a goal's page: counted, the first of each phase, and what begins and ends next.

Everything is bounded: a page shows some of each phase and leads to the list for the rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, case, func, literal, select, true
from sqlalchemy.orm import Session
from sqlalchemy.sql.expression import cast

from tracker.areas.models import Area
from tracker.maps.times import END, START
from tracker.measures.models import MainKind, Measure, MeasureGroup
from tracker.projects.figures import Volume
from tracker.projects.filters import ProjectFilter, conditions, touching
from tracker.projects.models import Project
from tracker.projects.policies import Viewer, hidden_ids, open_to
from tracker.projects.queries import area_names, goal_codes
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import RUNNING_PERIOD, Phase, Publication

SHOWN_OF_PHASE = 8
SHOWN_SOON = 8
ORDER = (
    Phase.IMPLEMENTATION, Phase.PLANNING, Phase.DIRECTION, Phase.STUDY, Phase.IDEA, Phase.FINAL_REPORT, Phase.CLOSED,
    Phase.DORMANT, Phase.ABORTED,
)  # fmt: skip
"""What is being built first, then what comes, then what is done."""

Conditions = Sequence[ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of something planned; `group` is a MeasureGroup's word."""

    group: str
    number: int


@dataclass(frozen=True, slots=True)
class PageProject:
    """A project in a list. Dates are the forecast ones before the decided; None is not known or not told."""

    id: int
    code: str
    name: str
    kind: MainKind
    phase: Phase
    publication: Publication
    confidential: bool
    start: date | None
    end: date | None
    lies_in: bool
    serves: bool
    areas: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    planned: tuple[Amount, ...] = ()


@dataclass(frozen=True, slots=True)
class PhaseGroup:
    """The projects of a phase: how many, and the first of them by name."""

    phase: Phase
    count: int
    rows: tuple[PageProject, ...]


@dataclass(frozen=True, slots=True)
class Coming:
    """What happens next: a project begins or (`ends`) is to be done on a day."""

    day: date
    ends: bool
    code: str
    name: str
    kind: MainKind


@dataclass(frozen=True, slots=True)
class Projects:
    """The projects that a page is about. Of those that `lie_in` an area and those that `serve` it, `both` do both."""

    total: int
    by_kind: tuple[tuple[MainKind, int], ...]
    lie_in: int
    serve: int
    both: int
    groups: tuple[PhaseGroup, ...]
    coming: tuple[Coming, ...]
    example_values: bool
    """Whether figures of any of them are made up for the example data."""


def projects_of(
    session: Session, wanted: ProjectFilter, viewer: Viewer, today: date, area: Area | None = None
) -> Projects:
    """The projects that a filter means for a viewer; with an area, whether each lies in it or serves it."""
    chosen = conditions(session, wanted, viewer)
    lies, serves = touching(session, [area], viewer) if area is not None else (None, None)
    flags = _flag(lies), _flag(serves)
    counts = _counts(session, chosen, flags)
    rows = _rows(session, chosen, flags, viewer)
    by_phase: dict[Phase, list[PageProject]] = defaultdict(list)
    for row in rows:
        by_phase[row.phase].append(row)
    phases, kinds = _tallied(counts, 0), _tallied(counts, 1)
    return Projects(
        total=sum(row[2] for row in counts),
        by_kind=tuple((kind, kinds.get(kind, 0)) for kind in MainKind),
        lie_in=sum(row[3] for row in counts),
        serve=sum(row[4] for row in counts),
        both=sum(row[5] for row in counts),
        groups=tuple(PhaseGroup(one, phases[one], tuple(by_phase[one])) for one in ORDER if phases.get(one)),
        coming=tuple(_coming(session, chosen, viewer, today)),
        example_values=session.scalar(select(Project.id).where(Project.example_values, *chosen).limit(1)) is not None,
    )


def count_hidden_amounts(session: Session, wanted: ProjectFilter, viewer: Viewer) -> int:
    """Projects of a filter whose amounts are in no sum that this viewer gets. The marks are open, the amounts not."""
    if viewer.confidential:
        return 0
    hidden = Project.id.in_(hidden_ids(viewer, [Secret.FIGURES]))
    chosen = conditions(session, wanted, viewer)
    return session.scalar(select(func.count(Project.id)).where(hidden, *chosen)) or 0


def _flag(condition: ColumnElement[bool] | None) -> ColumnElement[int]:
    return literal(0, Integer) if condition is None else case((condition, 1), else_=0)


def _counts(
    session: Session, chosen: Conditions, flags: tuple[ColumnElement[int], ColumnElement[int]]
) -> list[tuple[Any, ...]]:
    """Phase, kind, how many, how many that lie there, that serve it, that do both."""
    told = select(Project.phase, Project.main_kind, flags[0].label("lies"), flags[1].label("serves")).where(*chosen)
    one = told.subquery().c
    sums = (func.sum(one.lies), func.sum(one.serves), func.sum(one.lies * one.serves))
    columns = (one.phase, one.main_kind, func.count(), *(cast(each, Integer) for each in sums))
    return [tuple(row) for row in session.execute(select(*columns).group_by(one.phase, one.main_kind))]


def _tallied(counts: Sequence[tuple[Any, ...]], at: int) -> dict[Any, int]:
    found: dict[Any, int] = defaultdict(int)
    for row in counts:
        found[row[at]] += row[2]
    return found


def _rows(
    session: Session, chosen: Conditions, flags: tuple[ColumnElement[int], ColumnElement[int]], viewer: Viewer
) -> list[PageProject]:
    """The first of each phase by name, with what they are for, where, and what is planned."""
    order = func.row_number().over(partition_by=Project.phase, order_by=(Project.sort_key, Project.id)).label("place")
    first = select(Project.id.label("id"), order, flags[0].label("lies"), flags[1].label("serves")).where(*chosen)
    one = first.subquery()
    start, end = told_dates(viewer)
    statement: Select[Any] = (
        select(
            Project.id, Project.code, Project.name, Project.main_kind, Project.phase, Project.publication,
            Project.confidential, start, end, one.c.lies, one.c.serves,
        )
        .join(one, one.c.id == Project.id)
        .where(one.c.place <= SHOWN_OF_PHASE)
        .order_by(Project.sort_key, Project.id)
    )  # fmt: skip
    found = session.execute(statement).all()
    ids = [row.id for row in found]
    areas, goals = area_names(session, ids, viewer), goal_codes(session, ids, viewer)
    planned = planned_amounts(session, ids, viewer)
    return [
        replace(
            PageProject(*row),
            lies_in=bool(row.lies),
            serves=bool(row.serves),
            areas=areas.get(row.id, ()),
            goals=goals.get(row.id, ()),
            planned=planned.get(row.id, ()),
        )
        for row in found
    ]


def told_dates(viewer: Viewer) -> tuple[ColumnElement[date | None], ColumnElement[date | None]]:
    """Start and end of a project, None where this viewer may not have them."""
    shown = and_(true(), *open_to(viewer, Secret.DATES))
    return case((shown, START), else_=None), case((shown, END), else_=None)


def planned_amounts(session: Session, ids: Sequence[int], viewer: Viewer) -> dict[int, tuple[Amount, ...]]:
    """Project id → dwellings and workplaces planned, each measure by its newest year."""
    groups = (MeasureGroup.DWELLINGS, MeasureGroup.WORKPLACES)
    statement = (
        select(Volume.project_id, Measure.group, Volume.measure_id, Volume.planned)
        .join(Measure, Measure.id == Volume.measure_id)
        .where(Volume.project_id.in_(ids), Volume.period == RUNNING_PERIOD, Volume.planned.is_not(None))
        .where(Measure.group.in_(groups), *open_to(viewer, Secret.VOLUMES, Volume.project_id))
        .order_by(Volume.year)
    )
    rows = session.execute(statement)
    newest = {(project_id, group, measure): number or 0 for project_id, group, measure, number in rows}
    sums: dict[int, dict[MeasureGroup, int]] = defaultdict(lambda: defaultdict(int))
    for (project_id, group, _), number in newest.items():
        sums[project_id][group] += number
    return {
        project_id: tuple(Amount(one.value, found[one]) for one in groups if found.get(one))
        for project_id, found in sums.items()
    }


def _coming(session: Session, chosen: Conditions, viewer: Viewer, today: date) -> list[Coming]:
    """The next that begin and end, from today on, in order of time; what was broken off begins nothing."""
    found: list[Coming] = []
    going_on = [Project.phase.not_in((Phase.ABORTED, Phase.CLOSED)), *chosen, *open_to(viewer, Secret.DATES)]
    for day, ends in ((START, False), (END, True)):
        statement = (
            select(day, Project.code, Project.name, Project.main_kind)
            .where(day >= today, *going_on)
            .order_by(day, Project.sort_key, Project.id)
            .limit(SHOWN_SOON)
        )
        found += [Coming(row[0], ends, *row[1:]) for row in session.execute(statement)]
    return sorted(found, key=lambda one: (one.day, one.ends, one.code))[:SHOWN_SOON]
