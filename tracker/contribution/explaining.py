"""The arithmetic behind what one project brings: each leaf with its factors, exact. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from tracker.apportion import WHOLE, IntArray, apportion
from tracker.contribution.amounts import AMOUNTS, Amount, Money
from tracker.contribution.control import Control
from tracker.contribution.material import CountedProject, GoalEdition, Material
from tracker.contribution.places import Column, Places, build_places
from tracker.contribution.portfolio import AreaRows, Facts, GoalTags, Portfolio
from tracker.contribution.reckoning import portfolio_of, rows_of
from tracker.contribution.rows import GoalRows, Row
from tracker.contribution.rules import AreaBasis
from tracker.contribution.trees import Tree
from tracker.errors import NotFoundError
from tracker.messages import message


@dataclass(frozen=True, slots=True)
class Leaf:
    """amount × goal share × area share, in öre or counts, and what it was rounded to.

    `goal` and `place` name what was recorded; `row` and `column` are where the report shows it. `here` says whether it
    falls in the cell that was asked for.
    """

    goal: str
    goal_share: Fraction
    row: Row
    place: str
    area_share: Fraction
    column: Column
    exact: Fraction
    amount: int
    here: bool

    @property
    def moved(self) -> bool:
        """Whether the largest remainders brought it a unit that rounding down had left over."""
        return abs(self.amount) > abs(self.exact)


@dataclass(frozen=True, slots=True)
class Explained:
    """One amount of a project. `registered` is that of all financiers, None where it was not kept.

    The leaves sum to `counted`, the city's share of it. `carried` is the edition that the goals were told from.
    """

    project: CountedProject
    amount: Amount
    basis: AreaBasis
    carried: GoalEdition | None
    row: Row
    column: Column
    registered: int | None
    counted: int
    leaves: tuple[Leaf, ...]

    @property
    def here(self) -> int:
        """What falls in the cell when the amount is shared."""
        return sum(leaf.amount for leaf in self.leaves if leaf.here)

    @property
    def touches(self) -> bool:
        """Whether the project has anything to do with the cell; then it counts in full there, once, under berör."""
        return any(leaf.here for leaf in self.leaves)


def explain(material: Material, code: str, amount: int, row_key: str, column_key: str) -> Explained:
    """The arithmetic of one project and AMOUNTS[amount] in a cell. Raises NotFoundError for what is not there."""
    place = _place([one.code for one in material.projects], code)
    alone = only(material, place)
    rows, places = rows_of(material), build_places(material.areas)
    row = _place([one.key for one in rows.rows], row_key)
    column = _place([one.key for one in places.columns], column_key)
    portfolio, basis = portfolio_of(alone, rows, places)
    found = np.flatnonzero(alone.facts.column == amount)
    counted = int(alone.facts.amount[found].sum())
    registered = int(alone.registered[found].sum()) if alone.registered.size == alone.facts.amount.size else None
    carried = int(alone.carried[0]) if alone.carried.size else -1
    return Explained(
        project=material.projects[place],
        amount=AMOUNTS[amount],
        basis=basis[0],
        carried=material.carried_from[carried] if carried >= 0 else None,
        row=rows.rows[row],
        column=places.columns[column],
        registered=registered if isinstance(AMOUNTS[amount], Money) else counted,
        counted=counted,
        leaves=_leaves(alone, portfolio, rows, places, counted, (row, column)),
    )


def _place(keys: list[str], key: str) -> int:
    if key not in keys:
        raise NotFoundError(message("Rapporten har inget ”%(key)s”.", key=key))
    return keys.index(key)


def only(material: Material, place: int) -> Material:
    """The material of one of its projects, alone; no other project has any influence on how it is shared."""
    tags, serves, lies_in, facts = material.tags, material.serves, material.lies_in, material.facts
    at = [np.flatnonzero(rows.project == place) for rows in (tags, serves, lies_in, facts)]
    own = [np.zeros_like(found) for found in at]
    return replace(
        material,
        projects=material.projects[place : place + 1],
        tags=GoalTags(own[0], tags.goal[at[0]], tags.weight[at[0]], tags.row[at[0]]),
        no_contribution=material.no_contribution[place : place + 1],
        serves=AreaRows(own[1], serves.place[at[1]], serves.share[at[1]]),
        lies_in=AreaRows(own[2], lies_in.place[at[2]], lies_in.share[at[2]]),
        facts=Facts(own[3], facts.column[at[3]], facts.amount[at[3]]),
        control=Control((), (), 1),
        registered=material.registered[at[3]] if material.registered.size else material.registered,
        carried=material.carried[place : place + 1],
    )


def _leaves(
    material: Material, portfolio: Portfolio, rows: GoalRows, places: Places, counted: int, cell: tuple[int, int]
) -> tuple[Leaf, ...]:
    """Every goal of the project crossed with every place, in the order that ties follow."""
    tags, areas = portfolio.tags, portfolio.areas
    whole = int(tags.weight.sum())
    goals, names = goal_names(material, rows), place_names(material)
    factors = [(tag, area) for tag in range(tags.weight.size) for area in range(areas.share.size)]
    weights = [int(tags.weight[tag]) * int(areas.share[area]) for tag, area in factors]
    found = []
    for (tag, area), weight, part in zip(factors, weights, apportion(counted, weights), strict=True):
        nodes = int(rows.tree.node_of[tags.row[tag]]), int(places.tree.node_of[areas.place[area]])
        found.append(
            Leaf(
                goal=goals[int(tags.goal[tag])],
                goal_share=Fraction(int(tags.weight[tag]), whole),
                row=rows.rows[nodes[0]],
                place=names[int(areas.place[area])],
                area_share=Fraction(int(areas.share[area]), WHOLE),
                column=places.columns[nodes[1]],
                exact=Fraction(counted * weight, whole * WHOLE),
                amount=part,
                here=_climbs(rows.tree, nodes[0], cell[0]) and _climbs(places.tree, nodes[1], cell[1]),
            )
        )
    return tuple(found)


def _climbs(tree: Tree, node: int, wanted: int) -> bool:
    parent: IntArray = tree.parent
    while node not in (wanted, -1):
        node = int(parent[node])
    return node == wanted


def goal_names(material: Material, rows: GoalRows) -> list[str]:
    """Of each item: goals by code and name, the rest as their rows."""
    names: list[str] = [message("%(code)s %(name)s", code=goal.code, name=goal.name_sv) for goal in material.goals]
    return names + [rows.rows[int(node)].label for node in rows.tree.node_of[len(names) :]]


def place_names(material: Material) -> list[str]:
    """Of each place, as `build_places` numbers them; an area of another edition says which."""
    chosen = material.area_edition.code
    names = [
        area.name if area.set_code == chosen else f"{area.name} ({area.set_code})"
        for area in sorted(material.areas, key=lambda area: (area.code, area.set_code))
    ]
    return [*names, message("Hela staden"), message("Utanför staden"), message("Oplacerat")]
