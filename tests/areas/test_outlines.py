"""The schematic outlines: an exact coverage, the editions it dissolves to, and how near the truth it is."""

from collections import Counter
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from tracker.areas.outlines import OUTLINES_FILE, DistrictFact, district_facts, read_text, schematic_outlines
from tracker.areas.outlines.build import build_outlines, seeds, to_geojson
from tracker.geo.crs import GeometryArray, reproject

INNER_1999 = ["Katarina-Sofia", "Kungsholmen", "Maria-Gamla stan", "Norrmalm", "Östermalm"]
WEST_1999 = ["Bromma", "Hässelby-Vällingby", "Kista", "Rinkeby", "Spånga-Tensta"]
SOUTH_1999 = [
    *("Enskede-Årsta", "Farsta", "Hägersten", "Liljeholmen"),
    *("Skarpnäck", "Skärholmen", "Vantör", "Älvsjö"),
]
NAMES = {
    1999: {*INNER_1999, *WEST_1999, *SOUTH_1999},
    2007: {
        *("Rinkeby-Kista", "Spånga-Tensta", "Hässelby-Vällingby", "Bromma"),
        *("Kungsholmen", "Norrmalm", "Östermalm", "Södermalm"),
        *("Enskede-Årsta-Vantör", "Skarpnäck", "Farsta", "Älvsjö", "Hägersten-Liljeholmen", "Skärholmen"),
    },
    2020: {
        *("Rinkeby-Kista", "Spånga-Tensta", "Hässelby-Vällingby", "Bromma"),
        *("Kungsholmen", "Norrmalm", "Östermalm", "Södermalm"),
        *("Enskede-Årsta-Vantör", "Skarpnäck", "Farsta", "Hägersten-Älvsjö", "Skärholmen"),
    },
    2023: {
        *("Järva", "Hässelby-Vällingby", "Bromma"),
        *("Kungsholmen", "Norra innerstaden", "Södermalm"),
        *("Enskede-Årsta-Vantör", "Skarpnäck", "Farsta", "Hägersten-Älvsjö", "Skärholmen"),
    },
}
RIGHT_OF_416 = {1999: 414, 2007: 415, 2020: 415, 2023: 415}


@pytest.fixture(scope="module")
def outlines() -> dict[str, shapely.MultiPolygon]:
    return schematic_outlines()


def area_name(fact: DistrictFact, edition: int) -> str:
    name: str = getattr(fact, f"area_{edition}")
    return name


def dissolve(outlines: dict[str, shapely.MultiPolygon], edition: int) -> dict[str, shapely.Geometry]:
    members: dict[str, list[shapely.MultiPolygon]] = {}
    for fact in district_facts():
        members.setdefault(area_name(fact, edition), []).append(outlines[fact.code])
    return {name: shapely.coverage_union_all(shapes) for name, shapes in members.items()}


def test_facts_are_the_117_stadsdelar_with_sodermalm_in_two() -> None:
    facts = district_facts()
    assert Counter(fact.region for fact in facts) == {"Västerort": 44, "Innerstaden": 22, "Söderort": 52}
    assert len({fact.code for fact in facts}) == len({fact.name for fact in facts}) == 118
    assert [fact.code for fact in facts] == sorted(fact.code for fact in facts)
    halves = {fact.code: (fact.name, fact.area_1999) for fact in facts if fact.code.startswith("sodermalm")}
    assert halves == {
        "sodermalm-ostra": ("Södermalm (östra delen)", "Katarina-Sofia"),
        "sodermalm-vastra": ("Södermalm (västra delen)", "Maria-Gamla stan"),
    }


def test_codes_are_the_names_in_plain_ascii() -> None:
    plain = str.maketrans("åäö ", "aao-")
    for fact in district_facts():
        assert fact.code.isascii()
        assert fact.code == fact.name.lower().translate(plain) or fact.code.startswith("sodermalm-")
    assert "hasselby-gard" in {fact.code for fact in district_facts()}


@pytest.mark.parametrize("edition", NAMES)
def test_editions_have_the_right_names(edition: int) -> None:
    assert {area_name(fact, edition) for fact in district_facts()} == NAMES[edition]


def test_regions_follow_the_1999_areas() -> None:
    homes = dict.fromkeys(INNER_1999, "Innerstaden") | dict.fromkeys(WEST_1999, "Västerort")
    for fact in district_facts():
        assert fact.region == homes.get(fact.area_1999, "Söderort"), fact.name


def test_later_editions_only_merge_areas_of_the_earlier() -> None:
    for earlier, later in ((1999, 2007), (2007, 2020), (2020, 2023)):
        pairs = {(area_name(fact, earlier), area_name(fact, later)) for fact in district_facts()}
        assert len(pairs) == len(NAMES[earlier])


def test_outlines_are_a_valid_coverage(outlines: dict[str, shapely.MultiPolygon]) -> None:
    shapes = list(outlines.values())
    assert list(outlines) == [fact.code for fact in district_facts()]
    assert shapely.coverage_is_valid(shapes)
    assert shapely.is_empty(shapely.coverage_invalid_edges(shapes)).all()
    assert all(shape.is_valid for shape in shapes)


def test_outlines_leave_no_gap_and_no_overlap(outlines: dict[str, shapely.MultiPolygon]) -> None:
    shapes = list(outlines.values())
    whole = shapely.union_all(shapes)
    assert whole.geom_type == "Polygon"
    assert len(whole.interiors) == 0
    # Whole metres: twice the area is a whole number, so the sums are exact.
    assert sum(shape.area for shape in shapes) == whole.area


def test_each_outline_is_one_piece_around_its_label_point(
    outlines: dict[str, shapely.MultiPolygon],
) -> None:
    for fact in district_facts():
        shape = outlines[fact.code]
        assert len(shape.geoms) == 1, fact.name
        assert len(shape.geoms[0].interiors) == 0, fact.name
        assert shape.contains(shapely.Point(fact.easting, fact.northing)), fact.name


def test_coordinates_are_whole_metres_easting_first(outlines: dict[str, shapely.MultiPolygon]) -> None:
    xy = shapely.get_coordinates(list(outlines.values()))
    assert (xy == np.rint(xy)).all()
    east_min, north_min, east_max, north_max = shapely.total_bounds(list(outlines.values()))
    assert 136_000 < east_min < east_max < 162_000
    assert 6_567_500 < north_min < north_max < 6_592_000


def test_seeds_are_told_apart_and_lie_in_their_own_outline(
    outlines: dict[str, shapely.MultiPolygon],
) -> None:
    codes, points = seeds()
    assert len(np.unique(shapely.get_coordinates(points), axis=0)) == len(codes)
    pairs = zip(codes, points.geoms, strict=True)
    assert [code for code, point in pairs if not outlines[code].contains(point)] == []


@pytest.mark.parametrize("edition", NAMES)
def test_editions_dissolve_to_valid_areas(outlines: dict[str, shapely.MultiPolygon], edition: int) -> None:
    areas = dissolve(outlines, edition)
    assert set(areas) == NAMES[edition]
    assert {shape.geom_type for shape in areas.values()} == {"Polygon"}
    assert shapely.is_valid(list(areas.values())).all()
    assert shapely.coverage_is_valid(list(areas.values()))
    assert sum(shape.area for shape in areas.values()) == sum(shape.area for shape in outlines.values())


def test_kista_and_rinkeby_make_rinkeby_kista(outlines: dict[str, shapely.MultiPolygon]) -> None:
    old, new = dissolve(outlines, 1999), dissolve(outlines, 2007)
    assert shapely.union(old["Kista"], old["Rinkeby"]).equals(new["Rinkeby-Kista"])
    assert old["Kista"].area + old["Rinkeby"].area == new["Rinkeby-Kista"].area


def test_building_again_gives_the_committed_file() -> None:
    text = to_geojson(build_outlines())
    assert text == read_text(OUTLINES_FILE)
    assert len(text.encode()) < 150_000


def test_file_says_its_crs_and_that_it_is_schematic() -> None:
    info = read_text(OUTLINES_FILE).splitlines()[0]
    assert "urn:ogc:def:crs:EPSG::3011" in info
    assert "Schematiska gränser" in info


def locate(points: GeometryArray, areas: dict[str, shapely.Geometry]) -> list[str | None]:
    names = list(areas)
    found: list[str | None] = [None] * len(points)
    for point, area in shapely.STRtree(list(areas.values())).query(points, predicate="intersects").T:
        found[point] = names[area]
    return found


@pytest.mark.shared
@pytest.mark.parametrize("edition", NAMES)
def test_real_projects_fall_in_their_official_area(
    outlines: dict[str, shapely.MultiPolygon], shared_data: Path, edition: int
) -> None:
    _, _, wkb, _ = pyogrio.raw.read(shared_data / "projects" / "stockholm_vaxer_416_3011.gpkg")
    points = shapely.from_wkb(wkb)
    official_file = shared_data / "areas" / f"stadsdelsomraden_{edition}_4326.geojson"
    _, _, wkb, (names,) = pyogrio.raw.read(official_file, columns=["name"])
    official = dict(zip(names, reproject(shapely.from_wkb(wkb), 4326, 3011), strict=True))
    assert set(official) == NAMES[edition]
    truth, ours = locate(points, official), locate(points, dissolve(outlines, edition))
    assert len(truth) == 416
    assert None not in truth
    assert sum(a == b for a, b in zip(truth, ours, strict=True)) >= RIGHT_OF_416[edition]
