"""The map for other people's pages: who may frame it, and that it is always the public's."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.apps import MakeApp
from tests.maps.conftest import Write
from tests.maps.projects import HOSTILE, RINKEBY, put, put_three, square
from tracker.accounts.roles import Role
from tracker.history.services import Actor

PAGE = "/karta/inbaddad"
ORIGINS = ("https://start.example", "https://*.staden.example")


def put_secret(session: Session, actor: Actor) -> None:
    put(session, actor, "H-1", square(RINKEBY), name="Hemligheten").confidential = True


def without_nonce(text: str) -> str:
    return re.sub(r'nonce="[^"]+"', "", text)


def test_nobody_may_frame_it_unless_the_setting_says_so(client: FlaskClient) -> None:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_only_this_page_may_be_framed_and_only_by_those_named(make_app: MakeApp) -> None:
    app = make_app(EMBED_ORIGINS=ORIGINS)
    client = app.test_client()
    answer = client.get(PAGE)
    assert "X-Frame-Options" not in answer.headers
    policy = answer.headers["Content-Security-Policy"]
    assert "; frame-ancestors https://start.example https://*.staden.example;" in policy
    assert "default-src 'none'" in policy
    assert re.search(r"script-src 'self' 'nonce-[^']+'", policy)
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.arguments or rule.rule == PAGE:
            continue
        other = client.get(rule.rule)
        assert other.headers["X-Frame-Options"] == "DENY", rule.rule
        assert "frame-ancestors 'none'" in other.headers["Content-Security-Policy"], rule.rule


def test_two_applications_keep_their_own_rule(make_app: MakeApp) -> None:
    one, other = make_app(EMBED_ORIGINS=("*",)), make_app()
    assert "frame-ancestors *;" in one.test_client().get(PAGE).headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in other.test_client().get(PAGE).headers["Content-Security-Policy"]


def test_it_is_the_publics_whoever_is_signed_in(
    write: Write, client: FlaskClient, sign_in: Callable[[Role], FlaskClient]
) -> None:
    write(put_three)
    write(put_secret)
    public = client.get(PAGE).text
    for role in Role:
        browser = sign_in(role)
        answer = browser.get(f"{PAGE}?missing=lage")
        assert "Hemligheten" not in answer.text
        assert without_nonce(browser.get(PAGE).text) == without_nonce(public)
        assert role.label not in answer.text
    assert "Hemligheten" in sign_in(Role.CONTROLLER).get("/karta").text


def test_it_sets_no_cookie(client: FlaskClient, sign_in: Callable[[Role], FlaskClient]) -> None:
    assert "Set-Cookie" not in client.get(f"{PAGE}?kind=bostad").headers
    assert "Set-Cookie" not in sign_in(Role.MANAGER).get(PAGE).headers


def test_filter_choices_and_position_come_from_the_address(write: Write, client: FlaskClient) -> None:
    write(put_three)
    text = client.get(f"{PAGE}?kind=bostad&position=13/59.388/17.927/trafik").text
    assert re.findall(r'<tr data-code="([^"]+)"', text) == ["B-1"]
    assert "1 av 3 projekt · Bostad" in text.replace("\xa0", " ")
    assert 'data-position="13/59.388/17.927/trafik"' in text
    assert 'href="http://localhost/karta?kind=bostad#13/59.388/17.927/trafik"' in unescape(text)
    assert '<header class="site-header"' not in text
    assert '<base target="_blank">' in text
    assert "Bostad" in text
    assert "Ytterstad" in text


@pytest.mark.parametrize(
    ("query", "sentence", "status"),
    [
        ("?areas=finnsinte", "finns", 422),
        ("?kind=rymdbas&phase=x&position=hej&theme=x&at=1", "projekt", 200),
        ("?q=finnsinte", "Inga projekt stämmer med filtret", 200),
        ("?goal=G99", "Inga projekt stämmer med filtret", 200),
    ],
)
def test_what_cannot_be_shown_is_said(
    write: Write, client: FlaskClient, query: str, sentence: str, status: int
) -> None:
    write(put_three)
    answer = client.get(PAGE + query)
    assert answer.status_code == status
    assert sentence in answer.text
    assert "Öppna i Portföljkartan" in answer.text


def test_an_empty_map_opens(client: FlaskClient) -> None:
    assert "Det finns inga" in client.get(PAGE).text


def test_case_45_hostile_names_are_inert_when_embedded(write: Write, client: FlaskClient) -> None:
    write(lambda session, actor: put(session, actor, "X-1", square(RINKEBY), name=HOSTILE))
    text = client.get(f"{PAGE}?q=%60x%27%22%24%7Bx%7D%3C%2Fscript%3E%3Cimg%20src=x%3E&position=%22%3E%3Cb%3E").text
    assert "<img src=x" not in text
    assert '"><b>' not in text
    text = client.get(PAGE).text
    assert "<script>window.hacked" not in text
    assert HOSTILE in unescape(text)
    inline = re.findall(r"<(?:script|style)(?![^>]*\bsrc=)[^>]*>", text)
    assert all("nonce=" in tag for tag in inline)
    assert ' style="' not in text
    assert not re.search(r'\son[a-z]+="', text)
