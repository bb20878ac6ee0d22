"""Coordinates to EPSG:3011: the stated system wins, a missing one is settled by the numbers or asked about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from tests.geometries import CITY_HALL, FAR_OUTSIDE, RINKEBY, array
from tests.imports.files import write_csv
from tracker.errors import RefusedFileError
from tracker.geo.crs import reproject, reproject_one
from tracker.imports.candidates import Candidates, interpret
from tracker.imports.choices import Choices
from tracker.imports.coordinates import Drawn, find_shapes
from tracker.imports.placing import Placed, place
from tracker.imports.sources import read_table

POINTS = array(CITY_HALL, RINKEBY)
BOW_TIE = shapely.Polygon(
    [(145_900, 6_585_800), (146_100, 6_586_000), (146_100, 6_585_800), (145_900, 6_586_000), (145_900, 6_585_800)]
)


def of_columns(
    tmp_path: Path, pair: tuple[str, str], cells: list[tuple[Any, Any]], crs: int | None = None
) -> Candidates:
    rows = [(f"P-{number}", *pair_of) for number, pair_of in enumerate(cells, start=1)]
    return interpret(read_table(write_csv(tmp_path / "a.csv", rows, ("Kod", *pair))), Choices(srid=crs))


def cells_in(srid: int) -> list[tuple[float, float]]:
    """Northing and easting of the two points in a system."""
    return [(point.y, point.x) for point in (reproject_one(one, 3011, srid) for one in POINTS)]


def close(placed: Placed | Candidates, metres: float = 0.001) -> bool:
    assert placed.geometries is not None
    return bool((shapely.distance(placed.geometries, POINTS) <= metres).all())


@pytest.mark.parametrize("srid", [3011, 3006, 3021, 3152])
def test_north_and_east_are_recognised_in_every_system_of_the_city(tmp_path: Path, srid: int) -> None:
    found = of_columns(tmp_path, ("N", "E"), cells_in(srid))
    assert close(found, metres=0.01)  # the seven parameters of RT 90 are no exact inverse of themselves
    assert any(f"EPSG:{srid}" in note for note in found.notes)


def test_latitude_and_longitude(tmp_path: Path) -> None:
    assert close(of_columns(tmp_path, ("Latitud", "Longitud"), cells_in(4326)), metres=0.01)


@pytest.mark.parametrize("srid", [3011, 3006, 3021])
@pytest.mark.parametrize("northing_first", [True, False])
def test_x_and_y_in_either_order(tmp_path: Path, srid: int, northing_first: bool) -> None:
    cells = cells_in(srid) if northing_first else [(east, north) for north, east in cells_in(srid)]
    assert close(of_columns(tmp_path, ("X", "Y"), cells), metres=0.01)


def test_x_and_y_in_st74_are_asked_about(tmp_path: Path) -> None:
    with pytest.raises(RefusedFileError, match=r"ST74.*kalla kolumnerna N och E"):
        of_columns(tmp_path, ("X", "Y"), cells_in(3152))


@pytest.mark.parametrize("northing_first", [True, False])
def test_x_and_y_with_a_stated_system(tmp_path: Path, northing_first: bool) -> None:
    cells = cells_in(3006) if northing_first else [(east, north) for north, east in cells_in(3006)]
    assert close(of_columns(tmp_path, ("X", "Y"), cells, 3006))


def test_one_swapped_row_is_named_and_the_others_are_taken(tmp_path: Path) -> None:
    north, east = cells_in(3011)[0]
    found = of_columns(tmp_path, ("N", "E"), [*cells_in(3011), (east, north)])
    (finding,) = found.refused[2]
    assert (finding.row, finding.code, finding.column) == (4, "P-3", "Läge")
    assert "omkastade" in finding.reason
    assert finding.value == "N 153112,0, E 6579142,0"
    assert set(found.refused) == {2}


def test_columns_that_are_all_swapped_are_refused_with_the_reason(tmp_path: Path) -> None:
    cells = [(east, north) for north, east in cells_in(3011)]
    with pytest.raises(RefusedFileError, match=r"2 av 2 passar SWEREF 99 18 00 .* med axlarna omkastade"):
        of_columns(tmp_path, ("N", "E"), cells)


def test_numbers_of_two_systems_are_asked_about(tmp_path: Path) -> None:
    with pytest.raises(RefusedFileError, match=r"1 av 2 passar SWEREF 99 18 00.*1 av 2 passar SWEREF 99 TM.*--crs"):
        of_columns(tmp_path, ("N", "E"), [cells_in(3011)[0], cells_in(3006)[1]])


def test_half_and_broken_coordinates_are_refused_row_by_row(tmp_path: Path) -> None:
    found = of_columns(tmp_path, ("N", "E"), [cells_in(3011)[0], (6_579_142, None), ("norr", 153_112), (None, None)])
    assert {index: findings[0].reason for index, findings in found.refused.items()} == {
        1: "Bara en av N och E är ifylld.",
        2: "N ”norr”: Det är inget tal.",
    }
    assert found.geometries is not None
    assert [shape is None for shape in found.geometries] == [False, True, True, True]


def test_a_stated_system_wins_over_what_is_asked() -> None:
    placed = place(Drawn(reproject(POINTS, 3011, 3006), ()), stated=3006, asked=3011)
    assert close(placed)
    assert placed.notes == ("Filen anger själv SWEREF 99 TM (EPSG:3006), så EPSG:3011 används inte.",)


def test_shapes_without_a_system_may_be_swapped_only_in_single_rows() -> None:
    turned = shapely.transform(array(CITY_HALL), lambda xy: xy[:, ::-1])
    mixed = np.concatenate([POINTS, POINTS, turned])
    placed = place(Drawn(mixed, ()), None, None)
    assert list(placed.refused) == [4]
    assert "omkastade" in placed.refused[4]
    with pytest.raises(RefusedFileError, match="axlarna omkastade"):
        place(Drawn(turned, ()), None, None)


def test_st74_shapes_without_a_system_are_asked_about() -> None:
    with pytest.raises(RefusedFileError, match="--crs"):
        place(Drawn(reproject(POINTS, 3011, 3152), ()), None, None)
    assert close(place(Drawn(reproject(POINTS, 3011, 3152), ()), None, 3152))


def test_invalid_shapes_name_the_crossing_point() -> None:
    placed = place(Drawn(array(BOW_TIE, CITY_HALL), ()), 3011, None)
    assert "Gränsen korsar sig själv vid N 6585900, E 146000" in placed.refused[0]
    assert placed.geometries[0] is None
    assert placed.geometries[1].equals(CITY_HALL)


def test_far_away_is_refused_and_just_outside_the_city_is_not() -> None:
    gothenburg = reproject_one(shapely.Point(11.97, 57.7), 4326, 3011)
    placed = place(Drawn(array(gothenburg, FAR_OUTSIDE, shapely.Point(0, 0)), ()), 3011, None)
    assert placed.refused.keys() == {0, 2}
    assert "långt utanför Stockholm" in placed.refused[0]


def test_numbers_that_no_projection_takes_are_refused() -> None:
    placed = place(Drawn(array(shapely.Point(4e9, 4e9), shapely.Point(0, 1e300)), ()), 4326, None)
    assert placed.refused.keys() == {0, 1}


def test_wkt_with_and_without_srid(tmp_path: Path) -> None:
    texts = [f"SRID=3006;{reproject_one(point, 3011, 3006).wkt}" for point in POINTS]
    rows = [("A", texts[0]), ("B", texts[1])]
    table = read_table(write_csv(tmp_path / "a.csv", rows, ("Kod", "WKT"), delimiter="\t"))
    assert close(interpret(table), metres=0.01)
    broken = find_shapes(None, {"wkt": ["POINT (1", None, CITY_HALL.wkt]}, {"wkt": "wkt"})
    assert broken is not None
    assert broken.refused == {0: "Det är ingen WKT."}
    assert [shape is None for shape in broken.shapes] == [True, True, False]


def test_empty_and_missing_shapes_are_no_location() -> None:
    drawn = find_shapes(array(shapely.Point(), None, CITY_HALL), {}, {})
    assert drawn is not None
    placed = place(drawn, 3011, None)
    assert [shape is None for shape in placed.geometries] == [True, True, False]
    assert placed.refused == {}
    nothing = place(Drawn(array(None), ()), None, None)
    assert nothing.geometries[0] is None
    assert find_shapes(None, {"kod": ["A"]}, {"code": "kod"}) is None


def test_the_awkward_shapes_of_the_shared_file_are_judged_one_by_one(shared_data: Path) -> None:
    table = read_table(shared_data / "edge" / "kantfall_stockholm_4326.geojson")
    drawn = find_shapes(table.geometries, table.columns, {})
    assert drawn is not None
    placed = place(drawn, table.srid, None)
    kept = [shape.geom_type for shape in placed.geometries if shape is not None]
    assert len(kept) + len(placed.refused) + sum(shape is None for shape in drawn.shapes) == 7
    assert "GeometryCollection" in kept
