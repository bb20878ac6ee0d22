"""Hostile names are inert on every layer, popup, tooltip, list, suggestion and page around the map."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import shapely
from playwright.sync_api import Dialog, Page, expect
from sqlalchemy.orm import Session

from tests.journeys.test_map import drawn, open_map, settled
from tests.maps.conftest import Write
from tests.maps.conftest import write as write  # a fixture for these tests as well
from tests.maps.hostile import HOSTILE_NAMES
from tests.maps.projects import RINKEBY, put, square
from tracker.history.services import Actor
from tracker.measures.models import MainKind

pytestmark = pytest.mark.browser
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective));
"""


@pytest.fixture
def watched(page: Page, complaints: list[str]) -> Iterator[Page]:
    """A page on which a dialog, a breach of the policy, or a script of a name's fails the test."""

    def refuse(dialog: Dialog) -> None:
        complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    page.on("dialog", refuse)
    page.add_init_script(WATCH)
    yield page
    inert(page)


def inert(page: Page) -> None:
    """Nothing that a name holds has become part of the page as it stands."""
    assert page.evaluate("window.violations") == []
    assert page.evaluate("window.hacked") is None
    assert page.locator("img[src=x], svg[onload], b[onmouseover], [onerror], [onload], [onfocus]").count() == 0


def put_hostile(session: Session, actor: Actor) -> None:
    """A point, a line and an area of every hostile name, in a grid around Rinkeby."""
    x, y = RINKEBY
    for number, (what, name) in enumerate(HOSTILE_NAMES.items()):
        at = (x + number % 4 * 900, y + number // 4 * 900)
        shapes = [shapely.Point(at), shapely.LineString([at, (at[0] + 400, at[1])]), square(at)]
        code = f"H-{what.upper()}"
        put(session, actor, code, shapes[number % 3], name=name, kind=list(MainKind)[number % 3])


def test_case_45_every_hostile_name_on_the_map_and_in_its_list(write: Write, watched: Page) -> None:
    write(put_hostile)
    open_map(watched)
    drawn(watched, len(HOSTILE_NAMES))
    for what, name in HOSTILE_NAMES.items():
        row = watched.locator(f'tr[data-code="H-{what.upper()}"]')
        # As text is compared here: white space as one space, and as the browser has it.
        assert row.get_by_role("link").evaluate("(one) => one.textContent") == name.strip()
        row.hover()
        assert watched.locator(".map-tooltip").evaluate("(one) => one.textContent") == name.strip()
        row.locator("[data-locate]").click()
        assert watched.locator(".map-popup h2").evaluate("(one) => one.textContent") == name.strip()
        expect(watched.locator(".leaflet-popup")).to_have_attribute("aria-label", name.strip())
        watched.keyboard.press("Escape")
    inert(watched)


@pytest.mark.parametrize("width", [1280, 320])
def test_case_45_long_names_break_no_page(write: Write, watched: Page, width: int) -> None:
    write(put_hostile)
    watched.set_viewport_size({"width": width, "height": 800})
    open_map(watched, "/karta?q=lång")
    drawn(watched, 2)
    assert watched.evaluate("document.documentElement.scrollWidth") <= width
    if width < 992:
        watched.get_by_text("Lista", exact=True).click()
    assert watched.evaluate("document.documentElement.scrollWidth") <= width
    watched.locator('tr[data-code="H-LONG"] [data-locate]').click()
    expect(watched.locator(".leaflet-popup")).to_be_in_viewport(ratio=0.95)
    assert watched.evaluate("document.documentElement.scrollWidth") <= width


def test_case_45_stepping_says_hostile_names(write: Write, watched: Page) -> None:
    write(put_hostile)
    open_map(watched)
    drawn(watched, len(HOSTILE_NAMES))
    watched.locator("#karta .leaflet-container").focus()
    for number in range(1, len(HOSTILE_NAMES) + 1):
        watched.keyboard.press("n")
        expect(watched.locator("[data-said]")).to_contain_text(f"{number} av {len(HOSTILE_NAMES)} i kartbilden.")
    inert(watched)


def test_case_45_hostile_addresses(write: Write, watched: Page) -> None:
    write(put_hostile)
    for address in (
        "/karta?q=%3C/script%3E%3Cimg src=x onerror=hacked=1%3E",
        "/karta?area=%22%3E%3Csvg onload=hacked=1%3E&theme=%3Cimg src=x%3E&since=%3Cb%3E&at=%3Cb%3E",
        "/karta#12/59.38/17.92/%3Cimg src=x onerror=hacked=1%3E",
        "/karta#12/59.38/17.92//%3Cimg%3E/lista",
        "/karta#javascript:hacked=1",
    ):
        watched.goto("about:blank")
        watched.goto(address)
        settled(watched)
        inert(watched)


@pytest.mark.parametrize("what", ["script", "quotes", "template", "turned", "long"])
def test_case_45_the_pages_of_projects_areas_and_goals(write: Write, watched: Page, what: str) -> None:
    write(put_hostile)
    for address in (f"/projekt/H-{what.upper()}", "/omraden/rinkeby", "/omraden/jarva", "/mal/G1", "/projekt"):
        watched.goto(address)
        watched.wait_for_load_state("networkidle")
        expect(watched.locator("h1")).to_be_visible()
        inert(watched)
        assert watched.evaluate("document.documentElement.scrollWidth") <= 1280
