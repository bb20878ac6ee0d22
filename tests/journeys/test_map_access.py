"""axe-core, widths, enlargement, motion, forced colours and failing networks: the map page in each of its states."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.conftest import serious_findings
from tests.journeys.test_map import drawn, open_map, same_view, settled
from tests.maps.conftest import Write
from tests.maps.conftest import write as write  # a fixture for these tests as well
from tests.maps.projects import put_many, put_three
from tracker.maps import answers

pytestmark = pytest.mark.browser
WIDTHS = (1280, 390, 320)


def show_list(page: Page) -> None:
    """On a narrow page the list stands behind a switch."""
    if page.locator("[data-switch]").is_visible():
        page.get_by_text("Lista", exact=True).click()


def open_popup(page: Page) -> None:
    show_list(page)
    page.get_by_role("button", name="Visa Zebragatan på kartan").click()
    expect(page.get_by_role("dialog", name="Zebragatan")).to_be_visible()


def open_filter(page: Page) -> None:
    box = page.locator("[data-filter-box]")
    if box.get_attribute("open") is None:
        box.locator("summary").click()


def open_share(page: Page) -> None:
    page.get_by_text("Dela och skriv ut").click()
    expect(page.get_by_label("Länk till den här kartan")).to_be_visible()


def open_search(page: Page) -> None:
    page.locator("#karta-sok").press_sequentially("zeb")
    expect(page.locator("#karta-forslag [role=option]").first).to_be_visible()


def open_help(page: Page) -> None:
    page.locator("#karta .leaflet-container").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Tangenter i kartan")).to_be_visible()


def choose_theme(page: Page) -> None:
    box = page.locator("[data-theme-box]")
    if box.get_attribute("open") is None:
        box.locator("summary").click()
    choice = page.locator("[data-theme-choice]")
    choice.select_option(choice.locator("optgroup option").first.get_attribute("value"))
    settled(page)
    expect(choice).not_to_have_value("")


def nothing(_page: Page) -> None:
    """The page as it opens."""


STATES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "start": ("", nothing),
    "filter": ("?kind=trafik", open_filter),
    "popup": ("", open_popup),
    "list": ("", show_list),
    "empty": ("?q=finnsinte", show_list),
    "help": ("", open_help),
    "theme": ("", choose_theme),
    "year": ("?at=2026", show_list),
    "place": ("?here=17.927,59.388", nothing),
    "search": ("", open_search),
    "share": ("", open_share),
}


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_serious_in_any_state(write: Write, page: Page, one_theme: str, width: int) -> None:
    write(put_three)
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=one_theme, reduced_motion="reduce")  # type: ignore[arg-type]
    found = []
    for state, (query, reach) in STATES.items():
        page.goto("about:blank")
        open_map(page, f"/karta{query}")
        reach(page)
        found += [f"{state}: {one}" for one in serious_findings(page)]
        across = page.evaluate("document.documentElement.scrollWidth")
        if across > width:
            found.append(f"{state}: {across} pixels wide")
    assert found == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_on_groups_and_on_failure(
    write: Write, page: Page, complaints: list[str], monkeypatch: pytest.MonkeyPatch, theme: str
) -> None:
    monkeypatch.setattr(answers, "LIMIT", 60)
    write(lambda session, _actor: put_many(session, 300))
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
    open_map(page)
    drawn(page, 300)
    assert serious_findings(page) == []
    page.route("**/karta/data?*", lambda route: route.fulfill(status=500))
    page.get_by_label("Slag", exact=True).select_option("trafik")
    expect(page.get_by_role("button", name="Försök igen")).to_be_visible()
    assert serious_findings(page) == []
    complaints[:] = [one for one in complaints if "500" not in one]


@pytest.mark.parametrize(("width", "height"), [(640, 400), (320, 256)], ids=["200%", "400%"])
def test_enlarged_the_page_scrolls_one_way_and_map_and_list_are_whole(
    write: Write, page: Page, width: int, height: int
) -> None:
    """1280 × 800 and 1280 × 1024 enlarged: what a browser's zoom makes of the page."""
    write(put_three)
    page.set_viewport_size({"width": width, "height": height})
    open_map(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    karta = page.locator("#karta")
    karta.scroll_into_view_if_needed()
    box = karta.bounding_box()
    assert box
    assert box["height"] <= height
    assert box["height"] >= 190
    show_list(page)
    page.get_by_role("button", name="Visa Zebragatan på kartan").click()
    expect(page.get_by_role("dialog", name="Zebragatan")).to_be_visible()


@pytest.mark.parametrize("height", [800, 900], ids=["1280x800", "1440x900"])
def test_map_legend_and_list_are_in_view_together(write: Write, page: Page, height: int) -> None:
    write(put_three)
    page.set_viewport_size({"width": height * 16 // 10, "height": height})
    open_map(page)
    for part in ("[data-legend]", "#karta", "#karta-lista tr[data-code]"):
        expect(page.locator(part).first).to_be_in_viewport()
    karta = page.locator("#karta").bounding_box()
    assert karta
    assert karta["height"] > height / 2
    assert karta["y"] + karta["height"] <= height


def test_little_motion_and_forced_colours(write: Write, page: Page) -> None:
    write(put_three)
    page.emulate_media(reduced_motion="reduce", forced_colors="active")
    open_map(page)
    sign = page.locator(".kind-bostad .sign").first
    assert sign.evaluate("(one) => getComputedStyle(one).fill") == "rgb(184, 78, 0)"
    box = page.locator("[data-legend]").get_by_label("Bostad")
    assert box.evaluate("(one) => getComputedStyle(one).appearance") == "auto"
    button = page.get_by_role("button", name="Zooma in")
    assert button.evaluate("(one) => getComputedStyle(one).transitionDuration") in ("0s", "1e-05s", "0.00001s")


def test_printed_the_page_is_map_legend_and_list(write: Write, page: Page) -> None:
    write(put_three)
    open_map(page)
    page.emulate_media(media="print")
    for part in ("#karta", "[data-legend]", "#karta-lista table"):
        expect(page.locator(part)).to_be_visible()
    for part in ("[data-filter-box]", ".leaflet-control-zoom", ".map-actions"):
        expect(page.locator(part).first).to_be_hidden()


def test_without_a_net_what_was_fetched_stays_and_comes_again_by_itself(
    write: Write, page: Page, complaints: list[str]
) -> None:
    write(put_three)
    open_map(page)
    page.context.set_offline(True)
    page.get_by_label("Slag", exact=True).select_option("trafik")
    expect(page.locator("[data-wait]")).to_contain_text("Datorn har inget nät")
    drawn_before = page.locator("#karta")
    expect(drawn_before).to_have_attribute("data-drawn", "2")
    assert page.locator("tr[data-code]").count() == 3
    assert "kind=trafik" in page.url
    page.context.set_offline(False)
    drawn(page, 1)
    expect(page.locator("[data-wait]")).to_be_hidden()
    complaints[:] = [one for one in complaints if "ERR_INTERNET_DISCONNECTED" not in one]


def test_a_slow_answer_that_another_overtook_draws_nothing(write: Write, page: Page) -> None:
    write(put_three)
    open_map(page)
    held: list[Route] = []
    page.route("**/karta/data?kind=bostad*", lambda route: held.append(route))
    page.get_by_label("Slag", exact=True).select_option("bostad")
    expect(page.locator("#karta")).to_have_attribute("data-state", "laddar")
    page.get_by_label("Slag", exact=True).select_option("trafik")
    drawn(page, 1)
    for route in held:
        route.continue_()
    page.get_by_label("Skede").select_option("genomforande")
    settled(page)
    drawn(page, 1)
    expect(page.locator('tr[data-code="T-1"]')).to_have_count(1)


def test_leaving_to_a_project_and_back_restores_view_filter_and_layers(write: Write, page: Page) -> None:
    write(put_three)
    open_map(page, "/karta?kind=bostad&kind=trafik#13.5/59.38800/17.92700/trafik")
    before = page.url
    page.get_by_role("link", name="Äppelgården").click()
    expect(page.locator("h1")).to_contain_text("Äppelgården")
    page.go_back()
    settled(page)
    same_view(page.url, before)
    expect(page.locator("[data-legend]").get_by_label("Trafik")).not_to_be_checked()


def test_a_double_click_on_a_button_does_it_once(write: Write, page: Page, complaints: list[str]) -> None:
    write(put_three)
    page.route("**/karta/data?*", lambda route: route.fulfill(status=500))
    page.goto("/karta")
    again = page.get_by_role("button", name="Försök igen")
    expect(again).to_be_visible()
    page.unroute("**/karta/data?*")
    again.dblclick()
    drawn(page, 2)
    page.locator("[data-locate]").first.dblclick()
    expect(page.locator(".leaflet-popup")).to_have_count(1)
    complaints[:] = [one for one in complaints if "500" not in one]


def test_with_all_outside_addresses_blocked_nothing_is_missed(write: Write, page: Page, live_server: str) -> None:
    """The page's own fixture fails on any console message or request to elsewhere."""
    write(put_three)
    page.route("**/*", lambda route: route.continue_() if route.request.url.startswith(live_server) else route.abort())
    open_map(page)
    drawn(page, 2)
    page.get_by_role("button", name="Zooma in").click()
    settled(page)
