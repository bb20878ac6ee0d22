"""Gathering the material of a report from the register."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.areas.models import AreaSet
from tracker.contribution.amounts import AMOUNTS, MONEY
from tracker.contribution.control import control_totals
from tracker.contribution.material import AreaEdition, CountedProject, GoalEdition, Material
from tracker.contribution.packed import batched, pack
from tracker.contribution.people import region_people
from tracker.contribution.places import Places, build_places, known_areas
from tracker.contribution.portfolio import AreaRows, Facts
from tracker.contribution.queries import read_counts, read_lies_in, read_money, read_serves
from tracker.contribution.rows import GoalRows, build_rows, known_goals
from tracker.contribution.selection import Scope, Selection, counted, told_share
from tracker.contribution.tagging import Judgements, read_judgements
from tracker.goals.models import GoalSet
from tracker.projects.models import Project
from tracker.projects.policies import Viewer, visible_to
from tracker.projects.queries import hidden_of, marks_of
from tracker.projects.secrecy import Hidden

BLOCK = 2_000
"""So many projects are read at a time."""
FACTS = ("project", "column", "amount")


def gather(session: Session, scope: Scope, goal_set: GoalSet, area_set: AreaSet) -> Material:
    """The material of one year. Raises ValueError when the scope names none."""
    if scope.year is None:
        raise ValueError("a report is of one year")
    projects = describe_projects(session, scope)
    selection = Selection.of(
        *np.array([(one.id, one.city_share) for one in projects], dtype=np.int64).reshape(-1, 2).T.copy()
    )
    goals, areas = known_goals(session, goal_set), known_areas(session, area_set)
    rows, places = build_rows(goals), build_places(areas)
    judged, serves, lies_in = read_shares(session, selection, goal_set, area_set, rows, places, scope.viewer)
    money, _, registered = read_money(session, selection, scope, MONEY)
    counts = read_counts(session, selection, scope, AMOUNTS, scope.year)
    return Material(
        year=scope.year,
        goal_edition=GoalEdition(goal_set.code, goal_set.name),
        area_edition=AreaEdition(area_set.code, area_set.name, area_set.schematic, area_set.outline_source),
        goals=goals,
        areas=areas,
        projects=projects,
        tags=judged.tags,
        no_contribution=judged.no_contribution,
        serves=serves,
        lies_in=lies_in,
        facts=Facts(*(np.concatenate([getattr(one, name) for one in (money, counts)]) for name in FACTS)),
        control=control_totals(session, scope, scope.year),
        registered=np.concatenate((registered, counts.amount)),
        carried=judged.carried,
        carried_from=judged.carried_from,
        people=region_people(session, scope.year),
    )


def describe_projects(session: Session, scope: Scope) -> Sequence[CountedProject]:
    """The projects of a scope by code, as its viewer may know them; read in blocks, so that few are rows at a time."""
    wanted = select(Project.code, Project.id).where(*counted(session, scope)).execution_options(yield_per=BLOCK)
    # Sorted here: the two databases collate text in different ways.
    ids = [project_id for _, project_id in sorted((code, project_id) for code, project_id in session.execute(wanted))]
    hidden = hidden_of(session, ids, scope.viewer)
    marks = marks_of(session, ids) if scope.viewer.confidential else {}
    return pack(CountedProject, _described(session, scope.viewer, ids, hidden, marks))


def _described(
    session: Session, viewer: Viewer, ids: Sequence[int], hidden: Mapping[int, Hidden], marks: Mapping[int, Hidden]
) -> Iterator[CountedProject]:
    columns = (
        Project.id, Project.code, Project.name, Project.main_kind, Project.phase, Project.publication,
        Project.confidential, Project.example_values, told_share(viewer),
    )  # fmt: skip
    for block in batched(ids, BLOCK):
        # Asked again whether it may be seen: on a page the two statements are not of one moment.
        statement = select(*columns).where(Project.id.in_(block), *visible_to(viewer))
        rows = {row[0]: row for row in session.execute(statement)}
        for one in filter(rows.__contains__, block):
            yield CountedProject(*rows[one], hidden=hidden.get(one, {}), marks=marks.get(one, {}))


def read_shares(
    session: Session,
    selection: Selection,
    goal_set: GoalSet,
    area_set: AreaSet,
    rows: GoalRows,
    places: Places,
    viewer: Viewer,
    *,
    evenly: bool = False,
) -> tuple[Judgements, AreaRows, AreaRows]:
    """What the projects are shared over, as recorded: what they were judged to contribute to, served and lying in.

    `evenly`: as if every goal of a project weighed the same.
    """
    return (
        read_judgements(session, selection, goal_set, rows, viewer, evenly=evenly),
        read_serves(session, selection, places.positions, viewer),
        read_lies_in(session, selection, places.positions, area_set, viewer),
    )
