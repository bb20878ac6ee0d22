"""The map and its pages for those who read English; what programs fetch is one reader's as much as another's."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.contribution.register import add_project
from tests.english import in_english
from tests.maps.conftest import Write
from tests.maps.projects import RINKEBY, put_three
from tests.maps.test_here import web
from tests.maps.test_print import facts_of, words_of
from tests.maps.theme_portfolio import put_portfolio
from tests.reports.register import PERCENT
from tracker.accounts.roles import Role
from tracker.followup.codes import PeriodCode
from tracker.followup.opening import open_period
from tracker.history.services import Actor
from tracker.projects.vocabulary import Scope

SignIn = Callable[[Role], FlaskClient]
THEME = "theme=utgift-budget&theme_year=2005&areas=1999"


@pytest.fixture
def english(client: FlaskClient) -> FlaskClient:
    return in_english(client)


def put_themes(session: Session, actor: Actor) -> None:
    put_portfolio(session)
    open_period(session, PeriodCode.read("2005-T1"), actor, PERCENT)


def said(client: FlaskClient, address: str, status: int = 200) -> str:
    """The text of a page, without its marks."""
    answer = client.get(address)
    assert answer.status_code == status, answer.text[:500]
    shown = re.sub(r"<(script|style)\b.*?</\1>", " ", answer.text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", shown)).split())


def words(client: FlaskClient, address: str = "/karta") -> dict[str, object]:
    """What the page gives its script to say."""
    found = re.search(r'data-words="([^"]*)"', client.get(address).text)
    assert found
    told: dict[str, object] = json.loads(unescape(found[1]))
    return told


def test_the_page_of_the_map(write: Write, english: FlaskClient) -> None:
    write(put_three)
    text = said(english, "/karta?at=2005&kind=bostad")
    assert "1 of 3 projects" in text
    assert "the position in 2005" in text
    for one in ("No known time", "Housing", "No theme", "Approximate location", "Same projects as on the map"):
        assert one.lower() in text.lower(), one
    for one in ("Planerat", "Pågår", "Inget tema", "Visa alla", "Sök projekt", "Teckenförklaring"):
        assert one not in text, one


def test_its_script_says_the_readers_words_of_codes_and_swedish_places(english: FlaskClient) -> None:
    told = words(english)
    assert told["kinds"] == {"bostad": "Housing", "arbetsplats": "Workplace", "trafik": "Traffic"}
    assert told["scopes"] == {"Hela staden": "The whole city", "Utanför staden": "Outside the city"}
    assert told["states"] == {
        "planerat": "Planned", "pagar": "Under way", "klart": "Completed in {year}",
        "tidigare": "Completed before {year}", "okant": "No known time",
    }  # fmt: skip
    english.get("/sprak/sv")
    told = words(english)
    assert told["scopes"] == {one: one for one in ("Hela staden", "Utanför staden")}
    assert told["kinds"] == {"bostad": "Bostad", "arbetsplats": "Arbetsplats", "trafik": "Trafik"}


def test_what_happens_here(write: Write, english: FlaskClient) -> None:
    write(put_three)
    lon, lat = web(RINKEBY).split(",")
    text = said(english, f"/karta/har?lon={lon}&lat={lat}")
    assert "What happens here?" in text
    assert "1 project within 250 m, nearest first." in text
    assert "at the place" in text
    refused = said(english, "/karta/har?lon=x&lat=1", 422)
    assert "The place must be two numbers in degrees: lon (longitude) and lat (latitude)." in refused


def test_suggestions_of_the_search(write: Write, english: FlaskClient) -> None:
    found = english.get("/karta/sok?q=rinkeby").get_json()["suggestions"]
    assert found[0]["label"].startswith("Rinkeby")
    assert not [one for one in found if "stadsdel" in one["label"]]


def test_a_theme_in_words_and_numbers(write: Write, english: FlaskClient) -> None:
    write(put_themes)
    text = said(english, f"/karta?{THEME}&theme_as=per-invanare")
    assert "Outlay budget, kr per inhabitant · 2005 · all goals · counting rule fördelad" in text
    assert "Only confirmed budgets are included." in text
    assert "Sum on the map" in text
    assert "The whole city" in text
    text = said(english, "/karta?theme=utgift-utfall")
    assert "There is no such theme, or it is not public. Choose one of those that the map offers." in text


def test_a_kept_theme_is_each_readers_own(write: Write, client: FlaskClient) -> None:
    """Kept by the database for all workers, and asked for by an address that is alike for everybody."""
    write(put_themes)
    told: dict[str, list[TestResponse]] = {}
    for _ in range(2):  # made, then kept
        for language in ("sv", "en"):
            client.set_cookie("sprak", language)
            told.setdefault(language, []).append(client.get(f"/karta/tema?{THEME}"))
    swedish, english = told["sv"], told["en"]
    assert swedish[0].get_json() == swedish[1].get_json()
    assert english[0].get_json() == english[1].get_json()
    assert swedish[0].get_json()["measure"] == "Utgift budget"
    assert english[0].get_json()["measure"] == "Outlay budget"
    assert english[0].get_json()["notes"] == ["Only confirmed budgets are included."]
    assert swedish[0].headers["ETag"] == swedish[1].headers["ETag"] != english[0].headers["ETag"]
    mark = {"If-None-Match": swedish[0].headers["ETag"]}
    assert client.get(f"/karta/tema?{THEME}", headers=mark).status_code == 200
    mark = {"If-None-Match": english[0].headers["ETag"]}
    answers = [*swedish, *english, client.get(f"/karta/tema?{THEME}", headers=mark)]
    assert answers[-1].status_code == 304
    assert all("Cookie" in one.headers["Vary"] for one in answers)


@pytest.mark.parametrize("address", ["/karta/data", "/karta/betjanar?areas=1999", "/omraden/1999/granser.geojson"])
def test_data_is_swedish_whoever_asks(write: Write, client: FlaskClient, address: str) -> None:
    def put(session: Session, _actor: Actor) -> None:
        add_project(session, "W-1", serves=[(Scope.WHOLE_CITY, 100)])

    write(put_three)
    write(put)
    answers = []
    for language in ("sv", "en"):
        client.set_cookie("sprak", language)
        answers.append(client.get(address))
    assert answers[0].status_code == 200
    assert answers[0].data == answers[1].data
    assert answers[0].headers["ETag"] == answers[1].headers["ETag"]


def test_the_page_of_an_area(write: Write, english: FlaskClient) -> None:
    write(put_themes)
    text = said(english, "/omraden/rinkeby?areas=1999")
    assert "Rinkeby is a city district in Västerort in the outer city." in text
    assert "18 projects lie in the area or serve it: 18 housing projects." in text
    assert "Budgeted outlay in the projects that concern the area:" in text
    assert "most of it to the goal G" in text
    assert "Outlay budget, mnkr." in text
    assert "No project contributes to" in text
    for one in ("Utgift", "stadsdelsområde i", "Inget projekt", "skedet", "Planeras", "Ytterstad"):
        assert one not in text, one


def test_the_page_of_a_goal(write: Write, english: FlaskClient) -> None:
    write(put_themes)
    text = said(english, "/mal/G2?edition=policy-2004")
    assert "G2 is an integration goal in" in text
    assert "housing projects" in text
    assert "Budgeted outlay in the projects that concern the goal:" in text
    assert "Total outer city" in text
    for one in ("Utgift", "Summa ", "Alla områden", "bidrar till det", "skedet"):
        assert one not in text, one


def test_the_policys_own_english_is_shown_where_there_is_any(write: Write, client: FlaskClient) -> None:
    write(put_three)
    address = "/mal/G1?edition=policy-2004"
    swedish = said(client, address)
    in_english(client)
    english = said(client, address)
    text = "Create conditions for increased sustainable growth and economic development throughout the city"
    assert text in english
    assert text not in swedish
    assert "proposed wording" in english
    assert "föreslagen formulering" in swedish


def test_the_printed_sheet_and_the_page_that_orders_it(write: Write, english: FlaskClient) -> None:
    write(put_themes)
    text = said(english, f"/karta/utskrift?{THEME}&at=2005&sized=budget")
    for one in ("The city's projects", "Landscape", "Portrait", "the position in 2005", "Scale 1:"):
        assert one in text, one
    sheet = english.get(f"/karta/utskrift/fil?{THEME}&at=2005&sized=budget&paper=a3")
    assert sheet.headers["Content-Disposition"].startswith("attachment; filename=karta-a3-")
    assert "The city's projects" in facts_of(sheet.data)
    text = words_of(sheet.data)
    for one in ("Legend", "Housing", "Planned", "Outlay budget", "counting rule fördelad", "mnkr"):
        assert one in text, one
    for one in ("Teckenförklaring", "Bostad", "Planerat", "räkneregel", "Utgift"):
        assert one not in text, one
    refused = said(english, "/karta/utskrift?bbox=1,1,2,2", 422)
    assert "The map view lies outside the city. Move the map and try again." in refused


def test_the_page_for_others_frames(write: Write, english: FlaskClient) -> None:
    write(put_three)
    answer = english.get("/karta/inbaddad?at=2005")
    assert '<html lang="en"' in answer.text
    assert "The city's projects" in answer.text
    assert "Cookie" in answer.headers["Vary"]
    assert "no-cache" in answer.headers["Cache-Control"]


def test_a_file_of_the_list_is_the_same_in_both_languages(write: Write, client: FlaskClient) -> None:
    write(put_three)
    address = "/karta/lista/export?format=csv&at=2005&hide=planerat&kind=bostad"
    files = []
    for language in ("sv", "en"):
        client.set_cookie("sprak", language)
        files.append(client.get(address).data)
    assert files[0] == files[1]
    refused = said(client, "/karta/lista/export?format=doc", 404)
    assert "There is no format “doc”. Choose one of" in refused
