"""The area catalogue in English: sums, changes between editions, found areas, refusals."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.areas.test_forms import area_fields
from tests.areas.test_pages import plain
from tests.english import in_english
from tracker.accounts.roles import Role

SignIn = Callable[[Role], FlaskClient]


def test_the_page_of_an_edition_is_told_in_english(client: FlaskClient) -> None:
    page = plain(in_english(client).get("/omraden").text)
    for text in ("The outer city", "The whole city", "The inner city", "merged", "Valid 2023-"):
        assert text in page
    for text in ("Ytterstaden", "sammanslaget", "Gäller"):
        assert text not in page


def test_a_found_area_is_labelled_in_the_readers_language(client: FlaskClient) -> None:
    def label() -> str:
        return str(client.get("/omraden/sok?q=Gärdet").get_json()[0]["label"])

    assert label() == "Gärdet: Ladugårdsgärdet (stadsdel), i Norra innerstaden 2023"
    in_english(client)
    assert label() == "Gärdet: Ladugårdsgärdet (neighbourhood), in Norra innerstaden 2023"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"populations-0-source": ""}, "Write the source of each population."),
        ({"official_code": "18"}, "Farsta already has the code 18."),
        ({"populations-1-year": "2024", "populations-1-inhabitants": "5"}, "The year 2024 is there 2 times."),
    ],
)
def test_an_area_is_refused_in_english_and_kept_as_typed(sign_in: SignIn, changes: dict[str, str], reason: str) -> None:
    answer = in_english(sign_in(Role.ADMIN)).post("/omraden/2023/jarva/andra", data=area_fields(**changes))
    assert answer.status_code == 422
    assert reason in answer.text
    assert "Järvafältet" in answer.text


def test_an_edition_that_is_settled_or_unknown_says_so_in_english(sign_in: SignIn) -> None:
    browser = in_english(sign_in(Role.ADMIN))
    assert "There is no edition of areas “finns-inte”." in browser.get("/omraden?edition=finns-inte").text
    assert (
        "Stadsdelsområden 1999 does not change. Make a new edition of it." in browser.get("/omraden/1999/sla-ihop").text
    )
