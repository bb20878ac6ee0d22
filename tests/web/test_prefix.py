"""Below a prefix, where a proxy has laid the product: what leads on or sends again does so below it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tests.followup.pages import read_page
from tests.followup.test_report_pages import user_id
from tests.followup.test_reporting import opened, paid
from tracker.accounts.roles import Role
from tracker.history.services import Actor
from tracker.maps.print_turns import turn
from tracker.projects.draft_store import list_drafts
from tracker.web.health_trouble import Trouble, unavailable

SignIn = Callable[[Role], FlaskClient]
BELOW = "http://localhost/portfolj"
REPORT = "/uppfoljning/perioder/2005-T1/rapportera"


@pytest.mark.parametrize(
    ("method", "leads"), [("GET", 'href="/portfolj/projekt/ny?x=1"'), ("POST", 'action="/portfolj/projekt/ny?x=1"')]
)
def test_the_page_of_a_database_that_is_away(app: Flask, method: str, leads: str) -> None:
    sent = {"name": "Kajen"} if method == "POST" else {}
    with app.test_request_context("/projekt/ny?x=1", base_url=BELOW, method=method, data=sent):
        answer = unavailable(Trouble.BUSY, OperationalError("SELECT 1", {}, Exception("database is locked")))
    page = answer.get_data(as_text=True)
    assert leads in page
    assert 'class="navbar-brand" href="/portfolj/"' in page
    assert 'data-ready="/portfolj/readyz"' in page


def test_a_print_that_has_to_wait(app: Flask, client: FlaskClient) -> None:
    with turn(Path(app.config["STATE_DIR"]), 1):
        answer = client.get("/karta/utskrift/fil?paper=a3", base_url=BELOW)
    assert answer.status_code == 503
    assert 'href="/portfolj/karta/utskrift/fil?paper=a3">Försök igen' in answer.text


@pytest.mark.parametrize("place", ["/P1", "?visa=vantar"])
def test_a_report_that_was_sent_without_a_login(session: Session, sign_in: SignIn, actor: Actor, place: str) -> None:
    me = user_id(session, Role.MANAGER)
    paid(session, "P1", manager_id=me)
    opened(session, actor)
    session.commit()
    browser = sign_in(Role.MANAGER)
    form = read_page(browser.get(REPORT + place, base_url=BELOW))
    assert f'href="/portfolj{REPORT}" aria-current="{"true" if place == "/P1" else "page"}"' in form.text
    browser.delete_cookie(browser.application.config["SESSION_COOKIE_NAME"])
    sent = browser.post(REPORT + place, data=form.fields, base_url=BELOW)
    assert sent.headers["Location"].startswith("/portfolj/logga-in?next=/portfolj/uppfoljning/")
    [draft] = list_drafts(session, me)
    assert draft.address.startswith(f"/portfolj{REPORT}{place}")
    again = sign_in(Role.MANAGER).get(draft.address.removeprefix("/portfolj"), base_url=BELOW)
    assert "Släng det jag skrev" in again.text
    assert f'name="back" value="/portfolj{REPORT}' in again.text
