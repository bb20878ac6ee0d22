"""The city's own tools on our files: GDAL's programs, and QGIS without a screen. Neither may have a remark."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from tests.programs import SYSTEM_PYTHON, need_program, need_qgis

READER = Path(__file__).with_name("qgis_reading.py")


def run(*words: str | Path, zone: str = "UTC") -> str:
    """What a program says, in a time zone; it must not warn."""
    need_program(str(words[0]))
    done = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, check=True, env=_environment(zone)
    )
    assert done.stderr == ""
    return done.stdout


def _environment(zone: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "QT_QPA_PLATFORM": "offscreen", "TZ": zone}


def summary(path: Path | str) -> str:
    """`ogrinfo` of every layer, without the features."""
    return run("ogrinfo", "-ro", "-so", "-al", path)


def features(path: Path | str, layer: str = "", zone: str = "UTC") -> list[dict[str, Any]]:
    """The features of a layer as ogr2ogr reads them."""
    words = ["ogr2ogr", "-f", "GeoJSON", "/vsistdout/", path, *([layer] if layer else [])]
    found: list[dict[str, Any]] = json.loads(run(*words, zone=zone))["features"]
    return found


def qgis(*paths: Path | str, zone: str = "UTC") -> list[dict[str, Any]]:
    """What QGIS says of each source: see qgis_reading.py."""
    need_qgis()
    done = subprocess.run(
        [SYSTEM_PYTHON, str(READER), *map(str, paths)],
        capture_output=True, text=True, check=True, env=_environment(zone),
    )  # fmt: skip
    found: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return found
