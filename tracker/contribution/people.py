"""Inhabitants of the parts of the city that a report sums, by the key of their column."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.areas.models import LOWEST, Area, AreaSet, Region
from tracker.areas.queries import PopulationBook


@dataclass(frozen=True, slots=True)
class RegionPeople:
    """The newest official number at the end of a year; None where the statistics give none for exactly this ground."""

    key: str
    inhabitants: int | None
    year: int | None


def region_people(session: Session, until: int) -> tuple[RegionPeople, ...]:
    """Of the three regions, ytterstaden and the whole city, up to a year. Nothing is estimated."""
    book = PopulationBook.load(session)
    rows = session.execute(select(Area.id, Area.region).join(AreaSet).where(AreaSet.code == LOWEST)).all()
    grounds = {region.value: frozenset(row.id for row in rows if row.region is region) for region in Region}
    grounds["ytterstaden"] = grounds[Region.WEST.value] | grounds[Region.SOUTH.value]
    grounds["alla"] = frozenset(row.id for row in rows)
    found = []
    for key, ground in grounds.items():
        people = book.newest_sum(ground, until) if ground else None
        found.append(RegionPeople(key, people.inhabitants if people else None, people.year if people else None))
    return tuple(found)
