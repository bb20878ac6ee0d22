"""How a project stands in a year: planned, under way, completed that year or before.

One rule, written three times that tests hold together: here on years, here as SQL, and in map-time-states.js for the
browser. Dates that are hidden take no part: such a project is of unknown time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import and_, case, extract, func, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from tracker.projects.models import Project
from tracker.projects.policies import Viewer, open_to, visible_to
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import Phase

Conditions = Sequence[ColumnElement[bool]]


class State(StrEnum):
    """How a project stands in a year; each project is in exactly one."""

    PLANNED = "planerat"
    """Begins later, or is to end later and has no beginning yet."""
    UNDER_WAY = "pagar"
    """Has begun, and ends later or nobody knows when."""
    COMPLETED = "klart"
    """Ends in the year itself."""
    EARLIER = "tidigare"
    """Ended before the year."""
    UNKNOWN = "okant"
    """Without dates, with dates that are hidden, or broken off."""


@dataclass(frozen=True, slots=True)
class YearSpan:
    """First and last year that any project's time touches."""

    first: int
    last: int

    def nearest(self, year: int) -> int:
        return min(max(year, self.first), self.last)


START = func.coalesce(Project.start_forecast, Project.start_decided)
"""The forecast goes before what was decided."""
END = func.coalesce(Project.end_forecast, Project.end_decided)


def state_in(year: int, start: int | None, end: int | None, *, aborted: bool = False) -> State:
    """The state in a year of a project that begins and ends in these years (None: not known)."""
    if aborted or (start is None and end is None):
        return State.UNKNOWN
    if start is not None and start > year:
        return State.PLANNED
    if end is not None and end <= year:
        return State.COMPLETED if end == year else State.EARLIER
    return State.UNDER_WAY if start is not None else State.PLANNED


def state_of(year: int, viewer: Viewer) -> ColumnElement[str]:
    """The same of the rows of `project`, as a State's word.

    The map's texts hold what everybody may see, so the map's own readers pass PUBLIC, whoever asks.
    """
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    start, end = START, END
    known = and_(Project.phase != Phase.ABORTED, or_(start.is_not(None), end.is_not(None)))
    return case(
        (~and_(known, *open_to(viewer, Secret.DATES)), State.UNKNOWN.value),
        (start >= after, State.PLANNED.value),
        (end < first, State.EARLIER.value),
        (end < after, State.COMPLETED.value),
        (start.is_not(None), State.UNDER_WAY.value),
        else_=State.PLANNED.value,
    )


def count_states(session: Session, chosen: Conditions, year: int, viewer: Viewer) -> dict[State, int]:
    """How many of the projects that meet the conditions are in each state, all states named."""
    state = state_of(year, viewer)
    rows = session.execute(select(state, func.count()).select_from(Project).where(*chosen).group_by(state)).all()
    found = {State(word): int(count) for word, count in rows}
    return {one: found.get(one, 0) for one in State}


def year_columns(viewer: Viewer) -> tuple[ColumnElement[int | None], ColumnElement[int | None]]:
    """The years in which a project begins and ends, None where they are hidden or not known."""
    shown = and_(Project.id.is_not(None), *open_to(viewer, Secret.DATES))
    start, end = (case((shown, extract("year", one)), else_=None) for one in (START, END))
    return start, end


def find_span(session: Session, viewer: Viewer) -> YearSpan | None:
    """The years of all projects that the viewer sees with their dates; None when there are no dates."""
    ends = (func.min(START), func.min(END), func.max(START), func.max(END))
    row = session.execute(select(*ends).where(*visible_to(viewer), *open_to(viewer, Secret.DATES))).one()
    years = [one.year if isinstance(one, date) else int(str(one)[:4]) for one in row if one is not None]
    return YearSpan(min(years), max(years)) if years else None
