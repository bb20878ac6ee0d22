"""Registering a project in a real browser: draw, tag, serve, count, save; by mouse and by keyboard."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
import shapely
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import PASSWORD
from tests.factories import make_project
from tests.geometries import RINKEBY, square
from tests.journeys.conftest import serious_findings
from tests.journeys.drawing import at, changing
from tracker.accounts.roles import Role
from tracker.geo.crs import STORAGE_SRID, WEB_SRID, reproject_one
from tracker.geo.stored import from_stored
from tracker.projects.models import Project
from tracker.web.forms import web_text

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
KISTA = shapely.Point(146_870, 6_587_540)
"""Kista centrum; the line from Rinkeby torg crosses the border between the two."""


@pytest.fixture
def form_page(page: Page) -> Callable[[str], Page]:
    """Sign in as a project manager and open a form."""

    def opened(address: str) -> Page:
        page.goto(f"/logga-in?next={address}")
        page.get_by_label("E-post").fill(f"{Role.MANAGER.value}@prov.se")
        page.get_by_label("Lösenord").fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Logga in").click()
        ready(page)
        return page

    return opened


def ready(page: Page) -> None:
    expect(page.locator("form[data-ready]")).to_be_visible()


def draw(page: Page, tool: str, *places: shapely.Point, close: bool = True) -> None:
    """Choose a tool and click the places; the first of an area or the last of a line again ends it."""
    page.locator("[data-map]").scroll_into_view_if_needed()
    page.get_by_role("button", name=tool, exact=True).click()
    for place in places:
        page.mouse.move(*at(page, place))
        page.mouse.click(*at(page, place))
    if close and len(places) > 1:
        page.mouse.click(*at(page, places[0] if tool == "Yta" else places[-1]))


def zoom_to(page: Page, shape: shapely.Geometry) -> None:
    """Show the surroundings of a shape, so that clicks are some metres apart and not a kilometre."""
    lon, lat, east, north = reproject_one(shape, STORAGE_SRID, WEB_SRID).bounds
    script = "(frame, box) => frame.drawing.map.fitBounds(box, { animate: false, maxZoom: 16 })"
    page.locator("[data-drawing-frame]").evaluate(script, [[lat, lon], [north, east]])


def drag(page: Page, start: shapely.Point, end: shapely.Point) -> None:
    page.mouse.move(*at(page, start))
    page.mouse.down()
    page.mouse.move(*at(page, end), steps=5)
    page.mouse.up()


def said(page: Page, words: str) -> None:
    """Wait until the line under the map says this (a regular expression)."""
    expect(page.locator("[data-lies-said]")).to_have_text(re.compile(words))


def stands(page: Page, section: str, state: str) -> None:
    """Wait until the index says this of a section."""
    expect(page.locator(f'[data-section="{section}"]')).to_have_attribute("data-state", state)


def shape_on(page: Page) -> shapely.Geometry:
    text = page.locator("[name=geometry]").input_value()
    return shapely.from_geojson(text)


def saved(session: Session, code: str) -> Project:
    session.expire_all()
    return session.scalars(select(Project).where(Project.code == code)).one()


def test_a_project_is_registered_with_line_goals_areas_and_money(
    session: Session, form_page: Callable[[str], Page]
) -> None:
    page = form_page("/projekt/ny")
    stands(page, "grunduppgifter", "saknas")
    page.get_by_label("Namn").fill("Rinkebystråket")
    page.get_by_label("Projektkod").fill("2005-0099")
    page.get_by_role("group", name="Huvudslag").get_by_label("Trafik").check()
    page.get_by_role("group", name="Diarienummer").get_by_label("Diarienummer").fill("E2004-00123")
    page.get_by_role("textbox", name="Beskrivning för alla", exact=True).fill("Ny gata mellan Rinkeby och Kista.")
    stands(page, "grunduppgifter", "klart")

    road = shapely.LineString([RINKEBY, KISTA])
    zoom_to(page, road)
    draw(page, "Linje", RINKEBY, KISTA)
    said(page, r"^Ligger i (Rinkeby|Kista) \d\d(,\d+)?\s%, (Rinkeby|Kista) \d\d(,\d+)?\s%\.$")
    expect(page.locator("[data-lies-tables] tbody tr")).to_have_count(3)
    expect(page.locator("[data-lies-tables]")).to_contain_text("Järva")
    stands(page, "lage", "klart")

    page.get_by_label("G1d Fysisk infrastruktur").select_option("3")
    expect(page.get_by_label("Bidrar till mål")).to_be_checked()
    page.get_by_label("Motivering för G1d").fill("Gatan binder ihop stadsdelarna.")
    stands(page, "mal", "klart")

    page.get_by_role("button", name="Föreslå från läget").click()
    expect(page.locator("[data-share-sum]")).to_have_text("Summa 100 %")
    expect(page.locator("[name$='-area']")).to_have_count(2)
    page.get_by_role("button", name="Dela lika").click()
    assert [one.input_value() for one in page.locator("[name$='-share']").all()] == ["50", "50"]
    page.locator("[name=serves_motivation]").fill("Båda stadsdelarna får gatan.")
    stands(page, "omraden", "klart")

    page.locator("[name=figures-0-year]").fill("2005")
    page.locator("[name=figures-0-outlay_forecast]").fill("34000000000")
    page.locator("[name=figures-0-income_forecast]").fill("12 500 tkr")
    expect(page.locator('[data-reading="figures-0-outlay_forecast"]')).to_have_text("= 34 000 mnkr")
    expect(page.locator('[data-row="figures-0"] [data-net=forecast]')).to_have_text("33 987,5")
    page.get_by_role("button", name="Lägg till år").click()
    expect(page.locator("[name=figures-1-year]")).to_be_focused()
    page.keyboard.type("2006")
    page.locator("[name=figures-1-outlay_budget]").fill("100")
    expect(page.locator("[data-sum=outlay_budget]")).to_have_text("100")

    page.keyboard.press("Control+s")
    expect(page).to_have_url(re.compile(r"/projekt/2005-0099$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Rinkebystråket")
    main = page.get_by_role("main")
    for words in ("Projektet 2005-0099 är sparat.", "G1d", "Rinkeby", "Kista", "E2004-00123"):
        expect(main).to_contain_text(words)
    project = saved(session, "2005-0099")
    assert [row.share for row in project.serves] == [5000, 5000]
    line = from_stored(project.geom)
    assert line is not None
    assert line.geom_type == "LineString"
    assert shapely.hausdorff_distance(line, road) < 20


def test_case_10_a_bow_tie_is_explained_and_its_repair_taken(
    session: Session, form_page: Callable[[str], Page]
) -> None:
    page = form_page("/projekt/ny")
    page.get_by_label("Namn").fill("Torget")
    page.get_by_label("Projektkod").fill("A1")
    page.get_by_role("group", name="Huvudslag").get_by_label("Bostad").check()
    zoom_to(page, square(145_700, 6_585_600, 600))
    corners = [(145_900, 6_585_700), (146_100, 6_585_900), (146_100, 6_585_700), (145_900, 6_585_900)]
    draw(page, "Yta", *(shapely.Point(corner) for corner in corners))
    said(page, r"Gränsen korsar sig själv vid N 65857\d\d|65858\d\d, E 14[56]\d\d\d")
    expect(page.locator(".fault-sign")).to_be_visible()
    page.get_by_role("button", name="Ta den lagade formen").click()
    said(page, r"^Ligger i Rinkeby 100\s%\.$")
    expect(page.locator(".fault-sign")).to_have_count(0)
    page.get_by_role("button", name="Spara projekt").click()
    expect(page).to_have_url(re.compile(r"/projekt/A1$"))
    shape = from_stored(saved(session, "A1").geom)
    assert shape is not None
    assert shape.is_valid
    assert shape.geom_type == "MultiPolygon"
    assert shape.area == pytest.approx(20_000, rel=0.1)


def test_case_41_a_rejected_form_keeps_the_drawn_shape(
    session: Session, form_page: Callable[[str], Page], complaints: list[str]
) -> None:
    """Case 41."""
    page = form_page("/projekt/ny")
    page.get_by_label("Projektkod").fill("A1")
    draw(page, "Punkt", RINKEBY)
    draw(page, "Punkt", KISTA)
    said(page, "Kista")
    before = page.locator("[name=geometry]").input_value()
    page.get_by_role("button", name="Lägg till område").click()
    page.locator("[name=serves-1-area]").fill("Atlantis")
    page.locator("[name=figures-0-outlay_forecast]").fill("12.500")
    page.get_by_role("button", name="Spara projekt").click()
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    complaints[:] = [one for one in complaints if "422" not in one]
    ready(page)
    assert page.locator("[name=geometry]").input_value() == before
    expect(page.locator(".drawn-point")).to_have_count(2)
    said(page, "Kista")
    expect(page.locator("[name=serves-1-area]")).to_have_value("Atlantis")
    expect(page.locator("[name=figures-0-outlay_forecast]")).to_have_value("12.500")
    expect(page.locator("#figures-0-outlay_forecast-fel")).to_contain_text("kan läsas på två sätt")
    summary.get_by_role("link", name="Namn").click()
    expect(page.get_by_label("Namn")).to_be_focused()
    page.keyboard.type("Två platser")
    page.get_by_role("group", name="Huvudslag").get_by_label("Trafik").check()
    page.locator("[data-row=serves-1] [data-remove-row]").click()
    page.locator("[name=figures-0-outlay_forecast]").fill("12 500 tkr")
    expect(page.locator("#figures-0-outlay_forecast-fel")).to_be_empty()
    page.get_by_role("button", name="Spara projekt").click()
    expect(page).to_have_url(re.compile(r"/projekt/A1$"))
    shape = from_stored(saved(session, "A1").geom)
    assert isinstance(shape, shapely.MultiPoint)
    assert len(shape.geoms) == 2


def test_parts_are_moved_cut_removed_and_brought_back(session: Session, form_page: Callable[[str], Page]) -> None:
    area, point = square(145_900, 6_585_700, 200), shapely.Point(146_300, 6_585_800)
    make_project(session, "A1", shapely.GeometryCollection([point, area]))
    session.commit()
    page = form_page("/projekt/A1/redigera")
    field = page.locator("[name=geometry]")
    untouched = field.input_value()
    assert untouched == web_text(shapely.GeometryCollection([point, area]))
    page.locator("[data-map]").scroll_into_view_if_needed()

    page.get_by_role("button", name="Ändra hörn").click()
    with changing(page):
        drag(page, shapely.Point(145_900, 6_585_900), shapely.Point(145_850, 6_585_950))
    still, now = (json.loads(text)["geometries"][1]["coordinates"][0] for text in (untouched, field.input_value()))
    assert len(now) == 5
    assert sum(corner in still for corner in now) in (3, 4)
    with changing(page):
        page.get_by_role("button", name="Ångra").click()
    assert json.loads(field.input_value()) == json.loads(untouched)
    page.get_by_role("button", name="Ändra hörn").click()

    page.get_by_role("button", name="Flytta").click()
    with changing(page):
        drag(page, shapely.Point(146_000, 6_585_800), shapely.Point(146_000, 6_585_700))
    lower = reproject_one(shape_on(page), WEB_SRID, STORAGE_SRID)
    assert lower.bounds[1] == pytest.approx(6_585_600, abs=10)
    with changing(page):
        page.get_by_role("button", name="Ångra").click()

    knife = [(145_950, 6_585_650), (146_050, 6_585_650), (146_050, 6_585_950), (145_950, 6_585_950)]
    page.get_by_role("button", name="Klipp").click()
    with changing(page):
        for place in [*knife, knife[0]]:
            page.mouse.move(*at(page, shapely.Point(place)))
            page.mouse.click(*at(page, shapely.Point(place)))
    cut = reproject_one(shape_on(page), WEB_SRID, STORAGE_SRID)
    assert [part.geom_type for part in cut.geoms] == ["Point", "Polygon", "Polygon"]
    assert cut.area == pytest.approx(20_000, rel=0.1)
    page.keyboard.press("Escape")

    with changing(page):
        page.get_by_role("button", name="Ta bort", exact=True).click()
        page.mouse.click(*at(page, point))
    assert shape_on(page).geom_type == "MultiPolygon"
    page.get_by_role("button", name="Ta bort", exact=True).click()
    page.get_by_role("button", name="Spara projekt").click()
    expect(page).to_have_url(re.compile(r"/projekt/A1$"))
    shape = from_stored(saved(session, "A1").geom)
    assert shape is not None
    assert (shape.geom_type, len(shape.geoms)) == ("MultiPolygon", 2)


def test_pasted_coordinates_are_asked_about_and_put_on_the_map(
    session: Session, form_page: Callable[[str], Page]
) -> None:
    page = form_page("/projekt/ny")
    page.get_by_text("Klistra in koordinater", exact=True).click()
    pasted = page.get_by_label("Koordinater", exact=True)
    pasted.fill("78488 100001")
    page.get_by_role("button", name="Lägg på kartan").click()
    expect(page.get_by_text("Talen kan läsas på flera sätt. Vilket är rätt?")).to_be_visible()
    page.get_by_role("button", name="ST74, nord först: N 78488, E 100001").click()
    said(page, r"^Ligger i Kungsholmen 100\s%\.$")
    expect(pasted).to_have_value("")
    pasted.fill("59.388, 17.929\n59.4026, 17.9449")
    page.get_by_role("button", name="Lägg till det ritade").first.click()
    expect(page.get_by_text(re.compile("WGS 84, latitud först"))).to_be_visible()
    page.get_by_role("button", name="En linje").click()
    said(page, "Rinkeby")
    assert [part.geom_type for part in shape_on(page).geoms] == ["Point", "LineString"]


def test_a_refused_save_asks_again_what_the_pasted_coordinates_are(
    session: Session, form_page: Callable[[str], Page], complaints: list[str]
) -> None:
    page = form_page("/projekt/ny")
    page.get_by_label("Projektkod").fill("A1")
    page.get_by_label("Namn").fill("Stadshuset")
    page.get_by_role("group", name="Huvudslag").get_by_label("Trafik").check()
    page.get_by_text("Klistra in koordinater", exact=True).click()
    page.get_by_label("Koordinater", exact=True).fill("78488 100001")
    place = page.locator("[data-section=lage]")
    expect(place).to_contain_text("väntar")
    expect(place).to_contain_text("koordinaterna är inte lagda på kartan")
    page.get_by_role("button", name="Spara projekt").click()
    expect(page.locator("[data-error-summary]")).to_contain_text("Är koordinaterna ST74, öst först")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(place).to_contain_text("väntar")
    expect(page.locator("[data-fault=pasted]")).to_contain_text("Välj system och ordning.")
    page.get_by_role("button", name="ST74, nord först: N 78488, E 100001").click()
    said(page, r"^Ligger i Kungsholmen 100\s%\.$")
    expect(page.locator("[data-fault=pasted]")).to_be_empty()
    expect(place).to_contain_text("klart")
    page.get_by_role("button", name="Spara projekt").click()
    expect(page).to_have_url(re.compile(r"/projekt/A1$"))
    complaints[:] = [one for one in complaints if "422" not in one]


def test_a_point_is_set_and_the_form_saved_by_keyboard_alone(
    session: Session, form_page: Callable[[str], Page]
) -> None:
    page = form_page("/projekt/ny")
    page.get_by_label("Namn").focus()
    page.keyboard.type("Utan mus")
    page.get_by_label("Projektkod").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("A1")
    page.get_by_role("group", name="Huvudslag").get_by_label("Bostad").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Punkt", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Sätt punkt i mitten").focus()
    page.keyboard.press("Enter")
    said(page, "^Ligger i ")
    page.get_by_label("Område", exact=True).focus()
    page.keyboard.type("Gärdet")
    page.keyboard.press("Tab")
    page.keyboard.type("100")
    page.keyboard.press("Tab")
    expect(page.get_by_text("= Ladugårdsgärdet (stadsdel)")).to_be_visible()
    page.get_by_label("Motivering", exact=True).focus()
    page.keyboard.type("Där bor de.")
    page.keyboard.press("Control+s")
    expect(page).to_have_url(re.compile(r"/projekt/A1$"))
    project = saved(session, "A1")
    assert project.main_kind.value == "trafik"
    assert project.geom is not None


def test_case_42_the_save_button_works_after_back(
    session: Session, form_page: Callable[[str], Page], complaints: list[str]
) -> None:
    """Case 42."""
    page = form_page("/projekt/ny")
    page.get_by_label("Projektkod").fill("A1")
    page.get_by_role("button", name="Spara projekt").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    complaints[:] = [one for one in complaints if "422" not in one]
    page.go_back()
    ready(page)
    expect(page.get_by_role("button", name="Spara projekt")).to_be_enabled()


def test_the_form_has_no_serious_findings_and_fits_a_phone(
    session: Session, form_page: Callable[[str], Page], browser: Browser
) -> None:
    make_project(session, "A1", square(145_900, 6_585_700, 200))
    session.commit()
    page = form_page("/projekt/A1/redigera")
    said(page, "Rinkeby")
    page.get_by_text("Klistra in koordinater", exact=True).click()
    assert serious_findings(page) == []
    page.get_by_role("button", name="Mörkt läge").click()
    assert serious_findings(page) == []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    box = page.locator("[data-map]").bounding_box()
    assert box is not None
    assert box["height"] >= 420
