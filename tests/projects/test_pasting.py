"""Pasted coordinates: the system by the numbers, the order by the numbers or a question."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tracker.geo.crs import STORAGE_SRID, reproject_one
from tracker.projects.pasting import Order, PastedError, Reading, Shape, read_pasted

CITY_HALL = shapely.Point(153_112, 6_579_142)
"""Stadshuset in SWEREF 99 18 00."""
HEIGHTS_AND_MEASURES = ("Höjder (Z) tas inte med.", "Mått (M) tas inte med.")
EAST, NORTH = Order.EAST_FIRST, Order.NORTH_FIRST


@pytest.mark.parametrize(
    ("text", "srid", "order"),
    [
        ("153112 6579142", 3011, EAST),
        ("6579142 153112", 3011, NORTH),
        ("6 579 142 153 112", 3011, NORTH),
        ("153\u00a0112;6\u00a0579\u00a0142", 3011, EAST),
        ("153112,0 6579142,25", 3011, EAST),
        ("153112.0,6579142.2", 3011, EAST),
        ("153112,1,6579142,2", 3011, EAST),
        ("153112\t6579142", 3011, EAST),
        ("(153112, 6579142)", 3011, EAST),
        ("673790 6580495", 3006, EAST),
        ("6580495, 673790", 3006, NORTH),
        ("X=6580670, Y=1628047", 3021, NORTH),
        ("18.05467, 59.32740", 4326, EAST),
        ("59,32740; 18,05467", 4326, NORTH),
        ("SRID=3006;POINT(673790 6580495)", 3006, EAST),
        ("POINT Z (153112 6579142 12)", 3011, EAST),
    ],
)
def test_the_numbers_tell_the_system_and_the_order(text: str, srid: int, order: Order) -> None:
    pasted = read_pasted(text)
    assert pasted.readings == (Reading(srid, order),)
    assert pasted.geometry(pasted.readings[0]).distance(CITY_HALL) < 2.5
    assert pasted.reading == (pasted.readings[0] if order is EAST else None)


@pytest.mark.parametrize(
    "text",
    ["N 6579142 E 153112", "N: 6579142 m, E: 153112 m", "59.32740° N, 18.05467° E", "lat 59.32740 lon 18.05467"],
)
def test_a_text_that_names_north_needs_no_question(text: str) -> None:
    pasted = read_pasted(text)
    assert pasted.reading is not None
    assert pasted.reading.order is NORTH
    assert pasted.geometry(pasted.reading).distance(CITY_HALL) < 2.5


def test_st74_can_be_read_both_ways_and_is_asked_about() -> None:
    pasted = read_pasted("78488 100001")
    assert pasted.readings == (Reading(3152, EAST), Reading(3152, NORTH))
    assert pasted.reading is None
    assert [pasted.example(one) for one in pasted.readings] == ["N 100001, E 78488", "N 78488, E 100001"]
    chosen = read_pasted("78488 100001", order=NORTH)
    assert chosen.reading is not None
    assert chosen.geometry(chosen.reading).distance(CITY_HALL) < 1.5


def test_a_second_pair_can_settle_what_the_first_leaves_open() -> None:
    assert read_pasted("100001 78488\n108000 62000").readings == (Reading(3152, EAST),)


def test_one_turned_pair_among_others_is_named_and_turned() -> None:
    pasted = read_pasted("153112 6579142\n6579242 153212")
    assert pasted.readings == (Reading(3011, Order.MIXED),)
    assert pasted.reading is None
    line = pasted.geometry(pasted.readings[0], Shape.LINE)
    assert shapely.get_coordinates(line).tolist() == [[153_112, 6_579_142], [153_212, 6_579_242]]


def test_several_pairs_become_points_a_line_or_an_area() -> None:
    pasted = read_pasted("153112 6579142\n153212 6579142\n\n153212 6579242\n")
    assert pasted.reading is not None
    assert pasted.needs_shape
    shapes = {shape: pasted.geometry(pasted.reading, shape) for shape in Shape}
    assert shapes[Shape.POINTS].geom_type == "MultiPoint"
    assert shapes[Shape.LINE].length == 200
    assert shapes[Shape.AREA].area == 5000


def test_wkt_keeps_its_parts_and_holes_and_can_be_turned() -> None:
    shell = "(6579142 153112, 6579242 153112, 6579242 153212, 6579142 153112)"
    hole = "(6579200 153120, 6579210 153120, 6579210 153130, 6579200 153120)"
    pasted = read_pasted(f"POLYGON ({shell}, {hole})")
    assert pasted.readings == (Reading(3011, NORTH),)
    polygon = pasted.geometry(pasted.readings[0])
    assert isinstance(polygon, shapely.Polygon)
    assert (len(polygon.interiors), polygon.area) == (1, 4950)
    assert polygon.bounds == (153_112, 6_579_142, 153_212, 6_579_242)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Klistra in minst ett koordinatpar."),
        ("153112", "Rad 1: ”153112” är inget koordinatpar. Skriv två tal på varje rad."),
        ("153112 6579142\n\nkajen", "Rad 3: ”kajen” är inget koordinatpar. Skriv två tal på varje rad."),
        ("1 2", "Rad 1: ”1 2” ligger inte i Stockholm i något av systemen SWEREF 99 18 00"),
        (
            "153112 6579142\n673790 6580495",
            "Par 2 (673790, 6580495) är i SWEREF 99 TM men det första paret i SWEREF 99 18 00.",
        ),
        ("POLYGON ((153112 6579142", "WKT-texten går inte att läsa."),
        ("POINT EMPTY", "Texten har inga koordinater."),
        ("SRID=3006;POINT(153112 6579142)", "Par 1 (153112, 6579142) ligger inte i Stockholm som SWEREF 99 TM."),
    ],
)
def test_refusals_name_the_line_and_the_reason(text: str, reason: str) -> None:
    with pytest.raises(PastedError) as refused:
        read_pasted(text)
    assert str(refused.value).startswith(reason)


def test_a_stated_system_or_order_that_the_numbers_contradict_is_refused() -> None:
    with pytest.raises(PastedError, match="ligger inte i Stockholm som RT 90 2,5 gon V"):
        read_pasted("153112 6579142", srid=3021)
    with pytest.raises(PastedError, match="ligger inte i Stockholm som nord först"):
        read_pasted("153112 6579142", order=NORTH)


def test_an_area_needs_three_points() -> None:
    pasted = read_pasted("153112 6579142\n153212 6579142")
    assert pasted.reading is not None
    with pytest.raises(PastedError, match="minst tre olika punkter"):
        pasted.geometry(pasted.reading, Shape.AREA)


@given(
    st.floats(min_value=136_402, max_value=161_417),
    st.floats(min_value=6_567_989, max_value=6_591_720),
    st.sampled_from([3011, 3006, 3021, 4326]),
    st.sampled_from([EAST, NORTH]),
)
def test_a_point_of_the_city_is_found_in_every_system_and_order(x: float, y: float, srid: int, order: Order) -> None:
    here = shapely.Point(x, y)
    first, second = reproject_one(here, STORAGE_SRID, srid).coords[0]
    pair = (first, second) if order is EAST else (second, first)
    pasted = read_pasted(f"{pair[0]:.9f} {pair[1]:.9f}")
    assert pasted.readings == (Reading(srid, order),)
    assert pasted.geometry(pasted.readings[0]).distance(here) < 0.01


@pytest.mark.parametrize(
    ("text", "kind", "notes"),
    [
        ("POINT Z (153112 6579142 12)", "Point", ("Höjder (Z) tas inte med.",)),
        ("POINTZ (153112 6579142 12)", "Point", ("Höjder (Z) tas inte med.",)),
        ("POINT M (153112 6579142 7)", "Point", ("Mått (M) tas inte med.",)),
        ("LINESTRING ZM (153112 6579142 12 7, 153200 6579142 12 7)", "LineString", HEIGHTS_AND_MEASURES),
        ('{"type":"Point","coordinates":[18.05467,59.32740,3]}', "Point", ("Höjder (Z) tas inte med.",)),
        (
            '{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[18.05467,59.3274]}}',
            "Point",
            (),
        ),
        ("<Point><coordinates>18.05467,59.32740,12</coordinates></Point>", "Point", ("Höjder (Z) tas inte med.",)),
    ],
)
def test_case_14_heights_and_measures_are_dropped_with_a_note(text: str, kind: str, notes: tuple[str, ...]) -> None:
    pasted = read_pasted(text)
    assert pasted.notes == notes
    assert pasted.reading is not None
    shape = pasted.geometry(pasted.reading)
    assert (shape.geom_type, shapely.has_z(shape), shapely.has_m(shape)) == (kind, False, False)
    assert shape.distance(CITY_HALL) < 2.5


def test_geojson_in_a_stated_system_with_several_features_becomes_one_shape() -> None:
    crs = '"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::3006"}}'
    points = ",".join(
        f'{{"type":"Feature","properties":{{}},"geometry":{{"type":"Point","coordinates":[{east},6580495]}}}}'
        for east in (673790, 673890)
    )
    pasted = read_pasted(f'{{"type":"FeatureCollection",{crs},"features":[{points}]}}')
    assert pasted.readings == (Reading(3006, EAST),)
    assert pasted.geometry(pasted.readings[0]).geom_type == "MultiPoint"


def test_kml_keeps_holes_and_every_folder() -> None:
    ring = "<LinearRing><coordinates>{}</coordinates></LinearRing>"
    outer = ring.format("18.05,59.32 18.06,59.32 18.06,59.33 18.05,59.33 18.05,59.32")
    inner = ring.format("18.052,59.322 18.054,59.322 18.054,59.324 18.052,59.322")
    area = f"<Polygon><outerBoundaryIs>{outer}</outerBoundaryIs><innerBoundaryIs>{inner}</innerBoundaryIs></Polygon>"
    pin = "<Placemark><Point><coordinates>18.05,59.32</coordinates></Point></Placemark>"
    document = f"<Document><Folder><Placemark>{area}</Placemark></Folder><Folder>{pin}</Folder></Document>"
    text = f'<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2">{document}</kml>'
    pasted = read_pasted(text)
    assert pasted.reading is not None
    shape = pasted.geometry(pasted.reading)
    assert sorted(part.geom_type for part in shape.geoms) == ["Point", "Polygon"]
    assert sum(len(part.interiors) for part in shape.geoms if part.geom_type == "Polygon") == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"type":"Polygon","coordinates":[[[18.05,59.3', "avkortad eller har fel"),
        ('{"type":"FeatureCollection","features":[]}', "ingen geometri"),
        ('{"type":"Point","coordinates":[]}', "inga koordinater"),
        ("<kml><Document></Document></kml>", "KML-texten"),
        ('<!DOCTYPE kml [<!ENTITY a "b">]><kml/>', "egna deklarationer"),
    ],
)
def test_a_text_that_cannot_be_read_is_refused_in_a_sentence(text: str, reason: str) -> None:
    with pytest.raises(PastedError, match=reason):
        read_pasted(text)


def test_many_corners_are_recognised_by_the_whole() -> None:
    corners = ", ".join(f"{153_000 + number % 500} {6_579_000 + number // 500}" for number in range(50_000))
    pasted = read_pasted(f"LINESTRING ({corners})")
    assert pasted.readings == (Reading(3011, EAST),)
