"""How large each project is, for circles in proportion on the map: the decided outlay, a budget, or what is planned.

Only what the viewer may have counts: a project that hides its place, or the figure, is not there at all. The largest
are told, however many there are, so that the map stays readable and the answer bounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Select, cast, func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from tracker.maps.theme_classes import legend_sizes, radius
from tracker.measures.models import MainKind, Measure, MeasureGroup
from tracker.messages import plural_message
from tracker.money import NO_BREAK_SPACE, format_count, format_mnkr
from tracker.projects.figures import Decision, Figure, Volume
from tracker.projects.models import Project, ProjectDisplay
from tracker.projects.policies import Viewer, open_to
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import RUNNING_PERIOD, Flow

MOST = 150


class SizedBy(StrEnum):
    """What a project's circle is in proportion to."""

    DECIDED = "beslutad-utgift"
    BUDGET = "budget"
    DWELLINGS = "bostader"
    WORKPLACES = "arbetsplatser"

    @property
    def is_money(self) -> bool:
        return self in (SizedBy.DECIDED, SizedBy.BUDGET)

    @property
    def secret(self) -> Secret:
        """The field that hides it."""
        money = {SizedBy.DECIDED: Secret.DECISIONS, SizedBy.BUDGET: Secret.FIGURES}
        return money.get(self, Secret.VOLUMES)


@dataclass(frozen=True, slots=True)
class SizedProject:
    """`at` is "lon, lat" in EPSG:4326; `value` in whole öre or a count; `radius` in tenths of the screen's pixels."""

    code: str
    name: str
    kind: MainKind
    at: tuple[float, float]
    value: int
    text: str
    radius: int


@dataclass(frozen=True, slots=True)
class Sizes:
    """The largest first; `total` is how many projects have the figure and a place. `legend`: radius, and what for."""

    by: SizedBy
    rows: tuple[SizedProject, ...]
    total: int
    legend: tuple[tuple[int, str], ...]

    @property
    def left_out(self) -> int:
        """How many smaller ones are not told."""
        return self.total - len(self.rows)


def read_sizes(session: Session, by: SizedBy, chosen: Sequence[ColumnElement[bool]], viewer: Viewer) -> Sizes:
    """The sizes of the chosen projects: conditions on `project` that hold what the viewer may see."""
    sized = _sized(by).subquery()
    value = sized.c.value
    columns = (Project.code, Project.name, Project.main_kind, ProjectDisplay.lon, ProjectDisplay.lat, value)
    statement: Select[Any] = (
        select(*columns)
        .join(sized, sized.c.project_id == Project.id)
        .join(ProjectDisplay, ProjectDisplay.project_id == Project.id)
        .where(*chosen, *open_to(viewer, by.secret), *open_to(viewer, Secret.GEOMETRY))
        .where(value > 0, ProjectDisplay.lon.is_not(None))
    )
    found = session.execute(statement.order_by(value.desc(), Project.code).limit(MOST)).all()
    total = len(found)
    if total == MOST:
        total = session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    largest = found[0].value if found else 0
    rows = (
        SizedProject(code, name, kind, (lon, lat), number, written(by, number), radius(number, largest))
        for code, name, kind, lon, lat, number in found
    )
    steps = tuple((radius(one, largest), written(by, one)) for one in legend_sizes(largest))
    return Sizes(by, tuple(rows), total, steps)


def written(by: SizedBy, value: int) -> str:
    """ "12,5 mnkr", "1 240 bostäder"."""
    if by.is_money:
        return f"{format_mnkr(value)}{NO_BREAK_SPACE}mnkr"
    count = format_count(value)
    if by is SizedBy.DWELLINGS:
        return plural_message("%(count)s\u00a0bostad", "%(count)s\u00a0bostäder", value, count=count)
    return plural_message("%(count)s\u00a0arbetsplats", "%(count)s\u00a0arbetsplatser", value, count=count)


def _sized(by: SizedBy) -> Select[Any]:
    """project_id, value."""
    if by is SizedBy.DECIDED:
        return _decided()
    if by is SizedBy.BUDGET:
        return _budget()
    return _planned(MeasureGroup.DWELLINGS if by is SizedBy.DWELLINGS else MeasureGroup.WORKPLACES)


def _decided() -> Select[Any]:
    """The outlay of the newest decision that says one, at that decision's price level."""
    order = (Decision.date.is_(None), Decision.date.desc(), Decision.id.desc())
    place = func.row_number().over(partition_by=Decision.project_id, order_by=order).label("place")
    told = select(Decision.project_id, Decision.outlay_ore.label("value"), place)
    one = told.where(Decision.outlay_ore.is_not(None)).subquery().c
    return select(one.project_id, one.value).where(one.place == 1)


def _budget() -> Select[Any]:
    """The settled budget of every year together: outlay, without what a manager has only proposed."""
    columns: Sequence[Any] = (Figure.project_id, cast(func.sum(Figure.budget_ore), BigInteger).label("value"))
    found: Select[Any] = select(*columns).group_by(Figure.project_id)
    return found.where(
        Figure.period == RUNNING_PERIOD, Figure.flow == Flow.OUTLAY, Figure.budget_preliminary.is_(False)
    )


def _planned(group: MeasureGroup) -> Select[Any]:
    """What is planned by each measure's newest year, together."""
    own = (Volume.project_id, Volume.measure_id)
    place = func.row_number().over(partition_by=own, order_by=Volume.year.desc()).label("place")
    one = (
        select(Volume.project_id, Volume.planned, place)
        .join(Measure, Measure.id == Volume.measure_id)
        .where(Volume.period == RUNNING_PERIOD, Volume.planned.is_not(None), Measure.group == group)
        .subquery()
        .c
    )
    total = cast(func.sum(one.planned), BigInteger).label("value")
    found: Select[Any] = select(one.project_id, total).where(one.place == 1).group_by(one.project_id)
    return found
