"""The GeoPackage as GDAL and QGIS open it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pyogrio
from sqlalchemy.orm import Session

from tests.exports.gdal import features, qgis, run, summary
from tests.exports.reading import register_file
from tracker.exports.audience import Audience


def test_gdal_reads_every_layer_without_a_remark(some_projects: Session, tmp_path: Path) -> None:
    path = register_file(some_projects, "gpkg", tmp_path)
    told = summary(path)
    for layer, kind, count in (
        ("punkter", "Point", 2), ("linjer", "Line String", 1), ("ytor", "Polygon", 1), ("utan_lage", "None", 1),
        ("mal", "None", 2), ("omraden", "None", 1), ("ekonomi", "None", 2), ("matt", "None", 1),
    ):  # fmt: skip
        part = told.partition(f"Layer name: {layer}\n")[2].partition("Layer name:")[0]
        assert f"Geometry: {kind}\nFeature Count: {count}\n" in part
        assert ('ID["EPSG",3011]' in part) == (kind != "None")
    (house,) = features(path, "ytor")
    properties = house["properties"]
    assert properties["namn"] == "Kvarteret Åäö & <Ö>"
    assert (properties["start"], properties["andrad"]) == ("2005-07-01", "2005-07-01")
    assert (properties["version"], properties["planerade_bostader"]) == (1, 10)
    assert properties["exempelvarden"] is False


def test_an_index_finds_what_lies_in_a_box_and_stays_right_when_a_row_is_changed(
    some_projects: Session, tmp_path: Path
) -> None:
    path = register_file(some_projects, "gpkg", tmp_path)
    box = ("ogrinfo", "-ro", "-q", "-spat", "149990", "6574990", "150200", "6575200", path, "ytor")
    assert "kod (String) = B-1" in run(*box)
    move = "UPDATE ytor SET geom = ST_GeomFromText('POLYGON((1 1,2 1,2 2,1 1))') WHERE kod = 'B-1'"
    run("ogrinfo", "-q", path, "-dialect", "SQLITE", "-sql", move)
    assert "B-1" not in run(*box)


def test_the_tables_beside_hold_what_the_audience_may_know(some_projects: Session, tmp_path: Path) -> None:
    path = register_file(some_projects, "gpkg", tmp_path)
    assert rows(path, "SELECT kod, mal, styrka FROM mal") == [("B-1", "G1a", 3), ("B-1", "G2d", 1)]
    assert rows(path, "SELECT kod, roll, indelning, omrade, andel_procent FROM omraden") == [
        ("B-1", "betjänar", "1999", "Rinkeby", 100.0)
    ]
    money = "SELECT ar, utgift_budget_ore, utgift_prognos_ore, inkomst_budget_ore FROM ekonomi"
    assert rows(path, money) == [(2005, 123_456_789_012, 5, None), (2006, 7, None, None)]
    assert rows(path, "SELECT kod, mattkod, ar, planerade, fardiga FROM matt") == [
        ("B-1", "bostader-hyresratt", 2005, 10, None)
    ]
    (tmp_path / "public").mkdir()
    public = register_file(some_projects, "gpkg", tmp_path / "public", audience=Audience.PUBLIC)
    assert [row[1] for row in rows(public, "PRAGMA table_info(mal)")] == ["fid", "kod", "malutgava", "mal", "malnamn"]
    assert rows(public, "SELECT kod, ar, utgift_budget_ore FROM ekonomi") == [("B-1", 2005, 123_456_789_012)]
    assert "prognos" not in str(rows(public, "SELECT sql FROM sqlite_master"))
    assert "version" not in [row[1] for row in rows(public, "PRAGMA table_info(ytor)")]


def test_qgis_shows_kinds_by_colour_and_fields_in_swedish(some_projects: Session, tmp_path: Path) -> None:
    path = register_file(some_projects, "gpkg", tmp_path)
    layers = qgis(*(f"{path}|layername={name}" for name in ("punkter", "linjer", "ytor", "utan_lage")))
    for layer, count in zip(layers[:3], (2, 1, 1), strict=True):
        assert (layer["valid"], layer["crs"], layer["count"]) == (True, "EPSG:3011", count)
        assert (layer["renderer"], layer["attribute"]) == ("categorizedSymbol", "huvudslag")
        assert {word: layer["colours"][word] for word in ("Bostad", "Arbetsplats", "Trafik")} == {
            "Bostad": "#b84e00", "Arbetsplats": "#0072b2", "Trafik": "#007a5a",
        }  # fmt: skip
        assert layer["aliases"]["planerade_bostader"] == "Planerade bostäder"
        assert layer["aliases"]["mal"] == "Mål"
        assert set(layer["read_only"]) >= {"version", "andrad"}
    house, place = layers[2]["rows"][0], layers[0]["rows"][0]
    assert house["namn"] == "Kvarteret Åäö & <Ö>"
    assert place["shape"] == "Point (153112 6579142)"
    assert layers[3]["count"] == 1


def test_a_layer_has_the_same_types_whatever_is_in_it(some_projects: Session, tmp_path: Path) -> None:
    path = register_file(some_projects, "gpkg", tmp_path)
    kinds = {tuple(pyogrio.read_info(path, layer=name)["dtypes"]) for name in ("punkter", "ytor", "utan_lage")}
    assert len(kinds) == 1


def rows(path: Path, question: str) -> list[tuple[object, ...]]:
    """What SQLite answers."""
    file = sqlite3.connect(path)
    found = file.execute(question).fetchall()
    file.close()
    return found
