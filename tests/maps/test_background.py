"""Backgrounds as the server writes them: folium's own output holds no markup of a setting's, and knows its system."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.maps.hostile import HOSTILE_NAMES
from tracker.maps.backgrounds import Background, backgrounds_of
from tracker.maps.render import page_map
from tracker.web.background_settings import BACKGROUND_DEFAULTS

TILES = "https://kartor.example/{z}/{x}/{y}.png"


def background(**said: Any) -> Background:
    given = BACKGROUND_DEFAULTS | {"attribution": "© Staden", "origin": "https://kartor.example"} | said
    (made,) = backgrounds_of({"MAP_BACKGROUNDS": (given,)})
    return made


def test_without_a_background_the_map_asks_for_no_tiles() -> None:
    parts = page_map()
    assert "tileLayer" not in parts.script
    assert "crs: L.CRS.EPSG3857" in parts.script
    assert not any("proj4" in path for path in parts.scripts)


def test_tiles_are_laid_out_but_not_shown_before_the_page_says_so() -> None:
    script = page_map((background(url=TILES, opacity=45),)).script
    assert f'L.tileLayer(\n                "{TILES}"' in script
    assert '"opacity": 0.45' in script
    assert "addTo" not in script
    assert re.search(r'"codes": \[\s*"bakgrundskarta",\s*\]', script)
    assert '"backgrounds": made_by_mapBackgrounds' in script


def test_a_wms_in_the_citys_system_makes_the_map_one() -> None:
    parts = page_map((background(wms="https://kartor.example/wms", layers="a,b", crs="EPSG:3011"),))
    assert "crs: L.CRS.EPSG3011" in parts.script
    assert re.search(r'"northFirst": \[\s*true,\s*\]', parts.script)
    # The projection after Leaflet, which it adds itself to.
    assert parts.scripts == (
        "vendor/leaflet/leaflet.js",
        "vendor/proj4/proj4.js",
        "vendor/proj4leaflet/proj4leaflet.js",
    )


@pytest.mark.parametrize(
    ("version", "crs", "expected"),
    [("1.3.0", "EPSG:3011", True), ("1.1.1", "EPSG:3011", False), ("1.3.0", "EPSG:3857", False)],
)
def test_northing_stands_first_only_where_epsg_and_version_say_so(version: str, crs: str, expected: bool) -> None:
    made = background(wms="https://kartor.example/wms", layers="a", version=version, crs=crs)
    assert made.north_first is expected


def test_the_name_in_an_address_is_plain() -> None:
    assert background(url=TILES, name="Översiktskarta, grå").code == "oversiktskarta-gra"
    assert background(url=TILES, name="地図").code == "bakgrund"


@pytest.mark.parametrize("what", [what for what in HOSTILE_NAMES if what != "template"])
def test_case_45_hostile_settings_are_inert_in_foliums_script(what: str) -> None:
    """But for templates, which folium's own machinery would run: config.py refuses those."""
    text = HOSTILE_NAMES[what]
    tiles = background(url=f"https://kartor.example/{{z}}/{{x}}/{{y}}?{text}", attribution=text, name=text)
    wms = background(wms=f"https://kartor.example/?{text}", layers=text, attribution=text)
    for made in (tiles, wms):
        script = page_map((made,)).script
        assert "</script" not in script.lower()
        assert "<!--" not in script
        for literal in re.findall(r'"attribution": ("(?:[^"\\]|\\.)*")', script):
            # What Leaflet will write as HTML: no tag can begin in it.
            assert "<" not in json.loads(literal)
