"""Inhabitants of an area: as stated, or summed from areas that together are the same ground."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.areas.grouping import parts_by_area
from tracker.areas.models import Area, AreaPopulation, AreaSet
from tracker.text import sort_key


@dataclass(frozen=True, slots=True)
class PopulationFigure:
    """Inhabitants at the end of a year. `summed_from` names the areas of another edition that were added."""

    year: int
    inhabitants: int
    source: str
    summed_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Stated:
    area_id: int
    name: str
    set_id: int
    figure: PopulationFigure


@dataclass(frozen=True)
class PopulationBook:
    """All stated populations, loaded once; asking it makes no query."""

    parts: dict[int, frozenset[int]]
    stated: dict[int, list[_Stated]] = field(default_factory=dict)
    """By year, the areas of the newest edition first."""

    @classmethod
    def load(cls, session: Session) -> Self:
        rows = session.execute(
            select(Area.id, Area.name, Area.area_set_id, AreaPopulation.year,
                   AreaPopulation.inhabitants, AreaPopulation.source)
            .join(AreaPopulation, AreaPopulation.area_id == Area.id)
            .join(AreaSet, AreaSet.id == Area.area_set_id)
            .order_by(AreaSet.valid_from.desc())
        )  # fmt: skip
        stated: dict[int, list[_Stated]] = {}
        for area_id, name, set_id, year, inhabitants, source in rows:
            entry = _Stated(area_id, name, set_id, PopulationFigure(year, inhabitants, source))
            stated.setdefault(year, []).append(entry)
        return cls(parts_by_area(session), stated)

    def figure(self, area_id: int, year: int) -> PopulationFigure | None:
        """The inhabitants of an area at the end of a year, None when they are not known exactly."""
        rows = self.stated.get(year, [])
        for row in rows:
            if row.area_id == area_id:
                return row.figure
        return self.sum_of(self.parts.get(area_id, frozenset()), year)

    def set_of(self, area_id: int, year: int) -> int | None:
        """The id of the edition that states the inhabitants of an area in a year, its own before others."""
        rows = self.stated.get(year, [])
        own = next((row.set_id for row in rows if row.area_id == area_id), None)
        return own if own is not None else next(self._sums(self.parts.get(area_id, frozenset()), year), (None, None))[0]

    def newest(self, area_id: int, until: int | None = None) -> PopulationFigure | None:
        """The newest figure that is known for an area, of the year `until` or earlier."""
        return self._first(self.figure(area_id, year) for year in self.years(until))

    def newest_sum(self, parts: frozenset[int], until: int | None = None) -> PopulationFigure | None:
        """The newest figure that is known for a group of stadsdelar, such as a region."""
        return self._first(self.sum_of(parts, year) for year in self.years(until))

    def years(self, until: int | None = None) -> list[int]:
        """The years that anything is stated for, the newest first."""
        return sorted((year for year in self.stated if until is None or year <= until), reverse=True)

    @staticmethod
    def _first(figures: Iterable[PopulationFigure | None]) -> PopulationFigure | None:
        return next((figure for figure in figures if figure is not None), None)

    def sum_of(self, parts: frozenset[int], year: int) -> PopulationFigure | None:
        """The sum of areas of one edition that hold exactly these stadsdelar, None when there are none."""
        return next((figure for _, figure in self._sums(parts, year)), None)

    def _sums(self, parts: frozenset[int], year: int) -> Iterator[tuple[int | None, PopulationFigure]]:
        """Each edition whose areas together are exactly these stadsdelar, the newest first, with their sum."""
        rows = self.stated.get(year, [])
        for set_id in dict.fromkeys(row.set_id for row in rows):
            inside = [row for row in rows if row.set_id == set_id and self._within(row.area_id, parts)]
            inside.sort(key=lambda row: sort_key(row.name))
            if inside and frozenset[int]().union(*(self.parts[row.area_id] for row in inside)) == parts:
                yield (
                    set_id,
                    PopulationFigure(
                        year=inside[0].figure.year,
                        inhabitants=sum(row.figure.inhabitants for row in inside),
                        source="; ".join(dict.fromkeys(row.figure.source for row in inside)),
                        summed_from=tuple(row.name for row in inside),
                    ),
                )

    def _within(self, area_id: int, parts: frozenset[int]) -> bool:
        own = self.parts.get(area_id, frozenset())
        return bool(own) and own <= parts


def population(session: Session, area: Area, year: int) -> PopulationFigure | None:
    """The inhabitants of one area at the end of a year; for many areas, load a `PopulationBook`."""
    return PopulationBook.load(session).figure(area.id, year)
