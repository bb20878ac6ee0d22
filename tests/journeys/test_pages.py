"""The pages that everybody reads, in a real browser: no complaint, no sideways scroll, nothing serious for axe-core."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from tests.conftest import PASSWORD
from tests.journeys.conftest import open_whole, serious_findings
from tracker.accounts.roles import Role
from tracker.extensions import db
from tracker.history.services import Actor
from tracker.projects.examples import seed_examples
from tracker.projects.models import Project

pytestmark = pytest.mark.browser
PUBLIC = (
    "/",
    "/projekt",
    "/projekt?q=finnsinte",
    "/projekt/EX-29",
    "/mal",
    "/omraden",
    "/matt",
    "/logga-in",
    "/hjalp",
    "/hjalp/controller",
    "/tillganglighet",
    "/finns-inte",
)
SIGNED_IN = (
    "/",
    "/projekt",
    "/projekt?sort=komplett",
    "/projekt/EX-05",
    "/projekt/EX-23",
    "/projekt/EX-29",
    "/mina-projekt",
    "/uppfoljning/bidrag?year=2005&counting=fordelad",
)


@pytest.fixture(autouse=True)
def _examples(app: Flask, actor: Actor) -> None:
    with app.app_context():
        session = db.session()
        seed_examples(session, actor)
        programme = select(Project.id).where(Project.code == "EX-23").scalar_subquery()
        session.execute(update(Project).where(Project.code.in_(("EX-21", "EX-22"))).values(parent_id=programme))
        session.commit()


def sign_in(page: Page, role: Role) -> None:
    page.goto("/logga-in")
    page.get_by_label("E-post").fill(f"{role.value}@prov.se")
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in").click()
    expect(page.get_by_role("button", name="Logga ut")).to_be_visible()


def check(page: Page, addresses: tuple[str, ...], theme: str) -> None:
    """Open each page in a theme and at two widths."""
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    for address in addresses:
        page.set_viewport_size({"width": 1280, "height": 900})
        open_whole(page, address)
        assert serious_findings(page) == [], (address, theme)
        page.set_viewport_size({"width": 390, "height": 844})
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, address


def test_public_pages(page: Page, complaints: list[str], one_theme: str) -> None:
    check(page, PUBLIC, one_theme)
    # The page that does not exist is the one answer that Chromium itself calls an error.
    complaints[:] = [text for text in complaints if "404" not in text]


def test_pages_of_a_controller(page: Page, one_theme: str) -> None:
    sign_in(page, Role.CONTROLLER)
    check(page, SIGNED_IN, one_theme)


def test_a_reader_finds_a_project_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Hoppa till innehållet")).to_be_focused()
    page.get_by_role("searchbox", name="Sök projekt").focus()
    page.keyboard.type("RINKEBYTERR")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 av 40 projekt")).to_be_visible()
    page.get_by_role("link", name="Rinkebyterrassen (överdäckning E18)").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Rinkebyterrassen (överdäckning E18)")
    page.go_back()
    expect(page.get_by_text("1 av 40 projekt")).to_be_visible()
