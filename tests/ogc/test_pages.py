"""The service's own pages: what it is, what it conforms to, its collections, and how it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.apps import MakeApp
from tests.ogc.conftest import LOCATED, Write, put_all
from tracker.ogc.conformance import CLASSES
from tracker.ogc.crs import SUPPORTED

PAGES = ("", "/conformance", "/api", "/collections", "/collections/projects", "/collections/projects/queryables",
         "/collections/projects/sortables", "/collections/projects/items", "/collections/projects/items/B-1",
         "/collections/areas-1999/items", "/collections/projects-unlocated/items")  # fmt: skip


def links(found: Any) -> Iterator[dict[str, str]]:
    """Every link of an answer, wherever it stands."""
    if isinstance(found, dict):
        if isinstance(found.get("links"), list):
            yield from found["links"]
        for value in found.values():
            yield from links(value)
    elif isinstance(found, list):
        for value in found:
            yield from links(value)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_comes_as_json_and_as_a_page_for_people(write: Write, client: FlaskClient, page: str) -> None:
    write(put_all)
    told = client.get(f"/ogc{page}?f=json")
    assert told.status_code == 200
    assert isinstance(json.loads(told.data), dict)
    for asked in (client.get(f"/ogc{page}?f=html"), client.get(f"/ogc{page}", headers={"Accept": "text/html"})):
        assert asked.status_code == 200
        assert asked.mimetype == "text/html"
        assert "<h1>" in asked.text
        assert "<script>window.hacked" not in asked.text
    assert client.get(f"/ogc{page}", headers={"Accept": "application/json;q=0.9, text/html;q=0.1"}).is_json


def test_links_lead_to_pages_that_answer_in_the_form_they_promise(write: Write, client: FlaskClient) -> None:
    write(put_all)
    for page in PAGES:
        for one in links(json.loads(client.get(f"/ogc{page}?f=json").data)):
            if one["rel"] == "license":
                continue
            assert one["href"].startswith("http://localhost/ogc"), one
            answer = client.get(one["href"].removeprefix("http://localhost"))
            assert answer.status_code == 200, one
            assert answer.mimetype == one["type"].partition(";")[0], one


@pytest.mark.parametrize("public_url", ["", "https://karta.example.se/plan"])
def test_links_follow_the_public_address_or_the_proxy(make_app: MakeApp, public_url: str) -> None:
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "proxy.example.se"}
    base = f"{public_url}/ogc" if public_url else "https://proxy.example.se/ogc"
    browser = make_app(PUBLIC_URL=public_url, TRUSTED_PROXIES=1).test_client()
    for page in ("", "/collections", "/collections/areas-1999/items?limit=1"):
        found = [one for one in links(json.loads(browser.get(f"/ogc{page}", headers=headers).data))
                 if one["rel"] != "license"]  # fmt: skip
        assert found
        assert [one["href"] for one in found if not one["href"].startswith(base)] == []
    told = json.loads(browser.get("/ogc/api?f=json", headers=headers).data)
    assert told["servers"] == [{"url": base}]


def test_the_landing_page_says_where_everything_is(client: FlaskClient) -> None:
    found = json.loads(client.get("/ogc").data)
    rels = {one["rel"] for one in found["links"]}
    assert rels >= {"self", "alternate", "service-desc", "service-doc", "conformance", "data", "license"}
    assert json.loads(client.get("/ogc/").data)["title"] == found["title"]


def test_the_declared_classes_are_those_with_tests(client: FlaskClient) -> None:
    found = json.loads(client.get("/ogc/conformance").data)["conformsTo"]
    assert found == list(CLASSES)
    said = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    said = said.casefold()
    untested = [one for one in found if f"conf {one.split('/conf/')[1]}" not in said]
    assert untested == []


def test_the_collections_and_their_extents(write: Write, client: FlaskClient) -> None:
    """Conf core, conf crs: id, links, extent, crs, storageCrs."""
    write(put_all)
    found = {one["id"]: one for one in json.loads(client.get("/ogc/collections").data)["collections"]}
    assert list(found)[:5] == [
        "projects", "projects-points", "projects-lines", "projects-polygons", "projects-unlocated",
    ]  # fmt: skip
    assert {"areas-1999", "areas-2007", "areas-stadsdelar"} <= set(found)
    projects = found["projects"]
    assert projects["itemType"] == "feature"
    assert projects["crs"] == [one.uri for one in SUPPORTED]
    assert projects["storageCrs"] == "http://www.opengis.net/def/crs/EPSG/0/3011"
    west, south, east, north = projects["extent"]["spatial"]["bbox"][0]
    assert (17.90 < west < 17.92, 59.24 < south < 59.26, 18.08 < east < 18.11, 59.38 < north < 59.40) == (True,) * 4
    assert projects["extent"]["temporal"]["interval"] == [["2005-07-01T00:00:00Z", "2009-05-31T00:00:00Z"]]
    assert "spatial" not in found["projects-unlocated"]["extent"]


def test_what_can_be_asked_is_a_json_schema(client: FlaskClient) -> None:
    """Conf queryables."""
    answer = client.get("/ogc/collections/projects/queryables")
    assert answer.mimetype == "application/schema+json"
    schema = json.loads(answer.data)
    assert schema["$id"] == "http://localhost/ogc/collections/projects/queryables"
    assert schema["properties"]["kind"]["enum"] == ["bostad", "arbetsplats", "trafik"]
    assert schema["properties"]["geometry"]["format"] == "geometry-any"
    jsonschema.Draft201909Validator.check_schema(schema)
    assert "goals" not in json.loads(client.get("/ogc/collections/projects/sortables").data)["properties"]


def test_the_description_names_every_address_and_parameter(app: Flask, write: Write, client: FlaskClient) -> None:
    """Conf oas30."""
    write(put_all)
    answer = client.get("/ogc/api?f=json")
    assert answer.headers["Content-Type"] == "application/vnd.oai.openapi+json;version=3.0"
    told = json.loads(answer.data)
    rules = {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("ogc.")}
    assert len(rules) == 9
    assert "/collections/projects/items" in told["paths"]
    names = [one["name"] for one in told["paths"]["/collections/projects/items"]["get"]["parameters"]]
    assert {"bbox", "datetime", "limit", "crs", "filter", "sortby", "properties", "kind", "start_date"} <= set(names)


@pytest.mark.parametrize(
    ("page", "status", "word"),
    [
        ("/finns-inte", 404, "finns"),
        ("/collections/finns-inte", 404, "finns-inte"),
        ("/collections/finns-inte/items", 404, "finns-inte"),
        ("/collections/projects/items/H-1", 404, "H-1"),
        ("/collections/projects/items/U-1", 404, "U-1"),
        ("/collections/projects/items/G-1", 404, "G-1"),
        ("/collections/projects/items/B-1?limit=3", 400, "limit"),
        ("?f=xml", 400, "json eller html"),
        ("/collections?x=1", 400, "parametern finns inte"),
        ("/collections/projects/items?colour=red", 400, "colour"),
        ("/collections/projects/items?limit=3&limit=4", 400, "en gång"),
    ],
)
def test_refusals_are_problem_details_in_swedish(
    write: Write, client: FlaskClient, page: str, status: int, word: str
) -> None:
    write(put_all)
    answer = client.get(f"/ogc{page}", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    problem = json.loads(answer.data)
    assert problem["status"] == status
    assert word in problem["detail"]


def test_only_reading(client: FlaskClient) -> None:
    answer = client.post("/ogc/collections/projects/items", json={})
    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")


def test_pages_of_other_sites_may_read_it(client: FlaskClient) -> None:
    answer = client.get("/ogc")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_signed_in_reader_gets_drafts_too(
    write: Write, client: FlaskClient, sign_in: Callable[[Any], FlaskClient]
) -> None:
    from tracker.accounts.roles import Role

    write(put_all)
    address = "/ogc/collections/projects/items"
    assert [one["id"] for one in json.loads(client.get(address).data)["features"]] == LOCATED
    reader = sign_in(Role.READER).get(address)
    assert "U-1" in reader.text
    assert "H-1" not in reader.text
    assert reader.cache_control.private
    inner = sign_in(Role.CONTROLLER).get(address)
    assert "H-1" in inner.text
    assert "G-1" in inner.text
