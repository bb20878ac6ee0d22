"""The page of an edition: its areas by region with sums, the drawing, and the way from and to its neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy.orm import Session

from tracker.areas.grouping import CrosswalkRow, crosswalk, parts_by_area
from tracker.areas.models import LOWEST, Area, AreaSet, Region
from tracker.areas.populations import PopulationBook, PopulationFigure
from tracker.areas.queries import list_area_sets, list_areas, lowest_set, outlines_of
from tracker.areas.sketch import Sketch, draw
from tracker.messages import message

SQUARE_METRES_PER_HECTARE = 10_000
REGION_ORDER = (Region.WEST, Region.INNER_CITY, Region.SOUTH)


@dataclass(frozen=True, slots=True)
class AreaRow:
    """An area in the table. `members` are its stadsdelar, or for a stadsdel the area that it belongs to now."""

    area: Area
    members: tuple[Area, ...]
    hectares: float
    population: PopulationFigure | None

    @property
    def population_note(self) -> str:
        """Why the figure is not the area's own, empty when it is."""
        if self.population is None or self.population.summed_from in ((), (self.area.name,)):
            return ""
        return " + ".join(self.population.summed_from)


@dataclass(frozen=True, slots=True)
class Total:
    """A sum over areas; the population is None when no year is known for all of them."""

    label: str
    count: int
    hectares: float
    population: PopulationFigure | None


@dataclass(frozen=True, slots=True)
class RegionGroup:
    """The areas of a region with their sum."""

    region: Region
    rows: tuple[AreaRow, ...]
    total: Total


@dataclass(frozen=True, slots=True)
class Step:
    """What happened between two editions: the groups that changed, and the areas that did not."""

    before: AreaSet
    after: AreaSet
    changed: tuple[CrosswalkRow, ...]
    unchanged: tuple[Area, ...]


@dataclass(frozen=True, slots=True)
class EditionPage:
    """Everything on the page of an edition."""

    area_set: AreaSet
    editions: tuple[AreaSet, ...]
    counts: dict[int, int]
    groups: tuple[RegionGroup, ...]
    totals: tuple[Total, ...]
    sources: tuple[str, ...]
    steps: tuple[Step, ...]
    sketch: Sketch
    is_lowest: bool


def edition_page(session: Session, area_set: AreaSet) -> EditionPage:
    """Read and arrange the page; the number of queries does not depend on the number of areas."""
    editions = list_area_sets(session)
    outlines = outlines_of(session, area_set)
    areas = {area.id: area for area in list_areas(session, area_set)}
    book = PopulationBook.load(session)
    hectares = {
        area_id: shape.area / SQUARE_METRES_PER_HECTARE
        for area_id, shape in zip(outlines.ids, outlines.shapes, strict=True)
    }
    members = _members(session, area_set, editions)
    until = area_set.valid_to.year if area_set.valid_to else None
    rows = [
        AreaRow(area, members.get(area.id, ()), hectares[area.id], book.newest(area.id, until))
        for area in areas.values()
    ]
    counts = {edition.id: len(list_areas(session, edition)) for edition in editions}
    return EditionPage(
        area_set=area_set,
        editions=tuple(reversed(editions)),
        counts=counts,
        groups=tuple(_group(region, rows, book, until) for region in REGION_ORDER),
        totals=_totals(rows, book, until),
        sources=tuple(dict.fromkeys(row.population.source for row in rows if row.population)),
        steps=_steps(session, area_set, editions),
        sketch=draw([areas[area_id] for area_id in outlines.ids], outlines.shapes),
        is_lowest=area_set.code == LOWEST,
    )


def _members(session: Session, area_set: AreaSet, editions: list[AreaSet]) -> dict[int, tuple[Area, ...]]:
    """By area id: its stadsdelar; at the lowest level, the area of the newest edition."""
    parts = parts_by_area(session)
    if area_set.code != LOWEST:
        districts = list_areas(session, lowest_set(session))
        own = [area.id for area in list_areas(session, area_set)]
        return {area_id: tuple(part for part in districts if part.id in parts[area_id]) for area_id in own}
    newest = list_areas(session, editions[-1]) if editions else []
    return {part: (holder,) for holder in newest for part in parts[holder.id]}


def _group(region: Region, rows: list[AreaRow], book: PopulationBook, until: int | None) -> RegionGroup:
    chosen = tuple(row for row in rows if row.area.region is region)
    return RegionGroup(region, chosen, _total(region.label, chosen, book, until))


def _totals(rows: list[AreaRow], book: PopulationBook, until: int | None) -> tuple[Total, ...]:
    outer = tuple(row for row in rows if row.area.outer_city)
    return (
        _total(message("Ytterstaden"), outer, book, until),
        _total(message("Hela staden"), tuple(rows), book, until),
    )


def _total(label: str, rows: tuple[AreaRow, ...], book: PopulationBook, until: int | None) -> Total:
    parts = frozenset[int]().union(*(book.parts[row.area.id] for row in rows))
    return Total(label, len(rows), sum(row.hectares for row in rows), book.newest_sum(parts, until) if rows else None)


def _steps(session: Session, area_set: AreaSet, editions: list[AreaSet]) -> tuple[Step, ...]:
    """From the edition before to this one, and from this one to the next."""
    places = [number for number, edition in enumerate(editions) if edition.id == area_set.id]
    if not places:
        return ()
    around = editions[max(0, places[0] - 1) : places[0] + 2]
    return tuple(_step(session, before, after) for before, after in pairwise(around))


def _step(session: Session, before: AreaSet, after: AreaSet) -> Step:
    rows = crosswalk(session, before, after)
    return Step(
        before,
        after,
        changed=tuple(row for row in rows if not row.unchanged),
        unchanged=tuple(row.after[0] for row in rows if row.unchanged),
    )
