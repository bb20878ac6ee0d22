"""A question for items as its address says it; what cannot be meant is refused with 400."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from shapely.geometry.base import BaseGeometry
from werkzeug.datastructures import MultiDict

from tracker.ogc import cql_shapes, cql_times
from tracker.ogc.cql_reading import JSON, TEXT, read_filter
from tracker.ogc.crs import Crs, crs_named
from tracker.ogc.properties import Kind, Property
from tracker.ogc.refusing import refuse
from tracker.ogc.rows import Shaping

DEFAULT_LIMIT, MOST_LIMIT = 100, 10_000
PARAMETERS = (
    "f", "limit", "cursor", "bbox", "bbox-crs", "datetime", "crs", "properties", "sortby", "filter", "filter-lang",
    "filter-crs",
)  # fmt: skip
ONLY_WITH = {"bbox-crs": "bbox", "filter-lang": "filter", "filter-crs": "filter"}


@dataclass(frozen=True, slots=True)
class SortKey:
    """A property to go by; those without the value come last either way."""

    name: str
    descending: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class ItemsAsked:
    """`simple` are property = value; `tree` is a filter as CQL2 JSON; `box` is in EPSG:3011."""

    limit: int
    cursor: str
    box: BaseGeometry | None
    times: tuple[date, date] | None
    shaping: Shaping
    sort: tuple[SortKey, ...]
    simple: Mapping[str, Any]
    tree: Any
    filter_crs: Crs

    @property
    def plain(self) -> bool:
        """Whether ready-made text answers it: everything or a box, in the usual order, as it is."""
        filtered = self.times or self.simple or self.tree is not None
        return not (filtered or self.sort) and self.shaping.plain


def check_known(args: MultiDict[str, str], known: Sequence[str]) -> None:
    """Refuse what the address does not take, or takes once."""
    for name in args:
        if name not in known:
            refuse(name, f"parametern finns inte här; de som finns är {', '.join(sorted(known))}")
        if len(args.getlist(name)) > 1:
            refuse(name, "parametern får bara stå en gång")
    for name, other in ONLY_WITH.items():
        if name in args and other not in args:
            refuse(name, f"parametern hör ihop med {other}, som inte står här")


def items_asked(args: MultiDict[str, str], properties: Mapping[str, Property]) -> ItemsAsked:
    """Read the whole question."""
    check_known(args, (*PARAMETERS, *properties))
    box_crs = crs_named("bbox-crs", args.get("bbox-crs", ""))
    return ItemsAsked(
        limit=_limit(args.get("limit")),
        cursor=args.get("cursor", ""),
        box=_box(args["bbox"], box_crs) if "bbox" in args else None,
        times=_times(args["datetime"]) if "datetime" in args else None,
        shaping=Shaping(crs_named("crs", args.get("crs", "")), _chosen(args.get("properties"), properties)),
        sort=_sort(args["sortby"], properties) if "sortby" in args else (),
        simple={name: _simple(properties[name], args[name]) for name in properties if name in args},
        tree=_filter(args["filter"], args.get("filter-lang", TEXT)) if "filter" in args else None,
        filter_crs=crs_named("filter-crs", args.get("filter-crs", "")),
    )


def _limit(text: str | None) -> int:
    if text is None:
        return DEFAULT_LIMIT
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0):
        refuse("limit", f"ska vara ett heltal från 1; högst {MOST_LIMIT} lämnas i taget", text)
    return min(int(text), MOST_LIMIT)


def _box(text: str, crs: Crs) -> BaseGeometry:
    try:
        numbers = [float(one) for one in text.split(",")]
    except ValueError:
        refuse("bbox", "ska vara fyra tal (eller sex, med höjd) med komma emellan", text)
    return cql_shapes.box_of("bbox", numbers, crs)


def _times(text: str) -> tuple[date, date]:
    first, slash, last = text.partition("/")
    if not slash:
        day = cql_times.read_day("datetime", text)
        return day, day
    if first in ("..", "") and last in ("..", ""):
        refuse("datetime", "ett intervall ska ha minst en tid", text)
    return cql_times.read_interval("datetime", first, last)


def _chosen(text: str | None, properties: Mapping[str, Property]) -> tuple[str, ...] | None:
    if text is None:
        return None
    names = tuple(dict.fromkeys(text.split(","))) if text else ()
    for name in names:
        if name not in properties or not properties[name].told:
            refuse("properties", "egenskapen finns inte", name)
    return names


def _sort(text: str, properties: Mapping[str, Property]) -> tuple[SortKey, ...]:
    found: dict[str, SortKey] = {}
    for word in text.split(","):
        # A plus in an address means a space.
        name = word.removeprefix("-").removeprefix("+").strip()
        if name not in properties or not properties[name].sortable:
            refuse("sortby", "egenskapen finns inte, eller går inte att ordna efter", word)
        if name in found:
            refuse("sortby", "egenskapen står två gånger", name)
        found[name] = SortKey(name, word.startswith("-"))
    return tuple(found.values())


def _simple(one: Property, text: str) -> Any:
    """The value of property=value, as CQL2 JSON has it."""
    if one.kind is Kind.TEXTS:
        return text.split(",")
    if one.kind is Kind.TRUTH:
        if text not in ("true", "false"):
            refuse(one.name, "ska vara true eller false", text)
        return text == "true"
    if one.kind is Kind.DAY:
        return {"date": cql_times.read_day(one.name, text).isoformat()}
    if one.kind is Kind.TEXT:
        return text
    return _number(one, text)


def _number(one: Property, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        refuse(one.name, "ska vara ett tal", text)
    if not abs(number) < 1e15 or (one.kind is Kind.WHOLE and number != int(number)):
        refuse(one.name, "ska vara ett heltal" if one.kind is Kind.WHOLE else "ska vara ett ändligt tal", text)
    return number


def _filter(text: str, language: str) -> Any:
    if language not in (TEXT, JSON):
        refuse("filter-lang", f"ska vara {TEXT} eller {JSON}", language)
    return read_filter(text, language)


def written(tree: Any) -> str:
    """A tree as text, to tell one question from another."""
    return orjson.dumps(tree, option=orjson.OPT_SORT_KEYS).decode()
