"""Two periods: the parts of a difference are reasons, and always sum to it, in every cell and for every project."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contribution.portfolios import shared_by_fractions
from tests.reports.making import MNKR, Made, make_material
from tracker.contribution.material import GoalEdition, Material
from tracker.contribution.reckoning import reckon_material
from tracker.contribution.rules import CountingRule
from tracker.errors import InvalidInputError
from tracker.reports.aligning import align
from tracker.reports.comparing import Cause, Comparison, compare, list_changes

PLACES = ("Farsta", "Kista", "Norrmalm", "Rinkeby", "Hela staden")
FORECAST = 2


def material(*made: Made) -> Material:
    """Projects keep their ids from period to period by their number in the code."""
    found = make_material(tuple(sorted(made, key=lambda one: one.code)))
    projects = tuple(replace(one, id=int(one.code.removeprefix("P-"))) for one in found.projects)
    gross = {(one.code, place): ore for one in made for place, ore in enumerate((*one.outlay, *one.income))}
    registered = [
        gross.get((projects[p].code, c)) if c < 6 else a
        for p, c, a in zip(
            *(rows.tolist() for rows in (found.facts.project, found.facts.column, found.facts.amount)), strict=True
        )
    ]
    return replace(found, projects=projects, registered=np.array(registered, dtype=np.int64))


def made(number: int = 1, forecast: int = 100 * MNKR, **further: object) -> Made:
    values: dict[str, object] = {"goals": {"G1a": 3}, "serves": {"Rinkeby": 10_000}, "outlay": (None, None, forecast)}
    return Made(f"P-{number}", f"Projekt {number}", **(values | further))  # type: ignore[arg-type]


def parts(found: Comparison, row: str = "alla", column: str = "alla") -> dict[Cause, int]:
    at = [one.key for one in found.rows.rows].index(row), [one.key for one in found.places.columns].index(column)
    return {cause: int(part[at]) for cause, part in found.parts.items() if part[at]}


def test_each_kind_of_change_is_a_reason_of_its_own() -> None:
    before = material(made(1), made(2), made(3), made(4), made(5))
    after = material(
        made(1, 120 * MNKR), made(2, goals={"G1a": 1, "G2d": 1}), made(3, serves={"Kista": 10_000}),
        made(4, city_share=5_000), made(6, 7 * MNKR),
    )  # fmt: skip
    found = compare(before, after, CountingRule.FORDELAD, FORECAST)
    assert parts(found) == {
        Cause.AMOUNT: 20 * MNKR, Cause.FINANCING: -50 * MNKR, Cause.NEW: 7 * MNKR, Cause.GONE: -100 * MNKR
    }  # fmt: skip
    assert parts(found, "G1a")[Cause.GOALS] == -50 * MNKR
    assert parts(found, "G2d") == {Cause.GOALS: 50 * MNKR}
    assert parts(found, "alla", "kista") == {Cause.AREAS: 100 * MNKR}
    changes = list_changes(found, 0, found.places.tree.root)
    assert {one.project.code: one.parts for one in changes} == {
        "P-1": ((Cause.AMOUNT, 20 * MNKR),), "P-2": ((Cause.GOALS, -50 * MNKR),),
        "P-4": ((Cause.FINANCING, -50 * MNKR),), "P-5": ((Cause.GONE, -100 * MNKR),), "P-6": ((Cause.NEW, 7 * MNKR),),
    }  # fmt: skip


def test_what_changes_in_two_ways_has_two_reasons() -> None:
    found = compare(material(made(1)), material(made(1, 50 * MNKR, goals={"G2d": 2})), CountingRule.FORDELAD, FORECAST)
    assert parts(found, "G1a") == {Cause.AMOUNT: -50 * MNKR, Cause.GOALS: -50 * MNKR}
    assert parts(found, "G2d") == {Cause.GOALS: 50 * MNKR}


@st.composite
def portfolios(draw: st.DrawFn) -> Material:
    """Any projects of five that may be there."""
    numbers = draw(st.sets(st.integers(1, 5), max_size=4))
    found = []
    for number in sorted(numbers):
        names = draw(st.lists(st.sampled_from(PLACES), unique=True, max_size=3))
        pull = draw(st.lists(st.integers(1, 9), min_size=len(names), max_size=len(names)))
        shares = [1 + part for part in shared_by_fractions(10_000 - len(names), pull)] if names else []
        found.append(
            made(
                number,
                draw(st.none() | st.integers(-99, 99) | st.integers(-(10**12), 10**12)),  # type: ignore[arg-type]
                goals=draw(st.dictionaries(st.sampled_from(("G1a", "G1b", "G2d", "G3a")), st.integers(1, 3))),
                serves=dict(zip(names, shares, strict=True)),
                city_share=draw(st.sampled_from((10_000, 3_333, 0))),
                no_contribution=draw(st.booleans()),
            )
        )
    return material(*found)


@given(portfolios(), portfolios(), st.sampled_from(CountingRule))
def test_the_parts_always_sum_to_the_difference(before: Material, after: Material, rule: CountingRule) -> None:
    found = compare(before, after, rule, FORECAST)
    assert np.array_equal(sum(found.parts.values()), found.after - found.before)
    for one, told in ((before, found.before), (after, found.after)):
        assert np.array_equal(reckon_material(one, rule).cube.amounts[:, :, FORECAST], told)
    for row in range(found.rows.tree.node_count):
        for column in (found.places.tree.root, 0):
            changes = list_changes(found, row, column)
            for change in changes:
                assert change.after - change.before == sum(part for _, part in change.parts)
            for cause, table in found.parts.items():
                assert sum(part for one in changes for kind, part in one.parts if kind is cause) == table[row, column]


def test_a_goal_and_an_area_that_are_gone_since_stay_in_the_comparison() -> None:
    before = material(made(1, goals={"G3a": 1}, serves={"Farsta": 10_000}), made(2))
    after = material(made(2))
    after = replace(after, goals=after.goals[:-1], areas=after.areas[1:])
    after = replace(after, serves=replace(after.serves, place=after.serves.place - 1))
    found = compare(before, after, CountingRule.FORDELAD, FORECAST)
    assert parts(found, "G3a", "farsta") == {Cause.GONE: -100 * MNKR}
    assert parts(found) == {Cause.GONE: -100 * MNKR}


def test_other_editions_are_not_compared() -> None:
    other = replace(material(made(1)), goal_edition=GoalEdition("x", "Annan"))
    with pytest.raises(InvalidInputError, match="olika utgåvor"):
        align((other, material(made(1))))
