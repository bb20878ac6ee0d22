"""By which names we are reached, whose word is taken for who asks, and HTTPS."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask, request

from config import from_environment
from tests.apps import MakeApp, make_settings
from tests.web.answers import lacks
from tracker.accounts.roles import Role
from tracker.accounts.services import create_user
from tracker.errors import ConfigurationError
from tracker.extensions import db
from tracker.web.addresses import whole_address

HOSTS = ["portfolj.staden.se", ".kontoret.staden.se", "localhost"]


def hosts(**said: str) -> object:
    return from_environment({"SECRET_KEY": "only-for-the-tests", **said})["TRUSTED_HOSTS"]


def test_whom_the_settings_trust(tmp_path: Path) -> None:
    local = ["localhost", "127.0.0.1"]
    state = {"STATE_DIR": str(tmp_path)}
    assert hosts() == local
    assert hosts(PUBLIC_URL="https://Portfolj.staden.se:8443/") == ["portfolj.staden.se", *local]
    assert hosts(TRUSTED_HOSTS="A.se .b.se", PUBLIC_URL="https://c.se") == ["a.se", ".b.se", "c.se", *local]
    assert hosts(HOST="10.0.0.5") == ["10.0.0.5", *local]
    assert hosts(HOST="0.0.0.0") == local  # noqa: S104 - a setting
    assert hosts(TRUSTED_HOSTS="*", PUBLIC_URL="https://c.se") is None
    assert hosts(APP_ENV="development", **state) is None
    assert hosts(APP_ENV="development", TRUSTED_HOSTS="a.se", **state) == ["a.se", *local]


@pytest.mark.parametrize("word", ["https://a.se", "a.se:80", "a.se/x", "*.a.se", "å.se", "a_b", "a.se,b.se"])
def test_a_name_that_is_none_is_refused_at_the_start(word: str) -> None:
    with pytest.raises(ConfigurationError, match="TRUSTED_HOSTS"):
        hosts(TRUSTED_HOSTS=word)


@pytest.mark.parametrize("host", ["elak.se", "portfolj.staden.se.elak.se", "elak.se:80", "xportfolj.staden.se", "a b",
                                  "portfolj.staden.se@elak.se", "[::1]", "x\\y", ""])  # fmt: skip
@pytest.mark.parametrize("address", ["/", "/finns-inte", "/logga-in", "/ogc", "/static/css/site.css", "/projekt//"])
def test_a_foreign_name_gets_nothing(make_app: MakeApp, host: str, address: str) -> None:
    client = make_app(TRUSTED_HOSTS=HOSTS, FORCE_HTTPS=True).test_client()
    answer = client.get(address, headers={"Host": host})
    assert answer.status_code == 400
    assert answer.mimetype == "text/plain"
    assert "TRUSTED_HOSTS" in answer.text
    assert "elak" not in f"{answer.headers}{answer.text}"
    assert lacks(None, answer) == []


@pytest.mark.parametrize("host", ["portfolj.staden.se", "portfolj.staden.se:8443", "x.kontoret.staden.se", "localhost"])
def test_our_own_names_are_answered(make_app: MakeApp, host: str) -> None:
    client = make_app(TRUSTED_HOSTS=HOSTS).test_client()
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_whoever_watches_the_machines_may_name_them_by_number(make_app: MakeApp, address: str) -> None:
    client = make_app(TRUSTED_HOSTS=HOSTS).test_client()
    answer = client.get(address, headers={"Host": "10.1.2.3:8000"})
    assert answer.status_code == 200
    assert "10.1.2.3" not in answer.text
    assert client.post(address, headers={"Host": "10.1.2.3:8000"}).status_code == 400


FORGED = {
    "X-Forwarded-For": "1.2.3.4", "X-Forwarded-Host": "elak.se", "X-Forwarded-Proto": "https", "X-Forwarded-Port": "99",
    "X-Forwarded-Prefix": "/elak", "Forwarded": "for=1.2.3.4;host=elak.se;proto=https", "X-Real-IP": "1.2.3.4",
}  # fmt: skip


def telling(app: Flask) -> Flask:
    def told() -> dict[str, str | None]:
        sent = {name: request.headers.get(name) for name in FORGED}
        return {"by": request.remote_addr, "link": whole_address("projects.overview"), "at": request.url, **sent}

    app.add_url_rule("/vem", "told", told)
    return app


def test_nobody_unasked_says_who_asks_or_where(make_app: MakeApp) -> None:
    client = telling(make_app()).test_client()
    told = client.get("/vem", headers=FORGED).get_json()
    assert (told["by"], told["link"], told["at"]) == ("127.0.0.1", "http://localhost/", "http://localhost/vem")
    assert {told[name] for name in FORGED} == {None}


def test_the_proxies_that_are_trusted_say_it(make_app: MakeApp) -> None:
    client = telling(make_app(TRUSTED_PROXIES=1)).test_client()
    chain = {**FORGED, "X-Forwarded-For": "9.9.9.9, 1.2.3.4", "X-Forwarded-Host": "portfolj.staden.se"}
    told = client.get("/vem", headers=chain).get_json()
    assert told["by"] == "1.2.3.4"
    assert told["link"] == "https://portfolj.staden.se:99/"
    assert {told[name] for name in FORGED} == {None}


def test_a_trusted_proxy_cannot_name_a_foreign_host_either(make_app: MakeApp) -> None:
    client = make_app(TRUSTED_PROXIES=1, TRUSTED_HOSTS=HOSTS).test_client()
    assert client.get("/", headers={"X-Forwarded-Host": "elak.se"}).status_code == 400
    assert client.get("/", headers={"X-Forwarded-Host": "portfolj.staden.se"}).status_code == 200


def test_the_public_address_goes_before_every_name(make_app: MakeApp) -> None:
    client = telling(make_app(PUBLIC_URL="https://portfolj.staden.se")).test_client()
    assert client.get("/vem", headers={"Host": "elak.se"}).get_json()["link"] == "https://portfolj.staden.se/"
    for address in ("/karta", "/ogc?f=json", "/data/handelser.atom", "/data/oc4ids.json", "/data/dcat.ttl"):
        assert "elak.se" not in client.get(address, headers={"Host": "elak.se"}).text, address


def test_https_with_its_promise_and_safe_cookies(make_app: MakeApp) -> None:
    app = make_app(FORCE_HTTPS=True, TRUSTED_HOSTS=HOSTS, WTF_CSRF_ENABLED=True)
    with app.app_context():
        create_user(db.session(), "ny@prov.se", "Ny Prov", Role.READER, "ett långt lösenord")
        db.session.commit()
    plain = app.test_client().get("/projekt?q=1", base_url="http://portfolj.staden.se")
    assert plain.status_code == 302
    assert plain.headers["Location"] == "https://portfolj.staden.se/projekt?q=1"
    assert app.test_client().get("/", headers={"X-Forwarded-Proto": "https"}).status_code == 302
    safe = app.test_client().get("/logga-in", base_url="https://portfolj.staden.se")
    assert safe.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    cookies = safe.headers.get_all("Set-Cookie")
    assert cookies
    assert all({"Secure", "HttpOnly", "SameSite=Lax"} <= set(one.split("; ")) for one in cookies)


def test_staying_signed_in_is_as_safe(make_app: MakeApp) -> None:
    client = make_app(REMEMBER_COOKIE_SECURE=True).test_client()
    sent = {"email": "reader@prov.se", "password": "ett långt lösenord", "remember": "y"}
    cookies = client.post("/logga-in", data=sent).headers.get_all("Set-Cookie")
    kept = [one for one in cookies if "remember" in one]
    assert all({"Secure", "HttpOnly", "SameSite=Lax"} <= set(one.split("; ")) for one in kept)


def test_settings_of_the_tests_are_those_of_development(tmp_path: Path) -> None:
    assert make_settings("sqlite://", tmp_path)["TRUSTED_HOSTS"] is None
