"""One file of ours with several layers comes in as one, what stands beside the projects is passed over."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from sqlalchemy.orm import Session

from tests.contribution.register import add_project
from tests.exports.reading import register_file
from tests.geometries import CITY_HALL, RINKEBY, line, square
from tracker.errors import RefusedFileError
from tracker.imports.candidates import headers_of, interpret
from tracker.imports.contents import inspect_file
from tracker.imports.plan import make_plan
from tracker.imports.sources import read_table

SHAPES = {
    "A": CITY_HALL,
    "B": shapely.MultiPoint([RINKEBY, CITY_HALL]),
    "C": line((150_000.001, 6_575_000), (150_500, 6_575_900.5)),
    "E": square(150_000, 6_575_000, 100),
    "H": None,
}
FIELDS: dict[str, list[object]] = {"kod": ["P-1"], "namn": ["Torget"], "huvudslag": ["Bostad"], "skede": ["Idé"]}


@pytest.fixture
def geopackage(session: Session, tmp_path: Path) -> Path:
    """A project of each of several types of geometry."""
    for code, shape in SHAPES.items():
        add_project(session, code, shape, name=f"Form {code}", goals={"G1a": 2}, outlay={2005: 100})
    return register_file(session, "gpkg", tmp_path)


def test_every_layer_of_projects_is_read_at_once(session: Session, geopackage: Path) -> None:
    table = read_table(geopackage)
    assert table.columns["kod"] == list(SHAPES)
    assert list(table.rows) == [1, 2, 3, 4, 5]
    assert table.srid == 3011
    notes = " ".join(table.notes)
    assert "Lagren är lästa som en fil: punkter (rad 1), punktgrupper (rad 2), linjer (rad 3), ytor (rad 4)" in notes
    assert "Tabeller bredvid projekten läses inte in: " in notes
    assert "layer_styles" in notes
    plan = make_plan(session, interpret(table), 2005, publish=False)
    assert len(plan.unchanged) == len(SHAPES)
    assert (plan.refused, plan.changes, plan.additions) == ((), (), ())


def test_the_wizard_does_not_ask_for_a_layer_of_ours_but_offers_them(geopackage: Path) -> None:
    contents = inspect_file(geopackage)
    assert contents.only is not None
    assert (contents.only.name, contents.only.rows, contents.only.has_shapes) == ("", 5, True)
    assert [one.name for one in contents.offered[:3]] == ["", "punkter", "punktgrupper"]
    assert read_table(geopackage, "ytor").columns["kod"] == ["E"]


def write(path: Path, columns: dict[str, list[Any]], shape: Any, layer: str, srid: int = 3011) -> Path:
    pyogrio.raw.write(
        path,
        None if shape is None else shapely.to_wkb(np.array([shape], dtype=object)),
        [np.array(values, dtype=object) for values in columns.values()],
        list(columns),
        layer=layer,
        driver="GPKG",
        geometry_type=shape.geom_type if shape is not None else None,
        crs=f"EPSG:{srid}" if shape is not None else None,
        append=path.exists(),
    )
    return path


def test_a_field_that_somebody_added_to_one_layer_is_empty_in_the_others(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gpkg", FIELDS, CITY_HALL, "punkter")
    write(path, FIELDS | {"kod": ["P-2"], "diarienummer": ["E-2"]}, square(150_000, 6_575_000, 100), "ytor")
    table = read_table(path)
    assert table.columns["kod"] == ["P-1", "P-2"]
    assert table.columns["diarienummer"] == [None, "E-2"]


def test_layers_in_two_systems_are_not_put_together(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gpkg", FIELDS, CITY_HALL, "punkter")
    write(path, FIELDS | {"kod": ["P-2"]}, shapely.Point(674_000, 6_580_000), "fler", srid=3006)
    with pytest.raises(RefusedFileError, match=r"olika koordinatsystem\. Läs in ett i taget: punkter, fler"):
        read_table(path)


def test_somebody_elses_shapes_beside_ours_are_asked_about(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gpkg", FIELDS, CITY_HALL, "punkter")
    write(path, {"bredd": ["7"]}, line((150_000, 6_575_000), (150_500, 6_575_900)), "vägar")
    with pytest.raises(RefusedFileError, match="flera lager"):
        read_table(path)
    assert inspect_file(path).only is None


def test_shapefiles_of_one_zip_are_read_together_by_their_short_names(tmp_path: Path) -> None:
    short: dict[str, list[object]] = {"dnr": ["E-1"], "ytterl_sl": ["Trafik"], "beskr": ["Text"], "version": [3]}
    folder = tmp_path / "shp"
    folder.mkdir()
    for layer, shape, code in (("punkter", CITY_HALL, "P-1"), ("ytor", square(150_000, 6_575_000, 100), "P-2")):
        columns = FIELDS | {"kod": [code]} | short | {"ungef_lage": ["Ja"], "exempelv": ["Nej"]}
        pyogrio.raw.write(
            folder / f"{layer}.shp", shapely.to_wkb(np.array([shape], dtype=object)),
            [np.array(values, dtype=object if isinstance(values[0], str) else np.int64) for values in columns.values()],
            list(columns), driver="ESRI Shapefile", geometry_type=shape.geom_type, crs="EPSG:3011", encoding="UTF-8",
        )  # fmt: skip
    packed = tmp_path / "projekt.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for one in sorted(folder.iterdir()):
            archive.write(one, one.name)
    table = read_table(packed)
    assert table.columns["kod"] == ["P-1", "P-2"]
    assert headers_of(table).unused == ()
    found = interpret(table)
    assert found.values["version"] == [3, 3]
    assert found.values["location_approximate"] == [True, True]
    assert found.values["case_numbers"] == [("E-1",), ("E-1",)]
