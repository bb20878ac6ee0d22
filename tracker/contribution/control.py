"""The portfolio's totals straight from the database: sums that share nothing with the arithmetic they check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Select, case, cast, func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from tracker.contribution.amounts import AMOUNTS, MONEY, Count
from tracker.contribution.selection import Scope, counted
from tracker.measures.models import Measure
from tracker.projects.figures import Figure, Volume
from tracker.projects.models import Project
from tracker.projects.policies import open_to
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import WHOLE, Flow


@dataclass(frozen=True, slots=True)
class Control:
    """Totals of a scope by AMOUNTS: `registered` as it stands in the register, `portfolio` the city's share of it.

    Money in whole öre. The two differ only where others share the financing.
    """

    registered: tuple[int, ...]
    portfolio: tuple[int, ...]
    projects: int


def control_totals(session: Session, scope: Scope, year: int) -> Control:
    """Sum the year with SQL alone."""
    projects = select(Project.id).where(*counted(session, scope))
    registered, portfolio = {}, {}
    for flow in Flow:
        of_flow = [one for one in MONEY if one.flow is flow]
        row = session.execute(_money(projects, scope, year, flow)).one()
        for place, one in enumerate(of_flow):
            registered[one.key], portfolio[one.key] = int(row[2 * place]), int(row[2 * place + 1])
    for amount in AMOUNTS:
        if isinstance(amount, Count):
            number = int(session.execute(_numbers(projects, scope, year, amount)).scalar_one())
            registered[amount.key] = portfolio[amount.key] = number
    number = session.scalar(select(func.count()).select_from(projects.subquery())) or 0
    return Control(_in_order(registered), _in_order(portfolio), number)


def _in_order(totals: dict[str, int]) -> tuple[int, ...]:
    return tuple(totals[one.key] for one in AMOUNTS)


def _money(projects: Select[*tuple[Any, ...]], scope: Scope, year: int, flow: Flow) -> Select[*tuple[Any, ...]]:
    sums: list[ColumnElement[Any]] = []
    for one in MONEY:
        if one.flow is flow:
            column = getattr(Figure, one.column)
            sums += [func.coalesce(func.sum(column), 0), func.coalesce(func.sum(_city_part(column)), 0)]
    return (
        select(*sums)
        .join(Project, Project.id == Figure.project_id)
        .where(Figure.period == scope.period, Figure.year == year, Figure.flow == flow, Figure.project_id.in_(projects))
        .where(*open_to(scope.viewer, Secret.FIGURES, Figure.project_id))
    )


def _city_part(column: Any) -> ColumnElement[Any]:
    """amount × share / 10 000 rounded half away from zero, in integers that neither database lets overflow."""
    # The type keeps the division whole: of an untyped one SQLAlchemy takes FLOOR, which SpatiaLite cuts to 32 bits.
    magnitude = func.abs(column, type_=BigInteger)
    share, whole = cast(Project.city_share, BigInteger), cast(WHOLE, BigInteger)
    part = (magnitude // whole) * share + ((magnitude % whole) * share + WHOLE // 2) // whole
    return case((column < 0, -part), else_=part)


def _numbers(projects: Select[*tuple[Any, ...]], scope: Scope, year: int, one: Count) -> Select[*tuple[Any, ...]]:
    number = getattr(Volume, one.column)
    given = (
        select(
            number.label("number"),
            func.row_number()
            .over(partition_by=(Volume.project_id, Volume.measure_id), order_by=Volume.year.desc())
            .label("place"),
        )
        .join(Measure, Measure.id == Volume.measure_id)
        .where(Volume.period == scope.period, Measure.group == one.group, number.is_not(None))
        .where(Volume.year <= year if one.column == "planned" else Volume.year == year)
        .where(Volume.project_id.in_(projects), *open_to(scope.viewer, Secret.VOLUMES, Volume.project_id))
        .subquery()
    )
    return select(func.coalesce(func.sum(given.c.number), 0)).where(given.c.place == 1)
