"""The handbook: its pages, links and pictures, and the way there from every page of the product."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import make_project
from tracker.accounts.roles import Role
from tracker.handbook.pages import FOLDER, INDEX, Addresses, Page, anchor_of, find_page, page_names
from tracker.handbook.places import CHAPTER_OF, READERS_CHAPTER_OF, chapter_of

SignIn = Callable[[Role], FlaskClient]
BY_NAME = Addresses(page=lambda name: f"/{name}", picture=lambda name: f"/bild/{name}")
WITHOUT_CHAPTER = {"handbook", "static", "api", "healthz", "readyz", "metrics"}
"""Features that are no pages of the product for people, or are the handbook itself."""


def every_page() -> dict[str, Page]:
    found = {name: find_page(name, BY_NAME) for name in (INDEX, *page_names())}
    return {name: page for name, page in found.items() if page is not None}


def test_the_pages_are_there() -> None:
    assert set(page_names()) == {"kartlasare", "projektledare", "controller", "forvaltare", "rundtur", "english"}
    assert every_page()["controller"].title == "För controllers"


def test_every_link_leads_to_a_page_and_a_heading_that_exist() -> None:
    pages = every_page()
    anchors = {(name, one.anchor) for name, page in pages.items() for one in page.headings}
    found = 0
    for page in pages.values():
        for name, anchor in re.findall(r'href="/(\w+)(?:#([^"]*))?"', page.body):
            found += 1
            assert name in pages
            assert not anchor or (name, anchor) in anchors
    assert found >= 6


def test_every_picture_exists_and_is_used() -> None:
    used = {name for page in every_page().values() for name in re.findall(r'src="/bild/([^"]+)"', page.body)}
    assert used == {file.name for file in (FOLDER / "bilder").iterdir()}


def test_every_picture_says_in_words_what_it_shows() -> None:
    for page in every_page().values():
        for text in re.findall(r'<img[^>]*alt="([^"]*)"', page.body):
            assert len(text) > 8


def test_every_chapter_that_a_page_leads_to_exists() -> None:
    anchors = {(name, one.anchor) for name, page in every_page().items() for one in page.headings}
    assert {*CHAPTER_OF.values(), *READERS_CHAPTER_OF.values()} - anchors == set()


def test_every_page_of_the_product_has_a_chapter(app: Flask) -> None:
    missing = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and rule.endpoint.partition(".")[0] not in WITHOUT_CHAPTER
        and chapter_of(rule.endpoint) == (INDEX, "")
    }
    assert missing == set()


def test_no_endpoint_of_the_table_is_gone(app: Flask) -> None:
    features = {endpoint.partition(".")[0] for endpoint in app.view_functions}
    for endpoint in (*CHAPTER_OF, *READERS_CHAPTER_OF):
        feature, _dot, name = endpoint.partition(".")
        assert feature in features if name == "*" else endpoint in app.view_functions, endpoint


@pytest.mark.parametrize(
    ("title", "anchor"),
    [("Året i korthet", "året-i-korthet"), ("Se vad som har ändrats, och ångra", "se-vad-som-har-ändrats-och-ångra")],
)
def test_a_heading_has_the_id_that_code_hosts_give_it(title: str, anchor: str) -> None:
    assert anchor_of(title) == anchor


def test_tags_in_the_text_are_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "prov.md").write_text(
        "# Prov\n\n<script>alert(1)</script> [x](javascript:alert(1))\n", encoding="utf-8"
    )
    monkeypatch.setattr("tracker.handbook.pages.FOLDER", tmp_path)
    page = find_page("prov", BY_NAME)
    assert page is not None
    assert "&lt;script&gt;" in page.body
    assert "<script" not in page.body
    assert 'href="javascript:' not in page.body


@pytest.mark.parametrize("name", ["../README", "saknas", "README", "..%2FREADME", "bilder"])
def test_nothing_but_the_pages_is_shown(client: FlaskClient, name: str) -> None:
    assert client.get(f"/hjalp/{name}").status_code == (200 if name == "README" else 404)


def test_a_page_leads_to_its_chapter(client: FlaskClient) -> None:
    assert 'href="/hjalp/kartlasare#%C3%B6ppna-kartan"' in client.get("/karta").text or (
        'href="/hjalp/kartlasare#öppna-kartan"' in client.get("/karta").text
    )
    assert '<h2 id="öppna-kartan">' in client.get("/hjalp/kartlasare").text


@pytest.mark.parametrize(
    ("role", "listed", "one", "goals"),
    [
        (None, "kartlasare#hitta-ett-projekt", "kartlasare#läsa-ett-projekts-sida", "kartlasare#läsa-om-ett-område"),
        (Role.READER, "kartlasare#hitta", "kartlasare#läsa-ett-projekts-sida", "kartlasare#läsa-om-ett-område"),
        (Role.MANAGER, "projektledare#hitta-dina", "projektledare#hitta-dina", "forvaltare#målkatalogens"),
    ],
)
def test_who_only_reads_is_led_to_the_readers_page(
    session: Session, client: FlaskClient, sign_in: SignIn, role: Role | None, listed: str, one: str, goals: str
) -> None:
    make_project(session, "A1")
    session.commit()
    browser = sign_in(role) if role else client
    for address, chapter in (("/projekt", listed), ("/projekt/A1", one), ("/mal", goals)):
        assert f'href="/hjalp/{chapter}' in unquote(browser.get(address).text), address


def test_a_picture_is_sent(client: FlaskClient) -> None:
    with client.get("/hjalp/bilder/karta.png") as answer:
        assert answer.mimetype == "image/png"
        assert answer.data.startswith(b"\x89PNG")
    assert client.get("/hjalp/bilder/..%2FREADME.md").status_code == 404
    assert client.get("/hjalp/bilder/saknas.png").status_code == 404


def test_the_statement_says_whom_to_tell_and_of_which_page(app: Flask, client: FlaskClient) -> None:
    app.config |= {"CONTACT_EMAIL": "kontoret@staden.se", "CONTACT_PHONE": "08-508 00 000", "CONTACT_NAME": "Kontoret"}
    text = client.get('/tillganglighet?sida=/projekt/X"><b>').text
    assert "mailto:kontoret@staden.se?subject=Tillg%C3%A4nglighet%20i%20Portf%C3%B6ljkartan" in text
    assert "&amp;body=Sida%3A%20%2Fprojekt%2FX%22%3E%3Cb%3E" in text
    assert "08-508 00 000" in text
    assert "Kontoret svarar." in text


def test_the_statement_without_a_contact_says_so(app: Flask, client: FlaskClient) -> None:
    app.config |= {"CONTACT_EMAIL": "", "CONTACT_PHONE": ""}
    text = client.get("/tillganglighet").text
    assert "Ingen kontakt är inställd än." in text
    assert "mailto:" not in text


def test_every_page_leads_to_the_statement(client: FlaskClient) -> None:
    assert 'href="/tillganglighet?sida=/projekt"' in client.get("/projekt").text
