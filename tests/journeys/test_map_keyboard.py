"""The map without a mouse: every project reached, said aloud and opened by keys alone, and the focus never lost."""

from __future__ import annotations

import re
from datetime import date

import pytest
import shapely
from playwright.sync_api import Locator, Page, expect
from sqlalchemy.orm import Session

from tests.journeys.test_map import drawn, open_map, same_view, settled
from tests.maps.conftest import Write
from tests.maps.conftest import write as write  # a fixture for these tests as well
from tests.maps.projects import FARSTA, RINKEBY, put, put_many, put_three, square
from tracker.history.services import Actor
from tracker.maps import answers
from tracker.measures.models import MainKind

pytestmark = pytest.mark.browser


def put_rows(session: Session, actor: Actor) -> None:
    """Two rows of two, named in the order in which one reads them."""
    x, y = RINKEBY
    for number, (east, north) in enumerate([(0, 3_000), (3_000, 3_000), (0, 0), (3_000, 0)], start=1):
        put(session, actor, f"R-{5 - number}", shapely.Point(x + east, y + north), name=f"Nummer {number}")


def focus_map(page: Page) -> None:
    page.locator("#karta .leaflet-container").focus()


def said(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.locator("[data-said]")).to_have_text(text)


def test_steps_follow_reading_order_and_open_and_return(write: Write, page: Page) -> None:
    write(put_rows)
    open_map(page)
    focus_map(page)
    expect(page.locator("#karta-tips")).to_be_visible()
    for number in (1, 2, 3, 4, 1):
        page.keyboard.press("n")
        said(page, f"Nummer {number}, Bostad, Idé. {number} av 4 i kartbilden.")
        expect(page.locator(".map-tooltip")).to_have_text(f"Nummer {number}")
    page.keyboard.press("p")
    said(page, re.compile(r"^Nummer 4, "))
    expect(page.locator('tr[data-code="R-1"]')).to_have_class("is-lit")
    page.keyboard.press("Enter")
    popup = page.get_by_role("dialog", name="Nummer 4")
    expect(popup.get_by_role("link", name="Öppna projektet")).to_be_focused()
    page.keyboard.press("Escape")
    expect(popup).to_have_count(0)
    expect(page.locator("#karta .leaflet-container")).to_be_focused()
    page.keyboard.press("n")
    said(page, re.compile(r"^Nummer 1, "))
    page.keyboard.press("l")
    expect(page.get_by_role("link", name="Nummer 1", exact=True)).to_be_focused()


def test_moving_by_keys_says_what_is_in_view(write: Write, page: Page) -> None:
    write(put_rows)
    open_map(page)
    focus_map(page)
    page.keyboard.press("n")
    before = page.url
    page.keyboard.press("+")
    page.wait_for_function("before => location.href !== before", arg=before)
    said(page, re.compile(r"^\d projekt i kartbilden\.$"))
    before = page.url
    page.keyboard.press("ArrowUp")
    page.wait_for_function("before => location.href !== before", arg=before)
    page.keyboard.press("0")
    said(page, "4 projekt i kartbilden.")


def test_keys_mean_nothing_while_one_types(write: Write, page: Page) -> None:
    write(put_rows)
    open_map(page)
    page.locator("#filter-q").press_sequentially("np0fl?")
    said(page, "")
    expect(page.locator("#filter-q")).to_have_value("np0fl?")
    expect(page.locator("[data-keys]")).not_to_be_visible()


def test_the_help_opens_by_key_and_gives_the_focus_back(write: Write, page: Page) -> None:
    write(put_three)
    open_map(page)
    focus_map(page)
    page.keyboard.press("?")
    help_box = page.get_by_role("dialog", name="Tangenter i kartan")
    expect(help_box).to_contain_text("nästa och föregående projekt")
    page.keyboard.press("Escape")
    expect(help_box).to_have_count(0)
    expect(page.locator("#karta .leaflet-container")).to_be_focused()
    page.get_by_role("button", name="Tangenter").press("Enter")
    help_box.get_by_role("button", name="Stäng").press("Enter")
    expect(page.get_by_role("button", name="Tangenter")).to_be_focused()


def test_groups_are_steps_too_and_the_focus_outlives_them(
    write: Write, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "LIMIT", 60)
    write(lambda session, _actor: put_many(session, 300))
    open_map(page)
    drawn(page, 300)
    focus_map(page)
    page.keyboard.press("n")
    said(page, re.compile(r"^\d+ projekt tillsammans; Retur zoomar in\. 1 av \d+ i kartbilden\.$"))
    expect(page.locator(".cluster.is-lit")).to_have_count(1)
    before = page.url
    page.keyboard.press("Enter")
    page.wait_for_function("before => location.href !== before", arg=before)
    settled(page)
    expect(page.locator("#karta .leaflet-container")).to_be_focused()
    page.keyboard.press("0")
    drawn(page, 300)
    page.locator(".cluster").first.focus()
    before = page.url
    page.keyboard.press("Enter")
    page.wait_for_function("before => location.href !== before", arg=before)
    settled(page)
    expect(page.locator("#karta .leaflet-container")).to_be_focused()


def test_skip_links_lead_past_the_map_and_keep_the_view(write: Write, page: Page) -> None:
    write(put_three)
    open_map(page)
    before = page.url
    page.get_by_role("link", name="Hoppa till kartan").press("Enter")
    expect(page.locator("#karta .leaflet-container")).to_be_focused()
    page.get_by_role("link", name="Hoppa förbi kartan till listan").press("Enter")
    expect(page.locator("#karta-lista")).to_be_focused()
    page.get_by_role("link", name="Hoppa till innehållet").press("Enter")
    expect(page.locator("#innehall")).to_be_focused()
    assert page.url == before


def test_the_whole_screen_and_back(write: Write, page: Page) -> None:
    write(put_three)
    open_map(page)
    page.get_by_role("button", name="Helskärm").press("Enter")
    button = page.get_by_role("button", name="Lämna helskärm")
    expect(button).to_be_focused()
    expect(page.locator("[data-legend]")).to_be_in_viewport()
    button.press("Enter")
    expect(page.get_by_role("button", name="Helskärm")).to_be_focused()


def put_dated(session: Session, actor: Actor) -> None:
    """Two projects in Rinkeby and one in Farsta, with years."""
    x, y = RINKEBY
    years = {"start_forecast": date(2004, 3, 1), "end_forecast": date(2007, 9, 1)}
    put(session, actor, "B-1", square(RINKEBY), name="Äppelgården", **years)
    put(session, actor, "B-2", shapely.Point(x + 400, y), name="Päronlunden", **years)
    street = shapely.LineString([(x, y - 600), (x + 300, y - 600)])
    put(session, actor, "T-1", street, name="Zebragatan", kind=MainKind.TRAFFIC, **years)
    put(session, actor, "B-3", square(FARSTA), name="Kastanjen", **years)


def tab_to(page: Page, target: Locator, key: str = "Tab") -> None:
    """Press Tab until the target has the focus; each stop on the way must be seen to have it."""
    for _press in range(120):
        page.keyboard.press(key)
        if target.count() and target.evaluate("(one) => one === document.activeElement"):
            return
    raise AssertionError(f"{key} never reaches {target}")


def test_the_whole_way_by_keys_alone(write: Write, page: Page) -> None:
    """Filter, search, step to a project, its popup, its page, back, a theme, a year, and the link copied."""
    write(put_dated)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_map(page)
    drawn(page, 4)
    tab_to(page, page.locator("#filter-kind"))
    page.keyboard.press("b")
    drawn(page, 3)
    tab_to(page, page.locator("#karta-sok"), "Shift+Tab")
    page.keyboard.type("rinke")
    option = page.locator("#karta-forslag [role=option]", has_text="Rinkeby").first
    expect(option).to_be_visible()
    while option.get_attribute("aria-selected") != "true":
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    drawn(page, 2)
    assert re.search(r"\?.*area=rinkeby", page.url)
    tab_to(page, page.locator("#karta .leaflet-container"))
    page.keyboard.press("n")
    said(page, re.compile(r"^Äppelgården, .* 1 av 2 i kartbilden\.$"))
    page.keyboard.press("n")
    said(page, re.compile(r"^Päronlunden, "))
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Päronlunden")).to_be_visible()
    before = page.url
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Päronlunden")
    page.go_back()  # the browser's own key, which a window without a frame does not know
    settled(page)
    same_view(page.url, before)
    drawn(page, 2)
    tab_to(page, page.locator("[data-theme-box] summary"))
    page.keyboard.press("Enter")
    tab_to(page, page.locator("[data-theme-choice]"))
    page.keyboard.press("ArrowDown")
    expect(page).to_have_url(re.compile(r"[?&]theme="))
    settled(page)
    tab_to(page, page.locator("[data-time-on]"))
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile(r"[?&]at=\d{4}"))
    year = int(re.search(r"at=(\d{4})", page.url)[1])  # type: ignore[index]
    tab_to(page, page.locator("[data-time-range]"))
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile(rf"[?&]at={year - 1}"))
    settled(page)
    tab_to(page, page.locator("[data-share] summary"), "Shift+Tab")
    page.keyboard.press("Enter")
    tab_to(page, page.locator("[data-share-copy='dela-lank']"))
    page.keyboard.press("Enter")
    expect(page.locator("[data-share-said]")).to_have_text("Kopierat.")
    copied = page.evaluate("navigator.clipboard.readText()")
    for part in ("area=rinkeby", "kind=bostad", "theme=", f"at={year - 1}", "#"):
        assert part in copied
    page.keyboard.press("Escape")
    expect(page.locator("[data-share] summary")).to_be_focused()
