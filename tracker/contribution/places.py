"""The places that projects are shared over, and the columns of a report: the areas of one edition with their sums."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.areas.models import Area, AreaSet, Region
from tracker.areas.queries import areas_upward
from tracker.contribution.completing import BoolArray
from tracker.contribution.queries import OUTSIDE_ID, WHOLE_CITY_ID
from tracker.contribution.reading import Positions
from tracker.contribution.trees import Tree
from tracker.messages import message

OUTER_CITY = message("Ytterstaden")
REGION_SUMS = {
    Region.WEST: message("Summa Västerort"),
    Region.SOUTH: message("Summa Söderort"),
    Region.INNER_CITY: message("Summa innerstaden"),
}


class ColumnKind(StrEnum):
    """What a column stands for; the value is its key in an address where it has no area."""

    AREA = "omrade"
    UNDIVIDED = "ej-uppdelat"
    REGION = "region"
    OUTER_CITY = "ytterstaden"
    WHOLE_CITY = "hela-staden"
    OUTSIDE = "utanfor-staden"
    UNLOCATED = "oplacerat"
    ALL = "alla"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `part` and `region` are its place in the tree in words; `detail` if amounts fall on it directly."""

    kind: ColumnKind
    key: str
    part: str
    region: str
    label: str
    detail: bool


@dataclass(frozen=True, slots=True)
class KnownArea:
    """An area of any edition, with the area of the chosen edition that holds it; None cannot be split."""

    id: int
    set_code: str
    code: str
    name: str
    sort_key: str
    region: Region
    held_by: int | None


@dataclass(frozen=True, eq=False, slots=True)
class Places:
    """Places are the areas of all editions by code and edition (bytewise: ties in the sharing follow it), then
    the whole city, outside it, and unlocated; `columns` in order of reading, the grand total last.

    `positions` gives the place of an area id, WHOLE_CITY_ID or OUTSIDE_ID; `in_ytterstad` (places,).
    """

    columns: tuple[Column, ...]
    tree: Tree
    positions: Positions
    in_ytterstad: BoolArray
    unlocated: int

    @property
    def count(self) -> int:
        """The number of places."""
        return int(self.in_ytterstad.size)


def load_places(session: Session, area_set: AreaSet) -> Places:
    """The places of the register and the columns of an edition (or of the stadsdelar)."""
    return build_places(known_areas(session, area_set))


def known_areas(session: Session, area_set: AreaSet) -> tuple[KnownArea, ...]:
    """The areas of all editions by code and edition, each with the area of the chosen edition that holds it."""
    upward = areas_upward(session, area_set)
    statement = select(Area.id, AreaSet.code, Area.code, Area.name, Area.sort_key, Area.region, Area.area_set_id).join(
        AreaSet, Area.area_set_id == AreaSet.id
    )
    known = [
        KnownArea(*row[:6], held_by=row[0] if row[6] == area_set.id else upward.get(row[0]))
        for row in session.execute(statement)
    ]
    return tuple(sorted(known, key=lambda area: (area.code, area.set_code)))


def build_places(known: Sequence[KnownArea]) -> Places:
    """The places and columns of areas in any order."""
    areas = sorted(known, key=lambda area: (area.code, area.set_code))
    columns = list(_columns(areas))
    nodes = {column.key: node for node, column in enumerate(columns)}
    by_id = {area.id: area for area in areas}
    ends = (ColumnKind.WHOLE_CITY, ColumnKind.OUTSIDE, ColumnKind.UNLOCATED)
    node_of = [nodes[_key(area, by_id)] for area in areas] + [nodes[kind.value] for kind in ends]
    ids = [*(area.id for area in areas), WHOLE_CITY_ID, OUTSIDE_ID]
    return Places(
        columns=tuple(columns),
        tree=Tree(parent=np.array(_parents(columns, nodes), dtype=np.int64), node_of=np.array(node_of, dtype=np.int64)),
        positions=Positions(np.array(ids, dtype=np.int64)),
        in_ytterstad=np.array([*(area.region.outer_city for area in areas), False, False, False]),
        unlocated=len(areas) + 2,
    )


def _columns(areas: Sequence[KnownArea]) -> Iterator[Column]:
    """Every sum comes after its parts."""
    for region in (Region.WEST, Region.SOUTH):
        yield from _region(areas, region, OUTER_CITY)
    outer_sum = message("Summa ytterstaden")
    yield Column(ColumnKind.OUTER_CITY, ColumnKind.OUTER_CITY.value, OUTER_CITY, "", outer_sum, detail=False)
    yield from _region(areas, Region.INNER_CITY, message("Innerstaden"))
    for kind, label in (
        (ColumnKind.WHOLE_CITY, message("Hela staden")),
        (ColumnKind.OUTSIDE, message("Utanför staden")),
        (ColumnKind.UNLOCATED, message("Oplacerat")),
    ):
        yield Column(kind, kind.value, label, "", label, detail=True)
    everywhere = message("Alla områden")
    yield Column(ColumnKind.ALL, ColumnKind.ALL.value, everywhere, "", everywhere, detail=False)


def _region(areas: Sequence[KnownArea], region: Region, part: str) -> Iterator[Column]:
    yield from _areas_of(areas, region, part)
    yield Column(ColumnKind.REGION, region.value, part, region.label, REGION_SUMS[region], detail=False)


def _areas_of(areas: Sequence[KnownArea], region: Region, part: str) -> Iterator[Column]:
    """The areas of the chosen edition, and after them those of other editions that cannot be split into them."""
    by_id = {area.id: area for area in areas}
    inside = sorted((area for area in areas if area.region is region), key=lambda area: (area.sort_key, area.code))
    for area in inside:
        if area.held_by == area.id:
            yield Column(ColumnKind.AREA, area.code, part, region.label, area.name, detail=True)
    undivided = {_key(area, by_id): area.name for area in inside if area.held_by is None}
    for key, name in undivided.items():
        label = message("Ej uppdelat: %(area)s", area=name)
        yield Column(ColumnKind.UNDIVIDED, key, part, region.label, label, detail=True)


def _key(area: KnownArea, by_id: Mapping[int, KnownArea]) -> str:
    if area.held_by is None:
        return f"{ColumnKind.UNDIVIDED}:{area.region.value}:{area.code}"
    return by_id[area.held_by].code


def _parents(columns: Sequence[Column], nodes: Mapping[str, int]) -> list[int]:
    root = len(columns) - 1
    regions = {region.label: nodes[region.value] for region in Region}
    parents = []
    for column in columns:
        if column.kind in (ColumnKind.AREA, ColumnKind.UNDIVIDED):
            parents.append(regions[column.region])
        elif column.kind is ColumnKind.REGION and column.part == OUTER_CITY:
            parents.append(nodes[ColumnKind.OUTER_CITY.value])
        else:
            parents.append(root)
    parents[root] = -1
    return parents
