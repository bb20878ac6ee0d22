"""A file read as the shape of one project: the layer, the system and the feature are asked for, nothing is guessed."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.geometries import RINKEBY, line, square
from tracker.accounts.roles import Role
from tracker.geo.crs import STORAGE_SRID, WEB_SRID, reproject_one
from tracker.web.forms import web_text

SignIn = Callable[[Role], FlaskClient]
AREA = square(145_900, 6_585_700, 200)
ROAD = line((145_700, 6_585_700), (146_300, 6_585_750))


@pytest.fixture
def send(session: Session, sign_in: SignIn) -> Callable[..., dict[str, Any]]:
    """Send a file as a project manager."""
    browser = sign_in(Role.MANAGER)

    def sent(content: bytes, name: str, **chosen: str) -> dict[str, Any]:
        data = {"file": (io.BytesIO(content), name), **chosen}
        answer = browser.post("/projekt/form-ur-fil", data=data, content_type="multipart/form-data")
        assert answer.status_code == 200
        found: dict[str, Any] = answer.get_json()
        return found

    return sent


def geojson(*shapes: shapely.Geometry, names: tuple[str, ...] = ()) -> bytes:
    features = [
        {"type": "Feature", "properties": {"namn": name}, "geometry": json.loads(web_text(shape))}
        for shape, name in zip(shapes, names or tuple(f"Del {n}" for n, _ in enumerate(shapes, 1)), strict=True)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def written(path: Path, shapes: list[shapely.Geometry], kind: str, **options: Any) -> bytes:
    names = np.array([f"Del {number}" for number, _ in enumerate(shapes, 1)], dtype=object)
    wkb = np.array([shapely.to_wkb(shape) for shape in shapes], dtype=object)
    defaults = {"crs": "EPSG:3011", "geometry_type": kind, "fields": ["namn"], "field_data": [names]}
    pyogrio.raw.write(path, wkb, **defaults | options)
    return path.read_bytes()


def shape_of(answer: dict[str, Any]) -> shapely.Geometry:
    assert answer["status"] == "ok", answer
    return reproject_one(shapely.from_geojson(json.dumps(answer["geometry"])), WEB_SRID, STORAGE_SRID)


def test_a_file_of_one_shape_is_taken(send: Callable[..., dict[str, Any]]) -> None:
    answer = send(geojson(AREA), "yta.geojson")
    assert shapely.equals_exact(shape_of(answer), AREA, 1e-3)
    assert answer["text"] == "Del 1, 4 ha."


def test_of_several_features_one_or_all_are_chosen(send: Callable[..., dict[str, Any]]) -> None:
    content = geojson(AREA, ROAD, RINKEBY, names=("Torget", "Gatan", "Hållplatsen"))
    asked = send(content, "flera.geojson")
    assert asked["text"].startswith("3 former i filen kan användas. Vilken ska det vara?")
    assert [one["label"] for one in asked["choices"]] == [
        "Alla 3 tillsammans", "1. Torget, 4 ha", "2. Gatan, 602 m", "3. Hållplatsen, 1 punkt",
    ]  # fmt: skip
    one = send(content, "flera.geojson", **asked["choices"][2]["send"])
    assert shapely.equals_exact(shape_of(one), ROAD, 1e-3)
    whole = shape_of(send(content, "flera.geojson", **asked["choices"][0]["send"]))
    assert [part.geom_type for part in whole.geoms] == ["Point", "LineString", "Polygon"]


def test_features_of_one_kind_become_one_multi_geometry(send: Callable[..., dict[str, Any]]) -> None:
    content = geojson(AREA, square(146_300, 6_585_700, 50))
    assert shape_of(send(content, "ytor.geojson", feature="alla")).geom_type == "MultiPolygon"


def test_case_23_the_layer_is_asked_for(send: Callable[..., dict[str, Any]], shared_data: Path) -> None:
    content = (shared_data / "edge" / "flerlager_3011_Z.gpkg").read_bytes()
    asked = send(content, "flerlager.gpkg")
    assert asked["text"] == "Filen har flera lager. Vilket ska läsas?"
    assert len(asked["choices"]) > 1
    answer = send(content, "flerlager.gpkg", **asked["choices"][0]["send"])
    assert answer["status"] in ("ok", "ask")
    assert "flera lager" not in answer["text"]


def test_case_14_heights_are_dropped_with_a_note(send: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    high = shapely.force_3d(ROAD, 12.5)
    answer = send(written(tmp_path / "hojd.gpkg", [high], "LineString Z"), "höjd.gpkg")
    assert "Höjder (Z) i filen tas inte med." in answer["text"]
    assert not shapely.has_z(shape_of(answer))


@pytest.mark.parametrize(("name", "driver"), [("v.gml", "GML"), ("v.fgb", "FlatGeobuf"), ("v.kml", "KML")])
def test_other_kinds_of_file_are_read(
    send: Callable[..., dict[str, Any]], tmp_path: Path, name: str, driver: str
) -> None:
    if driver == "KML":
        degrees = reproject_one(ROAD, STORAGE_SRID, WEB_SRID)
        content = written(tmp_path / name, [degrees], "LineString", driver=driver, crs="EPSG:4326")
    else:
        content = written(tmp_path / name, [ROAD], "LineString", driver=driver)
    assert shapely.hausdorff_distance(shape_of(send(content, name)), ROAD) < 0.1


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_a_drawing_without_a_system_is_recognised_or_asked_about(
    send: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    known = written(tmp_path / "v.dxf", [ROAD], "LineString", driver="DXF", crs=None, fields=[], field_data=[])
    assert shapely.hausdorff_distance(shape_of(send(known, "v.dxf")), ROAD) < 1e-3
    far = shapely.transform(ROAD, lambda xy: xy - [140_000, 6_500_000])
    local = written(tmp_path / "lokal.dxf", [far], "LineString", driver="DXF", crs=None, fields=[], field_data=[])
    asked = send(local, "lokal.dxf")
    assert asked["text"].startswith("Filen anger inget koordinatsystem")
    assert asked["choices"][0] == {"label": "SWEREF 99 18 00 (EPSG:3011)", "send": {"srid": "3011"}}
    refused = send(local, "lokal.dxf", srid="3011")
    assert refused["status"] == "error"
    assert "långt utanför Stockholm" in refused["text"]


def test_case_7_a_shapefile_without_prj_is_recognised(send: Callable[..., dict[str, Any]], shared_data: Path) -> None:
    content = (shared_data / "edge" / "stadsdelar_3006_noprj_nocpg_infolder.zip").read_bytes()
    answer = send(content, "stadsdelar.zip")
    assert answer["status"] == "ask"
    assert "SWEREF 99 TM" in answer["text"]


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "tom.geojson", "är tom"),
        (b"\x00\x01\x02", "skadad.gpkg", "."),
        (b"namn;kod\nA;1\n", "tabell.csv", "inga former"),
        (b'{"type":"FeatureCollection","features":[]}', "inget.geojson", "."),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(
    send: Callable[..., dict[str, Any]], content: bytes, name: str, reason: str
) -> None:
    answer = send(content, name)
    assert answer["status"] == "error"
    assert reason in answer["text"]


def test_case_10_a_bow_tie_in_a_file_is_refused_with_the_crossing(send: Callable[..., dict[str, Any]]) -> None:
    corners = [(145_900, 6_585_700), (146_100, 6_585_900), (146_100, 6_585_700), (145_900, 6_585_900)]
    bow_tie = shapely.Polygon(corners)
    alone = send(geojson(bow_tie), "rosett.geojson")
    assert alone["status"] == "error"
    assert "Gränsen korsar sig själv vid N 6585800, E 146000" in alone["text"]
    asked = send(geojson(bow_tie, AREA), "två.geojson")
    assert asked["status"] == "ask"
    assert "En kan inte användas. Nr 1: Gränsen korsar sig själv" in asked["text"]
    assert [one["label"] for one in asked["choices"]] == ["2. Del 2, 4 ha"]


def test_a_shape_of_too_many_corners_is_refused(
    send: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.imports.shape_views.MAX_VERTICES", 4)
    answer = send(geojson(AREA), "yta.geojson")
    assert answer == {"status": "error", "text": "Formen har 5 hörn; högst 4 tas emot. Förenkla den först."}


def test_without_a_file_one_is_asked_for(session: Session, sign_in: SignIn) -> None:
    answer = sign_in(Role.MANAGER).post("/projekt/form-ur-fil", data={})
    assert answer.get_json() == {"status": "error", "text": "Välj en fil."}
