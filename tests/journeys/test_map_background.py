"""Backgrounds under the map: a WMS is asked for the right place, and nothing comes from anywhere else."""

from __future__ import annotations

import base64
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from pyproj import Transformer
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from config import from_environment
from tests.apps import close_app, make_settings
from tests.journeys.conftest import serious_findings
from tests.journeys.test_map import open_map
from tests.maps.conftest import Write
from tests.maps.conftest import write as write  # a fixture for these tests as well
from tests.maps.projects import RINKEBY, put_three
from tracker.app import create_app

pytestmark = pytest.mark.browser
STADSHUSET = (153_114.0, 6_579_153.0)
"""EPSG:3011, easting and northing."""
STADSHUSET_WEB = (2_009_840.0, 8_251_511.1)
"""EPSG:3857."""

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg=="
)
CENTRE = "#13/59.32745/18.05476"
"""Stadshuset in the middle of the map."""


@dataclass
class MapServer:
    """A map server of the test's own that draws nothing and remembers what it was asked for."""

    address: str = ""
    asked: list[str] = field(default_factory=list)
    status: int = 200

    def __call__(self, environ: dict[str, object], start_response: Callable[..., object]) -> object:
        request = Request(environ)
        self.asked.append(request.full_path)
        response = Response(PICTURE if self.status == 200 else b"", status=self.status, mimetype="image/png")
        return response(environ, start_response)  # type: ignore[arg-type]

    def boxes(self) -> list[tuple[float, ...]]:
        asked = [parse_qs(urlsplit(one.lower()).query) for one in self.asked]
        return [tuple(map(float, one["bbox"][0].split(","))) for one in asked]


def tiles(server: str) -> dict[str, str]:
    return {"MAP_BACKGROUND_URL": f"{server}/{{z}}/{{x}}/{{y}}.png"}


def wms(crs: str, version: str) -> Callable[[str], dict[str, str]]:
    return lambda server: {
        "MAP_BACKGROUND_WMS": f"{server}/wms?karta=stad",
        "MAP_BACKGROUND_LAYERS": "stadskarta,namn",
        "MAP_BACKGROUND_CRS": crs,
        "MAP_BACKGROUND_VERSION": version,
    }


@pytest.fixture
def map_server() -> Iterator[MapServer]:
    made = MapServer()
    server = make_server("127.0.0.1", 0, made, threaded=True)  # type: ignore[arg-type]
    made.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def kind() -> Callable[[str], dict[str, str]]:
    """The environment that a server's address makes; a test may ask for another."""
    return tiles


@pytest.fixture
def app(
    database_url: str, tmp_path: Path, map_server: MapServer, kind: Callable[[str], dict[str, str]]
) -> Iterator[Flask]:
    """The application with a background from the test's own map server."""
    env = {"SECRET_KEY": "only-for-the-tests", "MAP_BACKGROUND_ATTRIBUTION": "© Staden <b>"}
    given = from_environment(env | kind(map_server.address))["MAP_BACKGROUNDS"]
    app = create_app(make_settings(database_url, tmp_path, MAP_BACKGROUNDS=given))
    yield app
    close_app(app)


@pytest.fixture
def mapped(page: Page, map_server: MapServer, complaints: list[str]) -> Iterator[Page]:
    """The page; what it asked the test's own map server for is no complaint."""
    yield page
    outside = f"outside request: {map_server.address}/"
    complaints[:] = [one for one in complaints if not one.startswith(outside)]


def holds(box: tuple[float, ...], first: float, second: float) -> bool:
    return box[0] <= first <= box[2] and box[1] <= second <= box[3]


def fetched(page: Page) -> None:
    expect(page.locator(".map-background .leaflet-tile-loaded").nth(5)).to_be_attached()


@pytest.mark.parametrize("kind", [wms("EPSG:3011", "1.3.0"), wms("EPSG:3011", "1.1.1")], ids=["1.3.0", "1.1.1"])
def test_a_wms_in_the_citys_own_system_is_asked_for_the_right_place(
    write: Write, mapped: Page, map_server: MapServer
) -> None:
    write(put_three)
    open_map(mapped, f"/karta{CENTRE}")
    fetched(mapped)
    asked = parse_qs(urlsplit(map_server.asked[-1].lower()).query)
    north_first = asked["version"] == ["1.3.0"]
    assert asked["crs" if north_first else "srs"] == ["epsg:3011"]
    assert asked["layers"] == ["stadskarta,namn"]
    assert asked["karta"] == ["stad"]
    east, north = STADSHUSET
    corner = (north, east) if north_first else (east, north)
    there = [box for box in map_server.boxes() if holds(box, *corner)]
    assert there
    # 256 pixels at zoom 13 here, as on the usual web map.
    assert {round(box[2] - box[0]) for box in there} == {2495}
    # The picture that holds it lies where the map says that it is: in the middle of the frame.
    frame = mapped.locator("#karta").bounding_box()
    assert frame
    middle = (frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2)
    found = mapped.evaluate(UNDER, list(middle))
    assert holds(box_of(found), *corner)


UNDER = """([x, y]) => [...document.querySelectorAll('.map-background img')].find((one) => {
  const box = one.getBoundingClientRect();
  return box.left <= x && x < box.right && box.top <= y && y < box.bottom;
}).src"""


def box_of(address: str) -> tuple[float, ...]:
    return tuple(map(float, parse_qs(urlsplit(address.lower()).query)["bbox"][0].split(",")))


@pytest.mark.parametrize("kind", [wms("EPSG:3857", "1.3.0")], ids=["web"])
def test_a_wms_in_the_webs_system(write: Write, mapped: Page, map_server: MapServer) -> None:
    write(put_three)
    open_map(mapped, f"/karta{CENTRE}")
    fetched(mapped)
    assert any(holds(box, *STADSHUSET_WEB) for box in map_server.boxes())


@pytest.mark.parametrize("kind", [tiles, wms("EPSG:3011", "1.3.0")], ids=["web", "3011"])
def test_projects_lie_where_the_background_has_them(write: Write, mapped: Page, map_server: MapServer) -> None:
    write(put_three)
    lon, lat = Transformer.from_crs(3011, 4326, always_xy=True).transform(*RINKEBY)
    open_map(mapped, f"/karta#14/{lat:.5f}/{lon:.5f}")
    mapped.locator("#karta").click()  # its middle
    expect(mapped.get_by_role("dialog", name="Äppelgården")).to_be_visible()
    expect(mapped.locator("#karta .leaflet-control-scale-line")).to_have_text(re.compile("^(300|500) m$"))


def test_the_switch_and_the_address(write: Write, mapped: Page, map_server: MapServer) -> None:
    write(put_three)
    open_map(mapped)
    fetched(mapped)
    expect(mapped.locator(".leaflet-control-attribution")).to_have_text("© Staden <b>")
    assert "bakgrund" not in mapped.url
    mapped.get_by_label("Bakgrund").select_option("Ingen")
    expect(mapped).to_have_url(re.compile(r"#[\d.]+/[\d.]+/[\d.]+//ingen$"))
    expect(mapped.locator(".map-background")).to_have_count(0)
    map_server.asked.clear()
    mapped.reload()
    expect(mapped.locator("#karta")).to_have_attribute("data-state", "klar")
    expect(mapped.get_by_label("Bakgrund")).to_have_value("ingen")
    assert map_server.asked == []
    assert serious_findings(mapped) == []


def test_pictures_that_fail_are_said_quietly_and_tried_again(
    write: Write, mapped: Page, map_server: MapServer, complaints: list[str]
) -> None:
    write(put_three)
    map_server.status = 500
    open_map(mapped)
    note = mapped.locator("[data-background-note]")
    expect(note).to_contain_text("Bakgrunden gick inte att hämta; projekt och områden visas ändå.")
    # Given up: until then a picture that is asked for again can come from a question that is still being refused.
    expect(mapped.locator(".map-background")).to_have_count(0)
    map_server.status = 200
    note.get_by_role("button", name="Försök igen").click()
    fetched(mapped)
    expect(note).to_be_hidden()
    complaints[:] = [one for one in complaints if "500" not in one]


def test_the_policy_allows_pictures_from_there_and_nothing_else(app: Flask, map_server: MapServer) -> None:
    policy = app.test_client().get("/karta").headers["Content-Security-Policy"]
    said = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert said["img-src"] == f"'self' data: {map_server.address}"
    assert map_server.address not in "".join(value for name, value in said.items() if name != "img-src")
