"""What the portfolio holds: counts and the year's money by kind, region and goal, for the overview."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker.apportion import apportion
from tracker.areas.models import LOWEST, Area, AreaSet, Region
from tracker.goals.models import Goal, GoalSet
from tracker.measures.models import MainKind
from tracker.messages import joined, message
from tracker.projects.figures import Figure
from tracker.projects.filters import ProjectFilter, conditions
from tracker.projects.models import GoalTag, Location, Project, ServedArea
from tracker.projects.policies import Viewer, hidden_ids, open_to, visible_to
from tracker.projects.programmes import is_programme
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import RUNNING_PERIOD, WHOLE, Flow, Phase
from tracker.projects.worklists import COUNTED, MISSING

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Bar:
    """A labelled count with the address words that lead to the projects behind it."""

    key: str
    label: str
    count: int


def count_by_kind(session: Session, viewer: Viewer) -> list[Bar]:
    """Projects by main kind; each project once."""
    counts = _counts(session, viewer, Project.main_kind)
    return [Bar(kind.value, kind.label_plural, counts.get(kind, 0)) for kind in MainKind]


def count_by_phase(session: Session, viewer: Viewer) -> list[Bar]:
    """Projects by phase; each project once."""
    counts = _counts(session, viewer, Project.phase)
    return [Bar(phase.value, phase.label, counts.get(phase, 0)) for phase in Phase]


def _counts(session: Session, viewer: Viewer, column: InstrumentedAttribute[T]) -> dict[T, int]:
    return dict(session.execute(select(column, func.count()).where(*visible_to(viewer)).group_by(column)).all())


def count_by_region(session: Session, viewer: Viewer) -> list[Bar]:
    """Projects that serve or, where nothing is chosen, lie in a region; one that touches two counts in both."""
    open_serves = open_to(viewer, Secret.SERVES, ServedArea.project_id)
    served = select(ServedArea.project_id, Area.region).join(Area, ServedArea.area_id == Area.id).where(*open_serves)
    lowest = select(AreaSet.id).where(AreaSet.code == LOWEST).scalar_subquery()
    chosen = select(ServedArea.project_id).where(ServedArea.project_id == Location.project_id, *open_serves)
    located = (
        select(Location.project_id, Area.region)
        .join(Area, Location.area_id == Area.id)
        .where(Location.area_set_id == lowest, ~chosen.exists())
        .where(*open_to(viewer, Secret.GEOMETRY, Location.project_id))
    )
    touched = served.union(located).subquery()
    statement = (
        select(touched.c.region, func.count(touched.c.project_id.distinct()))
        .join(Project, Project.id == touched.c.project_id)
        .where(*visible_to(viewer))
        .group_by(touched.c.region)
    )
    counts = {Region(region): count for region, count in session.execute(statement)}
    none = select(func.count(Project.id)).where(~Project.id.in_(select(touched.c.project_id)), *visible_to(viewer))
    elsewhere = Bar("", message("Hela staden, utanför eller utan läge"), session.scalar(none) or 0)
    return [*(Bar(region.value, region.label, counts.get(region, 0)) for region in Region), elsewhere]


def count_by_goal(session: Session, viewer: Viewer, goal_set: GoalSet) -> list[Bar]:
    """Projects that contribute to each goal of an edition, by itself or through an aspect; each once per goal."""
    top = func.coalesce(Goal.parent_id, Goal.id)
    statement = (
        select(top, func.count(GoalTag.project_id.distinct()))
        .join(GoalTag, GoalTag.goal_id == Goal.id)
        .join(Project, Project.id == GoalTag.project_id)
        .where(Goal.goal_set_id == goal_set.id, *visible_to(viewer), *open_to(viewer, Secret.GOALS))
        .group_by(top)
    )
    counts = dict(session.execute(statement).all())
    tops = session.scalars(
        select(Goal).where(Goal.goal_set_id == goal_set.id, Goal.parent_id.is_(None)).order_by(Goal.code)
    )
    return [Bar(goal.code, joined(" ", (goal.code, goal.name_sv)), counts.get(goal.id, 0)) for goal in tops]


def count_missing(session: Session, viewer: Viewer) -> list[Bar]:
    """The worklists: how many projects lack what."""
    return [
        Bar(word, label, _count(session, conditions(session, ProjectFilter(missing=word), viewer)))
        for word, label in ((word, MISSING[word]) for word in COUNTED)
    ]


def _count(session: Session, where: Sequence[ColumnElement[bool]]) -> int:
    return session.scalar(select(func.count(Project.id)).where(*where)) or 0


@dataclass(frozen=True, slots=True)
class YearMoney:
    """The portfolio's budget in one year, whole öre; only the city's share of the financing counts."""

    year: int
    outlay_ore: int
    income_ore: int

    @property
    def net_ore(self) -> int:
        """Outlay less income."""
        return self.outlay_ore - self.income_ore


def money_by_year(session: Session, viewer: Viewer) -> list[YearMoney]:
    """Budgeted outlay and income per year of the projects that the viewer sees.

    Projects that the city finances whole are summed in the database; the others are shared row by row, so that
    the sums are those of the contribution report.
    """
    sums: dict[tuple[int, Flow], int] = defaultdict(int)
    budgets = (
        select(Figure.year, Figure.flow)
        .join(Project, Project.id == Figure.project_id)
        .where(
            Figure.period == RUNNING_PERIOD, Figure.budget_ore.is_not(None), ~is_programme(viewer), *visible_to(viewer)
        )
        .where(*open_to(viewer, Secret.FIGURES))
    )
    whole = budgets.add_columns(func.sum(Figure.budget_ore)).where(Project.city_share == WHOLE)
    for year, flow, amount in session.execute(whole.group_by(Figure.year, Figure.flow)):
        sums[year, flow] += int(amount)
    shared = budgets.add_columns(Figure.budget_ore, Project.city_share).where(Project.city_share != WHOLE)
    for year, flow, amount, share in session.execute(shared):
        sums[year, flow] += apportion(amount, [share, WHOLE - share])[0]
    years = sorted({year for year, _ in sums})
    return [YearMoney(year, sums[year, Flow.OUTLAY], sums[year, Flow.INCOME]) for year in years]


def count_hidden_amounts(session: Session, viewer: Viewer) -> int:
    """Projects whose amounts are hidden from the viewer and are in no sum. The marks are open; the amounts are not."""
    if viewer.confidential:
        return 0
    return _count(session, [*visible_to(viewer), Project.id.in_(hidden_ids(viewer, [Secret.FIGURES]))])


def example_values_shown(session: Session, viewer: Viewer) -> bool:
    """Whether any figure that is summed here is made up for the example data."""
    statement = select(Project.id).where(Project.example_values, *visible_to(viewer)).limit(1)
    return session.scalar(statement) is not None
