"""Shapefile, FlatGeobuf and KML as GDAL and QGIS open them."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.etree import ElementTree as Xml

import pyogrio
import pytest
import shapely
from sqlalchemy.orm import Session

from tests.contribution.register import add_project
from tests.exports.gdal import features, qgis, summary
from tests.exports.reading import NOW, register_file
from tests.geometries import CITY_HALL, square
from tracker.exports.audience import Audience
from tracker.exports.register_tables import attributes_for
from tracker.exports.shapefile import CUT, LONGEST, README, cut, short_name
from tracker.geo.crs import STORAGE_SRID, WEB_SRID, reproject_one
from tracker.projects.vocabulary import Publication

COLLECTION = shapely.GeometryCollection([CITY_HALL, square(150_000, 6_575_000, 10)])
FIRST = {"B-1": "Kvarteret Åäö & <Ö>"}


def packed_file(session: Session, folder: Path) -> Path:
    """The Shapefiles in their archive."""
    return register_file(session, "shp", folder).rename(folder / "projekt.zip")


def unpacked(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_a_shapefile_for_each_type_says_its_system_and_its_letters(some_projects: Session, tmp_path: Path) -> None:
    path = packed_file(some_projects, tmp_path)
    inside = unpacked(path)
    for layer in ("punkter", "linjer", "ytor"):
        assert {f"projekt_{layer}.{end}" for end in ("shp", "shx", "dbf", "prj", "cpg")} <= inside.keys()
        assert inside[f"projekt_{layer}.cpg"] == b"UTF-8"
        assert b"SWEREF" in inside[f"projekt_{layer}.prj"]
    assert "projekt_utan_lage.shp" not in inside
    assert inside["projekt_utan_lage.cpg"] == b"UTF-8"
    assert "Inget är avkortat." in inside[README].decode("utf-8-sig")
    told = summary(f"/vsizip/{path}")
    assert "Layer name: projekt_punkter" in told
    assert "Geometry: Point\nFeature Count: 2" in told
    assert told.count('ID["EPSG",3011]') == 3
    (house,) = features(f"/vsizip/{path}", "projekt_ytor")
    properties = house["properties"]
    assert (properties["namn"], properties["andrad"], properties["exempelv"]) == (FIRST["B-1"], "2005-07-01", "Nej")
    assert (properties["plan_bost"], properties["version"], properties[CUT]) == (10, 1, None)


def test_names_in_a_shapefile_are_short_and_differ() -> None:
    names = [short_name(one) for one in attributes_for(Audience.INTERNAL)] + [CUT]
    assert all(len(name) <= 10 for name in names)
    assert len(set(names)) == len(names)


def test_a_long_text_is_cut_between_letters_and_it_is_said(session: Session, tmp_path: Path) -> None:
    long = "x" + "å" * 300
    add_project(session, "L-1", CITY_HALL, name="Kort", description_public=long)
    add_project(session, "L-2", CITY_HALL, description_public="å" * 127)
    path = packed_file(session, tmp_path)
    first, second = features(f"/vsizip/{path}", "projekt_punkter")
    text = first["properties"]["beskr"]
    assert text == "x" + "å" * 125 + "…"
    assert len(text.encode()) == LONGEST
    assert first["properties"][CUT] == "beskr"
    assert second["properties"]["beskr"] == "å" * 127
    assert second["properties"][CUT] is None
    assert "Beskrivning: 1 projekt (L-1)" in unpacked(path)[README].decode("utf-8-sig")


@pytest.mark.parametrize("letter", ["x", "å", "€", "🏠"])
def test_a_cut_text_is_always_whole_letters(letter: str) -> None:
    for start in range(4):
        text = "a" * start + letter * 300
        assert len(cut(text).encode()) <= LONGEST
        assert cut(text).removesuffix("…") == text[: len(cut(text)) - 1]


def test_a_collection_is_a_row_without_shape_in_a_shapefile(session: Session, tmp_path: Path) -> None:
    add_project(session, "S-1", COLLECTION, name="Samling")
    path = packed_file(session, tmp_path)
    assert "projekt_samlingar.dbf" in unpacked(path)
    assert "projekt_samlingar.dbf" in unpacked(path)[README].decode("utf-8-sig")
    (row,) = features(f"/vsizip/{path}", "projekt_samlingar")
    assert (row["properties"]["namn"], row["geometry"]) == ("Samling", None)


def test_flatgeobuf_is_one_layer_with_every_type(some_projects: Session, tmp_path: Path) -> None:
    add_project(some_projects, "S-1", COLLECTION, updated_at=NOW)
    path = register_file(some_projects, "fgb", tmp_path)
    told = summary(path)
    assert "Feature Count: 6" in told
    assert 'ID["EPSG",3011]' in told
    meta, _, wkb, values = pyogrio.raw.read(path)
    cells = dict(zip(meta["fields"], values, strict=True))
    shapes = dict(zip(cells["kod"], shapely.from_wkb(wkb), strict=True))
    assert {code: shape.geom_type if shape is not None else None for code, shape in shapes.items()} == {
        "A-1": "Point", "A-2": "Point", "B-1": "Polygon", "S-1": "GeometryCollection", "T-1": "LineString", "U-1": None,
    }  # fmt: skip
    assert shapes["S-1"].equals(COLLECTION)
    assert set(cells["andrad"]) == {"2005-07-01"}


def test_flatgeobuf_has_an_index_when_everything_has_a_place(session: Session, tmp_path: Path) -> None:
    add_project(session, "P-1", CITY_HALL)
    path = register_file(session, "fgb", tmp_path)
    assert pyogrio.read_info(path)["capabilities"]["fast_spatial_filter"]
    add_project(session, "P-2")
    assert not pyogrio.read_info(register_file(session, "fgb", tmp_path))["capabilities"]["fast_spatial_filter"]


def test_kml_has_a_folder_for_each_kind_and_everything_as_data(some_projects: Session, tmp_path: Path) -> None:
    path = register_file(some_projects, "kml", tmp_path)
    root = Xml.parse(path).getroot()  # noqa: S314 - our own file
    space = {"k": "http://www.opengis.net/kml/2.2"}
    assert [one.text for one in root.findall("k:Document/k:Folder/k:name", space)] == [
        "Bostad",
        "Arbetsplats",
        "Trafik",
    ]
    assert "5 av 5 projekt" in (root.findtext("k:Document/k:description", "", space))
    assert root.findall(".//k:Placemark/k:description", space) == []
    assert root.findtext(".//k:Data[@name='namn']/k:value", "", space) == FIRST["B-1"]
    assert root.findtext(".//k:Data[@name='namn']/k:displayName", "", space) == "Namn"
    styles = {one.get("id") for one in root.findall("k:Document/k:Style", space)}
    assert {one.text for one in root.findall(".//k:styleUrl", space)} <= {f"#{name}" for name in styles}
    house = features(path, "Bostad")[0]
    assert house["properties"]["andrad"] == "2005-07-01"
    wanted = reproject_one(square(150_000, 6_575_000, 100), STORAGE_SRID, WEB_SRID)
    assert shapely.hausdorff_distance(shapely.geometry.shape(house["geometry"]), wanted) < 2e-9
    assert len(features(path, "Arbetsplats")) == 2


def test_kml_holds_holes_parts_and_collections(session: Session, tmp_path: Path) -> None:
    holed = square(150_000, 6_575_000, 100).difference(square(150_020, 6_575_020, 10))
    given = {
        "A": holed,
        "B": shapely.MultiPolygon([holed, square(151_000, 6_575_000, 10)]),
        "C": COLLECTION,
        "D": shapely.MultiPoint([CITY_HALL, shapely.Point(150_000, 6_575_000)]),
    }
    for code, shape in given.items():
        add_project(session, code, shape)
    meta, _, wkb, _ = pyogrio.raw.read(register_file(session, "kml", tmp_path), force_2d=True)
    assert meta["crs"] == "EPSG:4326"
    for found, shape in zip(shapely.from_wkb(wkb), given.values(), strict=True):
        assert found.geom_type == shape.geom_type
        assert shapely.hausdorff_distance(found, reproject_one(shape, STORAGE_SRID, WEB_SRID)) < 2e-9


SOURCES = ("gpkg|layername=ytor", "zip|layername=projekt_ytor", "fgb", "geojson", "kml|layername=Bostad")


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
def test_case_37_a_late_evening_in_july_is_the_same_day_in_every_program(
    some_projects: Session, tmp_path: Path, zone: str
) -> None:
    """Saved at half past eleven in Stockholm, when it is another day in Tokyo."""
    packed_file(some_projects, tmp_path)
    for form in ("gpkg", "fgb", "geojson", "kml"):
        register_file(some_projects, form, tmp_path)
    places = [f"{tmp_path}/projekt.{source}" for source in SOURCES]
    places[1] = f"/vsizip/{places[1]}"
    for place, layer in zip(places, qgis(*places, zone=zone), strict=True):
        assert layer["valid"]
        (house,) = [row for row in layer["rows"] if row["kod"] == "B-1"]
        assert (house["andrad"], house["start"], house["namn"]) == ("2005-07-01", "2005-07-01", FIRST["B-1"])
        path, _, name = place.partition("|layername=")
        (same,) = [row["properties"] for row in features(path, name, zone) if row["properties"]["kod"] == "B-1"]
        assert (same["andrad"], same["start"], same["namn"]) == ("2005-07-01", "2005-07-01", FIRST["B-1"])


def test_a_draft_and_a_version_are_in_no_public_file(some_projects: Session, tmp_path: Path) -> None:
    add_project(some_projects, "U-9", CITY_HALL, name="Zebrautkast", publication=Publication.REVIEWED)
    for form in ("shp", "fgb", "kml"):
        path = register_file(some_projects, form, tmp_path, audience=Audience.PUBLIC)
        body = b"".join(unpacked(path).values()) if form == "shp" else path.read_bytes()
        assert b"Kvarteret" in body
        assert b"Zebrautkast" not in body
        assert b"version" not in body.replace(b"xml version", b"")
