"""Another goal edition tells the same portfolio: along the crosswalk, whole, exact to the öre."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tests.contribution.register import add_no_contribution, add_project, goal_id
from tracker.areas.queries import get_area_set
from tracker.contribution.amounts import AMOUNTS
from tracker.contribution.crosswalk import FINEST, LOST, Crosswalk, Edition, build_crosswalk
from tracker.contribution.gathering import gather
from tracker.contribution.material import Material
from tracker.contribution.reckoning import Reckoning, reckon_material, sum_years
from tracker.contribution.rules import CountingRule
from tracker.contribution.selection import Scope
from tracker.goals.models import Goal, GoalCrosswalk, GoalSet
from tracker.goals.queries import get_goal_set
from tracker.projects.models import GoalTag, Project
from tracker.projects.policies import INTERNAL

OLD = Edition(1, "2004", "Policy 2004", 2004, frozenset({11, 12, 13}))
MIDDLE = Edition(2, "2009", "Policy 2009", 2009, frozenset({21, 22}))
NEW = Edition(3, "2014", "Policy 2014", 2014, frozenset({31, 32}))
STEPS = [(11, 21, 1), (12, 21, 1), (12, 22, 2), (21, 31, 1), (22, 31, 1), (22, 32, 3)]


def test_a_goal_is_shared_by_the_weights_of_its_crosswalk_and_chains_over_editions() -> None:
    found = build_crosswalk(NEW, [OLD, MIDDLE], STEPS)
    assert [one.code for one in found.editions] == ["2009", "2004"]
    assert found.onto[22] == {31: Fraction(1, 4), 32: Fraction(3, 4)}
    assert found.onto[12] == {31: Fraction(1, 3) + Fraction(2, 3) / 4, 32: Fraction(1, 2)}
    assert found.onto[13] == {LOST: 1}
    assert found.weights([(12, 3), (13, 1)]) == {LOST: 2, 31: 3, 32: 3}


def test_the_way_back_gives_each_goal_as_much_as_came_from_it() -> None:
    found = build_crosswalk(OLD, [MIDDLE], STEPS)
    assert found.onto[21] == {11: Fraction(3, 4), 12: Fraction(1, 4)}
    assert found.onto[22] == {12: 1}


def test_an_edition_without_a_way_has_no_counterpart() -> None:
    found = build_crosswalk(NEW, [OLD, MIDDLE], [(11, 21, 1)])
    assert found.reached == 0
    assert {goal: dict(parts) for goal, parts in found.onto.items() if goal < 30} == {
        goal: {LOST: 1} for goal in (11, 12, 13, 21, 22)
    }


@st.composite
def crosswalks(draw: st.DrawFn) -> Crosswalk:
    """Three editions with any steps between them, seen in any of them."""
    editions = [Edition(n, str(n), str(n), 2000 + n, frozenset(range(10 * n, 10 * n + 5))) for n in (1, 2, 3)]
    goals = st.sampled_from(sorted(frozenset().union(*(one.goals for one in editions))))
    steps = draw(st.lists(st.tuples(goals, goals, st.integers(1, 97)), max_size=25))
    chosen = draw(st.sampled_from(editions))
    return build_crosswalk(chosen, [one for one in editions if one is not chosen], steps)


@given(crosswalks(), st.data())
def test_no_way_loses_or_adds_a_part_of_a_project(crosswalk: Crosswalk, data: st.DataObject) -> None:
    for parts in crosswalk.onto.values():
        assert sum(parts.values()) == 1
    edition = data.draw(st.sampled_from(crosswalk.editions))
    weights = st.dictionaries(st.sampled_from(sorted(edition.goals)), st.integers(1, 3), min_size=1)
    tags = sorted(data.draw(weights).items())
    found = crosswalk.weights(tags)
    assert all(weight >= 1 for weight in found.values())
    assert 1 <= sum(found.values()) <= FINEST
    exact: dict[int, Fraction] = {}
    for goal, weight in tags:
        for there, part in crosswalk.onto[goal].items():
            exact[there] = exact.get(there, Fraction(0)) + part * Fraction(weight, sum(dict(tags).values()))
    for there, share in exact.items():
        assert abs(Fraction(found.get(there, 0), sum(found.values())) - share) <= Fraction(1, FINEST)


@pytest.fixture
def editions(session: Session) -> Session:
    """policy-2004 goes on in policy-2010: G1a splits 2:1, G2d goes on whole, G3 ends; 2015 has no way at all."""
    old = get_goal_set(session, "policy-2004")
    new = GoalSet(code="policy-2010", name="Policy 2010", valid_from_year=2010, predecessor_id=old.id)
    apart = GoalSet(code="policy-2015", name="Policy 2015", valid_from_year=2015)
    session.add_all((new, apart))
    session.flush()
    for edition, code in ((new, "N1"), (new, "N2"), (new, "N3"), (apart, "X1")):
        session.add(Goal(goal_set_id=edition.id, code=code, name_sv=f"Mål {code}"))
    session.flush()
    for before, after, weight in (("G1a", "N1", 2), ("G1a", "N2", 1), ("G2d", "N2", 1)):
        ids = goal_id(session, before), goal_id(session, after, "policy-2010")
        session.add(GoalCrosswalk(from_goal_id=ids[0], to_goal_id=ids[1], weight=weight))
    session.flush()
    return session


def material(session: Session, edition: str) -> Material:
    return gather(session, Scope(INTERNAL, 2005), get_goal_set(session, edition), get_area_set(session, "1999"))


def amounts(found: Reckoning) -> dict[str, int]:
    root = found.places.tree.root
    return {row.key: found.cube.amount(node, root, 0) for node, row in enumerate(found.rows.rows)}


def reckoned(session: Session, edition: str) -> dict[str, int]:
    found = reckon_material(material(session, edition), CountingRule.FORDELAD)
    assert found.cube.differences().tolist() == [0] * len(AMOUNTS)
    return {key: ore for key, ore in amounts(found).items() if ore}


def tag(session: Session, project: Project, code: str, edition: str) -> None:
    project.goal_tags.append(GoalTag(goal_id=goal_id(session, code, edition), weight=3))
    session.flush()


def test_a_project_tagged_in_another_edition_is_told_through_the_crosswalk(editions: Session) -> None:
    add_project(editions, "A", goals={"G1a": 3, "G2d": 1}, outlay={2005: 400})
    add_project(editions, "B", goals={"G3a": 2}, outlay={2005: 7})
    add_project(editions, "C", outlay={2005: 11})
    assert reckoned(editions, "policy-2010") == {
        "N1": 200_00, "N2": 200_00, "utan-motsvarighet": 7_00, "ej-bedomt": 11_00, "alla": 418_00
    }  # fmt: skip
    labels = {
        row.key: row.label for row in reckon_material(material(editions, "policy-2010"), CountingRule.BEROR).rows.rows
    }
    assert labels["utan-motsvarighet"] == "Utan motsvarighet i Policy 2010"
    carried = material(editions, "policy-2010")
    assert [one.code for one in carried.carried_from] == ["policy-2004", "policy-2015", "program-1997"]
    assert carried.carried.tolist() == [0, 0, -1]


def test_tags_of_the_edition_itself_hold_alone(editions: Session) -> None:
    project = add_project(editions, "A", goals={"G1a": 3}, outlay={2005: 10})
    tag(editions, project, "N3", "policy-2010")
    assert reckoned(editions, "policy-2010") == {"N3": 10_00, "alla": 10_00}
    found = reckoned(editions, "policy-2004")
    assert found["alla"] == 10_00
    assert "utan-motsvarighet" not in found


def test_the_way_back_tells_a_new_tag_in_the_old_edition(editions: Session) -> None:
    tag(editions, add_project(editions, "A", outlay={2005: 100}), "N2", "policy-2010")
    found = reckoned(editions, "policy-2004")
    assert (found["G1-utan-ytterstad"], found["G2d"], found["alla"]) == (25_00, 75_00, 100_00)


def test_no_contribution_goes_along_and_an_edition_without_a_way_is_without_counterpart(editions: Session) -> None:
    add_no_contribution(editions, add_project(editions, "A", outlay={2005: 10}))
    tag(editions, add_project(editions, "B", outlay={2005: 5}), "X1", "policy-2015")
    assert reckoned(editions, "policy-2010") == {"utan-motsvarighet": 5_00, "inget-bidrag": 10_00, "alla": 15_00}
    assert reckoned(editions, "policy-2015") == {"X1": 5_00, "ej-bedomt": 10_00, "alla": 15_00}


def test_every_year_is_told_the_same_way(editions: Session) -> None:
    add_project(editions, "A", goals={"G1a": 3, "G3a": 1}, outlay={2005: 400, 2006: 4})
    sums = sum_years(
        editions, Scope(INTERNAL, None), get_goal_set(editions, "policy-2010"), get_area_set(editions, "1999")
    )
    table = sums.amounts[:, sums.places.tree.root, :, 0]
    found = {row.key: table[node].tolist() for node, row in enumerate(sums.rows.rows) if table[node].any()}
    assert found == {
        "N1": [200_00, 2_00], "N2": [100_00, 1_00], "utan-motsvarighet": [100_00, 1_00], "alla": [400_00, 4_00]
    }  # fmt: skip


@settings(max_examples=40)
@given(
    rows=st.lists(
        st.tuples(
            st.sets(st.sampled_from(("G1a", "G1b", "G2d", "G3a")), max_size=3),
            st.sets(st.sampled_from(("N1", "N3")), max_size=1),
            st.integers(-(10**11), 10**11),
        ),
        max_size=4,
    )
)
def test_no_edition_changes_the_portfolio(editions: Session, rows: list[tuple[set[str], set[str], int]]) -> None:
    editions.execute(delete(Project))
    for number, (old, new, ore) in enumerate(rows):
        project = add_project(editions, f"P-{number}", goals=dict.fromkeys(sorted(old), 2), outlay={2005: ore})
        for code in new:
            tag(editions, project, code, "policy-2010")
    codes = editions.scalars(select(GoalSet.code).where(GoalSet.kind == "integration"))
    totals = {code: reckoned(editions, code).get("alla", 0) for code in codes}
    assert set(totals.values()) == {sum(row[2] for row in rows) * 100}
