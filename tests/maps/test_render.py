"""The folium map in parts: every asset is ours, everything inline carries the nonce, nothing is left to chance."""

from __future__ import annotations

import re

import folium
import folium.plugins
import pytest

from config import ROOT
from tracker.maps.render import LEFT_OUT, VENDORED, cut, page_map, vendored


def test_every_asset_is_a_file_of_ours() -> None:
    parts = page_map()
    assert parts.stylesheets == ("vendor/leaflet/leaflet.css",)
    assert parts.scripts == ("vendor/leaflet/leaflet.js",)
    for path in VENDORED.values():
        assert (ROOT / "static" / path).is_file()


def test_no_outside_address_is_left() -> None:
    parts = page_map()
    for text in (parts.head, parts.body, parts.script):
        assert "//" not in text
    assert "<iframe" not in parts.body
    assert "style=" not in parts.body


def test_everything_inline_carries_the_nonce_of_this_answer() -> None:
    head = page_map().head_with("abc123")
    opened = re.findall(r"<(?:script|style)\b[^>]*>", head)
    assert len(opened) == 2
    assert all('nonce="abc123"' in tag for tag in opened)
    assert "def456" in page_map().head_with("def456")
    assert "abc123" not in page_map().head_with("def456")


def test_nothing_that_takes_over_the_whole_page_is_left() -> None:
    head = page_map().head
    assert "<meta" not in head
    assert "html, body" not in head
    assert "user-scalable" not in head


def test_unknown_asset_raises() -> None:
    city = folium.Map(tiles=None)
    folium.plugins.MousePosition().add_to(city)  # type: ignore[no-untyped-call]
    with pytest.raises(LookupError, match="MousePosition"):
        cut(city)


def test_left_out_assets_are_none_and_queries_ignored() -> None:
    assert vendored("https://example.org/jquery-3.7.1.min.js") is None
    assert vendored("https://example.org/leaflet.js?v=1") == "vendor/leaflet/leaflet.js"
    assert not LEFT_OUT & VENDORED.keys()


def test_the_script_calls_our_module_in_order() -> None:
    calls = re.findall(r"const made_by_(\w+) = (\w+)\(map_portfolj,", page_map().script)
    assert [name for name, _ in calls] == ["frameMap", "areaOutlines", "projectLayer", "startPage"]
    assert all(name == function for name, function in calls)
    assert '"outlines": made_by_areaOutlines' in page_map().script
