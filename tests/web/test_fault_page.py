"""The page of what does not exist leads a visitor to sign in, and tells nobody to who has done so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tracker.accounts.roles import Role

WAY_IN = "Logga in för att se mer"
MISSING = "/projekt/H-404?flik=karta"


def test_a_visitor_is_led_back_after_signing_in(client: FlaskClient) -> None:
    page = client.get(MISSING)
    assert page.status_code == 404
    way = page.text.partition("<main")[2].partition("</main>")[0]
    assert f'href="/logga-in?next=/projekt/H-404?flik%3Dkarta">{WAY_IN}</a>' in way


@pytest.mark.parametrize("role", list(Role))
def test_whoever_has_signed_in_is_not_told_to(sign_in: Callable[[Role], FlaskClient], role: Role) -> None:
    page = sign_in(role).get(MISSING)
    assert page.status_code == 404
    assert "logga in" not in page.text.lower()


def test_other_faults_do_not_speak_of_signing_in(client: FlaskClient) -> None:
    page = client.post("/projekt")
    assert page.status_code == 405
    assert WAY_IN not in page.text
