"""What the catalogue is seeded with: counts, memberships, codes, inhabitants; seeding again changes nothing."""

from __future__ import annotations

from datetime import date

import pytest
import shapely
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from tests.factories import find_area
from tracker.areas.models import LOWEST, Area, AreaAlias, AreaPart, AreaPopulation, AreaSet, Region
from tracker.areas.queries import get_area_set, list_area_sets, list_areas, outlines_of, parts_by_area
from tracker.areas.seeding import seed_areas

EDITIONS = {
    "1999": (18, 13, date(1999, 1, 1), date(2006, 12, 31)),
    "2007": (14, 10, date(2007, 1, 1), date(2020, 6, 30)),
    "2020": (13, 9, date(2020, 7, 1), date(2023, 6, 30)),
    "2023": (11, 8, date(2023, 7, 1), None),
}
KNOWN_CODES = {"2007": 14, "2020": 12, "2023": 8, "1999": 11}


def row_counts(session: Session) -> list[int]:
    models = (AreaSet, Area, AreaPart, AreaAlias, AreaPopulation)
    return [session.scalar(select(func.count()).select_from(model)) or 0 for model in models]


@pytest.mark.parametrize("code", EDITIONS)
def test_an_edition_has_its_areas_and_days(session: Session, code: str) -> None:
    edition = get_area_set(session, code)
    areas = list_areas(session, edition)
    count, outer, first_day, last_day = EDITIONS[code]
    assert (len(areas), sum(area.outer_city for area in areas)) == (count, outer)
    assert (edition.valid_from, edition.valid_to) == (first_day, last_day)
    assert (edition.schematic, edition.own_outlines) == (True, False)
    assert sum(area.official_code is not None for area in areas) == KNOWN_CODES[code]


def test_the_lowest_level_is_117_stadsdelar_with_sodermalm_in_two(session: Session) -> None:
    names = [area.name for area in list_areas(session, get_area_set(session, LOWEST))]
    assert len(names) == 118
    halves = [name for name in names if name.startswith("Södermalm")]
    assert halves == ["Södermalm (västra delen)", "Södermalm (östra delen)"]
    assert names[0] == "Abrahamsberg"
    assert names[-1] == "Östermalm"


@pytest.mark.parametrize("code", EDITIONS)
def test_every_stadsdel_is_in_one_area_of_each_edition(session: Session, code: str) -> None:
    lowest = {area.id: area for area in list_areas(session, get_area_set(session, LOWEST))}
    parts = parts_by_area(session)
    areas = list_areas(session, get_area_set(session, code))
    assert sorted(part for area in areas for part in parts[area.id]) == sorted(lowest)
    for area in areas:
        assert {lowest[part].region for part in parts[area.id]} == {area.region}, area.name


def test_some_memberships(session: Session) -> None:
    for name, edition, parts in (
        ("Kista", "1999", ["Akalla", "Hansta", "Husby", "Kista"]),
        ("Skärholmen", "2023", ["Bredäng", "Skärholmen", "Sätra", "Vårberg"]),
        ("Katarina-Sofia", "1999", ["Södermalm (östra delen)", "Södra Hammarbyhamnen"]),
        ("Norrmalm", "2007", ["Norrmalm", "Skeppsholmen", "Vasastaden"]),
    ):
        assert [part.name for part in find_area(session, name, edition).parts] == parts


def test_outlines_of_an_edition_are_those_of_its_stadsdelar(session: Session) -> None:
    lowest = outlines_of(session, get_area_set(session, LOWEST))
    whole = sum(shape.area for shape in lowest.shapes)
    for edition in list_area_sets(session):
        shapes = outlines_of(session, edition).shapes
        assert {shape.geom_type for shape in shapes} == {"MultiPolygon"}
        assert shapely.is_valid(shapes).all()
        assert shapely.coverage_is_valid(shapes)
        assert sum(shape.area for shape in shapes) == whole


def test_codes_that_nobody_knows_are_left_out(session: Session) -> None:
    codes = {
        (edition, name): find_area(session, name, edition).official_code
        for edition, name in (
            ("2023", "Järva"),
            ("2023", "Norra innerstaden"),
            ("2023", "Hägersten-Älvsjö"),
            ("1999", "Kista"),
            ("2007", "Rinkeby-Kista"),
            ("2023", "Farsta"),
            ("1999", "Maria-Gamla stan"),
        )
    }
    assert list(codes.values()) == [None, None, None, None, "01", "18", "12"]


def test_only_official_inhabitants_are_seeded(session: Session) -> None:
    rows = session.execute(
        select(AreaSet.code, AreaPopulation.year, func.count(), func.sum(AreaPopulation.inhabitants))
        .join(Area, Area.id == AreaPopulation.area_id)
        .join(AreaSet, AreaSet.id == Area.area_set_id)
        .group_by(AreaSet.code, AreaPopulation.year)
        .order_by(AreaSet.code, AreaPopulation.year)
    ).all()
    assert [tuple(row) for row in rows] == [
        ("1999", 2004, 3, 54_283 + 34_448 + 64_150),
        ("2007", 2000, 14, 750_348),
        ("2007", 2005, 14, 771_038),
        ("2007", 2010, 14, 847_073),
        ("2007", 2011, 14, 864_324),
    ]
    outer = session.scalar(
        select(func.sum(AreaPopulation.inhabitants))
        .join(Area, Area.id == AreaPopulation.area_id)
        .where(AreaPopulation.year == 2005, Area.region != Region.INNER_CITY)
    )
    assert outer == 482_152
    assert all(source for source in session.scalars(select(AreaPopulation.source)))


def test_seeding_again_changes_nothing(session: Session) -> None:
    before = row_counts(session)
    assert before[:3] == [5, 118 + 18 + 14 + 13 + 11, 4 * 118]
    find_area(session, "Kista").official_code = "77"
    session.execute(delete(AreaAlias).where(AreaAlias.name == "Gärdet"))
    changed = row_counts(session)
    seed_areas(session)
    assert row_counts(session) == changed
    assert find_area(session, "Kista").official_code == "77"
