"""Any portfolio over the city's real editions: no edition changes the total, and what merges adds up to the öre."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contribution.portfolios import ROWS, Made, array, facts_of, tags_of
from tracker.apportion import WHOLE, IntArray, apportion
from tracker.areas.models import LOWEST, Region
from tracker.areas.outlines import district_facts
from tracker.contribution.counting import Cube, count
from tracker.contribution.places import ColumnKind, KnownArea, Places, build_places
from tracker.contribution.portfolio import AreaRows, Portfolio, arrange
from tracker.contribution.rules import CountingRule
from tracker.contribution.trees import Tree
from tracker.text import slug, sort_key

EDITIONS = ("1999", "2007", "2020", "2023")
REGIONS = {"Innerstaden": Region.INNER_CITY, "Västerort": Region.WEST, "Söderort": Region.SOUTH}
GOALS = Tree(parent=array([-1, 0, 1, 1, 0, 4]), node_of=array([2, 3, 5, 5, 5, 5]))


@cache
def parts() -> dict[tuple[str, str], frozenset[str]]:
    """(edition, name) → codes of its stadsdelar; every stadsdel is its own."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    for fact in district_facts():
        found[LOWEST, fact.name] = frozenset({fact.code})
        for edition in EDITIONS:
            key = (edition, getattr(fact, f"area_{edition}"))
            found[key] = found.get(key, frozenset()) | {fact.code}
    return found


@cache
def places(edition: str, shuffled: bool = False) -> Places:
    """The places of all editions seen in one of them; `shuffled` gives the areas other ids and another order."""
    keys = sorted(parts())
    ids = {key: len(keys) - place if shuffled else place + 1 for place, key in enumerate(keys)}
    region = {fact.code: REGIONS[fact.region] for fact in district_facts()}
    known = []
    for key in keys:
        held = [own for own in keys if own[0] == edition and parts()[key] <= parts()[own]]
        code = next(iter(parts()[key])) if key[0] == LOWEST else slug(key[1])
        within = region[min(parts()[key])]
        holder = ids[held[0]] if held else None
        known.append(KnownArea(ids[key], key[0], code, key[1], sort_key(key[1]), within, holder))
    return build_places(known[::-1] if shuffled else known)


PLACE_COUNT = places("1999").count


@st.composite
def anywhere(draw: st.DrawFn) -> Made:
    """A project over 1–4 of all places: stadsdelar, areas of any edition, the whole city, outside, nowhere."""
    goals = draw(st.dictionaries(st.integers(0, ROWS - 1), st.integers(1, 3), min_size=1, max_size=3))
    where = draw(st.lists(st.integers(0, PLACE_COUNT - 1), min_size=1, max_size=4, unique=True))
    pull = draw(st.lists(st.integers(1, 50), min_size=len(where), max_size=len(where)))
    shares = [1 + part for part in apportion(WHOLE - len(where), pull)]
    return Made(goals, dict(zip(where, shares, strict=True)), {0: draw(st.integers(-(10**13), 10**13))})


def portfolio_of(made: Sequence[Made]) -> Portfolio:
    rows = [(p, place, share) for p, one in enumerate(made) for place, share in one.shares.items()]
    areas = AreaRows(*(array([row[i] for row in rows]) for i in range(3)))
    return arrange(
        facts_of(made), tags_of(made), areas, project_count=len(made), row_count=ROWS, place_count=PLACE_COUNT,
        column_count=1,
    )  # fmt: skip


def seen(made: Sequence[Made], edition: str, rule: CountingRule = CountingRule.FORDELAD) -> Cube:
    return count(portfolio_of(made), GOALS, places(edition).tree, rule)


def column(cube: Cube, edition: str, *keys: str) -> IntArray:
    """The sum of some columns for every goal row."""
    at = [node for node, one in enumerate(places(edition).columns) if one.key in keys]
    assert len(at) == len(keys)
    return np.asarray(cube.amounts[:, at, 0].sum(axis=1))


@given(st.lists(anywhere(), max_size=6))
@settings(deadline=None)
def test_no_edition_changes_the_total_of_the_portfolio_or_of_a_goal(made: list[Made]) -> None:
    totals = [column(seen(made, edition), edition, "alla").tolist() for edition in EDITIONS]
    assert totals == totals[:1] * len(EDITIONS)
    assert totals[0][0] == sum(one.amounts[0] for one in made)


@given(st.lists(anywhere(), max_size=6))
@settings(deadline=None)
def test_regions_and_ytterstaden_are_the_same_in_every_edition(made: list[Made]) -> None:
    for key in ("vasterort", "soderort", "ytterstaden", "innerstad", "hela-staden", "utanfor-staden", "oplacerat"):
        for rule in CountingRule:
            found = [column(seen(made, edition, rule), edition, key).tolist() for edition in EDITIONS]
            assert found == found[:1] * len(EDITIONS)


@given(st.lists(anywhere(), max_size=6))
@settings(deadline=None)
def test_kista_and_rinkeby_become_rinkeby_kista_to_the_ore(made: list[Made]) -> None:
    before = column(seen(made, "1999"), "1999", "kista", "rinkeby", "ej-uppdelat:vasterort:rinkeby-kista")
    assert before.tolist() == column(seen(made, "2007"), "2007", "rinkeby-kista").tolist()


@given(st.lists(anywhere(), max_size=6))
@settings(deadline=None)
def test_every_detail_column_together_is_the_total(made: list[Made]) -> None:
    for edition in EDITIONS:
        cube = seen(made, edition)
        details = [one.key for one in places(edition).columns if one.detail]
        assert column(cube, edition, *details).tolist() == column(cube, edition, "alla").tolist()


def test_ids_and_order_of_areas_do_not_matter() -> None:
    one, other = places("1999"), places("1999", shuffled=True)
    assert one.columns == other.columns
    assert one.tree.node_of.tolist() == other.tree.node_of.tolist()
    assert one.tree.parent.tolist() == other.tree.parent.tolist()


@pytest.mark.parametrize(("edition", "areas"), [("1999", 18), ("2007", 14), ("2020", 13), ("2023", 11)])
def test_the_columns_of_an_edition(edition: str, areas: int) -> None:
    columns = places(edition).columns
    assert sum(one.kind is ColumnKind.AREA for one in columns) == areas
    assert [one.key for one in columns if not one.detail] == [
        "vasterort",
        "soderort",
        "ytterstaden",
        "innerstad",
        "alla",
    ]
    names = [one.label for one in columns if one.region == "Västerort" and one.kind is ColumnKind.AREA]
    assert names == sorted(names, key=sort_key)
    assert names[0] == "Bromma"
