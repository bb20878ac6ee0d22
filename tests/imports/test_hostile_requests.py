"""Shapes and questions made to harm, sent as text: each is an answer of the kind 4xx, none ends the process.

GEOS reads a collection within a collection by calling itself; before the brackets were counted, one request of a
megabyte ended the worker and all that it was doing.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import orjson
import pytest
import shapely
from flask.testing import FlaskClient
from wtforms import ValidationError

from tracker.accounts.roles import Role
from tracker.errors import RefusedFileError
from tracker.geo.nesting import MOST_LEVELS, is_too_deep
from tracker.imports.indicator_views import _sent_rows
from tracker.projects.pasting import read_pasted
from tracker.projects.shape_texts import TextError, read_text_shape
from tracker.sandbox import calling
from tracker.web.forms import read_web_text

SignIn = Callable[[Role], FlaskClient]
DEEP = 100_000
DEEP_JSON = (
    '{"type":"GeometryCollection","geometries":[' * DEEP + '{"type":"Point","coordinates":[18,59]}' + "]}" * DEEP
)
DEEP_WKT = "GEOMETRYCOLLECTION(" * DEEP + "POINT(153112 6579142)" + ")" * DEEP
DEEP_LISTS = '{"type":"Polygon","coordinates":' + "[" * DEEP + "]" * DEEP + "}"


@pytest.mark.parametrize(
    "text", [DEEP_JSON, DEEP_LISTS, "[" * DEEP, '{"a":' * DEEP], ids=["samlingar", "listor", "a", "b"]
)
def test_a_drawn_shape_without_bottom(text: str) -> None:
    with pytest.raises(ValidationError, match="för många nivåer"):
        read_web_text(text)


@pytest.mark.parametrize(
    "text",
    [
        '{"type":"Point","coordinates":[1e308,1e308]}', '{"type":"Point","coordinates":[NaN,1]}',
        '{"type":"Point","coordinates":[1e999,1]}', '{"type":"Point"}', '{"type":"Point","coordinates":[]}',
        '{"type":"Polygon","coordinates":[[[0,0],[1,1]]]}', "null", "[]", '""', "{", "\x00", '{"type":[]}',
        '{"type":"Point","coordinates":["a","b"]}', '{"type":"MultiPoint","coordinates":[[18,59],[1e308,-1e308]]}',
    ],
)  # fmt: skip
def test_a_drawn_shape_that_is_none(sign_in: SignIn, text: str) -> None:
    client = sign_in(Role.MANAGER)
    answer = client.post("/projekt/ny", data={"code": "X-1", "name": "x", "main_kind": "bostad", "geometry": text})
    assert answer.status_code == 422
    sent = b'{"geometry":' + text.encode() + b"}"
    assert client.post("/projekt/ligger-i", data=sent, content_type="application/json").status_code in (200, 400)


def test_the_form_answers_a_shape_without_bottom(sign_in: SignIn) -> None:
    client = sign_in(Role.MANAGER)
    data = {"code": "X-1", "name": "x", "main_kind": "bostad", "geometry": DEEP_JSON}
    answer = client.post("/projekt/ny", data=data)
    assert answer.status_code == 422
    assert "för många nivåer" in answer.text


@pytest.mark.parametrize("text", [DEEP_JSON, DEEP_WKT, DEEP_LISTS], ids=["geojson", "wkt", "listor"])
def test_a_pasted_shape_without_bottom(sign_in: SignIn, text: str) -> None:
    with pytest.raises(TextError, match="för många nivåer"):
        read_text_shape(text)
    answer = sign_in(Role.MANAGER).post("/projekt/koordinater", json={"text": text})
    assert answer.status_code < 500


@pytest.mark.parametrize(
    "text",
    [
        f"SRID={'9' * 5000};POINT(1 2)", "1 " * 500_000, "1," * 500_000, "9" * 1_000_000 + " 1", "N" * 1_000_000,
        '{"type":"Point","coordinates":[18,59],"crs":{"properties":{"name":"EPSG:' + "9" * 5000 + '"}}}',
    ],
    ids=["srid", "ord", "komman", "siffror", "bokstaver", "crs"],
)  # fmt: skip
def test_pasted_lines_without_end(sign_in: SignIn, text: str) -> None:
    answer = sign_in(Role.MANAGER).post("/projekt/koordinater", json={"text": text})
    assert answer.status_code < 500


KML = '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}</Document></kml>'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (KML.format("<Folder>" * DEEP + "</Folder>" * DEEP), "KML-texten"),
        ('<!DOCTYPE kml [<!ENTITY a "ha">]>' + KML.format("&a;"), "DOCTYPE"),
        (KML.format("<Placemark><Point><coordinates>1e999,x</coordinates></Point></Placemark>"), "KML|koord|Stockholm"),
        ("<OGRVRTDataSource/>", "KML-texten"),
        (KML.format(f"<Placemark>{'<MultiGeometry>' * 5000}{'</MultiGeometry>' * 5000}</Placemark>"), "KML|koord"),
    ],
)  # fmt: skip
def test_pasted_kml_is_read_in_a_child(text: str, reason: str) -> None:
    with pytest.raises(TextError, match=reason):
        read_pasted(text)


def test_pasted_kml_still_is_a_shape() -> None:
    text = KML.format("<Placemark><Point><coordinates>18.05,59.33,5</coordinates></Point></Placemark>")
    pasted = read_pasted(text)
    assert pasted.written == shapely.Point(18.05, 59.33)
    assert calling._forker._process is not None


@pytest.mark.parametrize("levels", [1, MOST_LEVELS, MOST_LEVELS + 1, 5000])
@pytest.mark.parametrize("pair", ["()", "[]", "{}"])
def test_levels_are_counted(levels: int, pair: str) -> None:
    assert is_too_deep(pair[0] * levels + "å" + pair[1] * levels) == (levels > MOST_LEVELS)
    assert not is_too_deep(pair * 10_000)


LONG = "x" * 60_000
HOSTILE = [
    LONG,
    " " * 60_000,
    "(" * 60_000,
    "'" * 59_999,
    "\x00",
    "a\x00b",
    "%" * 60_000,
    "\\" * 60_000,
    "\ufffe",
    "é" * 30_000,
]
PAGES = [
    "/projekt?q=",
    "/karta?q=",
    "/karta/data?q=",
    "/karta/lista?q=",
    "/karta/sok?q=",
    "/omraden/sok?q=",
    "/insatser?q=",
]


@pytest.mark.parametrize("page", PAGES)
def test_a_search_for_anything_is_answered(client: FlaskClient, page: str) -> None:
    path, _, name = page.partition("?")
    for text in HOSTILE:
        answer = client.get(f"{path}?{urlencode({name.rstrip('='): text})}")
        assert answer.status_code in (200, 302, 400, 404, 414), (text[:20], answer.status_code)


BOXES = [
    "", ",", "1", "1,2,3", "1,2,3,4,5", "a,b,c,d", "nan,nan,nan,nan", "inf,0,0,0", "1e308,1e308,1e309,1e309",
    "-1e308,-1e308,1e308,1e308", "4,3,2,1", "1,2,3,4" + ",5" * 10_000, "9" * 5000 + ",1,2,3", "1;2;3;4", "\x00",
]  # fmt: skip


@pytest.mark.parametrize(
    "page", ["/ogc/collections/projects/items", "/karta/data", "/projekt/grannar", "/projekt/former"]
)
def test_a_box_that_is_none(sign_in: SignIn, page: str) -> None:
    client = sign_in(Role.MANAGER)
    for box in BOXES:
        answer = client.get(f"{page}?{urlencode({'bbox': box})}")
        assert answer.status_code < 500, (box[:40], answer.status_code)
        if page.startswith("/ogc") and box != "-1e308,-1e308,1e308,1e308":
            assert answer.status_code == 400, box[:40]


def test_a_body_of_the_interface_without_bottom(sign_in: SignIn) -> None:
    client = sign_in(Role.MANAGER)
    for path in ("/projekt/ligger-i", "/projekt/koordinater"):
        for data in (b"[" * DEEP, b'{"geometry":' * DEEP, DEEP_JSON.encode(), orjson.dumps({"geometry": DEEP_JSON})):
            answer = client.post(path, data=data, content_type="application/json")
            assert answer.status_code < 500


@pytest.mark.parametrize(
    "text", ["", "{", "7", "[7]", "[[1]]", "[[1e400, {}]]", "[[NaN, {}]]", "[[1, 2]]", "[" * 100_000]
)
def test_rows_of_an_indicator_that_are_none(text: str) -> None:
    with pytest.raises(RefusedFileError, match="Planen gick inte att läsa"):
        _sent_rows(text)
