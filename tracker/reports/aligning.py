"""Materials of several periods over the same projects, goals and places, so that their arrays can be compared. Pure.

Goals are the same when their codes are, areas when edition and code are, projects when their ids are; names and order
are those of the last material, which also says what holds an area. A project is as each material has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from tracker.apportion import IntArray
from tracker.contribution.completing import BoolArray
from tracker.contribution.material import CountedProject, Material
from tracker.contribution.places import KnownArea
from tracker.contribution.portfolio import AreaRows, Facts, GoalTags
from tracker.contribution.rows import KnownGoal, build_rows
from tracker.errors import InvalidInputError, Problem
from tracker.messages import message

Rows = TypeVar("Rows", AreaRows, Facts)


@dataclass(frozen=True, eq=False, slots=True)
class Aligned:
    """A material over the projects of all; `there` (projects,) says which of them it has."""

    material: Material
    there: BoolArray


def align(materials: Sequence[Material]) -> tuple[Aligned, ...]:
    """In the given order. Raises InvalidInputError when they are told in different editions."""
    last = materials[-1]
    for one in materials:
        if (one.goal_edition.code, one.area_edition.code) != (last.goal_edition.code, last.area_edition.code):
            reason = message(
                "Perioderna är redovisade i olika utgåvor av mål eller områden och kan inte jämföras rad för rad."
            )
            raise InvalidInputError([Problem("med", reason, one.goal_edition.code)])
    goals, areas, projects = _goals(materials), _areas(materials), _projects(materials)
    return tuple(_over(one, goals, areas, projects) for one in materials)


def _goals(materials: Sequence[Material]) -> tuple[KnownGoal, ...]:
    """By code; those that only earlier materials have get ids of their own."""
    found = {goal.code: goal for goal in materials[-1].goals}
    for material in reversed(materials[:-1]):
        codes = {goal.id: goal.code for goal in material.goals}
        for goal in material.goals:
            if goal.code not in found:
                parent = found.get(codes.get(goal.parent_id or 0, ""))
                found[goal.code] = replace(goal, id=-len(found) - 1, parent_id=parent.id if parent else None)
    return tuple(found[code] for code in sorted(found))


def _areas(materials: Sequence[Material]) -> tuple[KnownArea, ...]:
    """By code and edition, as `build_places` numbers them."""
    found = {(area.code, area.set_code): area for area in materials[-1].areas}
    holders = {area.id: (area.code, area.set_code) for material in materials for area in material.areas}
    for material in reversed(materials[:-1]):
        for area in material.areas:
            key = (area.code, area.set_code)
            if key not in found:
                own = -len(found) - 1
                holder = found.get(holders.get(area.held_by or 0, ("", "")))
                held_by = own if area.held_by == area.id else holder.id if holder else None
                found[key] = replace(area, id=own, held_by=held_by)
    return tuple(found[key] for key in sorted(found))


def _projects(materials: Sequence[Material]) -> tuple[CountedProject, ...]:
    """By code, each as the last material that has it says."""
    found = {one.id: one for material in materials for one in material.projects}
    return tuple(sorted(found.values(), key=lambda one: one.code))


def _over(
    material: Material, goals: tuple[KnownGoal, ...], areas: tuple[KnownArea, ...], projects: tuple[CountedProject, ...]
) -> Aligned:
    at = {one.id: place for place, one in enumerate(projects)}
    place_of = _array([at[one.id] for one in material.projects])
    own = {one.id: one for one in material.projects}
    there = np.zeros(len(projects), dtype=np.bool_)
    there[place_of] = True
    tags, items = material.tags, _items(material, goals)
    areas_at = {(area.code, area.set_code): place for place, area in enumerate(areas)}
    ordered = sorted(material.areas, key=lambda area: (area.code, area.set_code))
    places = _array([*(areas_at[area.code, area.set_code] for area in ordered), *range(len(areas), len(areas) + 3)])
    none = np.zeros(len(projects), dtype=np.bool_)
    none[place_of] = material.no_contribution
    item = items[tags.goal]
    moved = replace(
        material,
        goals=goals,
        areas=areas,
        projects=tuple(own.get(one.id, one) for one in projects),
        tags=GoalTags(place_of[tags.project], item, tags.weight, item),
        no_contribution=none,
        serves=AreaRows(place_of[material.serves.project], places[material.serves.place], material.serves.share),
        lies_in=AreaRows(place_of[material.lies_in.project], places[material.lies_in.place], material.lies_in.share),
        facts=Facts(place_of[material.facts.project], material.facts.column, material.facts.amount),
    )
    return Aligned(moved, there)


def _items(material: Material, goals: tuple[KnownGoal, ...]) -> IntArray:
    """The item of every item of the material; what has no counterpart stays so."""
    at = {goal.code: place for place, goal in enumerate(goals)}
    own = build_rows(material.goals).item_count
    items = np.full(own + 1, build_rows(goals).item_count, dtype=np.int64)
    items[: len(material.goals)] = [at[goal.code] for goal in material.goals]
    return items


def _array(values: Sequence[int]) -> IntArray:
    return np.array(values, dtype=np.int64)
