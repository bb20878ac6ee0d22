"""What stands under the map: the years to choose from, and how many projects are in each state of the year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.exports.standing import Asking, stand
from tracker.maps.choices import YEARS, MapChoices
from tracker.maps.presenters import state_words
from tracker.maps.times import Conditions, State, YearSpan, find_span, state_in, year_columns
from tracker.messages import told
from tracker.money import format_count
from tracker.projects.models import Project
from tracker.projects.policies import PUBLIC, Viewer
from tracker.projects.vocabulary import Phase

Course = tuple[int | None, int | None, bool, int]
"""Years of beginning and end, whether broken off, and how many projects have them."""


@dataclass(frozen=True, slots=True)
class KeptSpan:
    """The years of all projects, as they are kept between requests; 0 when there are no dates."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class StateCount:
    """A state of the year with its name, how many projects are in it, and whether it is shown."""

    word: str
    label: str
    count: int
    shown: bool


@dataclass(frozen=True, slots=True)
class TimePanel:
    """`year` is the one that is shown, None for all years; `standing` the one where the slider stands."""

    span: YearSpan
    year: int | None
    standing: int
    states: Sequence[StateCount]
    courses: Sequence[Course]
    """From these the script counts the states of any year, without asking again."""

    @property
    def said(self) -> str:
        """ "2005: 12 planerade, …" in one line."""
        if self.year is None:
            return ""
        parts = [f"{told(one.label).lower()} {format_count(one.count)}" for one in self.states if one.count]
        return f"{self.year}: {', '.join(parts) or _('inga projekt')}"


def read_panel(
    session: Session, chosen: Conditions, choices: MapChoices, viewer: Viewer, now: datetime
) -> TimePanel | None:
    """The panel for the projects that meet the conditions; None when no project has dates."""
    span = _span(session, viewer, now)
    if span is None:
        return None
    year = choices.at
    if year is None:
        return TimePanel(span, None, span.nearest(now.year), (), ())
    span = YearSpan(min(span.first, year), max(span.last, year))
    courses = list_courses(session, chosen)
    return TimePanel(span, year, year, count_courses(courses, year, choices.hidden_states), courses)


def list_courses(session: Session, chosen: Conditions) -> list[Course]:
    """The years of the projects that meet the conditions, with their number; what everybody may see of them."""
    start, end = year_columns(PUBLIC)
    columns = (start.label("start"), end.label("end"), (Project.phase == Phase.ABORTED).label("aborted"))
    rows = select(*columns).where(*chosen).subquery()
    grouped = (rows.c.start, rows.c.end, rows.c.aborted)
    found = session.execute(select(*grouped, func.count()).group_by(*grouped))
    courses = [(_year(start), _year(end), bool(aborted), int(count)) for start, end, aborted, count in found]
    return sorted(courses, key=lambda one: (one[0] or 0, one[1] or 0, one[2]))


def _year(value: object) -> int | None:
    """PostgreSQL gives years as decimal numbers."""
    return None if value is None else int(str(value))


def count_courses(courses: Sequence[Course], year: int, hidden: Sequence[str]) -> list[StateCount]:
    """How many are in each state of the year."""
    counts: Counter[State] = Counter()
    for start, end, aborted, count in courses:
        counts[state_in(year, start, end, aborted=aborted)] += count
    words = state_words(year)
    return [StateCount(one.value, words[one.value], counts[one], one.value not in hidden) for one in State]


def _span(session: Session, viewer: Viewer, now: datetime) -> YearSpan | None:
    """Of all projects, whatever the filter: the slider's ends stay where they are."""
    reader = Viewer(drafts=viewer.drafts)

    def make() -> KeptSpan:
        span = find_span(session, reader)
        return KeptSpan(span.first, span.last) if span else KeptSpan(0, 0)

    kept = stand(session, Asking(("map-years", str(reader.drafts)), now), KeptSpan, make)
    if not kept.last:
        return None
    return YearSpan(max(kept.first, YEARS[0]), min(max(kept.last, YEARS[0]), YEARS[1]))
