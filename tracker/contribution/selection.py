"""Which projects a report is about."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import and_, case, extract, func, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from tracker.apportion import IntArray
from tracker.contribution.reading import Positions, read_columns
from tracker.projects.figures import Figure, Volume
from tracker.projects.filters import ProjectFilter, conditions
from tracker.projects.models import Project
from tracker.projects.policies import Viewer, hidden_ids, open_to
from tracker.projects.programmes import is_programme
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import RUNNING_PERIOD, WHOLE


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose portfolio: the projects that a reader may see, inside a filter, in one year or (None) in all.

    `public`: as anybody may know it. Of money only budgets that the controller has settled exist, so that a manager's
    preliminary ones and forecasts are in no sum and place no project in a year; and goals have no weights.
    """

    viewer: Viewer
    year: int | None
    wanted: ProjectFilter = field(default_factory=ProjectFilter)
    period: str = RUNNING_PERIOD
    public: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Selection:
    """The chosen projects in the order of the report, and each one's financing share in 1/10 000."""

    city_share: IntArray
    positions: Positions

    @classmethod
    def of(cls, ids: IntArray, city_share: IntArray) -> Selection:
        return cls(city_share, Positions(ids))

    @property
    def count(self) -> int:
        """The number of projects."""
        return int(self.city_share.size)


def select_projects(session: Session, scope: Scope) -> Selection:
    """The projects of a scope, in no order that means anything: enough for sums, which do not depend on it."""
    ids, shares = read_columns(session, select(Project.id, told_share(scope.viewer)).where(*counted(session, scope)))
    return Selection.of(ids, shares)


def counted(session: Session, scope: Scope) -> list[ColumnElement[bool]]:
    """Conditions on `project`: visible, inside the filter, of the year, and no programme.

    A programme sums its children. Figures of its own would count the same money twice, so it is left out as soon
    as it has a child that this reader may see; a total must not change with what is hidden.
    """
    chosen = [*conditions(session, scope.wanted, scope.viewer), ~is_programme(scope.viewer)]
    return chosen if scope.year is None else [*chosen, _of_year(scope)]


def told_share(viewer: Viewer) -> ColumnElement[int]:
    """The city's share, whole where it is hidden together with the amounts that it is a share of."""
    if viewer.confidential:
        return Project.city_share.expression
    return case((Project.id.in_(hidden_ids(viewer, [Secret.FIGURES])), WHOLE), else_=Project.city_share)


def _of_year(scope: Scope) -> ColumnElement[bool]:
    """Has an amount that counts in the year, or goes on in it, or has no time at all.

    An open start or end holds every year. Projects with neither dates nor figures may belong to any year and
    are never dropped; only those known to lie in other years are. What is hidden from the viewer is not known.
    """
    year, viewer = scope.year or 0, scope.viewer
    start = extract("year", func.coalesce(Project.start_forecast, Project.start_decided))
    end = extract("year", func.coalesce(Project.end_forecast, Project.end_decided))
    goes_on = and_(or_(start.is_(None), start <= year), or_(end.is_(None), end >= year))
    dated = and_(or_(start.is_not(None), end.is_not(None)), *open_to(viewer, Secret.DATES))
    figure = select(Figure.year).where(Figure.project_id == Project.id, Figure.period == scope.period)
    figure = figure.where(*open_to(viewer, Secret.FIGURES, Figure.project_id))
    if scope.public:
        figure = figure.where(Figure.budget_ore.is_not(None), Figure.budget_preliminary.is_(False))
    volume = select(Volume.year).where(Volume.project_id == Project.id, Volume.period == scope.period)
    volume = volume.where(*open_to(viewer, Secret.VOLUMES, Volume.project_id))
    counts = or_(Volume.year == year, and_(Volume.year < year, Volume.planned.is_not(None)))
    # Without the offset PostgreSQL reads every figure and volume of the register for the few projects without dates.
    timed = or_(dated, figure.offset(0).exists(), volume.offset(0).exists())
    in_year = or_(figure.where(Figure.year == year).exists(), volume.where(counts).exists())
    return or_(in_year, and_(goes_on, dated), ~timed)
