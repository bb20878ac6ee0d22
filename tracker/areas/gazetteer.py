"""Free names of places: any spelling of a stadsdel or an area to its id."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.areas.grouping import parts_by_area
from tracker.areas.models import LOWEST, Area, AreaAlias, AreaSet
from tracker.text import search_text

_DASHES = re.compile(r" ?[-\u2010-\u2015\u2212/] ?")
"""In a text whose white space is single spaces."""
_BOARD = re.compile(
    r" (?:stadsdelsnämnd(?:en|s?område)?|stadsdelsförvaltning(?:en)?|stadsdelsområde(?:t)?|sdn|sdf|sdo)$"
)
_BEFORE = re.compile(r"^(?:stadsdelsnämnden|stadsdelen|sdn|sdf)\s+")
_SEPARATORS = re.compile(r"[,;/&+\n]|\boch\b|\bsamt\b")


def name_key(name: str) -> str:
    """What two spellings of one name share: NFC, case and the way of writing hyphens are gone."""
    return _DASHES.sub(" ", search_text(name)).replace(".", "").strip()


@dataclass(frozen=True, slots=True)
class Place:
    """An area or a stadsdel as a name finds it; `districts` are the ids of its stadsdelar."""

    area_id: int
    set_code: str
    code: str
    name: str
    districts: frozenset[int]
    by_alias: bool = False

    @property
    def is_district(self) -> bool:
        return self.set_code == LOWEST


@dataclass(frozen=True, slots=True)
class Covered:
    """The stadsdelar that a free text names, and the names in it that are not known."""

    districts: frozenset[int]
    unknown: tuple[str, ...]


class Gazetteer:
    """All names of all areas, loaded once; asking it makes no query."""

    def __init__(self, places: Iterable[tuple[str, Place]]) -> None:
        """`places` are pairs of a name and what it means, the best meaning of a name first."""
        self._by_key: dict[str, list[Place]] = {}
        for name, place in places:
            self._by_key.setdefault(name_key(name), []).append(place)

    @classmethod
    def load(cls, session: Session) -> Self:
        """Read names and aliases: the lowest level first, then the newest edition; own names before aliases."""
        parts = parts_by_area(session)
        rows = session.execute(
            select(Area.id, AreaSet.code, Area.code, Area.name).join(AreaSet).order_by(
                (AreaSet.code == LOWEST).desc(), AreaSet.valid_from.desc()
            )
        )  # fmt: skip
        meanings = {
            area_id: Place(area_id, set_code, code, name, parts[area_id]) for area_id, set_code, code, name in rows
        }
        aliases = session.execute(select(AreaAlias.area_id, AreaAlias.name))
        pairs = [(place.name, place) for place in meanings.values()]
        pairs += [(alias, replace(meanings[area_id], by_alias=True)) for area_id, alias in aliases]
        order = list(dict.fromkeys(place.set_code for place in meanings.values()))
        pairs.sort(key=lambda pair: (not pair[1].is_district, pair[1].by_alias, order.index(pair[1].set_code)))
        return cls(pairs)

    def places(self, name: str) -> tuple[Place, ...]:
        """Everything that a name can mean, the best first.

        "Skarpnäck" is first the stadsdel Skarpnäcks gård, as the city's own lists use it; with a word that
        means the board's area ("Skarpnäcks stadsdelsnämnd") it is first the area.
        """
        for key, board in _spellings(name):
            found = self._by_key.get(key)
            if found:
                return tuple(sorted(found, key=lambda place: place.is_district) if board else found)
        return ()

    def areas(self, name: str, set_code: str) -> tuple[int, ...]:
        """The ids in one set with that name, else with that alias; "Södermalm" is two stadsdelar."""
        found = [place for place in self.places(name) if place.set_code == set_code]
        own = [place.area_id for place in found if not place.by_alias]
        return tuple(own or [place.area_id for place in found])

    def districts(self, name: str) -> frozenset[int]:
        """The ids of the stadsdelar of the best meaning of one name; empty when it is not known."""
        places = self.places(name)
        if not places:
            return frozenset()
        best = places[0].set_code
        return frozenset[int]().union(*(place.districts for place in places if place.set_code == best))

    def covered(self, text: str) -> Covered:
        """The stadsdelar that a list such as "Hagsätra, Rågsved" or one name covers."""
        whole = self.districts(text)
        if whole:
            return Covered(whole, ())
        names = [name for name in map(str.strip, _SEPARATORS.split(text)) if name]
        found = [(name, self.districts(name)) for name in names]
        return Covered(
            frozenset[int]().union(*(districts for _, districts in found)),
            tuple(name for name, districts in found if not districts),
        )


def _spellings(name: str) -> Iterator[tuple[str, bool]]:
    """The keys to try in turn, and whether the words around the name say that a board's area is meant."""
    key = name_key(name)
    yield key, False
    bare = _BEFORE.sub("", _BOARD.sub("", key)).strip()
    board = not key.startswith("stadsdelen ")
    if bare != key:
        yield bare, board
        if bare.endswith("s"):
            yield bare[:-1], board
