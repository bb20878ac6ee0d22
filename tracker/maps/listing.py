"""The list beside the map: what the filter, a year's states, changes and the map's view mean together, in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import shapely
from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement
from werkzeug.datastructures import MultiDict

from tracker.geo.crs import STORAGE_SRID, WEB_SRID, reproject_one
from tracker.geo.envelope import InEnvelope
from tracker.maps.answers import Tally, tally
from tracker.maps.changes import changed_since, find_differences
from tracker.maps.changes_told import tell_differences
from tracker.maps.choices import MapChoices
from tracker.maps.presenters import TWIN_SIZE, StateYears, TwinFacts, TwinRow, twin_rows
from tracker.maps.times import END, START, State, state_of, year_columns
from tracker.maps.windows import window_from
from tracker.measures.models import MainKind
from tracker.projects.filters import ProjectFilter, conditions
from tracker.projects.models import Project
from tracker.projects.policies import PUBLIC, Viewer, open_to
from tracker.projects.queries import count_projects, list_rows
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import Phase
from tracker.web.paging import Page, page_number

Conditions = list[ColumnElement[bool]]
Order = list[ColumnElement[Any]]


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose list, of what, and when."""

    wanted: ProjectFilter
    choices: MapChoices
    viewer: Viewer
    now: datetime


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the list. `count` is of all that is meant; `inside` of those in the map's view, None when all are."""

    count: Tally
    inside: int | None
    page: Page
    rows: Sequence[TwinRow]


def meant(session: Session, asked: Asked) -> Conditions:
    """Filter, rights and choices as conditions on `project`; the map's data and the list share them."""
    return [*conditions(session, asked.wanted, asked.viewer), *choice_conditions(session, asked)]


def choice_conditions(session: Session, asked: Asked) -> Conditions:
    """What the choices leave out besides the filter: hidden states of the year, and what has not changed."""
    choices = asked.choices
    chosen: Conditions = []
    if choices.at is not None and choices.hidden_states:
        chosen.append(state_of(choices.at, PUBLIC).not_in(choices.hidden_states))
    if choices.since:
        chosen.append(changed_since(session, choices.since, asked.viewer, asked.now))
    return chosen


def without_states(session: Session, asked: Asked) -> Conditions:
    """The same with the hidden states of the year, to count them all."""
    return meant(session, replace(asked, choices=replace(asked.choices, hide="")))


def count_everything(session: Session, asked: Asked, total: int) -> int:
    """How many projects the viewer sees; `total` is how many of them are meant."""
    if not (asked.wanted.in_force or asked.choices.since or asked.choices.hidden_states):
        return total
    return count_projects(session, ProjectFilter(), asked.viewer)


def read_listing(session: Session, asked: Asked, page_text: str | None) -> Listing:
    """The page of that number, in a number of statements that does not grow with the list."""
    further = choice_conditions(session, asked)
    count = tally(session, [*conditions(session, asked.wanted, asked.viewer), *further], asked.viewer)
    inside = None
    if asked.choices.view:
        further += in_view(asked)
        chosen = [*conditions(session, asked.wanted, asked.viewer), *further]
        inside = session.scalar(select(func.count(Project.id)).where(*chosen)) or 0
    page = page_number(page_text, count.total if inside is None else inside, TWIN_SIZE)
    return Listing(count, inside, page, _rows(session, asked, further, page))


def in_view(asked: Asked) -> Conditions:
    """The project's place meets the map's view, and is not hidden."""
    box = window_from(MultiDict({"bbox": asked.choices.view})).stored_box()
    return [InEnvelope(Project.geom, Project.id, box), *open_to(asked.viewer, Secret.GEOMETRY)]


def _rows(session: Session, asked: Asked, further: Conditions, page: Page) -> list[TwinRow]:
    order = list_order(asked)
    rows = list_rows(
        session, asked.wanted, asked.viewer, "namn", page.offset, page.size, further=further, ordered=order
    )
    ids = [row.id for row in rows]
    facts = TwinFacts(
        asked.choices.at,
        _states(session, ids, asked.choices.at),
        _changes(session, ids, asked),
        _distances(session, ids, asked),
    )
    return twin_rows(session, rows, asked.viewer, facts)


def _states(session: Session, ids: Sequence[int], year: int | None) -> Mapping[int, StateYears]:
    """Project id → its state in the year, and the years of its beginning and end."""
    if year is None:
        return {}
    columns = (Project.id, state_of(year, PUBLIC), *year_columns(PUBLIC))
    rows = session.execute(select(*columns).where(Project.id.in_(ids)))
    return {one: (State(word), start, end) for one, word, start, end in rows}


def _changes(session: Session, ids: Sequence[int], asked: Asked) -> Mapping[int, Sequence[str]]:
    since = asked.choices.since
    return tell_differences(session, find_differences(session, since, ids, asked.viewer)) if since else {}


def _distances(session: Session, ids: Sequence[int], asked: Asked) -> Mapping[int, float]:
    if not asked.choices.here:
        return {}
    shown = open_to(asked.viewer, Secret.GEOMETRY)
    columns = (Project.id, distance_to(asked.choices.here))
    rows = session.execute(select(*columns).where(Project.id.in_(ids), Project.geom.is_not(None), *shown))
    return {one: float(metres) for one, metres in rows if metres is not None}


def distance_to(here: str) -> ColumnElement[float]:
    """Metres in EPSG:3011 from "lon,lat" to the project's nearest part."""
    lon, lat = (float(part) for part in here.split(","))
    point = reproject_one(shapely.Point(lon, lat), WEB_SRID, STORAGE_SRID)
    distance: ColumnElement[float] = func.ST_Distance(
        Project.geom, func.ST_GeomFromText(shapely.to_wkt(point, rounding_precision=3), STORAGE_SRID)
    )
    return distance


def list_order(asked: Asked) -> Order:
    """The order that the choices name, by name where they name none; what is hidden or not known comes last."""
    choices = asked.choices
    name: Order = [Project.sort_key.asc(), Project.id.asc()]
    if choices.sort == "avstand" and not choices.here:
        return name
    if not choices.sort:
        return [Project.sort_key.desc(), Project.id.desc()] if choices.order else name
    column = _ORDERS[choices.sort](asked)
    return [(column.desc() if choices.order else column.asc()).nulls_last(), *name]


def _place_among(column: Any, words: Sequence[Any]) -> ColumnElement[Any]:
    return case({word: place for place, word in enumerate(words)}, value=column)


def _known(secret: Secret, column: ColumnElement[Any], viewer: Viewer) -> ColumnElement[Any]:
    return case((and_(Project.id.is_not(None), *open_to(viewer, secret)), column), else_=None)


_ORDERS: Mapping[str, Any] = {
    "skede": lambda _asked: _place_among(Project.phase, list(Phase)),
    "slag": lambda _asked: _place_among(Project.main_kind, list(MainKind)),
    "start": lambda asked: _known(Secret.DATES, START, asked.viewer),
    "slut": lambda asked: _known(Secret.DATES, END, asked.viewer),
    "avstand": lambda asked: _known(Secret.GEOMETRY, distance_to(asked.choices.here), asked.viewer),
}
