"""A question for items answered out of the database: the conditions, one page in order, and how many there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, or_
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from tracker.ogc.asking import ItemsAsked
from tracker.ogc.cql_times import as_day
from tracker.ogc.cql_walking import Walk
from tracker.ogc.paging import after, in_order, steps_of, token_of, values_in
from tracker.ogc.properties import Kind, Property
from tracker.ogc.rows import Rows

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Page:
    """Features, how many the question means in all, and the token of the next page ("" on the last one)."""

    features: Sequence[bytes]
    matched: int
    following: str


def conditions_of(rows: Rows, asked: ItemsAsked, properties: Mapping[str, Property]) -> list[Condition]:
    """What the question means, besides who asks."""
    found: list[Condition] = []
    if asked.box is not None:
        # By the standard a box leaves what has no shape in.
        found.append(or_(rows.inside(asked.box), ~rows.located()))
    if asked.times is not None and rows.interval is not None:
        found.append(_meets(rows.interval, asked.times))
    walk = Walk(rows, properties, asked.filter_crs)
    for name, value in asked.simple.items():
        many = properties[name].kind is Kind.TEXTS
        found.append(walk.condition({"op": "a_contains" if many else "=", "args": [{"property": name}, value]}))
    if asked.tree is not None:
        found.append(walk.condition(asked.tree))
    return found


def _meets(interval: tuple[Any, Any], times: tuple[Any, Any]) -> Condition:
    """Begins before the times end and ends after they begin; an end that is unknown is open, and so is having none."""
    start, end = interval
    first, last = times
    return and_(or_(start.is_(None), start <= as_day(last)), or_(end.is_(None), end >= as_day(first)))


def count_items(session: Session, rows: Rows, conditions: Sequence[Condition]) -> int:
    """How many the question means."""
    return session.scalar(rows.chosen(func.count()).where(*conditions)) or 0


def read_page(
    session: Session, rows: Rows, asked: ItemsAsked, properties: Mapping[str, Property], matched: int | None
) -> Page:
    """One page; `matched` is given by whoever knows it already."""
    conditions = conditions_of(rows, asked, properties)
    steps = steps_of(rows, asked.sort, properties)
    columns = [rows.key.label("key"), *(step.column.label(f"step_{at}") for at, step in enumerate(steps))]
    statement = rows.chosen(*columns).where(*conditions)
    if asked.cursor:
        statement = statement.where(after(steps, values_in(asked.cursor, steps, asked.sort)))
    found = session.execute(statement.order_by(*in_order(steps)).limit(asked.limit + 1)).all()
    here = found[: asked.limit]
    following = token_of(here[-1][1:], asked.sort) if len(found) > asked.limit else ""
    number = count_items(session, rows, conditions) if matched is None else matched
    return Page(rows.features([row[0] for row in here], asked.shaping), number, following)
