"""The pages of areas, goals and a project for everybody, in a real browser: by keyboard, narrow, dark."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.journeys.conftest import open_whole, serious_findings
from tracker.extensions import db
from tracker.history.services import Actor
from tracker.projects.examples import seed_examples
from tracker.projects.models import Project, SecretField

pytestmark = pytest.mark.browser
ADDRESSES = (
    "/omraden/rinkeby",
    "/omraden/norra-innerstaden",
    "/omraden/hansta?areas=stadsdelar",
    "/omraden/jarva?areas=1999",
    "/mal/G1",
    "/mal/G3b",
    "/mal/B1?edition=budget-2005",
    "/projekt/EX-05",
    "/projekt/EX-13",
)


@pytest.fixture(autouse=True)
def _examples(app: Flask, actor: Actor) -> None:
    with app.app_context():
        session = db.session()
        seed_examples(session, actor)
        project = session.scalars(select(Project).where(Project.code == "EX-13")).one()
        session.add(SecretField(project_id=project.id, field="geometry", ground="OSL 19 kap. 3 §"))
        session.commit()


def test_every_page_holds_in_its_theme_and_at_three_widths(page: Page, one_theme: str) -> None:
    page.emulate_media(color_scheme=one_theme)  # type: ignore[arg-type]
    for address in ADDRESSES:
        page.set_viewport_size({"width": 1280, "height": 900})
        open_whole(page, address)
        assert serious_findings(page) == [], (address, one_theme)
        for width in (390, 320):
            page.set_viewport_size({"width": width, "height": 844})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width)


def test_an_everyday_name_leads_by_keyboard_to_the_area_its_map_and_a_project(page: Page) -> None:
    page.goto("/omraden?namn=Rinkeby")
    found = page.locator(".areas-found").get_by_role("link", name="Järva").first
    found.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Järva")
    frame = page.locator("#karta")
    expect(frame).to_have_attribute("data-state", "klar")
    assert page.locator("#karta path.leaflet-interactive, #karta svg path").count() > 0
    page.get_by_role("link", name="Rinkebyterrassen (överdäckning E18)").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Rinkebyterrassen (överdäckning E18)")
    expect(page.locator("[data-small-map]")).to_have_attribute("data-state", "klar")
    page.get_by_role("link", name="G1a Boende och bostadsförsörjning").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("G1a Boende och bostadsförsörjning")
    expect(frame).to_have_attribute("data-state", "klar")


def test_the_map_of_an_area_is_zoomed_by_keyboard(page: Page) -> None:
    page.goto("/omraden/jarva")
    expect(page.locator("#karta")).to_have_attribute("data-state", "klar")
    scale = page.locator(".leaflet-control-scale-line")
    before = scale.text_content()
    page.get_by_role("button", name="Zooma in").focus()
    for _ in range(2):
        page.keyboard.press("Enter")
    expect(scale).not_to_have_text(before or "")


def test_without_a_script_the_page_says_the_same(page: Page, browser: object, live_server: str) -> None:
    context = browser.new_context(base_url=live_server, java_script_enabled=False)  # type: ignore[attr-defined]
    plain = context.new_page()
    plain.goto("/omraden/jarva")
    expect(plain.get_by_role("link", name="Kista Galleria/Kista Science City")).to_be_visible()
    expect(plain.get_by_role("cell", name="1 614,2").first).to_be_visible()
    plain.goto("/projekt/EX-05")
    expect(plain.get_by_text("Byggstart: juni 2004.").first).to_be_visible()
    context.close()
