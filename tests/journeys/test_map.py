"""The public map in a real browser: filter, address, table and map in step, by mouse, keyboard and phone."""

from __future__ import annotations

import re

import pytest
import shapely
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from tests.journeys.conftest import serious_findings
from tests.maps.conftest import Write
from tests.maps.conftest import write as write  # a fixture for these tests as well
from tests.maps.projects import HOSTILE, RINKEBY, put, put_many, put_three, square
from tracker.history.services import Actor
from tracker.maps import answers
from tracker.measures.models import MainKind

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}


def open_map(page: Page, address: str = "/karta") -> None:
    page.goto(address)
    settled(page)


def settled(page: Page) -> None:
    expect(page.locator("#karta")).to_have_attribute("data-state", "klar")


def drawn(page: Page, count: int) -> None:
    expect(page.locator("#karta")).to_have_attribute("data-drawn", str(count))
    settled(page)


def codes(page: Page) -> list[str | None]:
    return [row.get_attribute("data-code") for row in page.locator("tr[data-code]:not([hidden])").all()]


def says(page: Page, text: str) -> None:
    expect(page.locator("#karta-rad")).to_have_text(text)


def same_view(address: str, other: str) -> None:
    """The same filter, layers and view; a centre falls on a whole pixel, some metres from what was asked for."""
    (search, view), (other_search, other_view) = address.split("#"), other.split("#")
    assert search == other_search
    (zoom, lat, lon, *rest), (other_zoom, other_lat, other_lon, *other_rest) = view.split("/"), other_view.split("/")
    assert (zoom, rest) == (other_zoom, other_rest)
    assert (float(lat), float(lon)) == pytest.approx((float(other_lat), float(other_lon)), abs=5e-4)


def test_filter_changes_map_list_line_and_address_and_back_restores(write: Write, page: Page) -> None:
    write(put_three)
    open_map(page)
    drawn(page, 2)
    says(page, "3 projekt")
    page.get_by_label("Slag", exact=True).select_option("trafik")
    drawn(page, 1)
    assert codes(page) == ["T-1"]
    says(page, "1 av 3 projekt · Trafik")
    expect(page).to_have_url(re.compile(r"/karta\?kind=trafik#[\d.]+/59\.\d+/1[78]\.\d+$"))
    page.get_by_label("Skede").select_option("genomforande")
    says(page, "1 av 3 projekt · Trafik · Genomförande")
    page.go_back()
    says(page, "1 av 3 projekt · Trafik")
    expect(page.get_by_label("Skede")).to_have_value("")
    page.go_back()
    drawn(page, 2)
    says(page, "3 projekt")
    assert codes(page) == ["A-1", "T-1", "B-1"]
    expect(page.get_by_label("Slag", exact=True)).to_have_value("")
    page.go_forward()
    drawn(page, 1)
    expect(page.get_by_label("Slag", exact=True)).to_have_value("trafik")


def test_search_and_clear_by_keyboard(write: Write, page: Page) -> None:
    write(put_three)
    open_map(page)
    page.locator("#filter-q").press_sequentially("äppel")
    page.keyboard.press("Enter")
    drawn(page, 1)
    assert codes(page) == ["B-1"]
    page.get_by_role("link", name="Rensa").focus()
    page.keyboard.press("Enter")
    drawn(page, 2)
    expect(page.locator("#filter-q")).to_have_value("")
    assert "?" not in page.url


def test_popup_opens_by_keyboard_from_the_list_and_hands_back_the_focus(write: Write, page: Page) -> None:
    write(put_three)
    open_map(page)
    button = page.get_by_role("button", name="Visa Zebragatan på kartan")
    button.focus()
    page.keyboard.press("Enter")
    popup = page.get_by_role("dialog", name="Zebragatan")
    expect(popup).to_contain_text("Trafik · Genomförande")
    expect(popup).to_contain_text("Farsta")
    link = popup.get_by_role("link", name="Öppna projektet")
    expect(link).to_be_focused()
    expect(link).to_have_attribute("href", "/projekt/T-1")
    page.keyboard.press("Escape")
    expect(popup).to_have_count(0)
    expect(button).to_be_focused()


def test_row_and_sign_light_each_other(write: Write, page: Page) -> None:
    write(put_three)
    open_map(page, "/karta?q=zebra")
    drawn(page, 1)
    row = page.locator('tr[data-code="T-1"]')
    row.hover()
    expect(page.locator(".map-tooltip")).to_have_text("Zebragatan")
    expect(row).to_have_class("is-lit")
    page.locator("h1").hover()
    expect(page.locator(".map-tooltip")).to_have_count(0)
    page.locator("#karta").hover()  # its middle, where the only project lies
    expect(row).to_have_class("is-lit")
    page.locator("#karta").click()
    expect(page.get_by_role("dialog", name="Zebragatan")).to_be_visible()


def test_an_address_holds_filter_view_and_layers(write: Write, page: Page) -> None:
    write(put_three)
    open_map(page, "/karta?kind=bostad&kind=trafik#13.5/59.38800/17.92700/trafik,granser")
    drawn(page, 1)
    # The centre falls on a whole pixel, some metres from what was asked for.
    expect(page).to_have_url(
        re.compile(r"\?kind=bostad&kind=trafik#13\.5/59\.38[78]\d\d/17\.92[67]\d\d/trafik,granser$")
    )
    assert codes(page) == ["B-1"]
    expect(page.get_by_label("Områden 2023")).not_to_be_checked()
    expect(page.locator("[data-hidden-note]")).to_contain_text("trafik")
    page.get_by_role("button", name="Visa alla lager").click()
    drawn(page, 2)
    expect(page).to_have_url(re.compile(r"#13\.5/59\.38[78]\d\d/17\.92[67]\d\d$"))


def test_layers_hide_on_map_and_list_alike(write: Write, page: Page) -> None:
    write(put_three)
    open_map(page)
    page.locator("[data-legend]").get_by_label("Bostad").uncheck()
    drawn(page, 1)
    assert codes(page) == ["A-1", "T-1"]
    expect(page.locator("[data-hidden-text]")).to_have_text("Dolt på kartan och i listan: bostad.")


def test_another_edition_brings_its_areas_and_outlines(write: Write, page: Page) -> None:
    write(put_three)
    open_map(page)
    with page.expect_response("**/omraden/1999/granser.geojson"):
        page.get_by_label("Indelning").select_option("1999")
    settled(page)
    expect(page.locator("#karta-granser")).to_contain_text("Områden 1999 (schematisk gräns)")
    page.get_by_label("Område", exact=True).select_option("rinkeby")
    drawn(page, 1)
    says(page, "1 av 3 projekt · Rinkeby")
    assert "area=rinkeby&areas=1999" in page.url
    expect(page.locator("path.leaflet-interactive")).to_have_count(0)


def test_case_45_hostile_names_are_inert(write: Write, page: Page) -> None:
    write(lambda session, actor: put(session, actor, "X-1", square(RINKEBY), name=HOSTILE))
    open_map(page)
    row = page.locator('tr[data-code="X-1"]')
    expect(row.get_by_role("link")).to_have_text(HOSTILE)
    row.hover()
    expect(page.locator(".map-tooltip")).to_have_text(HOSTILE)
    row.locator("[data-locate]").click()
    expect(page.locator(".map-popup h2")).to_have_text(HOSTILE)
    expect(page.locator("img[src=x]")).to_have_count(0)
    assert page.evaluate("window.hacked") is None


def put_shapes(session: Session, actor: Actor) -> None:
    """Every sort of geometry, holes and collections included."""
    x, y = RINKEBY
    ring = square(RINKEBY, 900).difference(square(RINKEBY, 300))
    line = shapely.LineString([(x, y), (x + 2_000, y + 2_000)])
    points = shapely.MultiPoint([(x, y + 500), (x + 500, y)])
    put(session, actor, "G-1", ring, name="Yta med hål")
    put(session, actor, "G-2", shapely.MultiLineString([line.coords, [(x, y), (x, y - 900)]]), kind=MainKind.TRAFFIC)
    put(session, actor, "G-3", points, kind=MainKind.WORKPLACE)
    mixed = shapely.GeometryCollection([line, shapely.Point(x - 400, y), square((x + 900, y))])
    put(session, actor, "G-4", mixed, kind=MainKind.TRAFFIC)
    put(session, actor, "G-5", shapely.MultiPolygon([square((x + 2_000, y)), square((x, y + 2_000))]))
    put(session, actor, "G-6", shapely.Point(x - 900, y), kind=MainKind.WORKPLACE)


def test_every_sort_of_geometry_is_drawn_and_found(write: Write, page: Page) -> None:
    write(put_shapes)
    open_map(page)
    drawn(page, 6)
    for code in ("G-1", "G-2", "G-3", "G-4", "G-5", "G-6"):
        page.locator(f'tr[data-code="{code}"] [data-locate]').click()
        expect(page.locator(".map-popup [data-slot=link]")).to_have_attribute("href", f"/projekt/{code}")


def put_unlocated(session: Session, actor: Actor) -> None:
    put(session, actor, "A-1", None)


def test_case_20_only_projects_without_a_place(write: Write, page: Page) -> None:
    write(put_unlocated)
    open_map(page)
    drawn(page, 0)
    expect(page.locator("#karta-besked")).to_contain_text("Projektet saknar läge")
    assert codes(page) == ["A-1"]


def test_nothing_found_and_the_way_back(write: Write, page: Page) -> None:
    write(put_three)
    open_map(page, "/karta?q=finnsinte")
    drawn(page, 0)
    expect(page.locator("#karta-besked")).to_contain_text("Inga projekt stämmer med filtret")
    page.locator("#karta-besked").get_by_role("link", name="rensa filtret").click()
    drawn(page, 2)


def test_a_failed_fetch_is_said_and_tried_again(write: Write, page: Page) -> None:
    write(put_three)
    page.route("**/karta/data?*", lambda route: route.fulfill(body="inget svar"))
    page.goto("/karta")
    expect(page.locator("[data-wait]")).to_contain_text("Projekten gick inte att hämta")
    page.unroute("**/karta/data?*")
    page.get_by_role("button", name="Försök igen").click()
    drawn(page, 2)
    expect(page.locator("[data-wait]")).to_be_hidden()


def test_the_small_map_of_a_projects_page(write: Write, page: Page) -> None:
    write(put_three)
    for code in ("B-1", "T-1"):
        with page.expect_response(f"**/projekt/{code}/geometri.geojson"):
            page.goto(f"/projekt/{code}")
        expect(page.locator("[data-small-map]")).to_have_attribute("data-state", "klar")
        expect(page.locator("[data-small-map] canvas")).to_be_visible()
    page.get_by_role("button", name="Zooma ut").click()
    assert serious_findings(page) == []


def test_many_projects_are_counted_and_found_by_zooming(
    write: Write, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "LIMIT", 60)
    write(lambda session, _actor: put_many(session, 300))
    open_map(page)
    drawn(page, 300)
    expect(page.locator("[data-cluster-legend]")).to_be_visible()
    before = page.url
    disc = page.locator(".cluster").first
    assert re.search(
        r"^\d+ projekt \(.*(bostad|arbetsplats|trafik) \d+.*\)\. Zooma in\.$", disc.get_attribute("title") or ""
    )
    disc.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("before => location.href !== before", arg=before)
    settled(page)
    page.get_by_role("button", name="Visa Projekt M-00000 på kartan").click()
    expect(page.get_by_role("dialog", name="Projekt M-00000")).to_be_visible()


def test_usable_on_a_phone(write: Write, page: Page) -> None:
    write(put_three)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    open_map(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    karta = page.locator("#karta").bounding_box()
    assert karta
    assert karta["width"] > 340
    expect(page.locator("#karta-lista")).to_be_hidden()
    expect(page.locator("[data-legend]").get_by_text("Ytterstad")).to_be_visible()
    page.get_by_text("Filter", exact=True).click()
    page.get_by_label("Slag", exact=True).select_option("bostad")
    drawn(page, 1)
    page.get_by_text("Lista", exact=True).click()
    expect(page.locator("#karta")).to_be_hidden()
    expect(page).to_have_url(re.compile(r"#[\d.]+/[\d.]+/[\d.]+///lista$"))
    page.get_by_role("button", name="Visa Äppelgården på kartan").click()
    expect(page.get_by_role("dialog", name="Äppelgården")).to_be_in_viewport(ratio=0.99)
    expect(page.locator("#karta-lista")).to_be_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(write: Write, page: Page, theme: str) -> None:
    write(put_three)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
    open_map(page)
    page.get_by_role("button", name="Visa Zebragatan på kartan").click()
    expect(page.get_by_role("dialog", name="Zebragatan")).to_be_visible()
    assert serious_findings(page) == []


def test_without_a_script_the_table_and_the_form_do_the_work(write: Write, browser: Browser, live_server: str) -> None:
    write(put_three)
    context = browser.new_context(base_url=live_server, java_script_enabled=False)
    page = context.new_page()
    page.goto("/karta")
    assert codes(page) == ["A-1", "T-1", "B-1"]
    page.get_by_label("Slag", exact=True).select_option("trafik")
    page.get_by_role("button", name="Filtrera").click()
    page.wait_for_load_state()
    assert codes(page) == ["T-1"]
    context.close()
