"""Lists of a project in words: amounts, volumes, goals, served areas. Of two lists only what differs is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tracker.money import format_count, format_kronor
from tracker.projects.vocabulary import Flow, Scope

Names = Mapping[tuple[str, int], str]
NO_NAMES: Names = {}
ROWS = {"figures": "Ekonomi", "volumes": "Mått", "goals": "Mål", "serves": "Betjänar"}
"""Field → what a person reads."""
_AMOUNTS, _COUNTS = ("budget", "utfall", "prognos"), ("planerade", "påbörjade", "färdiga")
Row = Sequence[Any]
Said = dict[tuple[Any, ...], str]
"""What names a fact → the fact in words."""


def rows_in_words(field: str, old: object, new: object, names: Names) -> tuple[str, str]:
    """The old and the new list; served areas mean something only together and are told whole."""
    before, after = (_SAYERS[field](rows if isinstance(rows, list) else [], names) for rows in (old, new))
    if field == "serves":
        return "; ".join(before.values()), "; ".join(after.values())
    differing = [key for key in dict.fromkeys((*before, *after)) if before.get(key) != after.get(key)]
    return tuple("; ".join(said[key] for key in differing if key in said) for said in (before, after))  # type: ignore[return-value]


def _figures(rows: Sequence[Row], _names: Names) -> Said:
    """A row is [period, year, flow, budget, outcome, forecast, preliminary]."""
    return {
        (year, flow, word): f"{Flow(flow).label.lower()} {year}, {word} {format_kronor(ore, 2)} kr"
        + (" (preliminär)" if preliminary and word == "budget" else "")
        for _, year, flow, *amounts, preliminary in rows
        for word, ore in zip(_AMOUNTS, amounts, strict=True)
        if ore is not None
    }


def _volumes(rows: Sequence[Row], names: Names) -> Said:
    """A row is [period, measure, year, planned, started, completed]."""
    return {
        (measure, year, word): f"{names.get(('volumes', measure), measure)} {year}, {word} {format_count(count)}"
        for _, measure, year, *counts in rows
        for word, count in zip(_COUNTS, counts, strict=True)
        if count is not None
    }


def _goals(rows: Sequence[Row], names: Names) -> Said:
    """A row is [goal, weight, motivation]."""
    return {
        (goal,): f"{names.get(('goals', goal), goal)} styrka {weight}" + (f", ”{motivation}”" if motivation else "")
        for goal, weight, motivation in rows
    }


def _serves(rows: Sequence[Row], names: Names) -> Said:
    """A row is [scope, area, share]."""
    return {
        (scope, area): f"{names.get(('serves', area), '') if area else Scope(scope).label} {share / 100:g} %".replace(
            ".", ","
        )
        for scope, area, share in rows
    }


_SAYERS: Mapping[str, Callable[[Sequence[Row], Names], Said]] = {
    "figures": _figures,
    "volumes": _volumes,
    "goals": _goals,
    "serves": _serves,
}
