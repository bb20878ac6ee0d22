"""Two periods against each other: what changed in each goal and area, and why; the parts sum to the difference. Pure.

The projects that both periods have go from the one to the other in steps: first the amounts change, then the city's
financing share, then the goals, then the areas. Each step is reckoned whole and exact, so the steps of a project, a
goal or an area always sum to its difference, to the öre.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from tracker.apportion import IntArray, counted_amounts
from tracker.contribution.amounts import AMOUNTS, Money
from tracker.contribution.completing import BoolArray
from tracker.contribution.counting import group_leaves, touched_sums
from tracker.contribution.details import list_details, projects_behind
from tracker.contribution.leaves import sum_leaves
from tracker.contribution.material import CountedProject, Material
from tracker.contribution.places import Places, build_places
from tracker.contribution.portfolio import AreaRows, Facts, GoalTags, Portfolio
from tracker.contribution.reckoning import portfolio_of
from tracker.contribution.rows import GoalRows, rows_for
from tracker.contribution.rules import CountingRule
from tracker.reports.aligning import Aligned, align


class Cause(StrEnum):
    """Why a project brings something else than before."""

    AMOUNT = "belopp"
    FINANCING = "finansiering"
    GOALS = "mal"
    AREAS = "omraden"
    NEW = "nytt"
    GONE = "borta"


@dataclass(frozen=True, eq=False, slots=True)
class Step:
    """A state on the way from one period to the other, and the cause that led to it."""

    cause: Cause
    portfolio: Portfolio


@dataclass(frozen=True, eq=False, slots=True)
class Comparison:
    """One amount, AMOUNTS[place], over row nodes × column nodes: `before`, `after`, and the `parts` of the difference.

    `steps` begin with the state before, whose cause says nothing.
    """

    rule: CountingRule
    rows: GoalRows
    places: Places
    old: Aligned
    new: Aligned
    before: IntArray
    after: IntArray
    parts: Mapping[Cause, IntArray]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class ProjectChange:
    """What a project brought to a cell before and after, and the parts that are not 0; they sum to the difference."""

    place: int
    project: CountedProject
    before: int
    after: int
    parts: tuple[tuple[Cause, int], ...]


def compare(before: Material, after: Material, rule: CountingRule, place: int) -> Comparison:
    """Compare AMOUNTS[place]. Raises InvalidInputError when the two are told in different editions."""
    old, new = align((before, after))
    return compare_aligned(old, new, rule, place)


def compare_aligned(old: Aligned, new: Aligned, rule: CountingRule, place: int) -> Comparison:
    """Compare two that are aligned already, maybe with others between them."""
    rows, places = rows_of_both(old, new), build_places(new.material.areas)
    steps = tuple(Step(cause, portfolio_of(state, rows, places)[0]) for cause, state in _states(old, new, place))
    sums = [sum_cells(step.portfolio, rows, places, rule) for step in steps]
    parts = {step.cause: now - then for step, then, now in zip(steps[1:], sums, sums[1:], strict=False)}
    return Comparison(rule, rows, places, old, new, sums[0], sums[-1], parts, steps)


def amounts_in(one: Aligned, rows: GoalRows, places: Places, rule: CountingRule, place: int) -> IntArray:
    """AMOUNTS[place] of a period over row nodes × column nodes."""
    return sum_cells(portfolio_of(only_amount(one.material, place), rows, places)[0], rows, places, rule)


def rows_of_both(*several: Aligned) -> GoalRows:
    """The rows of aligned periods: what has no counterpart in the edition has a row if it has one in any of them."""
    last = several[-1].material
    items = np.concatenate([one.material.tags.row for one in several])
    return rows_for(last.goals, last.goal_edition.name, items)


def _states(old: Aligned, new: Aligned, place: int) -> Iterator[tuple[Cause, Material]]:
    """What is gone goes first and what is new comes last; between them the projects of both periods change."""
    both = old.there & new.there
    was, became = only_amount(old.material, place), only_amount(new.material, place)
    state = was
    yield Cause.AMOUNT, state
    state = _with_facts(state, _kept(was.facts, both))
    yield Cause.GONE, state
    state = _with_facts(state, _kept(_at_old_share(was, became), both))
    yield Cause.AMOUNT, state
    state = _with_facts(state, _kept(became.facts, both))
    yield Cause.FINANCING, state
    state = replace(state, tags=_mixed(was.tags, became.tags, both), no_contribution=_none(was, became, both))
    yield Cause.GOALS, state
    state = replace(
        state,
        serves=_mixed_areas(was.serves, became.serves, both),
        lies_in=_mixed_areas(was.lies_in, became.lies_in, both),
    )
    yield Cause.AREAS, state
    yield Cause.NEW, became


def only_amount(material: Material, place: int) -> Material:
    """The material with one of its amounts alone."""
    found = np.flatnonzero(material.facts.column == place)
    facts = material.facts
    known = material.registered.size == facts.amount.size
    return replace(
        material,
        facts=Facts(facts.project[found], facts.column[found], facts.amount[found]),
        registered=material.registered[found] if known else material.registered[:0],
    )


def _with_facts(material: Material, facts: Facts) -> Material:
    return replace(material, facts=facts)


def _kept(facts: Facts, chosen: BoolArray) -> Facts:
    kept = np.flatnonzero(chosen[facts.project])
    return Facts(facts.project[kept], facts.column[kept], facts.amount[kept])


def _at_old_share(was: Material, became: Material) -> Facts:
    """The new amounts at the financing share of before; just the new ones where only what counts was kept."""
    facts = became.facts
    if became.registered.size != facts.amount.size or not facts.amount.size:
        return facts
    if not isinstance(AMOUNTS[int(facts.column[0])], Money):
        return facts
    shares = _shares(was)
    found = np.where(shares[facts.project] >= 0, shares[facts.project], 0)
    return Facts(facts.project, facts.column, counted_amounts(became.registered, found))


def _shares(material: Material) -> IntArray:
    return np.array([one.city_share for one in material.projects], dtype=np.int64)


def _mixed(was: GoalTags, became: GoalTags, both: BoolArray) -> GoalTags:
    """The new tags of the projects of both periods, the old ones of the rest."""
    old, new = np.flatnonzero(~both[was.project]), np.flatnonzero(both[became.project])
    return GoalTags(
        np.concatenate((was.project[old], became.project[new])),
        np.concatenate((was.goal[old], became.goal[new])),
        np.concatenate((was.weight[old], became.weight[new])),
        np.concatenate((was.row[old], became.row[new])),
    )


def _none(was: Material, became: Material, both: BoolArray) -> BoolArray:
    return np.where(both, became.no_contribution, was.no_contribution)


def _mixed_areas(was: AreaRows, became: AreaRows, both: BoolArray) -> AreaRows:
    old, new = np.flatnonzero(~both[was.project]), np.flatnonzero(both[became.project])
    return AreaRows(
        np.concatenate((was.project[old], became.project[new])),
        np.concatenate((was.place[old], became.place[new])),
        np.concatenate((was.share[old], became.share[new])),
    )


def sum_cells(portfolio: Portfolio, rows: GoalRows, places: Places, rule: CountingRule) -> IntArray:
    """Amounts of all columns together, which are one; shape (row nodes, column nodes)."""
    if rule is CountingRule.FORDELAD:
        sums = group_leaves(sum_leaves(portfolio), rows.tree, places.tree)
    else:
        sums = touched_sums(portfolio, rows.tree, places.tree, portfolio.facts, portfolio.column_count)
    return np.asarray(sums.sum(axis=2))


def list_changes(comparison: Comparison, row: int, column: int) -> tuple[ProjectChange, ...]:
    """Every project whose part of the cell changed, the largest change first, then by code."""
    rows, places = comparison.rows, comparison.places
    count = len(comparison.new.material.projects)
    sums: list[npt.NDArray[np.int64]] = []
    for step in comparison.steps:
        details = list_details(step.portfolio, rows.tree, places.tree, comparison.rule)
        found = projects_behind(details, rows.tree, places.tree, comparison.rule, row, column)
        amounts = np.zeros(count, dtype=np.int64)
        amounts[found.project] = found.amounts.sum(axis=1)
        sums.append(amounts)
    differences = np.diff(np.stack(sums), axis=0)
    changed = np.flatnonzero(differences.any(axis=0))
    causes = [step.cause for step in comparison.steps[1:]]
    changes = [
        ProjectChange(
            place,
            comparison.new.material.projects[place],
            int(sums[0][place]),
            int(sums[-1][place]),
            tuple((cause, int(part)) for cause, part in zip(causes, differences[:, place], strict=True) if part),
        )
        for place in changed.tolist()
    ]
    return tuple(sorted(changes, key=lambda one: (-abs(one.after - one.before), one.project.code)))
