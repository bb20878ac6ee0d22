"""Lists of a project in words: amounts, volumes, goals, served areas. Of two lists only what differs is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tracker.messages import joined, message
from tracker.money import format_count, format_kronor
from tracker.projects.vocabulary import Flow, Scope

Names = Mapping[tuple[str, int], str]
NO_NAMES: Names = {}
ROWS = {
    "figures": message("Ekonomi"),
    "volumes": message("Mått"),
    "goals": message("Mål"),
    "serves": message("Betjänar"),
}
"""Field → what a person reads."""
BETWEEN = "; "
_AMOUNTS = (message("budget"), message("utfall"), message("prognos"))
_COUNTS = (message("planerade"), message("påbörjade"), message("färdiga"))
Row = Sequence[Any]
Said = dict[tuple[Any, ...], str]
"""What names a fact → the fact in words."""


def rows_in_words(field: str, old: object, new: object, names: Names) -> tuple[list[str], list[str]]:
    """The facts of the old and the new list; served areas mean something only together and are told whole."""
    before, after = (_SAYERS[field](rows if isinstance(rows, list) else [], names) for rows in (old, new))
    if field == "serves":
        return list(before.values()), list(after.values())
    differing = [key for key in dict.fromkeys((*before, *after)) if before.get(key) != after.get(key)]
    return [before[key] for key in differing if key in before], [after[key] for key in differing if key in after]


def _figures(rows: Sequence[Row], _names: Names) -> Said:
    """A row is [period, year, flow, budget, outcome, forecast, preliminary]."""
    return {
        (year, flow, word): _figure(Flow(flow), year, word, ore, preliminary=preliminary and word == _AMOUNTS[0])
        for _, year, flow, *amounts, preliminary in rows
        for word, ore in zip(_AMOUNTS, amounts, strict=True)
        if ore is not None
    }


def _figure(flow: Flow, year: int, word: str, ore: int, *, preliminary: bool) -> str:
    said = {"flow": flow.label.lower(), "year": year, "figure": word, "amount": format_kronor(ore, 2)}
    if preliminary:
        return message("%(flow)s %(year)s, %(figure)s %(amount)s kr (preliminär)", **said)
    return message("%(flow)s %(year)s, %(figure)s %(amount)s kr", **said)


def _volumes(rows: Sequence[Row], names: Names) -> Said:
    """A row is [period, measure, year, planned, started, completed]."""
    return {
        (measure, year, word): message(
            "%(measure)s %(year)s, %(figure)s %(count)s",
            measure=names.get(("volumes", measure), measure),
            year=year,
            figure=word,
            count=format_count(count),
        )
        for _, measure, year, *counts in rows
        for word, count in zip(_COUNTS, counts, strict=True)
        if count is not None
    }


def _goals(rows: Sequence[Row], names: Names) -> Said:
    """A row is [goal, weight, motivation]."""
    return {
        (goal,): _goal(names.get(("goals", goal), str(goal)), weight, motivation) for goal, weight, motivation in rows
    }


def _goal(goal: str, weight: int, motivation: str) -> str:
    if motivation:
        return message("%(goal)s styrka %(weight)s, ”%(motivation)s”", goal=goal, weight=weight, motivation=motivation)
    return message("%(goal)s styrka %(weight)s", goal=goal, weight=weight)


def _serves(rows: Sequence[Row], names: Names) -> Said:
    """A row is [scope, area, share]."""
    return {
        (scope, area): joined(" ", (_place(scope, area, names), f"{share / 100:g} %".replace(".", ",")))
        for scope, area, share in rows
    }


def _place(scope: str, area: int | None, names: Names) -> str:
    return names.get(("serves", area), "") if area else str(Scope(scope).label)


_SAYERS: Mapping[str, Callable[[Sequence[Row], Names], Said]] = {
    "figures": _figures,
    "volumes": _volumes,
    "goals": _goals,
    "serves": _serves,
}
