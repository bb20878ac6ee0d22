"""/karta/data over HTTP: the media type, caching, refusals."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from tests.maps.conftest import Write
from tests.maps.projects import put_three
from tracker.accounts.roles import Role


def test_anybody_gets_geojson(write: Write, client: FlaskClient) -> None:
    write(put_three)
    answer = client.get("/karta/data?kind=bostad&kind=trafik")
    assert answer.status_code == 200
    assert answer.mimetype == "application/geo+json"
    assert {feature["id"] for feature in answer.get_json()["features"]} == {"T-1", "B-1"}
    assert answer.cache_control.public
    assert answer.cache_control.no_cache


def test_unchanged_is_304_and_a_change_is_seen(write: Write, client: FlaskClient) -> None:
    write(put_three)
    first = client.get("/karta/data", headers={"Accept-Encoding": "gzip"})
    mark = {"If-None-Match": first.headers["ETag"], "Accept-Encoding": "gzip"}
    again = client.get("/karta/data", headers=mark)
    assert again.status_code == 304
    assert again.data == b""
    assert client.get("/karta/data?kind=trafik", headers=mark).status_code == 200
    plain = client.get("/karta/data")
    assert client.get("/karta/data", headers={"If-None-Match": plain.headers["ETag"]}).status_code == 304


def test_a_signed_in_answer_is_private(sign_in: Callable[[Role], FlaskClient]) -> None:
    answer = sign_in(Role.READER).get("/karta/data")
    assert answer.cache_control.private
    assert not answer.cache_control.public


def test_a_bad_address_is_refused_in_words(client: FlaskClient) -> None:
    for query, status, words in [
        ("bbox=1,2,3", 400, "bbox ska vara fyra tal"),
        ("bbox=18,59,17,60", 400, "minlon < maxlon"),
        ("zoom=hej", 400, "zoom ska vara ett heltal"),
        ("areas=1492&area=x", 404, "1492"),
    ]:
        answer = client.get(f"/karta/data?{query}")
        assert answer.status_code == status
        assert answer.mimetype == "application/problem+json"
        assert words in answer.get_json(force=True)["detail"]
