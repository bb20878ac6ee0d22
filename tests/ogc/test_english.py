"""The service's pages for those who read English; what programs get is Swedish for everybody."""

from __future__ import annotations

from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.english import in_english
from tests.ogc.conftest import Write, put_all
from tests.ogc.test_pages import PAGES
from tests.reports.register import make_board
from tracker.history.services import Actor


def read(client: FlaskClient, page: str) -> str:
    answer = client.get(f"/ogc{page}?f=html")
    assert answer.status_code == 200
    assert "Cookie" in answer.headers["Vary"]
    return unescape(answer.text)


def test_the_pages_for_people(write: Write, client: FlaskClient) -> None:
    write(put_all)
    in_english(client)
    expected = {
        "": ("The city's housing, workplace and traffic projects with location, goals and areas",),
        "/collections": ("Projects, points", "Projects without a location", "Areas, Stadsdelsområden 1999",
                         "The areas of the division Stadsdelsområden 1999 with inhabitants."),
        "/collections/projects": ("All projects that have a location", "Codes of the goals", "whole number",
                                  "Forecast before decided."),
        "/collections/areas-1999": ("Part of the city", "yes/no", "Inhabitants at the end of the year"),
        "/collections/projects/items": ("Main kind", "Approximate location"),
        "/collections/projects/items/B-1": ("Main kind", "Open the project's page"),
        "/collections/projects/sortables": ("Properties to order by",),
        "/api": ("The first page", "The objects of Projects, lines", "Coordinate system of bbox",
                 "The token is not valid", "Main kind: only objects with that value"),
    }  # fmt: skip
    for page, sentences in expected.items():
        text = read(client, page)
        for one in sentences:
            assert one in text, (page, one)


def test_the_contributions_of_a_year(session: Session, actor: Actor, client: FlaskClient) -> None:
    make_board(session, actor)
    session.commit()
    in_english(client)
    text = read(client, "/collections/contributions-2005")
    assert "Contributions per area 2005" in text
    assert "The counting rule berör counts a project in full in each area, and must not be added up" in text
    assert "Outlay budget, fördelad (kr)" in text
    assert "Number of projects, G1 Hållbar tillväxt" in text


@pytest.mark.parametrize("page", PAGES)
def test_what_programs_get_is_alike_for_everybody(write: Write, client: FlaskClient, page: str) -> None:
    write(put_all)
    answers = []
    for language in ("sv", "en"):
        client.set_cookie("sprak", language)
        answers.append(client.get(f"/ogc{page}?f=json"))
    swedish, english = answers
    told = [{key: value for key, value in one.get_json(force=True).items() if key != "timeStamp"} for one in answers]
    assert told[0] == told[1]
    assert swedish.headers.get("ETag") == english.headers.get("ETag")


def test_refusals_are_problems_in_swedish(client: FlaskClient) -> None:
    in_english(client)
    answer = client.get("/ogc/collections/projects/items?limit=x")
    assert answer.status_code == 400
    assert answer.get_json(force=True)["title"] == "Frågan går inte att besvara"
