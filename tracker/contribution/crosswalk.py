"""Goals of other editions told in the chosen one, along the crosswalks: shares of a project stay whole. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from tracker.apportion import WEIGHT_LIMIT, WHOLE, apportion

LOST = -1
"""Stands for a goal in the chosen edition where there is none."""
FINEST = WEIGHT_LIMIT // WHOLE // 2
"""The most that the weights of a project may sum to: crossed with area shares they stay inside the arithmetic."""

Onto = Mapping[int, Fraction]
"""Goal id of the chosen edition (or LOST) → the part of the goal that goes on there; the parts sum to 1."""
Step = tuple[int, int, int]
"""From goal id, to goal id, weight: a row of the catalogue's crosswalk."""
Parts = dict[int, Fraction]
_Ways = dict[tuple[int, int], dict[int, Parts]]
"""(from edition, to edition) → goal id → its parts there."""


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition with its goals' ids; `year` is the first that it is valid for."""

    id: int
    code: str
    name: str
    year: int
    goals: frozenset[int]


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """How each goal of the other editions stands in the chosen one.

    `editions` are the others, the nearest first: of a project that is tagged in several the first one holds. The first
    `reached` of them have a way to the chosen one; a goal of the rest, or one that its edition's way leaves out, is
    LOST. `edition_of` gives an edition's place by goal id.
    """

    editions: tuple[Edition, ...]
    reached: int
    edition_of: Mapping[int, int]
    onto: Mapping[int, Onto]

    def weights(self, tags: Sequence[tuple[int, int]]) -> dict[int, int]:
        """Whole weights by goal id of the chosen edition (or LOST) for tags (goal id, weight) of one other edition."""
        whole = sum(weight for _, weight in tags)
        parts: dict[int, Fraction] = {}
        for goal_id, weight in tags:
            for there, part in self.onto[goal_id].items():
                parts[there] = parts.get(there, Fraction(0)) + part * Fraction(weight, whole)
        return _whole_weights(dict(sorted(parts.items())))


def _whole_weights(parts: Mapping[int, Fraction]) -> dict[int, int]:
    """The same proportions in whole numbers: exact, or where chains make them too fine, of FINEST in all."""
    common = lcm(*(part.denominator for part in parts.values()))
    weights = [int(part * common) for part in parts.values()]
    if common > FINEST:
        weights = apportion(FINEST, weights)
    return {goal_id: weight for goal_id, weight in zip(parts, weights, strict=True) if weight}


def build_crosswalk(chosen: Edition, others: Iterable[Edition], steps: Iterable[Step]) -> Crosswalk:
    """Chain the steps from every other edition to the chosen one, forward as well as back."""
    editions = {one.id: one for one in (chosen, *others)}
    ways = _ways(editions, steps)
    onto: dict[int, Onto] = {goal: {goal: Fraction(1)} for goal in chosen.goals}
    order = [chosen]
    for here in order:
        found = [editions[one] for one, there in ways if there == here.id and editions[one] not in order]
        for edition in sorted(found, key=lambda one: (abs(one.year - chosen.year), -one.year, one.code)):
            onto |= {goal: _through(ways[edition.id, here.id].get(goal, {}), onto) for goal in edition.goals}
            order.append(edition)
    apart = sorted((one for one in editions.values() if one not in order), key=lambda one: (-one.year, one.code))
    onto |= {goal: {LOST: Fraction(1)} for edition in apart for goal in edition.goals}
    others_in_order = (*order[1:], *apart)
    edition_of = {goal: place for place, edition in enumerate(others_in_order) for goal in edition.goals}
    return Crosswalk(others_in_order, len(order) - 1, edition_of, onto)


def _ways(editions: Mapping[int, Edition], steps: Iterable[Step]) -> _Ways:
    """The ways forward and back; back, the parts are as large as what came forward."""
    edition_of = {goal: one.id for one in editions.values() for goal in one.goals}
    forward: _Ways = {}
    for before, after, weight in steps:
        if before in edition_of and after in edition_of and edition_of[before] != edition_of[after]:
            pair = edition_of[before], edition_of[after]
            forward.setdefault(pair, {}).setdefault(before, {})[after] = Fraction(weight)
    forward = _shared(forward)
    back: _Ways = {}
    for (here, there), rows in forward.items():
        for before, parts in rows.items():
            for after, part in parts.items():
                back.setdefault((there, here), {}).setdefault(after, {})[before] = part
    return _shared(back) | forward


def _shared(ways: _Ways) -> _Ways:
    return {pair: {goal: _shares(parts) for goal, parts in rows.items()} for pair, rows in ways.items()}


def _shares(parts: Mapping[int, Fraction]) -> Parts:
    whole = sum(parts.values())
    return {goal: part / whole for goal, part in parts.items()}


def _through(parts: Mapping[int, Fraction], onto: Mapping[int, Onto]) -> Onto:
    """One step further along a chain; what has no next step is lost."""
    found: dict[int, Fraction] = {}
    for there, part in _steps(parts, onto):
        found[there] = found.get(there, Fraction(0)) + part
    return found or {LOST: Fraction(1)}


def _steps(parts: Mapping[int, Fraction], onto: Mapping[int, Onto]) -> Iterator[tuple[int, Fraction]]:
    for between, part in parts.items():
        for there, further in onto[between].items():
            yield there, part * further
