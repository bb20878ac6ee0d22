"""Seeding the area catalogue: the stadsdelar and the editions that group them."""

from __future__ import annotations

import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.areas.catalogue import (
    AREA_ALIASES,
    DISTRICT_ALIASES,
    EDITIONS,
    LOWEST_EDITION,
    NYKO_CODES,
    POPULATIONS,
    SCHEMATIC_SOURCE,
    STATISTICS,
    Edition,
)
from tracker.areas.models import LOWEST, Area, AreaAlias, AreaPart, AreaPopulation, AreaSet, Region
from tracker.areas.outlines import DistrictFact, district_facts, schematic_outlines
from tracker.geo.stored import to_stored
from tracker.text import search_text, slug, sort_key

_REGIONS = {"Innerstaden": Region.INNER_CITY, "Västerort": Region.WEST, "Söderort": Region.SOUTH}


def seed_areas(session: Session) -> None:
    """Add the editions that are missing; one that is there is left alone, whatever an admin did to it."""
    present = set(session.scalars(select(AreaSet.code)))
    wanted = {LOWEST, *(edition.code for edition in EDITIONS)}
    if wanted <= present:
        return
    outlines = schematic_outlines()
    if LOWEST not in present:
        _add_districts(session, outlines)
    districts = _districts(session)
    for edition in EDITIONS:
        if edition.code not in present:
            _add_edition(session, edition, districts, outlines)
    session.flush()


def _districts(session: Session) -> dict[str, int]:
    """The ids of the stadsdelar by code."""
    rows = session.execute(select(Area.code, Area.id).join(AreaSet).where(AreaSet.code == LOWEST)).all()
    return {row.code: row.id for row in rows}


def _add_set(session: Session, edition: Edition) -> AreaSet:
    area_set = AreaSet(
        code=edition.code,
        name=edition.name,
        valid_from=edition.valid_from,
        valid_to=edition.valid_to,
        schematic=True,
        own_outlines=False,
        outline_source=SCHEMATIC_SOURCE,
        note=edition.note,
    )
    session.add(area_set)
    session.flush()
    return area_set


def _add_districts(session: Session, outlines: dict[str, shapely.MultiPolygon]) -> None:
    area_set = _add_set(session, LOWEST_EDITION)
    areas = [
        Area(
            area_set_id=area_set.id,
            code=fact.code,
            name=fact.name,
            sort_key=sort_key(fact.name),
            region=_REGIONS[fact.region],
            geom=to_stored(outlines[fact.code]),
        )
        for fact in district_facts()
    ]
    session.add_all(areas)
    session.flush()
    for area in areas:
        _add_aliases(session, area, DISTRICT_ALIASES.get(area.code, ()))


def _add_edition(
    session: Session, edition: Edition, districts: dict[str, int], outlines: dict[str, shapely.MultiPolygon]
) -> None:
    """The areas of an edition, each the union of its stadsdelar."""
    area_set = _add_set(session, edition)
    groups: dict[str, list[DistrictFact]] = {}
    for fact in district_facts():
        groups.setdefault(getattr(fact, f"area_{edition.code}"), []).append(fact)
    for name in sorted(groups, key=sort_key):
        members = groups[name]
        area = Area(
            area_set_id=area_set.id,
            code=slug(name),
            name=name,
            sort_key=sort_key(name),
            region=_REGIONS[members[0].region],
            official_code=NYKO_CODES.get(name),
            geom=to_stored(_united([outlines[fact.code] for fact in members])),
        )
        session.add(area)
        session.flush()
        session.add_all(AreaPart(area_id=area.id, part_id=districts[fact.code]) for fact in members)
        _add_aliases(session, area, AREA_ALIASES.get(name, ()))
        _add_populations(session, area, POPULATIONS.get(edition.code, {}).get(name, {}))


def _united(shapes: list[shapely.MultiPolygon]) -> shapely.MultiPolygon:
    return shapely.MultiPolygon(shapely.get_parts(shapely.coverage_union_all(shapes)).tolist())


def _add_aliases(session: Session, area: Area, names: tuple[str, ...]) -> None:
    session.add_all(AreaAlias(area_id=area.id, name=name, search_text=search_text(name)) for name in names)


def _add_populations(session: Session, area: Area, counts: dict[int, int]) -> None:
    session.add_all(
        AreaPopulation(area_id=area.id, year=year, inhabitants=count, source=STATISTICS)
        for year, count in counts.items()
    )
