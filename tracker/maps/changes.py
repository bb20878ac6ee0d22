"""Which projects have changed since a day, in what everybody who sees them may know; out of the append-only history.

What stood then is the present with the later changes taken back. What is hidden now is told of no time, and what was
hidden then is told of now alone; a project that the viewer could not see then is new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import JSON, Integer, cast, func, literal, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from tracker.exports.standing import Asking, stand
from tracker.followup.codes import PeriodCode
from tracker.followup.models import Period
from tracker.followup.queries import list_periods
from tracker.history.models import HistoryEntry
from tracker.maps.changes_found import ROW_FIELDS, TRACKED, Difference, Stood, differences
from tracker.messages import message
from tracker.projects.history_reading import end_of_day
from tracker.projects.models import Project
from tracker.projects.policies import Viewer, visible_to
from tracker.projects.queries import hidden_of
from tracker.projects.recording import SUBJECT
from tracker.projects.secrecy import Secret, with_brought
from tracker.projects.vocabulary import Publication
from tracker.web.content import STOCKHOLM


@dataclass(frozen=True, slots=True)
class ChangedIds:
    """The projects that were there on the day and have changed, as they are kept between requests."""

    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Since:
    """A day to compare with: `key` is as the address has it, `period` the round that the day belongs to, if any."""

    key: str
    day: date
    period: Period | None = None

    @property
    def moment(self) -> datetime:
        """The first moment after the day, in UTC."""
        return end_of_day(self.day)

    @property
    def words(self) -> str:
        """ "T1 2005 (2005-04-30)", "2005-06-01"."""
        if self.period is None:
            return self.day.isoformat()
        code = PeriodCode.read(self.period.code)
        told = {"ending": code.ending, "year": code.year, "day": self.day.isoformat()}
        if self.period.version > 1:
            return message("%(ending)s %(year)s, version %(version)s (%(day)s)", version=self.period.version, **told)
        return message("%(ending)s %(year)s (%(day)s)", **told)


def find_since(session: Session, key: str) -> Since | None:
    """What `since` of an address means: the key of a period, or a day; None when it is neither."""
    period = session.scalar(select(Period).where(Period.key == key)) if key else None
    if period is not None:
        return Since(key, period.as_of, period)
    try:
        return Since(key, date.fromisoformat(key))
    except ValueError:
        return None


def list_since(session: Session, viewer: Viewer, now: datetime) -> list[Since]:
    """The periods that are offered, the latest first: those whose day has been; closed ones alone to the public."""
    today = now.astimezone(STOCKHOLM).date()
    newest = {period.code: period for period in list_periods(session)}
    offered = [one for one in newest.values() if one.as_of <= today and (viewer.drafts or not one.is_open)]
    return [Since(one.key, one.as_of, one) for one in sorted(offered, key=lambda one: one.as_of, reverse=True)]


def changed_since(session: Session, key: str, viewer: Viewer, now: datetime) -> ColumnElement[bool]:
    """A condition on `project`: new to the viewer, or changed, since the day; anything when the key means nothing."""
    since = find_since(session, key)
    if since is None:
        return Project.id.is_not(None)

    def make() -> ChangedIds:
        return ChangedIds(tuple(sorted(_find(session, since, viewer))))

    if since.period is None:  # any day may be asked for: they would crowd out what is kept
        found = make()
    else:
        whose = (str(viewer.drafts), str(viewer.confidential), str(viewer.user_id or ""))
        found = stand(session, Asking(("map-changed", key, since.day.isoformat(), *whose), now), ChangedIds, make)
    return or_(Project.created_at >= since.moment, _among(session, found.ids))


def _among(session: Session, ids: Iterable[int]) -> ColumnElement[bool]:
    """Project.id is one of many: as one text, for a statement holds only so many parameters."""
    text = orjson.dumps(list(ids)).decode()
    if session.get_bind().dialect.name == "sqlite":
        values = func.json_each(literal(text)).table_valued("value")
    else:
        values = func.json_array_elements_text(cast(literal(text), JSON)).table_valued("value")
    return Project.id.in_(select(cast(values.c.value, Integer)))


def find_differences(
    session: Session, key: str, ids: Sequence[int], viewer: Viewer
) -> Mapping[int, Sequence[Difference]]:
    """Project id → what has changed of it since the day, for those of the ids that have changed."""
    since = find_since(session, key)
    if since is None:
        return {}
    fresh = select(Project.id).where(Project.id.in_(ids), Project.created_at >= since.moment, *visible_to(viewer))
    fresh = fresh.order_by(Project.id)
    new: dict[int, Sequence[Difference]] = {one: [Difference("new")] for one in session.scalars(fresh)}
    return new | _find(session, since, viewer, ids)


@dataclass(frozen=True, slots=True)
class _Course:
    """Field → its value before the first change since the day, and after the last."""

    first: dict[str, Any]
    last: dict[str, Any]


def _find(
    session: Session, since: Since, viewer: Viewer, ids: Sequence[int] | None = None
) -> dict[int, Sequence[Difference]]:
    """Of all visible projects that were there, or of some: those that differ."""
    courses = _courses(session, since, viewer, ids)
    present = _present(session, courses)
    hidden = hidden_of(session, courses, viewer)
    found: dict[int, Sequence[Difference]] = {}
    for one, course in courses.items():
        hidden_now = frozenset(hidden.get(one, {}))
        before = present[one] | course.first
        if not _was_seen(before, viewer):
            found[one] = [Difference("new")]
            continue
        hidden_then = _hidden_then(course, hidden_now, viewer)
        told = differences(Stood(before, hidden_then, since.day), Stood(present[one] | course.last, hidden_now))
        if told:
            found[one] = told
    return found


def _courses(session: Session, since: Since, viewer: Viewer, ids: Sequence[int] | None) -> dict[int, _Course]:
    statement = (
        select(HistoryEntry.subject_id, HistoryEntry.changes)
        .join(Project, Project.id == HistoryEntry.subject_id)
        .where(HistoryEntry.subject_kind == SUBJECT, HistoryEntry.at >= since.moment)
        .where(Project.created_at < since.moment, *visible_to(viewer))
        .order_by(HistoryEntry.id)
    )
    if ids is not None:
        statement = statement.where(HistoryEntry.subject_id.in_(ids))
    found: dict[int, _Course] = defaultdict(lambda: _Course({}, {}))
    for project_id, changes in session.execute(statement):
        course = found[project_id]
        for name, (old, new) in changes.items():
            if name in TRACKED:
                course.first.setdefault(name, old)
                course.last[name] = new
    return {one: course for one, course in found.items() if course.first}


def _present(session: Session, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The present values that stand in the project's own row, as the history would keep them."""
    columns = [getattr(Project, name) for name in ROW_FIELDS]
    rows = session.execute(select(Project.id, *columns).where(_among(session, ids)))
    return {row[0]: {name: _plain(value) for name, value in zip(ROW_FIELDS, row[1:], strict=True)} for row in rows}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else getattr(value, "value", value)


def _was_seen(before: Mapping[str, Any], viewer: Viewer) -> bool:
    published = viewer.drafts or before["publication"] == Publication.PUBLISHED.value
    return published and (viewer.confidential or not before["confidential"])


def _hidden_then(course: _Course, hidden_now: frozenset[Secret], viewer: Viewer) -> frozenset[Secret]:
    if viewer.confidential or "secret_fields" not in course.first:
        return hidden_now
    return frozenset(with_brought(dict(course.first["secret_fields"] or [])))
