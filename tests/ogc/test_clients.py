"""The programs that people use, against a running server: OWSLib, GDAL and QGIS load, count, filter and move."""

from __future__ import annotations

import json
import os
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from owslib.ogcapi.features import Features
from werkzeug.serving import make_server

from tests.ogc.conftest import LOCATED, Write, put_all
from tests.programs import SYSTEM_PYTHON, need_program, need_qgis

NEAR_METRES = 0.2
QGIS = """
import json, sys
from qgis.core import (QgsApplication, QgsVectorLayer, QgsFeatureRequest, QgsCoordinateTransform, QgsProject,
                       QgsCoordinateReferenceSystem, QgsRectangle, Qgis)
QgsApplication.setPrefixPath("/usr", True)
app = QgsApplication([], False)
app.initQgis()
layer = QgsVectorLayer(f"url='{sys.argv[1]}/ogc' typename='projects'", "projekt", "OAPIF")
told = {"version": Qgis.QGIS_VERSION, "valid": layer.isValid(), "crs": layer.crs().authid(),
        "all": sorted(one["code"] for one in layer.getFeatures()), "count": layer.featureCount()}
request = QgsFeatureRequest().setFilterExpression("\\"kind\\" = 'trafik'")
told["filtered"] = sorted(one["code"] for one in layer.getFeatures(request))
request = QgsFeatureRequest().setFilterRect(QgsRectangle(17.92, 59.38, 17.94, 59.39))
told["in_box"] = sorted(one["code"] for one in layer.getFeatures(request))
move = QgsCoordinateTransform(layer.crs(), QgsCoordinateReferenceSystem("EPSG:3011"), QgsProject.instance())
request = QgsFeatureRequest().setFilterExpression("\\"code\\" = 'P-1'")
point = move.transform(next(layer.getFeatures(request)).geometry().asPoint())
told["moved"] = [point.x(), point.y()]
areas = QgsVectorLayer(f"url='{sys.argv[1]}/ogc' typename='areas-1999'", "areas", "OAPIF")
told["areas"] = len(list(areas.getFeatures()))
print("TOLD " + json.dumps(told))
del layer, areas
app.exitQgis()
"""


@pytest.fixture
def server(app: Flask, write: Write) -> Iterator[str]:
    """The address of a running server with the small register."""
    write(put_all)
    app.config["COMPRESS_STREAMS"] = False
    made = make_server("127.0.0.1", 0, app, threaded=True)
    made.daemon_threads = False  # type: ignore[attr-defined]
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()
    thread.join()
    made.server_close()


def test_owslib_reads_the_service(server: str) -> None:
    service = Features(f"{server}/ogc")
    assert service.conformance()["conformsTo"]
    assert service.api()["openapi"] == "3.0.3"
    assert {"projects", "areas-1999"} <= set(service.feature_collections())
    assert service.collection("projects")["storageCrs"].endswith("/3011")
    assert "kind" in service.collection_queryables("projects")["properties"]
    assert [one["id"] for one in service.collection_items("projects", limit=3)["features"]] == LOCATED[:3]
    found = service.collection_items("projects", filter="kind = 'trafik'", limit=10)
    assert (found["numberMatched"], [one["id"] for one in found["features"]]) == (2, ["L-1", "T-1"])
    assert len(service.collection_items("projects", bbox=[17.92, 59.38, 17.94, 59.39])["features"]) == 4
    assert service.collection_item("projects", "P-1")["properties"]["name"] == "Åtta torg"


def run(*words: str) -> str:
    """What a program of GDAL's says."""
    need_program(words[0])
    done = subprocess.run(words, capture_output=True, text=True, check=False, env={**os.environ, "no_proxy": "*"})
    assert done.returncode == 0, done.stderr
    assert "ERROR" not in done.stderr, done.stderr
    return done.stdout


def read(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_bytes())["features"]
    return found


def test_gdal_counts_filters_and_moves(server: str, tmp_path: Path) -> None:
    source = f"OAPIF:{server}/ogc"
    told = run("ogrinfo", "-ro", "-so", source, "projects")
    assert "Feature Count: 9" in told
    assert "areas: StringList" in told
    filtered = run("ogrinfo", "-ro", "-so", source, "projects", "-where", "kind = 'trafik'")
    assert "Feature Count: 2" in filtered
    assert "Feature Count: 4" in run(
        "ogrinfo", "-ro", "-so", source, "projects", "-spat", "17.92", "59.38", "17.94", "59.39"
    )
    out = tmp_path / "out.json"
    run("ogr2ogr", "-f", "GeoJSON", "-lco", "RFC7946=NO", "-t_srs", "EPSG:3011", "-where", "code = 'P-1'", str(out),
        source, "projects")  # fmt: skip
    (one,) = read(out)
    assert one["geometry"]["coordinates"] == pytest.approx([145_850.0, 6_585_890.0], abs=NEAR_METRES)
    assert one["properties"]["name"] == "Åtta torg"


def test_gdal_follows_the_pages(server: str, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    source = f"OAPIF:{server}/ogc"
    run("ogr2ogr", "-f", "GeoJSON", "-oo", "PAGE_SIZE=2", str(out), source, "projects")
    assert sorted(one["properties"]["code"] for one in read(out)) == LOCATED
    with urllib.request.urlopen(f"{server}/ogc/collections/areas-stadsdelar/items?limit=1") as answer:  # noqa: S310 - ours
        areas = json.load(answer)["numberMatched"]
    assert areas > 100
    assert f"Feature Count: {areas}" in run("ogrinfo", "-ro", "-so", source, "areas-stadsdelar")


def test_qgis_loads_counts_filters_and_moves(server: str, tmp_path: Path) -> None:
    script = tmp_path / "in_qgis.py"
    script.write_text(QGIS, encoding="utf-8")
    settings = {
        "PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen", "LANG": "C.UTF-8",
        "no_proxy": "*", "XDG_RUNTIME_DIR": str(tmp_path),
    }  # fmt: skip
    need_qgis()
    done = subprocess.run(
        [SYSTEM_PYTHON, str(script), server], env=settings, capture_output=True, text=True, check=False, timeout=300
    )
    assert "TOLD " in done.stdout, done.stderr[-2_000:]
    told = json.loads(done.stdout.split("TOLD ", 1)[1].splitlines()[0])
    assert told["valid"]
    assert told["crs"] in ("OGC:CRS84", "EPSG:4326")
    assert (told["all"], told["count"]) == (LOCATED, 9)
    assert told["filtered"] == ["L-1", "T-1"]
    assert told["in_box"] == ["B-1", "P-1", "P-2", "S-1"]
    assert told["moved"] == pytest.approx([145_850.0, 6_585_890.0], abs=NEAR_METRES)
    assert told["areas"] > 10
