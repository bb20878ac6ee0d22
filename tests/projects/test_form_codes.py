"""The code that a new form offers: those who have the form open at once get the same offer and each their own code."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import make_project
from tests.projects.form_page import Page, open_form, read_page, send
from tracker.accounts.roles import Role
from tracker.projects.models import Project

SignIn = Callable[[Role], FlaskClient]
NEW = "/projekt/ny"
GIVEN = {"main_kind": "trafik"}


def codes(session: Session) -> list[str]:
    session.rollback()  # the session has not looked since the browsers wrote
    return list(session.scalars(select(Project.code).order_by(Project.code)))


def next_after(code: str, steps: int = 1) -> str:
    return f"{code[:5]}{int(code[5:]) + steps:04d}"


def taken(page: Page) -> str:
    return f"Koden {page.fields['code']} togs av ett annat projekt medan formuläret var öppet."


def test_the_offer_of_a_form_that_was_open_meanwhile_gives_way(session: Session, sign_in: SignIn) -> None:
    browser = sign_in(Role.MANAGER)
    first, second = open_form(browser, NEW), open_form(browser, NEW)
    offered = first.fields["code"]
    assert second.fields["code"] == offered
    assert send(browser, NEW, first, name="Bron", **GIVEN).answer.headers["Location"] == f"/projekt/{offered}"
    assert taken(first) not in browser.get("/projekt").text
    saved = send(browser, NEW, second, name="Kajen", **GIVEN)
    assert saved.answer.headers["Location"] == f"/projekt/{next_after(offered)}"
    assert taken(second) in browser.get("/projekt").text
    assert codes(session) == [offered, next_after(offered)]


def test_many_at_once_get_a_code_each(session: Session, sign_in: SignIn) -> None:
    browsers = [sign_in(Role.MANAGER) for _ in range(6)]
    pages = [open_form(browser, NEW) for browser in browsers]
    offered = pages[0].fields["code"]
    together, answers = threading.Barrier(len(browsers)), []

    def press(number: int) -> None:
        together.wait()
        answers.append(send(browsers[number], NEW, pages[number], name=f"Bro {number}", **GIVEN))

    threads = [threading.Thread(target=press, args=(number,)) for number in range(len(browsers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wanted = [next_after(offered, step) for step in range(len(browsers))]
    assert sorted(one.answer.headers.get("Location", one.text) for one in answers) == [
        f"/projekt/{code}" for code in wanted
    ]
    assert codes(session) == wanted


@pytest.fixture
def overtaken(session: Session, sign_in: SignIn) -> tuple[FlaskClient, Page, str]:
    """A browser with a new form whose offered code another project has got since, and that code."""
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, NEW)
    make_project(session, page.fields["code"])
    session.commit()
    return browser, page, page.fields["code"]


def test_a_form_sent_again_after_its_code_gave_way_is_still_one_project(
    session: Session, overtaken: tuple[FlaskClient, Page, str]
) -> None:
    browser, page, offered = overtaken
    for _ in range(2):
        saved = send(browser, NEW, page, name="Kajen", **GIVEN)
        assert saved.answer.headers["Location"] == f"/projekt/{next_after(offered)}"
    assert codes(session) == [offered, next_after(offered)]
    other = send(browser, NEW, page, name="En annan kaj", **GIVEN)
    assert (other.status, other.fields["code"]) == (409, offered)
    again = send(browser, NEW, other)
    assert (again.status, list(again.errors)) == (422, ["code"])
    assert codes(session) == [offered, next_after(offered)]


def test_a_refused_form_shows_the_code_that_it_would_get(overtaken: tuple[FlaskClient, Page, str]) -> None:
    browser, page, offered = overtaken
    refused = send(browser, NEW, page, name="", **GIVEN)
    assert (refused.status, list(refused.errors)) == (422, ["name"])
    assert refused.fields["code"] == next_after(offered)
    saved = send(browser, NEW, refused, name="Kajen")
    assert saved.answer.headers["Location"] == f"/projekt/{next_after(offered)}"


def test_a_code_that_somebody_typed_never_gives_way(session: Session, sign_in: SignIn) -> None:
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, NEW)
    make_project(session, next_after(page.fields["code"]))
    session.commit()
    refused = send(browser, NEW, page, name="Kajen", code=next_after(page.fields["code"]), **GIVEN)
    assert (refused.status, list(refused.errors)) == (422, ["code"])


def test_an_edited_project_keeps_its_code_or_is_refused(session: Session, sign_in: SignIn) -> None:
    make_project(session, "2005-0012")
    make_project(session, "2005-0013")
    session.commit()
    browser = sign_in(Role.CONTROLLER)
    address = "/projekt/2005-0012/redigera"
    page = read_page(browser.get(address))
    assert "code_offered" not in page.fields
    refused = send(browser, address, page, code="2005-0013", code_offered="2005-0013")
    assert (refused.status, list(refused.errors)) == (422, ["code"])
