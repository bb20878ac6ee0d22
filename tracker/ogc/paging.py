"""Pages that are cut by key: the next one begins after the last feature of this one, whatever has been written since.

The order ends with the code, which is unique and never changes, so a row that is left alone comes on exactly one page.
The token holds what the order goes by: what the reader has seen, and no row id.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from sqlalchemy import Integer, and_, cast, false, or_
from sqlalchemy.sql.elements import ColumnElement

from tracker.ogc.asking import SortKey
from tracker.ogc.cql_times import as_day
from tracker.ogc.properties import Kind, Property
from tracker.ogc.refusing import refuse
from tracker.ogc.rows import Rows
from tracker.ogc.stating import Bytewise

Condition = ColumnElement[bool]
_TYPES: Mapping[Kind, tuple[type, ...]] = {
    Kind.TEXT: (str,), Kind.WHOLE: (int,), Kind.NUMBER: (int, float), Kind.DAY: (str,),
}  # fmt: skip
MOST_TOKEN = 4_000
_MOST_WHOLE = 2**53


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the order."""

    column: ColumnElement[Any]
    kind: Kind
    descending: bool
    always: bool = False
    """Every row has a value. To ask about that keeps a database from reading in the order of an index."""


def steps_of(rows: Rows, sort: Sequence[SortKey], properties: Mapping[str, Property]) -> list[Step]:
    """What to go by, the key last."""
    found = []
    for one in sort:
        kind = properties[one.name].kind
        column = rows.orders.get(one.name, rows.columns[one.name])
        if kind is Kind.TRUTH:  # which cannot be less or more
            kind, column = Kind.WHOLE, cast(column, Integer)
        always = column.compare(rows.key)
        found.append(Step(Bytewise(column) if kind is Kind.TEXT else column, kind, one.descending, always))
    return [*found, Step(Bytewise(rows.key), Kind.TEXT, descending=False, always=True)]


def in_order(steps: Sequence[Step]) -> list[ColumnElement[Any]]:
    """As ORDER BY; what has no value comes last."""
    found: list[ColumnElement[Any]] = []
    for one in steps:
        found += [] if one.always else [one.column.is_(None)]
        found.append(one.column.desc() if one.descending else one.column)
    return found


def token_of(values: Sequence[Any], sort: Sequence[SortKey]) -> str:
    """Of the last feature of a page, the values of each step."""
    said = [value.isoformat() if isinstance(value, date) else value for value in values]
    return base64.urlsafe_b64encode(orjson.dumps([_name(sort), *said])).decode().rstrip("=")


def values_in(token: str, steps: Sequence[Step], sort: Sequence[SortKey]) -> list[Any]:
    """Back again; refuses what is none of ours, or of another order."""
    try:
        padded = token[:MOST_TOKEN].encode("ascii") + b"=" * (-len(token) % 4)
        said = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (UnicodeEncodeError, binascii.Error, orjson.JSONDecodeError):
        said = None
    if not isinstance(said, list) or len(said) != len(steps) + 1 or said[0] != _name(sort) or said[-1] is None:
        refuse("cursor", "märket hör inte till den här frågan; börja om från första sidan")
    return [_value(value, step) for value, step in zip(said[1:], steps, strict=True)]


def _name(sort: Sequence[SortKey]) -> str:
    return ",".join(f"{'-' if one.descending else ''}{one.name}" for one in sort)


def _value(value: Any, step: Step) -> Any:
    fits = value is None or isinstance(value, _TYPES[step.kind])
    if not fits or (isinstance(value, int | float) and abs(value) > _MOST_WHOLE) or "\x00" in str(value):
        refuse("cursor", "märket hör inte till den här frågan; börja om från första sidan")
    if value is None or step.kind is not Kind.DAY:
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        refuse("cursor", "märket hör inte till den här frågan; börja om från första sidan")


def after(steps: Sequence[Step], values: Sequence[Any]) -> Condition:
    """Comes after those values in the order."""
    found: list[Condition] = []
    same: list[Condition] = []
    for step, value in zip(steps, values, strict=True):
        found.append(and_(*same, _beyond(step, value)))
        same.append(step.column.is_(None) if value is None else step.column == _bound(value))
    return or_(*found)


def _beyond(step: Step, value: Any) -> Condition:
    if value is None:
        return false()
    further = step.column < _bound(value) if step.descending else step.column > _bound(value)
    return further if step.always else or_(further, step.column.is_(None))


def _bound(value: Any) -> Any:
    return as_day(value) if isinstance(value, date) else value
