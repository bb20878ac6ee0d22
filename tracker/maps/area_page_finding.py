"""From what somebody wrote in the address of an area's page to the area: its code, or any name that finds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from sqlalchemy.orm import Session

from tracker.areas.models import LOWEST, Area, AreaSet
from tracker.areas.queries import (
    FoundArea,
    areas_upward,
    find_areas,
    list_area_sets,
    list_areas,
    lowest_set,
    parts_by_area,
)
from tracker.text import slug

FEW_NEAR = 6
NEAR_ENOUGH = 60
"""Of 100: how alike a name must be to be suggested."""
LONGEST = 100


@dataclass(frozen=True, slots=True)
class AreaLink:
    """An area of an edition, as a link shows it."""

    set_code: str
    code: str
    name: str

    @property
    def is_district(self) -> bool:
        """Whether it is a stadsdel."""
        return self.set_code == LOWEST


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name means: the area that is called so, by an `alias` of it, and what holds it in the edition asked.

    `holder` is None where the edition asked would have to split it; `inside` are then the areas that share its ground.
    """

    area: AreaLink
    alias: str
    holder: AreaLink | None
    inside: tuple[AreaLink, ...] = ()


def meanings_of(session: Session, text: str, area_set: AreaSet) -> list[Meaning]:
    """Every stadsdel and area of any edition whose code, name or other name is the text, in any way of writing it.

    The lowest level first, then the newest edition.
    """
    wanted = slug(text[:LONGEST])
    if not wanted:
        return []
    text, parts = text[:LONGEST], parts_by_area(session)
    found = [one for one in _candidates(session, text) if wanted in (one.code, slug(one.name), slug(one.alias))]
    upward, here = areas_upward(session, area_set), {area.id: area for area in list_areas(session, area_set)}
    meanings = []
    for one in found:
        holder = here.get(upward.get(one.id) or 0)
        inside = [] if holder else _inside(one, here, parts)
        meanings.append(
            Meaning(
                AreaLink(one.set_code, one.code, one.name),
                one.alias,
                link_to(area_set, holder) if holder else None,
                tuple(link_to(area_set, area) for area in inside),
            )
        )
    return meanings


def _candidates(session: Session, text: str) -> list[FoundArea]:
    """The search finds "spanga-tensta" by its words; a code is looked for as one too."""
    found = {one.id: one for one in find_areas(session, text, limit=60)}
    found |= {one.id: one for one in find_areas(session, text.replace("-", " "), limit=60) if one.id not in found}
    return list(found.values())


def _inside(one: FoundArea, here: Mapping[int, Area], parts: Mapping[int, frozenset[int]]) -> list[Area]:
    """The areas of the edition that hold any stadsdel of an area that it splits."""
    return [area for area in here.values() if parts[area.id] & parts[one.id]]


def only_holder(meanings: Sequence[Meaning]) -> AreaLink | None:
    """The one area of the edition that every meaning lies in, or None."""
    holders = {one.holder for one in meanings}
    return next(iter(holders)) if len(holders) == 1 else None


def near_names(session: Session, text: str) -> list[AreaLink]:
    """Areas and stadsdelar whose names are most like a text that none of them is called, the most alike first."""
    known: dict[str, AreaLink] = {}
    for area_set in (lowest_set(session), *list_area_sets(session)):
        for area in list_areas(session, area_set):
            known[area.name] = link_to(area_set, area)  # the newest edition that has the name wins
    plain = {name: slug(name) for name in known}
    matches = process.extract(slug(text[:LONGEST]), plain, scorer=fuzz.WRatio, score_cutoff=NEAR_ENOUGH, limit=FEW_NEAR)
    return [known[name] for _, _, name in matches]


def link_to(area_set: AreaSet, area: Area) -> AreaLink:
    """An area of an edition as a link."""
    return AreaLink(area_set.code, area.code, area.name)
