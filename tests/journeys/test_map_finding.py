"""Finding on the map in a real browser: the year's slider, search by keyboard, what happens here, the list in step."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.journeys.conftest import serious_findings
from tests.journeys.test_map import codes, drawn, open_map, says, settled
from tests.maps.conftest import Write
from tests.maps.conftest import write as write  # a fixture for these tests as well
from tests.maps.projects import FARSTA, HOSTILE, RINKEBY, put, square
from tracker.history.services import Actor
from tracker.measures.models import MainKind

pytestmark = pytest.mark.browser
AT_RINKEBY = "#15/59.38800/17.92700"


def put_four(session: Session, actor: Actor) -> None:
    """Planned, under way and completed in 2005, and one without dates or place."""
    put(session, actor, "P-1", square(RINKEBY), name="Planerade huset", start_decided=date(2007, 1, 1))
    x, y = RINKEBY
    near = square((x + 300, y + 300))
    put(
        session, actor, "P-2", near, name="Pågående huset", start_decided=date(2003, 1, 1), end_decided=date(2008, 1, 1)
    )
    put(
        session,
        actor,
        "P-3",
        square(FARSTA),
        name="Rinkebyvägen i Farsta",
        kind=MainKind.TRAFFIC,
        start_decided=date(2001, 1, 1),
        end_decided=date(2005, 6, 1),
    )
    put(session, actor, "P-4", None, name="Kontorshuset", kind=MainKind.WORKPLACE)


def counts(page: Page) -> list[str]:
    return [line.inner_text() for line in page.locator("[data-time-count]").all()]


def test_the_slider_moves_signs_counts_list_and_address(write: Write, page: Page) -> None:
    write(put_four)
    open_map(page)
    drawn(page, 3)
    page.get_by_label("Läget ett visst år").check()
    slider = page.get_by_role("slider", name="År")
    expect(slider).to_have_value("2008")  # the year nearest to today
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile(r"\?at=2005#"))
    settled(page)
    says(page, "4 projekt · läget 2005")
    assert counts(page) == ["1", "1", "1", "0", "1"]
    expect(page.locator('tr[data-code="P-3"]')).to_contain_text("Blir klart 2005")
    expect(page.locator('tr[data-code="P-1"]')).to_contain_text("Planerat")
    expect(page.locator("[data-time-said]")).to_have_text(re.compile(r"^2005: .*planerat 1.*pågår 1"))
    expect(slider).to_be_focused()
    page.get_by_role("button", name="Året efter").click()
    expect(page.locator("[data-time-year]")).to_have_text("2006")
    assert counts(page) == ["1", "1", "0", "1", "1"]  # at once, from what the page has
    expect(page).to_have_url(re.compile(r"\?at=2006#"))


def test_a_state_is_hidden_on_map_and_list_and_back_again(write: Write, page: Page) -> None:
    write(put_four)
    open_map(page, "/karta?at=2005")
    drawn(page, 3)
    page.get_by_role("checkbox", name=re.compile("Pågår")).uncheck()
    drawn(page, 2)
    expect(page).to_have_url(re.compile(r"hide=pagar"))
    says(page, "3 av 4 projekt · läget 2005")
    assert codes(page) == ["P-4", "P-1", "P-3"]
    assert counts(page) == ["1", "1", "1", "0", "1"]
    page.go_back()
    drawn(page, 3)
    expect(page.get_by_role("checkbox", name=re.compile("Pågår"))).to_be_checked()
    page.get_by_role("button", name="Alla år").click()
    says(page, "4 projekt")
    expect(page.get_by_role("slider", name="År")).to_be_hidden()
    assert "?" not in page.url


def test_search_by_keyboard_finds_area_and_project(write: Write, page: Page) -> None:
    write(put_four)
    open_map(page)
    box = page.get_by_role("combobox", name="Sök projekt, område eller plats")
    box.focus()
    page.keyboard.type("rinkeby")
    options = page.locator("#karta-forslag [role=option]")
    expect(options.first).to_contain_text("Rinkeby (stadsdel), i Järva 2023")
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", "karta-forslag-0")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    says(page, "2 av 4 projekt · Rinkeby")
    expect(options).to_have_count(0)
    settled(page)
    # A project that the filter leaves out: the filter gives way, and its popup opens with the focus in it.
    box.fill("")
    box.focus()
    page.keyboard.type("P-3")
    expect(options.first).to_contain_text("Rinkebyvägen i Farsta")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    popup = page.get_by_role("dialog", name="Rinkebyvägen i Farsta")
    expect(popup).to_be_visible()
    page.keyboard.press("Escape")
    expect(popup).to_have_count(0)
    box.focus()
    page.keyboard.press("Escape")
    expect(box).to_have_value("")
    page.go_back()
    says(page, "2 av 4 projekt · Rinkeby")


def test_suggestions_close_say_when_there_are_none_and_search_plainly(write: Write, page: Page) -> None:
    write(put_four)
    open_map(page)
    box = page.get_by_role("combobox", name="Sök projekt, område eller plats")
    box.press_sequentially("huset")
    expect(page.locator("#karta-forslag [role=option]")).to_have_count(3)
    page.keyboard.press("Escape")
    expect(page.locator("#karta-forslag [role=option]")).to_have_count(0)
    page.keyboard.press("Enter")
    says(page, "3 av 4 projekt · ”huset”")
    box.fill("xyzzy")
    expect(page.locator("[data-find-said]")).to_have_text("Inga förslag. Retur söker i namn, kod och diarienummer.")


def test_case_45_hostile_names_are_inert_among_suggestions(write: Write, page: Page) -> None:
    write(lambda session, actor: put(session, actor, "X-1", square(RINKEBY), name=HOSTILE))
    open_map(page, f"/karta{AT_RINKEBY}")
    page.get_by_role("combobox", name="Sök projekt, område eller plats").press_sequentially("X-1")
    expect(page.locator("#karta-forslag [role=option]").locator(".find-name")).to_have_text(HOSTILE)
    page.locator("#karta .leaflet-container").press("h")
    expect(page.locator(".here-list a")).to_have_text(HOSTILE)
    expect(page.locator("img[src=x]")).to_have_count(0)
    assert page.evaluate("window.hacked") is None


def test_what_happens_here_by_keyboard_by_click_and_by_address(write: Write, page: Page) -> None:
    write(put_four)
    open_map(page, f"/karta{AT_RINKEBY}")
    button = page.get_by_role("button", name="Vad händer här?")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#karta .leaflet-container")).to_be_focused()
    page.keyboard.press("Enter")
    heading = page.get_by_role("heading", name="Vad händer här?")
    expect(heading).to_be_focused()
    panel = page.locator("#karta-har")
    expect(panel).to_contain_text("Rinkeby · Västerort (ytterstad)")
    expect(panel).to_contain_text("2023: Järva")
    expect(page).to_have_url(re.compile(r"\?here=17\.92\d+%2C59\.38\d+&radius=250#"))
    panel.get_by_label("1 000 m").check()
    expect(panel).to_contain_text("2 projekt inom 1 000 m, närmast först.")
    assert [one.inner_text() for one in panel.locator("li[data-code] a").all()] == ["Planerade huset", "Pågående huset"]
    expect(page.locator('tr[data-code="P-1"]')).to_contain_text(re.compile(r"\d+\sm|på platsen"))
    address = page.url
    page.get_by_label("Ordning").select_option("avstand")
    settled(page)
    assert codes(page) == ["P-1", "P-2", "P-3", "P-4"]
    page.goto(address)
    settled(page)
    expect(panel).to_contain_text("2 projekt inom 1 000 m")
    panel.get_by_role("button", name="Stäng").click()
    expect(panel.get_by_role("heading")).to_have_count(0)
    expect(button).to_be_focused()
    assert "here=" not in page.url
    button.click()
    page.locator("#karta").click(position={"x": 400, "y": 300})
    expect(heading).to_be_focused()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.go_back()
    expect(panel.get_by_role("heading")).to_have_count(0)


def test_my_position_refused_and_given(write: Write, page: Page) -> None:
    write(put_four)
    open_map(page)
    page.get_by_role("button", name="Min plats").click()
    expect(page.locator("[data-find-said]")).to_contain_text("Webbläsaren fick inte läsa din plats.")
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"longitude": 17.927, "latitude": 59.388})
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.get_by_role("button", name="Min plats").click()
    expect(page.locator("#karta-har")).to_contain_text("Rinkeby · Västerort")
    assert next(url.split("?")[0].rsplit("/", 1)[1] for url in asked if "17.927" in url) == "har"
    assert not [url for url in asked if "17.927" in url and "/karta/data" in url]


def test_the_list_follows_the_map(write: Write, page: Page) -> None:
    write(put_four)
    open_map(page)
    drawn(page, 3)
    page.get_by_label("Bara i kartbilden").check()
    expect(page.locator("[data-list-count]")).to_have_text("3 av 4 projekt i kartbilden")
    page.goto(f"/karta?view=17.7,59.2,18.3,59.5{AT_RINKEBY}")
    expect(page.locator("[data-list-count]")).to_have_text("2 av 4 projekt i kartbilden")
    assert codes(page) == ["P-1", "P-2"]
    page.locator("#karta .leaflet-container").press("0")  # all that was found
    expect(page.locator("[data-list-count]")).to_have_text("3 av 4 projekt i kartbilden")
    page.goto("/karta?view=17.7,59.2,18.3,59.5#15/59.36000/18.13000")
    expect(page.locator("#karta-lista")).to_contain_text("Inga projekt i kartbilden.")
    page.get_by_label("Bara i kartbilden").uncheck()
    expect(page.locator("[data-list-count]")).to_have_text("4 projekt i listan")
    assert "view=" not in page.url


def test_the_list_is_sorted_and_taken_away(write: Write, page: Page) -> None:
    write(put_four)
    open_map(page, "/karta?at=2005")
    page.get_by_label("Ordning").select_option("start")
    expect(page.locator("caption")).to_contain_text("efter start")
    settled(page)
    assert codes(page) == ["P-3", "P-2", "P-1", "P-4"]
    page.get_by_label("omvänd").check()
    expect(page.locator("caption")).to_contain_text("omvänd")
    settled(page)
    assert codes(page) == ["P-1", "P-2", "P-3", "P-4"]
    with page.expect_download() as fetched:
        page.get_by_role("link", name="CSV").click()
    assert fetched.value.suggested_filename == "projekt-offentlig.csv"


def test_what_changed_since_a_day(write: Write, page: Page) -> None:
    def before(session: Session, actor: Actor) -> None:
        early = Actor(actor.name, actor.origin, datetime(2005, 3, 1, tzinfo=UTC))
        put(session, early, "P-1", square(RINKEBY), name="Gamla huset")

    write(before)
    write(lambda session, actor: put(session, actor, "P-2", square(FARSTA), name="Nya huset"))
    open_map(page)
    drawn(page, 2)
    page.get_by_label("Ändrat sedan annat datum").fill("2005-04-30")
    drawn(page, 1)
    says(page, "1 av 2 projekt · ändrade sedan 2005-04-30")
    expect(page.locator('tr[data-code="P-2"]')).to_contain_text("Nytt på kartan")
    page.get_by_label("Ändrat sedan", exact=True).select_option("")
    drawn(page, 2)
    page.goto("/karta?since=2006-01-01")
    expect(page.locator(".notice")).to_contain_text("Inga projekt har ändrats sedan 2006-01-01.")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(write: Write, page: Page, theme: str) -> None:
    write(put_four)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
    open_map(page, "/karta?at=2005&here=17.927,59.388&radius=1000&since=2005-01-01&view=17.7,59.2,18.3,59.5")
    page.get_by_role("combobox", name="Sök projekt, område eller plats").press_sequentially("huset")
    expect(page.locator("#karta-forslag [role=option]")).to_have_count(3)
    assert serious_findings(page) == []


@pytest.mark.parametrize("width", [390, 320])
def test_fits_a_phone(write: Write, page: Page, width: int) -> None:
    write(put_four)
    page.set_viewport_size({"width": width, "height": 800})
    open_map(page, "/karta?at=2005&here=17.927,59.388&radius=1000&since=2005-01-01")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("combobox", name="Sök projekt, område eller plats").press_sequentially("rinkeby")
    expect(page.locator("#karta-forslag [role=option]").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
