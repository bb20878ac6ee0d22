"""What a project has several of, as one text in a cell: goals, areas, case numbers; and its planned numbers.

Read for a block of projects at once, as whole columns. Every statement carries the conditions of its viewer.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from sqlalchemy import ARRAY, BigInteger, String, any_, case, cast, func, literal, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from tracker.apportion import IntArray
from tracker.areas.models import Area
from tracker.contribution.reading import Positions, read_columns
from tracker.database import is_sqlite
from tracker.goals.models import Goal
from tracker.measures.models import Measure, MeasureGroup
from tracker.projects.figures import Volume
from tracker.projects.models import CaseNumber, GoalTag, Location, ServedArea
from tracker.projects.policies import Viewer, open_to
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import RUNNING_PERIOD, Scope

WHOLE_CITY_ID, OUTSIDE_ID = -1, -2
"""Stand in for the id of an area where a row serves the whole city, or what lies outside it."""
PLANNED_GROUPS = (MeasureGroup.DWELLINGS, MeasureGroup.WORKPLACES)


def among(session: Session, project_id: Any, ids: Sequence[int]) -> ColumnElement[bool]:
    """`project_id` is one of `ids`, as a single parameter: thousands of them cost more to write out than to look up."""
    if is_sqlite(session):
        listed = func.json_each(json.dumps(list(ids))).table_valued("value")
        found: ColumnElement[bool] = project_id.in_(select(listed.c.value))
        return found
    # As text: the driver writes out a list number by number, which takes longer than the query.
    written = literal(f"{{{','.join(map(str, ids))}}}", String)
    same: ColumnElement[bool] = project_id == any_(cast(written, ARRAY(BigInteger)))
    return same


@dataclass(frozen=True, slots=True)
class Words:
    """Texts by database id; their order is the order in which they are listed."""

    positions: Positions
    texts: list[str]

    @classmethod
    def of(cls, rows: Sequence[tuple[int, str]]) -> Words:
        return cls(Positions(np.array([row[0] for row in rows], dtype=np.int64)), [row[1] for row in rows])


def goal_words(session: Session) -> Words:
    """Every goal's code, in order of code."""
    rows = session.execute(select(Goal.id, Goal.code)).all()
    return Words.of(sorted(((row[0], row[1]) for row in rows), key=lambda row: (row[1], row[0])))


def area_words(session: Session) -> Words:
    """Every area's name, and what stands for the whole city and outside it."""
    rows = [(row[0], row[1]) for row in session.execute(select(Area.id, Area.name).order_by(Area.id))]
    return Words.of([(WHOLE_CITY_ID, Scope.WHOLE_CITY.label), (OUTSIDE_ID, Scope.OUTSIDE.label), *rows])


def goals_of(session: Session, ids: Sequence[int], viewer: Viewer, words: Words) -> list[str]:
    """The codes of each project's goals in order, "G1a, G2d"."""
    statement = select(GoalTag.project_id, GoalTag.goal_id).where(among(session, GoalTag.project_id, ids))
    statement = statement.where(*open_to(viewer, Secret.GOALS, GoalTag.project_id))
    projects, goals = read_columns(session, statement)
    keys = words.positions.of(goals)
    return listed_words(ids, projects, keys, keys, words.texts)


def areas_of(session: Session, ids: Sequence[int], viewer: Viewer, words: Words) -> list[str]:
    """The areas that each project serves; where none are chosen, the stadsdelar that it lies in."""
    area = case(
        (ServedArea.scope == Scope.WHOLE_CITY, WHOLE_CITY_ID),
        (ServedArea.scope == Scope.OUTSIDE, OUTSIDE_ID),
        else_=ServedArea.area_id,
    )
    served = select(ServedArea.project_id, ServedArea.position, area)
    served = served.where(among(session, ServedArea.project_id, ids))
    served = served.where(*open_to(viewer, Secret.SERVES, ServedArea.project_id))
    projects, order, keys = read_columns(session, served)
    chosen = listed_words(ids, projects, order, words.positions.of(keys), words.texts)
    lies_in = select(Location.project_id, Location.area_set_id, Location.place, Location.area_id)
    lies_in = lies_in.where(Location.area_id.is_not(None), among(session, Location.project_id, ids))
    lies_in = lies_in.where(*open_to(viewer, Secret.GEOMETRY, Location.project_id))
    projects, editions, order, keys = read_columns(session, lies_in)
    places = editions * (int(order.max(initial=0)) + 1) + order
    located = listed_words(ids, projects, places, words.positions.of(keys), words.texts)
    return [one or other for one, other in zip(chosen, located, strict=True)]


def listed_words(
    ids: Sequence[int], projects: IntArray, order: IntArray, keys: IntArray, texts: Sequence[str]
) -> list[str]:
    """For each of `ids` its texts in order, each once, with commas; `keys` are positions in `texts`."""
    places = Positions(np.array(ids, dtype=np.int64)).of(projects)
    ranked = np.lexsort((order, places))
    words = [texts[key] for key in keys[ranked].tolist()]
    starts = np.searchsorted(places[ranked], np.arange(len(ids) + 1)).tolist()
    return [_listed(words, start, end) for start, end in pairwise(starts)]


def _listed(words: Sequence[str], start: int, end: int) -> str:
    """Most projects have one at most."""
    if end - start < 2:
        return words[start] if end > start else ""
    return ", ".join(dict.fromkeys(words[start:end]))


def case_numbers_of(session: Session, ids: Sequence[int], viewer: Viewer) -> list[str]:
    """The case numbers of each project, with semicolons: there may be commas in them."""
    statement = select(CaseNumber.project_id, CaseNumber.number).where(among(session, CaseNumber.project_id, ids))
    statement = statement.where(*open_to(viewer, Secret.CASE_NUMBERS, CaseNumber.project_id))
    found: dict[int, list[str]] = defaultdict(list)
    for project_id, number in session.execute(statement.order_by(CaseNumber.project_id, CaseNumber.position)):
        found[project_id].append(number)
    return ["; ".join(found[one]) if one in found else "" for one in ids]


def planned_of(session: Session, ids: Sequence[int], viewer: Viewer) -> list[list[int | None]]:
    """Planned dwellings, and planned workplaces, of each project: of each measure the newest number; None for none."""
    group = case((Measure.group == PLANNED_GROUPS[0], 0), else_=1)
    statement = (
        select(Volume.project_id, Volume.measure_id, Volume.year, group, Volume.planned)
        .join(Measure, Volume.measure_id == Measure.id)
        .where(Volume.period == RUNNING_PERIOD, Measure.group.in_(PLANNED_GROUPS), Volume.planned.is_not(None))
        .where(among(session, Volume.project_id, ids), *open_to(viewer, Secret.VOLUMES, Volume.project_id))
    )
    projects, measures, years, groups, numbers = read_columns(session, statement)
    ranked = np.lexsort((years, measures, projects))
    newest = np.ones(ranked.size, dtype=np.bool_)
    owner, measure = projects[ranked], measures[ranked]
    newest[:-1] = (owner[1:] != owner[:-1]) | (measure[1:] != measure[:-1])
    kept = ranked[newest]
    sums: list[list[int | None]] = [[None] * len(ids), [None] * len(ids)]
    places = Positions(np.array(ids, dtype=np.int64)).of(projects[kept])
    for place, side, number in zip(places.tolist(), groups[kept].tolist(), numbers[kept].tolist(), strict=True):
        sums[side][place] = (sums[side][place] or 0) + number
    return sums
