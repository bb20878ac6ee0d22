"""What differs between two days in the public facts of a project. Pure: values as the history keeps them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.projects.decisions import decided_budgets
from tracker.projects.inputs import DecisionInput
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import Gate

ROW_FIELDS = (
    "name", "main_kind", "phase", "start_decided", "start_forecast", "end_decided", "end_forecast", "publication",
    "confidential",
)  # fmt: skip
"""Those that stand in the project's own row."""
TRACKED = frozenset({*ROW_FIELDS, "geometry", "goals", "serves", "decisions", "secret_fields"})
_HIDES = {
    "start": Secret.DATES,
    "end": Secret.DATES,
    "geometry": Secret.GEOMETRY,
    "goals": Secret.GOALS,
    "serves": Secret.SERVES,
    "decisions": Secret.DECISIONS,
}
_SHOWN_ANEW = (Secret.DATES, Secret.GEOMETRY, Secret.GOALS, Secret.SERVES, Secret.DECISIONS)


@dataclass(frozen=True, slots=True)
class Difference:
    """`what` changed from `old` to `new`; the values are plain ones of that sort, None where there was none.

    new: seen now, not then. shown: a field (new) is hidden no longer. name, main_kind, phase: words. start, end: ISO
    days. geometry: True where there is a place. goals: the ids that came (new) or went (old). serves: rows of [scope,
    area id]. decision_new, decision_gone, decision_changed: (gate, ISO day). budget: (öre, price level).
    """

    what: str
    old: Any = None
    new: Any = None


@dataclass(frozen=True, slots=True)
class Stood:
    """A project's values at a time, and what was hidden then; `day` None is today, when every decision is taken."""

    values: Mapping[str, Any]
    hidden: frozenset[Secret]
    day: date | None = None

    def start(self) -> Any:
        return self.values["start_forecast"] or self.values["start_decided"]

    def end(self) -> Any:
        return self.values["end_forecast"] or self.values["end_decided"]


def differences(then: Stood, now: Stood) -> list[Difference]:
    """All that differs, in the order that it is told."""
    found = [*_words(then, now), *_dates(then, now), *_places(then, now), *_decisions(then, now)]
    gone = [one for one in found if _hidden(one.what, then, now)]
    shown = [Difference("shown", None, one.value) for one in _SHOWN_ANEW if one in then.hidden - now.hidden]
    return [one for one in found if one not in gone] + shown


def _hidden(what: str, then: Stood, now: Stood) -> bool:
    secret = _HIDES.get("decisions" if what.startswith("decision") or what == "budget" else what)
    return secret is not None and (secret in then.hidden or secret in now.hidden)


def _words(then: Stood, now: Stood) -> Iterator[Difference]:
    for name in ("name", "main_kind", "phase", "publication"):
        if then.values[name] != now.values[name]:
            yield Difference(name, then.values[name], now.values[name])


def _dates(then: Stood, now: Stood) -> Iterator[Difference]:
    for what, old, new in (("start", then.start(), now.start()), ("end", then.end(), now.end())):
        if old != new:
            yield Difference(what, old, new)


def _places(then: Stood, now: Stood) -> Iterator[Difference]:
    if _either(then, now, "geometry"):
        yield Difference("geometry", bool(then.values.get("geometry")), bool(now.values.get("geometry")))
    old, new = ({row[0] for row in one.values.get("goals") or []} for one in (then, now))
    if old != new:
        yield Difference("goals", tuple(sorted(old - new)), tuple(sorted(new - old)))
    served = [[row[:2] for row in one.values.get("serves") or []] for one in (then, now)]
    if served[0] != served[1]:
        yield Difference("serves", *served)


def _either(then: Stood, now: Stood, name: str) -> bool:
    return bool(then.values.get(name) != now.values.get(name))


def _decisions(then: Stood, now: Stood) -> Iterator[Difference]:
    """New ones, gone ones and corrected ones by gate and day, and the budget that they come to."""
    if not _either(then, now, "decisions"):
        return
    old, new = (_by_place(one) for one in (then, now))
    for place in sorted(old.keys() | new.keys(), key=lambda place: (place[1], place[0])):
        if place not in old:
            yield Difference("decision_new", None, place)
        elif place not in new:
            yield Difference("decision_gone", place, None)
        elif old[place] != new[place]:
            yield Difference("decision_changed", place, place)
    budgets = [_budget(one) for one in (then, now)]
    if budgets[0] != budgets[1]:
        yield Difference("budget", *budgets)


def _by_place(stood: Stood) -> dict[tuple[str, str], list[Any]]:
    """(gate, day) → body, amounts and price level; what a note says is no such fact."""
    found: dict[tuple[str, str], list[Any]] = {}
    for gate, day, body, _number, _paragraph, outlay, income, level, _note in stood.values.get("decisions") or []:
        found.setdefault((gate, day or ""), []).append((body, outlay, income, level))
    return found


def _budget(stood: Stood) -> tuple[int, str] | None:
    rows = stood.values.get("decisions") or []
    decided = decided_budgets([_read(row) for row in rows], stood.day or date.max)
    if decided is None or decided.latest.outlay_ore is None:
        return None
    return decided.latest.outlay_ore, decided.latest.price_level


def _read(row: list[Any]) -> DecisionInput:
    gate, day, body, number, paragraph, outlay, income, level, note = row
    return DecisionInput(
        Gate(gate), body, date.fromisoformat(day) if day else None, number, paragraph, outlay, income, level, note
    )
