"""What OC4IDS tells of the projects of an extract, read a block at a time.

Every query carries the conditions of its viewer: what is hidden is not read, and leaves nothing behind. What many
projects share, as the names of goals, areas and measures, is read once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, defer

from tracker.areas.models import Area, AreaSet
from tracker.areas.queries import areas_upward, lowest_set, newest_set
from tracker.exports.register import Extract
from tracker.exports.register_lists import among
from tracker.geo.crs import STORAGE_SRID, WEB_SRID, GeometryArray, reproject
from tracker.geo.measure import flat_parts
from tracker.goals.models import Goal, GoalSet
from tracker.measures.models import Measure
from tracker.projects.bulk import blocks
from tracker.projects.figures import Decision, Figure, Volume
from tracker.projects.inputs import DecisionInput
from tracker.projects.models import CaseNumber, GoalTag, Location, Project, ServedArea
from tracker.projects.policies import Viewer, open_to, visible_to
from tracker.projects.programmes import programme_ids
from tracker.projects.queries import marks_of
from tracker.projects.secrecy import Hidden, Secret
from tracker.projects.vocabulary import RUNNING_PERIOD, Scope

BLOCK = 200
DECIMALS = 7
"""Of a degree: a centimetre."""
COLUMNS = (
    Project.id, Project.code, Project.name, Project.main_kind, Project.secondary_kinds, Project.subtype, Project.phase,
    Project.start_decided, Project.start_forecast, Project.end_decided, Project.end_forecast,
    Project.description_public, Project.link, Project.stated_area, Project.location_approximate,
    Project.example_values, Project.confidential, Project.confidentiality_ground, Project.publication,
    Project.parent_id, Project.updated_at,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shared:
    """What many projects refer to, by id."""

    goals: Mapping[int, tuple[GoalSet, Goal]]
    areas: Mapping[int, tuple[AreaSet, Area]]
    measures: Mapping[int, Measure]
    lowest: AreaSet
    newest: AreaSet
    upward: Mapping[int, int | None]
    """Area → the area of the newest edition that holds it."""
    programmes: frozenset[int]


@dataclass(frozen=True, slots=True)
class Related:
    """A project of the same programme."""

    code: str
    name: str


@dataclass(slots=True)
class Facts:
    """A project as its viewer may know it. `row` has `COLUMNS`; `shapes` are GeoJSON in longitude and latitude."""

    row: Any
    marks: Hidden
    """The fields that are confidential, whoever asks."""
    hidden: Hidden
    """Those that this viewer does not get."""
    programme: bool
    shapes: list[str] = field(default_factory=list)
    case_numbers: list[str] = field(default_factory=list)
    goals: list[int] = field(default_factory=list)
    serves: list[tuple[Scope, int | None, int]] = field(default_factory=list)
    """Scope, area and share in hundredths of a percent."""
    lies_in: list[tuple[int, int | None, int]] = field(default_factory=list)
    """Edition, area (None for what is outside) and share."""
    figures: list[Any] = field(default_factory=list)
    volumes: list[Any] = field(default_factory=list)
    decisions: list[DecisionInput] = field(default_factory=list)
    parent: Related | None = None
    parts: list[Related] = field(default_factory=list)


def read_shared(session: Session, viewer: Viewer) -> Shared:
    """The catalogues; without the outlines of areas, which nothing here needs."""
    goals = session.execute(select(GoalSet, Goal).join(Goal, Goal.goal_set_id == GoalSet.id))
    areas = session.execute(select(AreaSet, Area).join(Area, Area.area_set_id == AreaSet.id).options(defer(Area.geom)))
    newest = newest_set(session)
    return Shared(
        goals={goal.id: (goal_set, goal) for goal_set, goal in goals},
        areas={area.id: (area_set, area) for area_set, area in areas},
        measures={one.id: one for one in session.scalars(select(Measure))},
        lowest=lowest_set(session),
        newest=newest,
        upward=areas_upward(session, newest),
        programmes=frozenset(programme_ids(session, viewer)),
    )


def read_facts(session: Session, extract: Extract, shared: Shared) -> Iterator[list[Facts]]:
    """The projects in order, in blocks; one that the viewer may not see any more is left out."""
    for ids in blocks(extract.ids, BLOCK):
        yield _block(session, ids, shared, extract.audience.viewer)


def _block(session: Session, ids: Sequence[int], shared: Shared, viewer: Viewer) -> list[Facts]:
    rows = session.execute(select(*COLUMNS).where(among(session, Project.id, ids), *visible_to(viewer)))
    by_id = {row.id: row for row in rows}
    marks = marks_of(session, by_id)
    hidden = {} if viewer.confidential else marks
    found = {
        one: Facts(by_id[one], marks.get(one, {}), hidden.get(one, {}), one in shared.programmes)
        for one in ids
        if one in by_id
    }
    _add_goals_and_areas(session, found, viewer)
    _add_amounts(session, found, viewer)
    _add_decisions(session, found, viewer)
    _add_related(session, found, viewer)
    _add_shapes(session, found)
    return list(found.values())


def _rows(
    session: Session, statement: Select[*tuple[Any, ...]], column: Any, found: Mapping[int, Facts]
) -> Iterator[Any]:
    """The rows of the block's projects, in the statement's order."""
    return iter(session.execute(statement.where(among(session, column, list(found)))))


def _add_goals_and_areas(session: Session, found: Mapping[int, Facts], viewer: Viewer) -> None:
    tags = select(GoalTag.project_id, GoalTag.goal_id).where(*open_to(viewer, Secret.GOALS, GoalTag.project_id))
    for one, goal in _rows(session, tags, GoalTag.project_id, found):
        found[one].goals.append(goal)
    numbers = select(CaseNumber.project_id, CaseNumber.number).order_by(CaseNumber.project_id, CaseNumber.position)
    numbers = numbers.where(*open_to(viewer, Secret.CASE_NUMBERS, CaseNumber.project_id))
    for one, number in _rows(session, numbers, CaseNumber.project_id, found):
        found[one].case_numbers.append(number)
    serves = select(ServedArea.project_id, ServedArea.scope, ServedArea.area_id, ServedArea.share)
    serves = serves.where(*open_to(viewer, Secret.SERVES, ServedArea.project_id))
    for one, *served in _rows(
        session, serves.order_by(ServedArea.project_id, ServedArea.position), ServedArea.project_id, found
    ):
        found[one].serves.append((served[0], served[1], served[2]))
    lies = select(Location.project_id, Location.area_set_id, Location.area_id, Location.share)
    lies = lies.where(*open_to(viewer, Secret.GEOMETRY, Location.project_id))
    for one, *place in _rows(session, lies.order_by(Location.project_id, Location.place), Location.project_id, found):
        found[one].lies_in.append((place[0], place[1], place[2]))


def _add_amounts(session: Session, found: Mapping[int, Facts], viewer: Viewer) -> None:
    """A programme has none: its parts have them, and a reader would count the same money twice."""
    own = {one: facts for one, facts in found.items() if not facts.programme}
    figures = select(
        Figure.project_id, Figure.year, Figure.flow, Figure.budget_ore, Figure.outcome_ore, Figure.forecast_ore,
        Figure.budget_preliminary,
    ).where(Figure.period == RUNNING_PERIOD, *open_to(viewer, Secret.FIGURES, Figure.project_id))  # fmt: skip
    for row in _rows(session, figures.order_by(Figure.project_id, Figure.year), Figure.project_id, own):
        own[row.project_id].figures.append(row)
    volumes = select(
        Volume.project_id, Volume.measure_id, Volume.year, Volume.planned, Volume.started, Volume.completed
    ).where(Volume.period == RUNNING_PERIOD, *open_to(viewer, Secret.VOLUMES, Volume.project_id))
    for row in _rows(session, volumes.order_by(Volume.project_id, Volume.year), Volume.project_id, own):
        own[row.project_id].volumes.append(row)


def _add_decisions(session: Session, found: Mapping[int, Facts], viewer: Viewer) -> None:
    statement = select(
        Decision.project_id, Decision.gate, Decision.body, Decision.date, Decision.case_number, Decision.paragraph,
        Decision.outlay_ore, Decision.income_ore, Decision.price_level, Decision.note, Decision.id,
    ).where(*open_to(viewer, Secret.DECISIONS, Decision.project_id))  # fmt: skip
    for one, *values in _rows(session, statement, Decision.project_id, found):
        found[one].decisions.append(DecisionInput(*values))


def _add_related(session: Session, found: Mapping[int, Facts], viewer: Viewer) -> None:
    above = {facts.row.parent_id: None for facts in found.values() if facts.row.parent_id is not None}
    parents = select(Project.id, Project.code, Project.name).where(
        among(session, Project.id, list(above)), *visible_to(viewer)
    )
    named = {one: Related(code, name) for one, code, name in session.execute(parents)}
    for facts in found.values():
        facts.parent = named.get(facts.row.parent_id)
    parts = select(Project.parent_id, Project.code, Project.name).where(*visible_to(viewer)).order_by(Project.code)
    for one, code, name in _rows(session, parts, Project.parent_id, found):
        found[one].parts.append(Related(code, name))


def _add_shapes(session: Session, found: Mapping[int, Facts]) -> None:
    """A collection becomes its parts, for the schema knows none; outer rings run counterclockwise (RFC 7946)."""
    drawn = [one for one, facts in found.items() if Secret.GEOMETRY not in facts.hidden]
    stored = select(Project.id, func.ST_AsBinary(Project.geom)).where(Project.geom.is_not(None))
    rows = session.execute(stored.where(among(session, Project.id, drawn))).all()
    shapes = shapely.from_wkb(np.array([bytes(wkb) for _, wkb in rows], dtype=object))
    owners, parts = [], []
    for (one, _), shape in zip(rows, shapes, strict=True):
        whole = flat_parts(shape) if shape.geom_type == "GeometryCollection" else [shape]
        kept = [part for part in whole if not part.is_empty]
        owners += [one] * len(kept)
        parts += kept
    for one, text in zip(owners, shapely.to_geojson(_to_web(parts)), strict=True):
        found[one].shapes.append(text)


def _to_web(parts: Sequence[Any]) -> GeometryArray:
    array: GeometryArray = np.empty(len(parts), dtype=object)
    array[:] = parts
    moved = shapely.transform(reproject(array, STORAGE_SRID, WEB_SRID), lambda xy: xy.round(DECIMALS))
    turned: GeometryArray = shapely.orient_polygons(moved)
    return turned
