"""The register as files: the same projects in every format, in the right place, and readable by our own import."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from sqlalchemy.orm import Session

from tests.contribution.register import add_project, add_volume
from tests.counting import counted_statements
from tests.exports.reading import NOW, csv_rows, register_file, sheet_rows, sheets
from tests.geometries import CITY_HALL, FAR_OUTSIDE, RINKEBY, array, line, square
from tracker.exports.audience import Audience
from tracker.exports.delivery import REGISTER_FORMATS
from tracker.exports.geo import LAYERS, UNLOCATED
from tracker.exports.register import choose
from tracker.exports.register_blocks import read_blocks
from tracker.extensions import db
from tracker.geo.crs import STORAGE_SRID
from tracker.imports.candidates import interpret
from tracker.imports.sources import read_table
from tracker.measures.models import MainKind
from tracker.projects.filters import ProjectFilter
from tracker.projects.models import CaseNumber
from tracker.projects.vocabulary import Phase, Publication

HOLED = square(150_000, 6_575_000, 100).difference(square(150_020.125, 6_575_020, 10))
PROJECT_LAYERS = (*LAYERS.values(), UNLOCATED)
BESIDE = {"mal": None, "omraden": None, "ekonomi": None, "matt": None, "layer_styles": None}
SHAPES = {
    "A": CITY_HALL,
    "B": shapely.MultiPoint([RINKEBY, CITY_HALL]),
    "C": line((150_000.001, 6_575_000), (150_500, 6_575_900.5)),
    "D": shapely.MultiLineString([[(1.5e5, 6.575e6), (1.501e5, 6.575e6)], [(1.5e5, 6.576e6), (1.5e5, 6.577e6)]]),
    "E": HOLED,
    "F": shapely.MultiPolygon([HOLED, square(151_000, 6_575_000, 10)]),
    "G": shapely.GeometryCollection([CITY_HALL, HOLED]),
    "H": None,
}  # fmt: skip


@pytest.fixture
def every_shape(session: Session) -> Session:
    """A project of each type of geometry, and one without."""
    for code, shape in SHAPES.items():
        add_project(session, code, shape, name=f"Form {code}")
    return session


def codes_in(path: Path) -> list[str]:
    """The codes that a file holds."""
    if path.suffix == ".csv":
        return [row["Kod"] for row in csv_rows(path.read_bytes())]
    if path.suffix == ".xlsx":
        return [row["Kod"] for row in sheet_rows(sheets(path.read_bytes())["Projekt"], "Kod")]
    if path.suffix == ".geojson":
        return [feature["properties"]["kod"] for feature in json.loads(path.read_bytes())["features"]]
    layers = [name for name, _ in pyogrio.list_layers(path) if name in PROJECT_LAYERS]
    return sorted(code for name in layers for code in pyogrio.raw.read(path, layer=name)[3][0].tolist())


def test_case_36_every_format_honours_the_filter(session: Session, tmp_path: Path) -> None:
    kind = MainKind.TRAFFIC
    add_project(session, "T-1", RINKEBY, serves=[("Rinkeby/1999", 100)], main_kind=kind)
    add_project(session, "T-2", lies_in={"Tensta": 100}, main_kind=kind)
    add_project(session, "T-3", lies_in={"Farsta": 100}, main_kind=kind)
    add_project(session, "B-1", lies_in={"Tensta": 100})
    wanted = ProjectFilter(kind=("trafik",), area=("jarva",))
    for form in REGISTER_FORMATS:
        assert codes_in(register_file(session, form, tmp_path, wanted)) == ["T-1", "T-2"]
    about = choose(session, wanted, Audience.PUBLIC, NOW).about
    assert about == (
        "2 av 4 projekt · Trafik · Järva. Offentlig: publicerade projekt, inga sekretessmarkerade. "
        "Framställd 2005-07-01 23.30."
    )


def test_an_empty_answer_is_a_file_of_every_format(session: Session, tmp_path: Path) -> None:
    for form in REGISTER_FORMATS:
        assert codes_in(register_file(session, form, tmp_path, ProjectFilter(q="finns inte"))) == []


def test_case_5_geojson_is_longitude_and_latitude(every_shape: Session, tmp_path: Path) -> None:
    collection = json.loads(register_file(every_shape, "geojson", tmp_path).read_bytes())
    first = np.ravel(collection["features"][0]["geometry"]["coordinates"])
    assert 17.7 < first[0] < 18.3
    assert 59.2 < first[1] < 59.5
    assert abs(first[0] - 18.0549) < 1e-3
    assert collection["features"][-1]["geometry"] is None
    assert collection["features"][6]["geometry"]["type"] == "GeometryCollection"
    assert "8 av 8 projekt" in collection["description"]


def test_cases_16_and_17_a_geopackage_takes_every_type_of_geometry(every_shape: Session, tmp_path: Path) -> None:
    path = register_file(every_shape, "gpkg", tmp_path)
    layers = dict(pyogrio.list_layers(path).tolist())
    assert layers == {name: kind for kind, name in LAYERS.items()} | {"utan_lage": None} | BESIDE
    for name in PROJECT_LAYERS:
        info = pyogrio.read_info(path, layer=name)
        assert info["crs"] == (None if name == "utan_lage" else "EPSG:3011")
        assert info["features"] == 1
        assert "8 av 8 projekt" in info["layer_metadata"]["DESCRIPTION"]
    assert pyogrio.read_info(path, layer="utan_lage")["dtypes"].tolist() == info["dtypes"].tolist()


@pytest.mark.parametrize("form", ["csv", "xlsx", "geojson"])
def test_case_3_our_own_import_reads_every_shape_back_to_the_millimetre(
    every_shape: Session, tmp_path: Path, form: str
) -> None:
    found = interpret(read_table(register_file(every_shape, form, tmp_path)))
    assert found.refused == {}
    assert found.values["code"] == list(SHAPES)
    assert found.geometries is not None
    assert_same_shapes(found.geometries, list(SHAPES.values()))


def test_case_3_and_from_every_layer_of_a_geopackage(every_shape: Session, tmp_path: Path) -> None:
    path = register_file(every_shape, "gpkg", tmp_path)
    for (kind, layer), shape in zip(LAYERS.items(), SHAPES.values(), strict=False):
        table = read_table(path, layer)
        assert table.geometries is not None
        assert table.srid == STORAGE_SRID
        assert table.geometries[0].equals(shape)
        assert table.geometries[0].geom_type == kind


def assert_same_shapes(found: Any, wanted: list[Any]) -> None:
    for got, shape in zip(found, wanted, strict=True):
        if shape is None:
            assert got is None
        else:
            assert got.geom_type == shape.geom_type
            assert shapely.hausdorff_distance(got, shape) < 0.001


def test_case_31_a_name_that_looks_like_a_formula_comes_back(session: Session, tmp_path: Path) -> None:
    names = [
        '=HYPERLINK("http://exempel.se")',
        "+46 8 508",
        "-597",
        "@SUM(A1)",
        "Vanligt; namn",
        "Två\nrader",
        "'Citat'",
    ]
    for place, name in enumerate(names):
        add_project(session, f"P-{place}", name=name)
    plain = register_file(session, "csv", tmp_path).read_bytes().decode("utf-8-sig")
    assert ";'=HYPERLINK" in plain.replace('"', "")
    assert "\r\nP-2;'-597;" in plain
    for form in ("csv", "xlsx"):
        found = interpret(read_table(register_file(session, form, tmp_path)))
        assert found.values["name"] == names


def test_what_the_columns_say(session: Session, tmp_path: Path) -> None:
    one = add_project(
        session, "P-1", FAR_OUTSIDE, name="Kvarteret Åäö", goals={"G2d": 1, "G1a": 3}, lies_in={None: 100},
        secondary_kinds=["trafik"], subtype="smahus", start_decided=date(2004, 1, 2), start_forecast=date(2005, 3, 4),
        stated_area="Rinkeby", description_public="Öppen text", description_internal="Hemlig text", updated_at=NOW,
        link="https://exempel.se", phase=Phase.IMPLEMENTATION,
    )  # fmt: skip
    one.case_numbers = [CaseNumber(position=1, number="E2004-1"), CaseNumber(position=2, number="T 2005")]
    add_volume(session, one, "bostader-hyresratt", 2004, planned=10)
    add_volume(session, one, "bostader-hyresratt", 2006, planned=12)
    (row,) = csv_rows(register_file(session, "csv", tmp_path).read_bytes())
    assert row.pop("Om uttaget").startswith("1 av 1 projekt. Öppna uppgifter")
    assert list(row.values()) == [
        "P-1", "Kvarteret Åäö", "Bostad", "Trafik", "Småhus", "Genomförande", "E2004-1; T 2005", "2005-03-04", "",
        "Rinkeby", "", "G1a, G2d", "12", "", "Öppen text", "https://exempel.se", "Nej", "Nej", "Publicerad",
        "2005-07-01", "", "1", "6560000,0", "120000,0", "POINT (120000 6560000)",
    ]  # fmt: skip


def test_what_is_hidden_is_in_no_file(session: Session, tmp_path: Path) -> None:
    add_project(session, "Ö-1")
    add_project(session, "U-1", name="Zebrautkast", publication=Publication.REVIEWED)
    add_project(session, "S-1", name="Zebrahemlig", confidential=True, confidentiality_ground="OSL 19:1")
    seen = {Audience.PUBLIC: ["Ö-1"], Audience.OPEN: ["U-1", "Ö-1"], Audience.INTERNAL: ["S-1", "U-1", "Ö-1"]}
    for form in REGISTER_FORMATS:
        for audience, codes in seen.items():
            path = register_file(session, form, tmp_path, audience=audience)
            assert codes_in(path) == codes
            assert (b"OSL 19:1" in path.read_bytes()) == (audience is Audience.INTERNAL) or form == "xlsx"
    internal = csv_rows(register_file(session, "csv", tmp_path, audience=Audience.INTERNAL).read_bytes())
    assert [(row["Sekretess"], row["Lagrum"]) for row in internal] == [("Ja", "OSL 19:1"), ("Nej", ""), ("Nej", "")]


def test_the_version_is_in_every_file_but_those_of_the_public(session: Session, tmp_path: Path) -> None:
    one = add_project(session, "P-1", CITY_HALL)
    session.flush()
    one.name = "Nytt namn"
    session.flush()
    for audience in Audience:
        (row,) = csv_rows(register_file(session, "csv", tmp_path, audience=audience).read_bytes())
        geojson = json.loads(register_file(session, "geojson", tmp_path, audience=audience).read_bytes())
        properties = geojson["features"][0]["properties"]
        if audience is Audience.PUBLIC:
            assert "Version" not in row
            assert "version" not in properties
        else:
            assert row["Version"] == "2"
            assert properties["version"] == 2


def test_a_shape_that_no_cell_can_hold_is_left_out_of_the_workbook_only(session: Session, tmp_path: Path) -> None:
    corners = np.column_stack([np.linspace(150_000, 151_000, 3_000), np.linspace(6_575_000.123, 6_576_000, 3_000)])
    add_project(session, "A", shapely.LineString(corners))
    found = interpret(read_table(register_file(session, "csv", tmp_path)))
    assert found.geometries is not None
    assert shapely.get_num_coordinates(found.geometries[0]) == 3_000
    (row,) = sheet_rows(sheets(register_file(session, "xlsx", tmp_path).read_bytes())["Projekt"], "Kod")
    assert row["WKT"] is None
    assert row["E"] > 150_000


def test_statements_do_not_grow_with_the_projects(session: Session) -> None:
    counts = []
    for start in (0, 30):
        for place in range(start, start + 30):
            add_project(session, f"P-{place:02}", array(CITY_HALL)[0], goals={"G1a": 1}, serves=[("Kista/1999", 100)])
        session.flush()
        extract = choose(session, ProjectFilter(), Audience.OPEN, NOW)
        with counted_statements(db.engine) as statements:
            assert sum(len(block.ids) for block in read_blocks(session, extract)) == start + 30
        counts.append(len(statements))
    assert counts[0] == counts[1]
