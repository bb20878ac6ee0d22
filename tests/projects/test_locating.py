"""“Ligger i” from the seeded outlines, stored and read in any edition."""

from __future__ import annotations

import pytest
import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import find_area, make_area_set, make_project
from tests.geometries import CITY_HALL, FAR_OUTSIDE, RINKEBY, array, line, square
from tracker.areas.models import Area, AreaSet
from tracker.areas.seeding import seed_areas
from tracker.geo.stored import from_stored
from tracker.projects.locating import (
    OUTSIDE,
    load_outlines,
    locate,
    locate_one,
    locate_stored,
    location_in,
    store_locations,
)
from tracker.projects.models import Location


@pytest.fixture(autouse=True)
def areas(session: Session) -> None:
    seed_areas(session)


def stored(session: Session) -> list[tuple[int, str | None, int, int]]:
    """(project, area name, place, share) by project, set and place."""
    statement = (
        select(Location.project_id, Area.name, Location.place, Location.share)
        .outerjoin(Area, Area.id == Location.area_id)
        .order_by(Location.project_id, Location.area_set_id, Location.place)
    )
    return [(row[0], row[1], row[2], row[3]) for row in session.execute(statement)]


def edition(session: Session, code: str) -> AreaSet:
    return session.scalars(select(AreaSet).where(AreaSet.code == code)).one()


def border_of(session: Session, first: str, second: str) -> shapely.LineString:
    """The longest straight piece of the border between two stadsdelar."""
    one, other = (from_stored(find_area(session, name).geom) for name in (first, second))
    assert one is not None
    assert other is not None
    pieces = shapely.get_parts(shapely.intersection(one.boundary, other.boundary))
    return max(pieces, key=lambda piece: float(piece.length))


def test_outlines_are_the_118_cells_by_code(session: Session) -> None:
    outlines = load_outlines(session)
    assert [one.code for one in outlines.sets] == ["stadsdelar"]
    assert len(outlines.lowest.shapes) == len(outlines.lowest.names) == 118
    codes = dict(session.execute(select(Area.id, Area.code)).all())
    ordered = [codes[area_id] for area_id in outlines.lowest.area_ids.tolist()]
    assert ordered == sorted(ordered)


def test_points_lie_in_their_stadsdel_and_outside_is_a_row(session: Session) -> None:
    rows = locate(load_outlines(session), array(CITY_HALL, None, RINKEBY, FAR_OUTSIDE))
    names = dict(session.execute(select(Area.id, Area.name)).all()) | {OUTSIDE: "utanför"}
    assert rows.row.tolist() == [0, 2, 3]
    assert [names[area_id] for area_id in rows.area_id.tolist()] == ["Kungsholmen", "Rinkeby", "utanför"]
    assert rows.share.tolist() == [10_000, 10_000, 10_000]
    assert rows.place.tolist() == [1, 1, 1]


def test_the_form_gets_names_shares_and_amounts(session: Session) -> None:
    middle = border_of(session, "Rinkeby", "Tensta").interpolate(0.5, normalized=True)
    plot = square(middle.x - 50, middle.y - 50, 100)
    found = locate_one(load_outlines(session), plot)
    assert {one.area_name for one in found} == {"Rinkeby", "Tensta"}
    assert sum(one.share for one in found) == 10_000
    assert sum(one.amount for one in found) == pytest.approx(10_000)
    assert [one.share for one in found] == sorted((one.share for one in found), reverse=True)
    assert {one.dimension for one in found} == {2}
    (outside,) = locate_one(load_outlines(session), line((120_000, 6_560_000), (120_000, 6_560_250)))
    assert (outside.area_id, outside.area_name, outside.share, outside.amount, outside.dimension) == (
        None, None, 10_000, 250.0, 1,
    )  # fmt: skip


def test_storing_replaces_only_the_named_projects(session: Session) -> None:
    first, second = make_project(session, "A", CITY_HALL), make_project(session, "B", RINKEBY)
    outlines = load_outlines(session)
    store_locations(session, [first.id, second.id], locate(outlines, array(CITY_HALL, RINKEBY)))
    assert stored(session) == [(first.id, "Kungsholmen", 1, 10_000), (second.id, "Rinkeby", 1, 10_000)]
    store_locations(session, [first.id], locate(outlines, array(FAR_OUTSIDE)))
    assert stored(session) == [(first.id, None, 1, 10_000), (second.id, "Rinkeby", 1, 10_000)]


def test_locating_from_what_is_stored(session: Session) -> None:
    first, without = make_project(session, "A", CITY_HALL), make_project(session, "B")
    locate_stored(session, [first.id, without.id])
    assert stored(session) == [(first.id, "Kungsholmen", 1, 10_000)]


def test_an_edition_adds_up_the_shares_of_its_stadsdelar(session: Session) -> None:
    rinkeby, kista = (find_area(session, name).geom for name in ("Rinkeby", "Kista"))
    ends = [shape.representative_point() for shape in map(from_stored, (rinkeby, kista)) if shape is not None]
    project = make_project(session, "A", shapely.LineString(ends))
    locate_stored(session, [project.id])
    lowest = {row[1]: row[3] for row in stored(session)}
    (merged,) = location_in(session, [project.id], edition(session, "2007"))
    assert merged.area_id == find_area(session, "Rinkeby-Kista", "2007").id
    assert merged.share == sum(lowest.values()) == 10_000
    names = dict(session.execute(select(Area.id, Area.name)).all())
    old = {names[row.area_id or 0]: row.share for row in location_in(session, None, edition(session, "1999"))}
    assert old == {"Kista": 10_000 - lowest["Rinkeby"], "Rinkeby": lowest["Rinkeby"]}


def test_outside_stays_outside_in_every_edition(session: Session) -> None:
    project = make_project(session, "A", FAR_OUTSIDE)
    locate_stored(session, [project.id])
    for code in ("stadsdelar", "1999", "2007", "2020", "2023"):
        assert [(row.area_id, row.share) for row in location_in(session, [project.id], edition(session, code))] == [
            (None, 10_000)
        ]


def test_an_edition_with_outlines_of_its_own_is_stored_beside(session: Session) -> None:
    own = make_area_set(
        session, "egen", {"Väst": square(153_000, 6_579_000, 100), "Öst": square(153_100, 6_579_000, 300)}
    )
    project = make_project(session, "A", line((153_060, 6_579_050), (153_160, 6_579_050)))
    locate_stored(session, [project.id])
    names = dict(session.execute(select(Area.id, Area.name)).all())
    rows = location_in(session, [project.id], own)
    assert [(names[row.area_id or 0], row.share) for row in rows] == [("Öst", 6_000), ("Väst", 4_000)]
    assert len(stored(session)) == 3
