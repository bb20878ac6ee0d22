"""The contents of a project (see snapshots.py) as single parts, so that two versions are compared and merged by row.

A part has a key: the field's name, and for fields that are lists what names the row: "goals:12" is the tag of goal 12,
"figures:lopande:2005:utgift:budget" one amount. Served areas are one part: their shares mean something only together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Contents = dict[str, Any]
"""Field → value as `describe` gives them and as the history keeps them."""

TEXTS = frozenset(
    {
        "code", "name", "subtype", "description_public", "description_internal", "link", "stated_area",
        "confidentiality_ground", "serves_motivation",
    }
)  # fmt: skip
FLAGS = frozenset({"confidential", "location_approximate", "example_values"})
LISTS = frozenset(
    {
        "secondary_kinds", "case_numbers", "goals", "no_contribution", "answers", "serves", "volumes", "figures",
        "decisions", "secret_fields",
    }
)  # fmt: skip
COLUMNS = ("budget", "outcome", "forecast")
"""The amounts of a row of figures, in the order that the history keeps them."""


def filled(contents: Mapping[str, Any]) -> Contents:
    """The contents with what the history leaves out where a field says nothing: "", no, or an empty list."""
    whole = dict(contents)
    for names, nothing in ((TEXTS, ""), (FLAGS, False)):
        whole |= {name: nothing for name in names if whole.get(name) is None}
    return whole | {name: [] for name in LISTS if whole.get(name) is None}


def parts_of(contents: Mapping[str, Any]) -> Contents:
    """Key → value of every part that says something."""
    found: Contents = {}
    for name, value in contents.items():
        split = _SPLITTERS.get(name)
        if split is not None:
            found |= {f"{name}:{key}": part for key, part in split(value or []) if not is_empty(part)}
        elif not is_empty(value):
            found[name] = value
    return found


def field_of(key: str) -> str:
    """The field that a part belongs to."""
    return key.split(":", 1)[0]


def is_empty(value: object) -> bool:
    """Whether a value says nothing; zero does say something."""
    return value is None or value is False or value in ("", [])


def is_controllers(key: str, stored: Any) -> bool:
    """Whether a part is the controller's alone: an outcome, and a budget that is not preliminary any more."""
    if field_of(key) != "figures":
        return False
    return key.endswith(":outcome") or (key.endswith(":budget") and bool(stored) and not stored[1])


def contents_of(parts: Mapping[str, Any], names: Iterable[str]) -> Contents:
    """The contents that these parts make: the opposite of `parts_of`. `names` are the fields that there are."""
    made: Contents = {name: None for name in names if name not in _SPLITTERS}
    rows: dict[str, dict[str, Any]] = {name: {} for name in names if name in _SPLITTERS}
    for key, value in parts.items():
        name, _, row = key.partition(":")
        if name in rows:
            rows[name][row] = value
        else:
            made[name] = value
    return filled(made | {name: _JOINERS[name](given) for name, given in rows.items()})


def _by_first(rows: Iterable[list[Any]]) -> Iterable[tuple[str, Any]]:
    """[id, rest …] → id and the rest."""
    for row in rows:
        yield str(row[0]), list(row[1:])


def _numbers(rows: Iterable[str]) -> Iterable[tuple[str, Any]]:
    for number in rows:
        yield number, True


def _marks(rows: Iterable[list[str]]) -> Iterable[tuple[str, Any]]:
    """[field, ground] of what is confidential by itself."""
    return ((field, ground) for field, ground in rows)


def _volumes(rows: Iterable[list[Any]]) -> Iterable[tuple[str, Any]]:
    for period, measure_id, year, *counts in rows:
        yield f"{period}:{measure_id}:{year}", counts


def _figures(rows: Iterable[list[Any]]) -> Iterable[tuple[str, Any]]:
    """An amount for itself; a budget says with it whether it is preliminary."""
    for period, year, flow, budget, outcome, forecast, preliminary in rows:
        row = f"{period}:{year}:{flow}"
        if budget is not None:
            yield f"{row}:budget", [budget, bool(preliminary)]
        yield f"{row}:outcome", outcome
        yield f"{row}:forecast", forecast


def _decisions(rows: Iterable[list[Any]]) -> Iterable[tuple[str, Any]]:
    """[gate, date, rest …]; of several at one gate on one day the first, the second …"""
    seen: Counter[tuple[str, str]] = Counter()
    for gate, day, *rest in rows:
        seen[gate, day or ""] += 1
        yield f"{gate}:{day or ''}:{seen[gate, day or '']}", rest


def _join_by_first(rows: Mapping[str, Any]) -> list[Any]:
    return sorted([int(key), *rest] for key, rest in rows.items())


def _join_volumes(rows: Mapping[str, Any]) -> list[Any]:
    split = [(*key.split(":"), value) for key, value in rows.items()]
    return sorted([period, int(measure_id), int(year), *counts] for period, measure_id, year, counts in split)


def _join_figures(rows: Mapping[str, Any]) -> list[Any]:
    whole: dict[tuple[str, int, str], dict[str, Any]] = {}
    for key, value in rows.items():
        period, year, flow, column = key.split(":")
        whole.setdefault((period, int(year), flow), {})[column] = value
    made = []
    for row, amounts in whole.items():
        budget, preliminary = amounts.get("budget", (None, False))
        made.append([*row, budget, amounts.get("outcome"), amounts.get("forecast"), preliminary])
    return sorted(made)


def _join_decisions(rows: Mapping[str, Any]) -> list[Any]:
    split = [(*key.split(":"), rest) for key, rest in rows.items()]
    made = [[gate, day or None, *rest] for gate, day, _number, rest in split]
    return sorted(made, key=lambda row: (str(row[1] or ""), row[0], *(str(one) for one in row[2:])))


_SPLITTERS: dict[str, Callable[[list[Any]], Iterable[tuple[str, Any]]]] = {
    "case_numbers": _numbers,
    "goals": _by_first,
    "no_contribution": _by_first,
    "answers": _by_first,
    "secret_fields": _marks,
    "volumes": _volumes,
    "figures": _figures,
    "decisions": _decisions,
}
_JOINERS: dict[str, Callable[[Mapping[str, Any]], list[Any]]] = {
    "case_numbers": list,
    "goals": _join_by_first,
    "no_contribution": _join_by_first,
    "answers": _join_by_first,
    "secret_fields": lambda rows: sorted([field, ground] for field, ground in rows.items()),
    "volumes": _join_volumes,
    "figures": _join_figures,
    "decisions": _join_decisions,
}
