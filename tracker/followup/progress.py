"""How far a period has come: who has reported of those expected to. Only what the viewer may know is counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from tracker.followup.codes import PeriodCode, codes_of
from tracker.followup.models import Period, ProjectReport
from tracker.followup.queries import list_open, list_periods
from tracker.followup.vocabulary import ReportState
from tracker.projects.figures import Figure
from tracker.projects.models import Project
from tracker.projects.policies import Viewer, visible_to
from tracker.projects.vocabulary import RUNNING_PERIOD


@dataclass(frozen=True, slots=True)
class Progress:
    """Numbers of projects; `unchanged` ("inget nytt") are among the reported."""

    expected: int = 0
    reported: int = 0
    unchanged: int = 0

    @property
    def waiting(self) -> int:
        """Those that have not reported."""
        return self.expected - self.reported

    @property
    def percent(self) -> int:
        """Whole percent, rounded down, so that 100 is all of them; nobody expected is all."""
        return 100 if not self.expected else self.reported * 100 // self.expected


@dataclass(frozen=True, slots=True)
class Version:
    """A period as the overview tells it."""

    period: Period
    progress: Progress


@dataclass(frozen=True, slots=True)
class Round:
    """A round of a year, opened or not; a correction is a later version beside the first."""

    code: PeriodCode
    versions: tuple[Version, ...]


def own(user_id: int) -> ColumnElement[bool]:
    """Condition on `project`: the person is its manager or deputy."""
    return or_(Project.manager_id == user_id, Project.deputy_id == user_id)


def progress_of(
    session: Session, period_ids: Sequence[int], viewer: Viewer, further: Sequence[ColumnElement[bool]] = ()
) -> dict[int, Progress]:
    """Period id → its progress among the projects that the viewer may know of; `further` narrows them."""
    statement = (
        select(ProjectReport.period_id, ProjectReport.state, func.count())
        .join(Project, Project.id == ProjectReport.project_id)
        .where(ProjectReport.period_id.in_(period_ids), *visible_to(viewer), *further)
        .group_by(ProjectReport.period_id, ProjectReport.state)
    )
    counts: dict[int, dict[ReportState, int]] = defaultdict(dict)
    for period_id, state, count in session.execute(statement):
        counts[period_id][state] = count
    return {period_id: _progress(counts[period_id]) for period_id in period_ids}


def _progress(counts: dict[ReportState, int]) -> Progress:
    expected, unchanged = sum(counts.values()), counts.get(ReportState.UNCHANGED, 0)
    return Progress(expected, expected - counts.get(ReportState.WAITING, 0), unchanged)


def list_rounds(session: Session, year: int, viewer: Viewer) -> list[Round]:
    """Every round of a year in order of time, with the versions that are opened."""
    versions = with_progress(session, list_periods(session, year), viewer)
    return [Round(code, tuple(one for one in versions if one.period.code == str(code))) for code in codes_of(year)]


def with_progress(session: Session, periods: Iterable[Period], viewer: Viewer) -> list[Version]:
    """Periods with how far they have come, in one statement."""
    listed = list(periods)
    progress = progress_of(session, [one.id for one in listed], viewer)
    return [Version(one, progress[one.id]) for one in listed]


@dataclass(frozen=True, slots=True)
class OpenRound:
    """An open period as a manager meets it: `progress` counts their own projects."""

    key: str
    deadline: date
    progress: Progress


def open_rounds_of(session: Session, user_id: int, viewer: Viewer) -> list[OpenRound]:
    """The open periods that expect a report of the person's own projects, in order of time."""
    periods = list_open(session)
    if not periods:
        return []
    progress = progress_of(session, [one.id for one in periods], viewer, [own(user_id)])
    return [OpenRound(one.key, one.deadline, progress[one.id]) for one in periods if progress[one.id].expected]


def list_years(session: Session, viewer: Viewer) -> tuple[set[int], set[int]]:
    """The years of periods, and the years that a visible project has figures in."""
    figures = select(Figure.year).join(Project, Project.id == Figure.project_id)
    figures = figures.where(Figure.period == RUNNING_PERIOD, *visible_to(viewer)).distinct()
    return set(session.scalars(select(Period.year).distinct())), set(session.scalars(figures))
