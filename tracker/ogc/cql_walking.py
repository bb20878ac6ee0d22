"""A tree of CQL2 JSON as a condition on the rows of a collection, for both databases.

Every value is bound, and every comparison is of two values of one type: what does not fit is refused before the
database sees it. A value that is hidden from the viewer is NULL in `rows.columns`, and so finds nothing, also under
NOT.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Boolean, Float, String, and_, literal, not_, or_, true
from sqlalchemy.sql.elements import ColumnElement

from tracker.ogc import cql_shapes, cql_times
from tracker.ogc.crs import Crs
from tracker.ogc.properties import Kind, Property
from tracker.ogc.refusing import refusal, refuse
from tracker.ogc.rows import GEOMETRY, Rows
from tracker.ogc.stating import MOST_WILD, Bytewise, in_lower, is_like, lowered

MOST_VALUES = 1_000
Condition = ColumnElement[bool]
COMPARISONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge,
}  # fmt: skip
LISTS = ("a_contains", "a_containedby", "a_equals", "a_overlaps")
NUMBERS = (Kind.WHOLE, Kind.NUMBER)


@dataclass(frozen=True, slots=True)
class Typed:
    """A value with its type: a column, or something written."""

    kind: Kind
    told: ColumnElement[Any]


class Walk:
    """One filter over the rows of a collection; `crs` is that of its shapes."""

    def __init__(self, rows: Rows, properties: Mapping[str, Property], crs: Crs) -> None:
        self._rows, self._properties, self._crs = rows, properties, crs

    def condition(self, node: Any) -> Condition:
        """Whatever can be true or false."""
        if isinstance(node, bool):
            return literal(node, Boolean()).is_(true())
        name, args = self._call(node)
        if name in ("and", "or"):
            if not args:
                refuse("filter", "ska ha minst ett led", name)
            parts = [self.condition(one) for one in args]
            return and_(*parts) if name == "and" else or_(*parts)
        if name == "not":
            return not_(self.condition(self._one(name, args)))
        return self._predicate(name, args)

    def _call(self, node: Any) -> tuple[str, list[Any]]:
        if isinstance(node, dict) and isinstance(node.get("op"), str) and isinstance(node.get("args"), list):
            return node["op"].lower(), node["args"]
        if isinstance(node, dict) and "property" in node:
            value = self._value(node)
            if value.kind is Kind.TRUTH:
                return "=", [node, True]
        raise refusal("filter", "här ska stå något som är sant eller falskt", str(node))

    def _predicate(self, name: str, args: list[Any]) -> Condition:
        if name in COMPARISONS:
            return self._compare(name, *self._two(name, args))
        if name in cql_shapes.RELATIONS:
            return self._shapes(name, *self._two(name, args))
        if name in cql_times.RELATIONS:
            return self._times(name, *self._two(name, args))
        if name in LISTS:
            return self._lists(name, *self._two(name, args))
        more = {"like": self._like, "between": self._between, "in": self._among, "isnull": self._is_null}
        if name not in more:
            refuse("filter", "funktionen finns inte", name)
        return more[name](args)

    def _one(self, name: str, args: Sequence[Any]) -> Any:
        if len(args) != 1:
            refuse("filter", "ska ha ett värde", name)
        return args[0]

    def _two(self, name: str, args: Sequence[Any]) -> tuple[Any, Any]:
        if len(args) != 2:
            refuse("filter", "ska ha två värden", name)
        return args[0], args[1]

    def _compare(self, name: str, left: Any, right: Any) -> Condition:
        first, second = self._value(left), self._value(right)
        _check_alike(name, first, second)
        if first.kind is Kind.TRUTH and name not in ("=", "<>"):
            refuse("filter", "ja och nej kan bara vara lika eller olika", name)
        found: Condition = COMPARISONS[name](first.told, second.told)
        return found

    def _like(self, args: list[Any]) -> Condition:
        told, pattern = self._two("like", args)
        folded = isinstance(pattern, dict) and str(pattern.get("op")).lower() == "casei"
        text = self._one("casei", pattern.get("args", [])) if folded else pattern
        value = self._value(told)
        if value.kind is not Kind.TEXT or not isinstance(text, str):
            refuse("filter", "LIKE jämför en text med ett mönster", str(pattern))
        if text.count("%") > MOST_WILD:
            refuse("filter", f"ett mönster får ha högst {MOST_WILD} %", text)
        if text.endswith("\\") and not text.endswith("\\\\"):
            refuse("filter", "ett mönster får inte sluta med ett omvänt snedstreck", text)
        return is_like(value.told, in_lower(text) if folded else text)

    def _between(self, args: list[Any]) -> Condition:
        if len(args) != 3:
            refuse("filter", "BETWEEN ska ha ett värde och två gränser")
        value, low, high = (self._value(one) for one in args)
        for limit in (low, high):
            _check_alike("between", value, limit)
        if value.kind not in (*NUMBERS, Kind.DAY):
            refuse("filter", "BETWEEN jämför tal eller datum")
        return and_(value.told >= low.told, value.told <= high.told)

    def _among(self, args: list[Any]) -> Condition:
        told, words = self._two("in", args)
        if not isinstance(words, list) or not 0 < len(words) <= MOST_VALUES:
            refuse("filter", f"IN ska ha 1–{MOST_VALUES} värden")
        value = self._value(told)
        others = [self._value(one) for one in words]
        for one in others:
            _check_alike("in", value, one)
        return value.told.in_([one.told for one in others])

    def _is_null(self, args: list[Any]) -> Condition:
        node = self._one("isNull", args)
        name = str(node.get("property", "")) if isinstance(node, dict) else ""
        if name == GEOMETRY:
            return not_(self._rows.located())
        if name in self._properties and self._properties[name].kind is Kind.TEXTS:
            return not_(self._rows.lists[name].any_at_all())
        return self._value(node).told.is_(None)

    def _value(self, node: Any) -> Typed:
        """A property or something written, with its type."""
        if isinstance(node, dict):
            return self._named(node)
        if isinstance(node, bool):
            return Typed(Kind.TRUTH, literal(node, Boolean()))
        if isinstance(node, int | float):
            if not math.isfinite(node):
                refuse("filter", "ett tal ska vara ändligt", str(node))
            return Typed(Kind.NUMBER, literal(float(node), Float()))
        if isinstance(node, str):
            return Typed(Kind.TEXT, literal(_no_nul(node), String()))
        raise refusal("filter", "värdet går inte att jämföra", str(node))

    def _named(self, node: dict[str, Any]) -> Typed:
        if "property" in node:
            found = self._properties.get(str(node["property"]))
            if found is None or found.kind is Kind.TEXTS:
                refuse("filter", "egenskapen finns inte, eller går inte att jämföra så", str(node["property"]))
            column = self._rows.columns[found.name]
            return Typed(found.kind, Bytewise(column) if found.kind is Kind.TEXT else column)
        if "date" in node or "timestamp" in node:
            day = cql_times.read_day("filter", node.get("date", node.get("timestamp")))
            return Typed(Kind.DAY, cql_times.as_day(day))
        if str(node.get("op")).lower() == "casei":
            inner = self._one("casei", node.get("args") or [])
            if isinstance(inner, str):
                return Typed(Kind.TEXT, literal(in_lower(_no_nul(inner)), String()))
            value = self._value(inner)
            if value.kind is Kind.TEXT:
                return Typed(Kind.TEXT, Bytewise(lowered(value.told)))
        raise refusal("filter", "värdet går inte att jämföra", str(node))

    def _lists(self, name: str, left: Any, right: Any) -> Condition:
        if isinstance(left, list):
            turned = {"a_contains": "a_containedby", "a_containedby": "a_contains"}
            left, right, name = right, left, turned.get(name, name)
        found = self._properties.get(left.get("property", "")) if isinstance(left, dict) else None
        if found is None or found.kind is not Kind.TEXTS or not isinstance(right, list):
            refuse("filter", "funktionen jämför en lista (som goals) med skrivna värden", name)
        if len(right) > MOST_VALUES or not all(isinstance(one, str) for one in right):
            refuse("filter", f"en lista ska ha högst {MOST_VALUES} texter")
        return self._rows.lists[found.name].relate(name, [_no_nul(one) for one in right])

    def _shapes(self, name: str, left: Any, right: Any) -> Condition:
        if right == {"property": GEOMETRY}:
            left, right, name = right, left, cql_shapes.TURNED.get(name, name)
        if left != {"property": GEOMETRY} or right == left:
            refuse("filter", f"funktionen jämför {GEOMETRY} med en skriven geometri", name)
        shape = cql_shapes.read_shape("filter", right, self._crs)
        return self._rows.meeting(name, shape)

    def _times(self, name: str, left: Any, right: Any) -> Condition:
        first, second = self._time(name, left), self._time(name, right)
        return cql_times.RELATIONS[name](*first, *second)

    def _time(self, name: str, node: Any) -> cql_times.Times:
        ends = node.get("interval") if isinstance(node, dict) else None
        if ends is None:
            if name in cql_times.INTERVALS_ALONE:
                refuse("filter", "funktionen jämför två intervall", name)
            one = self._value(node)
            if one.kind is not Kind.DAY:
                refuse("filter", "här ska stå en tid", str(node))
            return one.told, one.told
        if not isinstance(ends, list) or len(ends) != 2:
            refuse("filter", "ett intervall har en början och ett slut")
        if all(isinstance(one, str) for one in ends):
            first, last = cql_times.read_interval("filter", *ends)
            return cql_times.as_day(first), cql_times.as_day(last)
        return self._end(ends[0], cql_times.FIRST), self._end(ends[1], cql_times.LAST)

    def _end(self, node: Any, endless: date) -> cql_times.Day:
        if isinstance(node, str):
            return cql_times.as_day(endless if node == ".." else cql_times.read_day("filter", node))
        one = self._value(node)
        if one.kind is not Kind.DAY:
            refuse("filter", "ett intervall har dagar", str(node))
        return one.told


def _check_alike(name: str, first: Typed, second: Typed) -> None:
    if first.kind is not second.kind and not (first.kind in NUMBERS and second.kind in NUMBERS):
        refuse("filter", f"”{name}” jämför två värden av samma slag, inte {first.kind} med {second.kind}")


def _no_nul(text: str) -> str:
    if "\x00" in text:
        refuse("filter", "en text får inte ha tecknet NUL")
    return text
