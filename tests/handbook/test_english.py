"""Who reads English is led to the English summary; the handbook itself is Swedish, and says so."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.english import in_english
from tests.handbook.test_pages import every_page
from tracker.handbook.places import ENGLISH, english_chapter_of

NOTICE = "The handbook is in Swedish."


def test_every_page_leads_to_a_part_of_the_summary_that_exists(app: Flask) -> None:
    anchors = {one.anchor for one in every_page()[ENGLISH].headings} | {""}
    assert {english_chapter_of(endpoint) for endpoint in app.view_functions} <= {(ENGLISH, one) for one in anchors}
    assert english_chapter_of("maps.map_page") == (ENGLISH, "for-those-who-read-the-map")
    assert english_chapter_of("reports.close") == (ENGLISH, "for-controllers")
    assert english_chapter_of("opendata.data_page") == (ENGLISH, "for-developers")
    assert english_chapter_of("handbook.index") == (ENGLISH, "")


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("/karta", "#for-those-who-read-the-map"),
        ("/mal", "#for-those-who-read-the-map"),
        ("/hjalp", ""),
        ("/ogc/", "#for-developers"),
    ],
)
def test_the_help_link_of_an_english_page(client: FlaskClient, address: str, place: str) -> None:
    page = in_english(client).get(address, headers={"Accept": "text/html"}).text
    assert f'href="/hjalp/english{place}">Help</a>' in page


def test_a_swedish_chapter_in_an_english_frame(client: FlaskClient) -> None:
    assert NOTICE not in client.get("/hjalp").text
    assert "Handboken är på svenska." not in client.get("/hjalp").text
    page = in_english(client).get("/hjalp/controller").text
    assert '<html lang="en"' in page
    assert f'{NOTICE} <a class="alert-link" href="/hjalp/english">Read the summary in English</a>' in page
    assert '<article class="handbook-text" lang="sv">' in page
    assert '<a href="/hjalp/kartlasare" lang="sv">' in page
    summary = client.get("/hjalp/english").text
    assert NOTICE not in summary
    assert '<article class="handbook-text" lang="en">' in summary


def test_the_statement_on_accessibility_can_be_read_in_english(client: FlaskClient) -> None:
    page = in_english(client).get("/tillganglighet").text
    assert "<h1>Accessibility of Portföljkartan</h1>" in page
    assert "The handbook is in Swedish, with a short summary in English." in page
    assert "WCAG 2.1 at level AA" in page
