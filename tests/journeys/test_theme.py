"""Themes on the map in a real browser: areas, table and address in step, by mouse and by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.journeys.conftest import serious_findings
from tests.maps.conftest import Write
from tests.maps.conftest import write as write  # a fixture for these tests as well
from tests.maps.theme_portfolio import put_portfolio
from tracker.history.services import Actor

pytestmark = pytest.mark.browser
FILLS = "[...document.querySelectorAll('.leaflet-omradesytor-pane path')].map((one) => one.getAttribute('fill'))"


def put(session: Session, _actor: Actor) -> None:
    put_portfolio(session, 24)


def open_map(page: Page, address: str) -> None:
    page.goto(address)
    settled(page)


def settled(page: Page) -> None:
    expect(page.locator("#karta")).to_have_attribute("data-state", "klar")


def lit(page: Page, code: str) -> None:
    expect(page.locator(f"tr[data-area={code}]")).to_have_class(re.compile("is-lit"))


def test_a_theme_is_chosen_drawn_pointed_at_and_left_again(write: Write, page: Page) -> None:
    write(put)
    open_map(page, "/karta?areas=1999")
    assert page.evaluate(FILLS) == []
    page.locator("[data-theme-box] summary").click()
    page.locator("#tema-theme").select_option("utgift-budget")
    expect(page).to_have_url(re.compile(r"\?areas=1999&theme=utgift-budget&theme_edition=policy-2004&theme_year=2005#"))
    settled(page)
    rows = page.locator("tr[data-area]")
    expect(rows).to_have_count(18)
    fills = page.evaluate(FILLS)
    statuses = [row.get_attribute("data-status") for row in rows.all()]
    assert len(fills) == 18
    assert fills.count("url(#tema-skraffering)") == statuses.count("saknas") > 0
    page.locator("tr[data-area=rinkeby]").hover()
    lit(page, "rinkeby")
    tip = page.locator(".map-tooltip")
    expect(tip).to_contain_text(str(page.locator("tr[data-area=rinkeby]").get_attribute("data-text")))
    page.locator("#tema-theme_form").select_option("cirkel")
    settled(page)
    expect(page.locator(".leaflet-tema-pane path")).to_have_count(statuses.count("varde"))
    page.go_back()
    settled(page)
    expect(page.locator(".leaflet-tema-pane path")).to_have_count(0)
    page.go_back()
    settled(page)
    assert page.evaluate(FILLS) == []
    expect(page.locator("#tema-theme")).to_have_value("")


def test_a_copied_address_opens_the_same_theme_and_the_keyboard_reaches_each_area(write: Write, page: Page) -> None:
    write(put)
    open_map(page, "/karta?areas=1999&theme=utgift-budget&theme_year=2004&theme_as=andel&theme_order=varde")
    expect(page.locator("#tema-theme_year")).to_have_value("2004")
    expect(page.locator("#tema-theme_as")).to_have_value("andel")
    first = page.locator("tr[data-area]").first
    first.locator("a, button").focus()
    lit(page, str(first.get_attribute("data-area")))
    page.keyboard.press("Tab")
    lit(page, str(page.locator("tr[data-area]").nth(1).get_attribute("data-area")))
    page.get_by_role("link", name=re.compile("Område.*sortera")).click()
    settled(page)
    expect(page.locator("tr[data-area]").first).to_have_attribute("data-area", "bromma")
    expect(page.locator("#tema-theme_as")).to_have_value("andel")
    assert serious_findings(page) == []
    page.get_by_role("button", name="Mörkt läge").click()
    assert serious_findings(page) == []


def test_lines_go_from_projects_to_the_areas_that_they_serve(write: Write, page: Page) -> None:
    write(put)
    open_map(page, "/karta?areas=1999&served=ja")
    expect(page.locator("#tema-served")).to_be_checked()
    lines = page.locator(".leaflet-linjer-pane path")
    expect(lines).not_to_have_count(0)
    # What the address has chosen is open.
    expect(page.locator("[data-theme-box]")).to_have_attribute("open", "")
    page.locator("#tema-served").uncheck()
    settled(page)
    expect(lines).to_have_count(0)
    page.locator("tr[data-code=P-02]").hover()
    expect(lines).to_have_count(3)


CIRCLES = ".leaflet-storlek-pane path"


def test_circles_in_proportion_are_chosen_and_follow_the_filter_the_legend_and_the_address(
    write: Write, page: Page
) -> None:
    write(put)
    open_map(page, "/karta?areas=1999")
    expect(page.locator(CIRCLES)).to_have_count(0)
    page.locator("[data-theme-box] summary").click()
    page.get_by_label("Cirklar vid projekten").select_option("Fastställd budget, utgift, alla år")
    settled(page)
    rows = page.locator("#karta-storlek tr[data-code]")
    expect(page.locator(CIRCLES)).to_have_count(rows.count())
    assert rows.count() > 5
    expect(page.locator("#karta-storleksforklaring .theme-sizes li").first).to_contain_text("mnkr")
    assert serious_findings(page) == []
    box = page.locator(CIRCLES).first.bounding_box()
    assert box
    assert abs(box["width"] - int(str(rows.first.get_attribute("data-radius"))) / 5) < 3
    shown = page.locator('#karta-storlek tr[data-kind="bostad"]').count()
    page.get_by_role("checkbox", name="Bostad").uncheck()
    expect(page.locator(CIRCLES)).to_have_count(rows.count() - shown)
    page.get_by_role("checkbox", name="Bostad").check()
    page.emulate_media(reduced_motion="reduce")
    code = str(rows.nth(1).get_attribute("data-code"))
    rows.nth(1).get_by_role("button").click()
    expect(page.locator(".map-popup [data-slot=link]")).to_have_attribute("href", f"/projekt/{code}")
    page.reload()
    settled(page)
    expect(page.locator(CIRCLES)).to_have_count(rows.count())


def test_a_frame_has_the_circles_and_the_lines_of_its_address(write: Write, page: Page) -> None:
    write(put)
    open_map(page, "/karta/inbaddad?areas=1999&sized=budget&served=ja")
    rows = page.locator("#karta-storlek tr[data-code]")
    expect(page.locator(CIRCLES)).to_have_count(rows.count())
    expect(page.locator(".leaflet-linjer-pane path")).not_to_have_count(0)
    page.goto("/karta/inbaddad?areas=1999")
    settled(page)
    expect(page.locator(".leaflet-linjer-pane path")).to_have_count(0)
