"""Which areas hold which stadsdelar, and what follows: the way upward and the crosswalk between editions."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from tracker.areas.models import LOWEST, Area, AreaPart, AreaSet
from tracker.messages import message


@dataclass(frozen=True, slots=True)
class CrosswalkRow:
    """Areas of one edition and the areas of another that cover the same ground, neither divisible further.

    One side is empty where the other edition has nothing there.
    """

    before: tuple[Area, ...]
    after: tuple[Area, ...]

    @property
    def unchanged(self) -> bool:
        """One area on each side with the same name."""
        return [area.name for area in self.before] == [area.name for area in self.after]

    @property
    def change(self) -> str:
        """What happened, in a word or two."""
        if not self.before or not self.after:
            return message("saknar motsvarighet")
        if self.unchanged:
            return message("oförändrat")
        if len(self.before) == len(self.after) == 1:
            return message("nytt namn")
        if len(self.after) == 1:
            return message("sammanslaget")
        return message("delat") if len(self.before) == 1 else message("omfördelat")


def parts_by_area(session: Session) -> dict[int, frozenset[int]]:
    """The ids of the stadsdelar of every area of every set; a stadsdel is its own only part."""
    rows = session.execute(select(Area.id, AreaSet.code, AreaPart.part_id).join(AreaSet).outerjoin(
        AreaPart, AreaPart.area_id == Area.id
    ))  # fmt: skip
    found: dict[int, set[int]] = {}
    for area_id, set_code, part_id in rows:
        parts = found.setdefault(area_id, set())
        if set_code == LOWEST:
            parts.add(area_id)
        elif part_id is not None:
            parts.add(part_id)
    return {area_id: frozenset(parts) for area_id, parts in found.items()}


def areas_upward(session: Session, target_set: AreaSet) -> dict[int, int | None]:
    """For every area of every set: the area of `target_set` that holds all its stadsdelar.

    None where its stadsdelar lie in several ("ej uppdelat"), for what was said of a larger area cannot be
    split downward.
    """
    parts = parts_by_area(session)
    members = session.scalars(select(Area.id).where(Area.area_set_id == target_set.id)).all()
    owner = {part: area_id for area_id in members for part in parts[area_id]}
    return {area_id: _single({owner.get(part) for part in own}) for area_id, own in parts.items()}


def _single(owners: set[int | None]) -> int | None:
    return next(iter(owners)) if len(owners) == 1 else None


def crosswalk(session: Session, from_set: AreaSet, to_set: AreaSet) -> list[CrosswalkRow]:
    """The smallest groups of areas of the two sets that cover the same stadsdelar, in Swedish order."""
    parts = parts_by_area(session)
    before, after = areas_in_order(session, from_set), areas_in_order(session, to_set)
    rows: list[CrosswalkRow] = []
    left = list(before)
    while left:
        old, new = _component(left[0], before, after, parts)
        rows.append(CrosswalkRow(tuple(old), tuple(new)))
        left = [area for area in left if area not in old]
    reached = {area.id for row in rows for area in row.after}
    return rows + [CrosswalkRow((), (area,)) for area in after if area.id not in reached]


def areas_in_order(session: Session, area_set: AreaSet) -> list[Area]:
    """The areas of a set in Swedish order, sorted here: the databases collate text in different ways."""
    areas = session.scalars(select(Area).where(Area.area_set_id == area_set.id).options(defer(Area.geom)))
    return sorted(areas, key=lambda area: (area.sort_key, area.code))


def _component(
    start: Area, before: list[Area], after: list[Area], parts: dict[int, frozenset[int]]
) -> tuple[list[Area], list[Area]]:
    """Grow from one area to and fro until both sides hold the same stadsdelar."""
    held = parts[start.id]
    while True:
        new = [area for area in after if parts[area.id] & held]
        old = [area for area in before if parts[area.id] & held.union(*(parts[area.id] for area in new))]
        grown = held.union(*(parts[area.id] for area in [*old, *new]))
        if grown == held:
            return old or [start], new
        held = grown
