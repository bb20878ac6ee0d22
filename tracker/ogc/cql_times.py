"""Times of a filter: days and intervals of days, and how two of them lie to each other.

A moment is the day that Stockholm's calendar has then, so that a day is the same for every program.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, and_, literal, not_, or_
from sqlalchemy.sql.elements import ColumnElement

from tracker.ogc.refusing import refuse
from tracker.web.content import STOCKHOLM

FIRST, LAST = date(1, 1, 1), date(9999, 12, 31)
Day = ColumnElement[Any]
Times = tuple[Day, Day]
Relation = Callable[[Day, Day, Day, Day], ColumnElement[bool]]


def read_day(parameter: str, text: object) -> date:
    """A day, or the day of a moment with its offset."""
    words = text if isinstance(text, str) else ""
    try:
        if len(words) == 10:
            return date.fromisoformat(words)
        moment = datetime.fromisoformat(words.upper().replace("Z", "+00:00"))
        return (moment if moment.tzinfo is None else moment.astimezone(STOCKHOLM)).date()
    except (ValueError, OverflowError):
        refuse(parameter, "en tid ska vara som 2005-04-30 eller 2005-04-30T12:00:00Z", str(text))


def read_interval(parameter: str, first: object, last: object) -> tuple[date, date]:
    """Two days; ".." or nothing is without end."""
    begin = FIRST if first in ("..", "") else read_day(parameter, first)
    end = LAST if last in ("..", "") else read_day(parameter, last)
    if begin > end:
        refuse(parameter, "en tid ska börja innan den slutar", f"{first}/{last}")
    return begin, end


def as_day(value: date) -> Day:
    return literal(value, Date())


RELATIONS: Mapping[str, Relation] = {
    "t_after": lambda a, _b, _c, d: a > d,
    "t_before": lambda _a, b, c, _d: b < c,
    "t_contains": lambda a, b, c, d: and_(a < c, b > d),
    "t_disjoint": lambda a, b, c, d: or_(b < c, a > d),
    "t_during": lambda a, b, c, d: and_(a > c, b < d),
    "t_equals": lambda a, b, c, d: and_(a == c, b == d),
    "t_finishedby": lambda a, b, c, d: and_(a < c, b == d),
    "t_finishes": lambda a, b, c, d: and_(a > c, b == d),
    "t_intersects": lambda a, b, c, d: not_(or_(b < c, a > d)),
    "t_meets": lambda _a, b, c, _d: b == c,
    "t_metby": lambda a, _b, _c, d: a == d,
    "t_overlappedby": lambda a, b, c, d: and_(a > c, a < d, b > d),
    "t_overlaps": lambda a, b, c, d: and_(a < c, b > c, b < d),
    "t_startedby": lambda a, b, c, d: and_(a == c, b > d),
    "t_starts": lambda a, b, c, d: and_(a == c, b < d),
}
"""Function → whether the first time, from a to b, lies so to the second, from c to d."""
INTERVALS_ALONE = frozenset(RELATIONS) - {
    "t_after", "t_before", "t_disjoint", "t_equals", "t_intersects", "t_during", "t_contains",
}  # fmt: skip
"""Those that say nothing of a single day."""
