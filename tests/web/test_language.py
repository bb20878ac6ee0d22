"""English pages for who asks for them; Swedish stays what it is in everything that is stored or sent."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask, flash
from flask.testing import FlaskClient

from tests.english import in_english
from tracker.errors import NotFoundError
from tracker.messages import message

ROOT = Path(__file__).resolve().parent.parent.parent


def test_a_visitor_chooses_english_and_comes_back_to_the_page(client: FlaskClient) -> None:
    page = client.get("/projekt?kind=bostad")
    assert 'lang="sv"' in page.text
    assert 'href="/sprak/en?next=/projekt?kind%3Dbostad"' in page.text
    answer = client.get("/sprak/en?next=/projekt?kind%3Dbostad")
    assert (answer.status_code, answer.location) == (302, "/projekt?kind=bostad")
    cookie = answer.headers["Set-Cookie"]
    assert "sprak=en;" in cookie
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    page = client.get("/projekt")
    assert 'lang="en"' in page.text
    assert ">Projects<" in page.text
    assert "Cookie" in page.headers["Vary"]
    client.get("/sprak/sv")
    assert 'lang="sv"' in client.get("/projekt").text


@pytest.mark.parametrize("address", ["/sprak/de", "/sprak/en_SE", "/sprak/.."])
def test_other_languages_are_not_found(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_foreign_next_leads_home_and_an_odd_cookie_is_swedish(client: FlaskClient) -> None:
    assert client.get("/sprak/en?next=https://annan.example/").location == "/"
    client.set_cookie("sprak", "../../x")
    assert 'lang="sv"' in client.get("/").text


@pytest.mark.parametrize(
    "address", ["/valj-losenord/hemlig", "/glomt-losenord/hemlig", "/logga-in/sso/svar?code=hemlig"]
)
def test_a_secret_of_a_sign_in_is_in_no_other_address(client: FlaskClient, address: str) -> None:
    page = client.get(address)
    assert 'href="/sprak/en"' in page.text or page.status_code == 302
    assert "next=/valj" not in page.text
    assert "hemlig" not in page.text.partition('rel="nofollow"')[0].rpartition("<a ")[2]


def test_an_error_and_a_flashed_text_are_told_in_english(app: Flask) -> None:
    app.add_url_rule("/prov-fel", "fault", _refuse)
    app.add_url_rule("/prov-sagt", "said", _say)
    browser = in_english(app.test_client())
    assert "Projects (does not exist here)" in browser.get("/prov-fel").text
    browser.get("/prov-sagt")
    assert "Goals (does not exist here)" in browser.get("/").text


def _refuse() -> str:
    raise NotFoundError(message("%(code)s (finns inte här)", code=message("Projekt")))


def _say() -> str:
    flash(message("%(code)s (finns inte här)", code=message("Mål")))
    return ""


def test_numbers_keep_their_swedish_forms_in_english(app: Flask) -> None:
    from flask_babel import format_decimal

    with app.test_request_context(headers={"Cookie": "sprak=en"}):
        assert format_decimal(1234.5).replace("\u00a0", " ") == "1 234,5"


def test_every_text_has_a_translation() -> None:
    ran = subprocess.run(
        [sys.executable, str(ROOT / "bin" / "messages"), "--check"], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (0, "Varje text har sin översättning.\n")
