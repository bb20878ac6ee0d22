"""The areas of an edition as a collection: their outlines with what is known of them; open to everybody."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from tracker.areas.models import AreaSet
from tracker.areas.queries import PopulationBook, list_areas, outlines_of
from tracker.ogc.properties import AREA
from tracker.ogc.table_rows import TableRows
from tracker.projects.rules import YEARS


def area_rows(session: Session, area_set: AreaSet) -> TableRows:
    """Every area, with its newest known number of inhabitants."""
    return TableRows(session, AREA, *area_facts(session, area_set, YEARS[-1]))


def area_facts(session: Session, area_set: AreaSet, until: int) -> tuple[list[dict[str, Any]], Any]:
    """What each area tells, and the outlines (EPSG:3011); inhabitants of that year or an earlier one."""
    book = PopulationBook.load(session)
    by_id = {area.id: area for area in list_areas(session, area_set)}
    outlines = outlines_of(session, area_set)
    facts = []
    for area_id in outlines.ids:
        area = by_id[area_id]
        people = book.newest(area_id, until)
        facts.append(
            {
                "code": area.code,
                "name": area.name,
                "region": area.region.value,
                "ytterstad": area.outer_city,
                "edition": area_set.code,
                "schematic": area_set.schematic,
                "inhabitants": people.inhabitants if people else None,
                "inhabitants_year": people.year if people else None,
            }
        )
    return facts, outlines.shapes
