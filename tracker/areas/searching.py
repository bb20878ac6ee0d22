"""Searching areas by name, former names and the names of their stadsdelar."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from tracker.areas.gazetteer import name_key
from tracker.areas.grouping import parts_by_area
from tracker.areas.models import LOWEST, Area, AreaAlias, AreaSet
from tracker.messages import Message, message
from tracker.text import clean, slug


@dataclass(frozen=True, slots=True)
class Holder:
    """The area of an edition that holds what was found."""

    set_code: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class FoundArea:
    """A stadsdel or an area that a search found, by its own name or by `alias`, and what holds it."""

    id: int
    set_code: str
    code: str
    name: str
    alias: str
    held_by: tuple[Holder, ...]

    @property
    def label(self) -> Message:
        """ "Gärdet: Ladugårdsgärdet (stadsdel), i Norra innerstaden 2023"."""
        if self.set_code == LOWEST:
            kind = message("stadsdel")
        else:
            kind = message("stadsdelsområde %(edition)s", edition=self.set_code)
        label = message("%(name)s (%(kind)s)", name=self.name, kind=kind)
        if self.alias:
            label = message("%(alias)s: %(label)s", alias=self.alias, label=label)
        if self.held_by:
            holder = self.held_by[0]
            label = message(
                "%(label)s, i %(holder)s %(edition)s", label=label, holder=holder.name, edition=holder.set_code
            )
        return label


def find_areas(session: Session, text: str, limit: int = 30) -> list[FoundArea]:
    """Stadsdelar and areas whose name or alias holds the text, whole names first, then the lowest level.

    `held_by` names the area of each other edition that holds it, the newest edition first. A text in plain
    letters also finds names with å, ä and ö.
    """
    wanted = name_key(clean(text))
    if not wanted:
        return []
    best: dict[int, tuple[tuple[bool, bool, bool, int], FoundArea]] = {}
    for name, area in _searchable(session):
        nearness = _nearness(name, wanted)
        if nearness is not None:
            rank = (*nearness, len(best))
            if area.id not in best or rank < best[area.id][0]:
                best[area.id] = (rank, area)
    chosen = sorted(best.values(), key=lambda pair: pair[0])[:limit]
    return _with_holders(session, [area for _, area in chosen])


def areas_called(session: Session, text: str) -> list[Area]:
    """Stadsdelar and areas of any edition whose whole name or alias the text is, in any case."""
    wanted = name_key(clean(text))
    ids = {area.id for name, area in _searchable(session) if name_key(name) == wanted} if wanted else set()
    return list(session.scalars(select(Area).where(Area.id.in_(ids)).options(defer(Area.geom)))) if ids else []


def _nearness(name: str, wanted: str) -> tuple[bool, bool, bool] | None:
    """How far a name is from the text: not the same, not the same in plain letters, not at the beginning."""
    key, plain = name_key(name), slug(name)
    asked = slug(wanted) if wanted.isascii() and wanted.replace(" ", "").isalnum() else ""
    position = key.find(wanted)
    if position < 0 and asked:
        position = plain.find(asked)
    return None if position < 0 else (key != wanted, plain != asked, position > 0)


def _searchable(session: Session) -> list[tuple[str, FoundArea]]:
    """Every name with what it means: the lowest level first, then the newest edition, in Swedish order."""
    columns = (Area.id, AreaSet.code, Area.code, Area.name, Area.sort_key, AreaSet.valid_from)
    rows = sorted(
        session.execute(select(*columns).join(AreaSet)),
        key=lambda row: (row[1] != LOWEST, -row.valid_from.toordinal(), row.sort_key),
    )
    aliases: dict[int, list[str]] = {}
    for area_id, name in session.execute(select(AreaAlias.area_id, AreaAlias.name)):
        aliases.setdefault(area_id, []).append(name)
    names = []
    for area_id, set_code, code, name, _, _ in rows:
        area = FoundArea(area_id, set_code, code, name, "", ())
        names.append((name, area))
        names += [(alias, replace(area, alias=alias)) for alias in sorted(aliases.get(area_id, ()))]
    return names


def _with_holders(session: Session, found: list[FoundArea]) -> list[FoundArea]:
    """Add which area of which edition holds each; an edition that would have to split it is left out."""
    if not found:
        return []
    holders: dict[int, list[Holder]] = {area.id: [] for area in found}
    parts = parts_by_area(session)
    rows = session.execute(
        select(Area.id, AreaSet.code, Area.code, Area.name)
        .join(AreaSet)
        .where(AreaSet.code != LOWEST)
        .order_by(AreaSet.valid_from.desc())
    )
    for area_id, set_code, code, name in rows:
        for one in found:
            if set_code != one.set_code and parts[one.id] and parts[one.id] <= parts[area_id]:
                holders[one.id].append(Holder(set_code, code, name))
    return [replace(one, held_by=tuple(holders[one.id])) for one in found]
