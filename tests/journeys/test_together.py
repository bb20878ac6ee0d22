"""Two people and a clock in a real browser: conflicts, drafts, an ended login, Back, and a server that is away."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import shapely
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import PASSWORD
from tests.factories import make_project
from tests.geometries import RINKEBY, square
from tests.journeys.conftest import WIDE, serious_findings
from tests.journeys.test_form import KISTA, draw, form_page, ready, said, saved, shape_on, zoom_to
from tracker.accounts.roles import Role
from tracker.geo.stored import from_stored
from tracker.history.models import HistoryEntry
from tracker.projects.drafts import Draft
from tracker.projects.models import Project

__all__ = ["form_page"]
pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
SHAPE = square(145_900, 6_585_700, 200)


def log_in(page: Page, role: Role, address: str = "") -> None:
    if address:
        page.goto(f"/logga-in?next={address}")
    page.get_by_label("E-post").fill(f"{role.value}@prov.se")
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Logga in").click()


@pytest.fixture
def other_tab(browser: Browser, live_server: str) -> Callable[[str], Page]:
    """Another person's tab, a controller's."""

    def opened(address: str) -> Page:
        page = browser.new_context(base_url=live_server, viewport=WIDE, locale="sv-SE").new_page()  # type: ignore[arg-type]
        log_in(page, Role.CONTROLLER, address)
        ready(page)
        return page

    return opened


def kept(page: Page) -> None:
    """Wait until the page says that the draft is kept."""
    expect(page.locator("[data-draft-state]")).to_contain_text(re.compile(r"Utkast sparat \d\d\.\d\d"))


def save(page: Page) -> None:
    page.locator("[data-save]").click()


def drafts(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count(Draft.token))) or 0


def test_case_39_two_tabs_in_conflict_are_merged(
    session: Session, form_page: Callable[[str], Page], other_tab: Callable[[str], Page], complaints: list[str]
) -> None:
    make_project(session, "A1", SHAPE, name="Kajen", description_public="Om kajen")
    session.commit()
    mine, other = form_page("/projekt/A1/redigera"), other_tab("/projekt/A1/redigera")
    other.get_by_label("Namn").fill("Norra kajen")
    other.get_by_label("Länk till mer information").fill("https://stad.example/kajen")
    zoom_to(other, SHAPE)
    draw(other, "Punkt", RINKEBY)
    save(other)
    expect(other).to_have_url(re.compile(r"/projekt/A1$"))

    mine.get_by_label("Namn").fill("Södra kajen")
    mine.get_by_role("textbox", name="Beskrivning för alla", exact=True).fill("Min text")
    zoom_to(mine, shapely.union(SHAPE, KISTA))
    draw(mine, "Punkt", KISTA, close=False)
    save(mine)
    expect(mine.locator("[data-error-summary]")).to_be_focused()
    complaints[:] = [one for one in complaints if "409" not in one]
    ready(mine)
    expect(mine.locator("[data-error-summary]")).to_contain_text("Controller Prov")
    expect(mine.locator(".merge-row")).to_have_count(4)
    expect(mine.locator(".merge-row.is-undecided")).to_have_count(2)
    expect(mine.locator(".merge-map svg[role=img] .shape")).to_have_count(3)
    assert serious_findings(mine) == []
    mine.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert mine.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    mine.set_viewport_size(WIDE)  # type: ignore[arg-type]

    mine.get_by_role("group", name="Namn").get_by_label("Min").check()
    mine.get_by_role("group", name="Läge på kartan").get_by_label("Deras").check()
    save(mine)
    expect(mine).to_have_url(re.compile(r"/projekt/A1$"))
    project = saved(session, "A1")
    assert (project.name, project.description_public) == ("Södra kajen", "Min text")
    assert project.link == "https://stad.example/kajen"
    shape = from_stored(project.geom)
    assert shape is not None
    assert shape.distance(RINKEBY) < 20
    assert shape.distance(KISTA) > 1_000
    assert drafts(session) == 0
    other.context.close()


def test_case_40_an_ended_login_loses_neither_text_nor_drawing(
    session: Session, form_page: Callable[[str], Page], complaints: list[str]
) -> None:
    page = form_page("/projekt/ny")
    page.get_by_label("Namn").fill("Rinkebystråket")
    page.get_by_label("Projektkod").fill("A1")
    page.get_by_role("group", name="Huvudslag").get_by_label("Trafik").check()
    long_text = "En lång beskrivning. " * 200
    page.get_by_role("textbox", name="Beskrivning för alla", exact=True).fill(long_text)
    page.locator("[name=figures-0-outlay_forecast]").fill("12 500 tkr")
    zoom_to(page, SHAPE)
    corners = [shapely.Point(corner) for corner in SHAPE.exterior.coords[:4]]
    draw(page, "Yta", *corners)
    said(page, "Rinkeby")
    drawn = page.locator("[name=geometry]").input_value()

    page.context.clear_cookies()
    page.keyboard.press("Control+s")
    expect(page.get_by_role("main")).to_contain_text("Du hade blivit utloggad.")
    log_in(page, Role.MANAGER)
    ready(page)
    expect(page.get_by_role("main")).to_contain_text("Du fortsätter på ditt utkast")
    expect(page.get_by_label("Namn")).to_have_value("Rinkebystråket")
    expect(page.get_by_role("textbox", name="Beskrivning för alla", exact=True)).to_have_value(long_text.strip())
    expect(page.locator("[name=figures-0-outlay_forecast]")).to_have_value("12 500 tkr")
    assert page.locator("[name=geometry]").input_value() == drawn
    expect(page.locator(".drawn-part")).to_have_count(1)
    said(page, "Rinkeby")
    save(page)
    expect(page).to_have_url(re.compile(r"/projekt/A1$"))
    shape = from_stored(saved(session, "A1").geom)
    assert shape is not None
    assert shape.area == pytest.approx(40_000, rel=0.1)
    assert drafts(session) == 0
    complaints[:] = [one for one in complaints if "401" not in one]


def test_typing_and_drawing_is_kept_and_there_after_a_crash(session: Session, form_page: Callable[[str], Page]) -> None:
    page = form_page("/projekt/ny")
    page.get_by_label("Namn").fill("Halvfärdigt")
    draw(page, "Punkt", RINKEBY)
    said(page, "Rinkeby")
    kept(page)
    drawn = shape_on(page)
    crashed = page.context.new_page()
    page.close(run_before_unload=False)
    crashed.goto("/projekt/ny")
    ready(crashed)
    expect(crashed.get_by_role("main")).to_contain_text("Du har ett osparat utkast från")
    expect(crashed.get_by_role("main")).to_contain_text("Halvfärdigt")
    assert serious_findings(crashed) == []
    crashed.get_by_role("link", name="Fortsätt").click()
    ready(crashed)
    expect(crashed.get_by_label("Namn")).to_have_value("Halvfärdigt")
    assert shape_on(crashed) == drawn
    crashed.get_by_role("button", name="Släng utkastet").click()
    expect(crashed.get_by_role("main")).to_contain_text("Utkastet är slängt.")
    assert drafts(session) == 0


def test_leaving_the_page_at_once_keeps_what_was_typed(session: Session, form_page: Callable[[str], Page]) -> None:
    page = form_page("/projekt/ny")
    page.get_by_label("Namn").fill("Snabbt lämnat")
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto("/projekt/utkast")
    for _ in range(50):
        # What a page sends as it goes away can be answered after the page that follows it.
        if "Snabbt lämnat" in page.get_by_role("main").inner_text():
            break
        page.reload()
    expect(page.get_by_role("main")).to_contain_text("Snabbt lämnat")
    assert serious_findings(page) == []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_case_42_back_after_a_save_and_saving_again_makes_no_second_project(
    session: Session, form_page: Callable[[str], Page]
) -> None:
    page = form_page("/projekt/ny")
    page.get_by_label("Namn").fill("Kajen")
    page.get_by_label("Projektkod").fill("A1")
    page.get_by_role("group", name="Huvudslag").get_by_label("Trafik").check()
    save(page)
    expect(page).to_have_url(re.compile(r"/projekt/A1$"))
    page.go_back()
    ready(page)
    expect(page.get_by_role("button", name="Spara projekt")).to_be_enabled()
    if page.get_by_label("Projektkod").input_value() == "A1":
        save(page)
        expect(page).to_have_url(re.compile(r"/projekt/A1$"))
    session.rollback()
    assert session.scalar(select(func.count(Project.id))) == 1


def test_a_server_that_is_away_leaves_the_text_in_the_browser(
    session: Session, form_page: Callable[[str], Page], complaints: list[str]
) -> None:
    page = form_page("/projekt/ny")
    context = page.context
    context.set_offline(True)
    page.get_by_label("Namn").fill("Utan server")
    expect(page.locator("[data-draft-state]")).to_contain_text("Servern nås inte.")
    page.close()
    assert drafts(session) == 0
    complaints[:] = [one for one in complaints if "ERR_INTERNET_DISCONNECTED" not in one]
    context.set_offline(False)
    page = context.new_page()
    page.goto("/projekt/ny")
    ready(page)
    offer = page.locator("[data-local-offer]")
    expect(offer).to_contain_text("som inte nådde servern")
    offer.get_by_role("link", name="Fortsätt").click()
    ready(page)
    expect(page.get_by_label("Namn")).to_have_value("Utan server")
    assert drafts(session) == 1
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.includes('utkast')).length") == 0


def test_a_draft_goes_on_being_kept_after_the_login_has_ended(
    session: Session, form_page: Callable[[str], Page], complaints: list[str]
) -> None:
    page = form_page("/projekt/ny")
    page.context.clear_cookies()
    page.get_by_role("textbox", name="Beskrivning för alla", exact=True).fill("Skrivet utan inloggning")
    expect(page.locator("[data-draft-state]")).to_contain_text("Du är utloggad")
    assert drafts(session) == 1
    # The live check asks too, and is told that nobody is logged in.
    complaints[:] = [one for one in complaints if "401" not in one]


def test_the_history_is_read_and_a_version_restored(session: Session, form_page: Callable[[str], Page]) -> None:
    make_project(session, "A1", SHAPE, name="Kajen")
    session.commit()
    page = form_page("/projekt/A1/redigera")
    page.get_by_label("Namn").fill("Norra kajen")
    zoom_to(page, SHAPE)
    draw(page, "Punkt", RINKEBY)
    save(page)
    expect(page).to_have_url(re.compile(r"/projekt/A1$"))
    page.goto("/projekt/A1/redigera")
    ready(page)
    page.get_by_label("Namn").fill("Nya kajen")
    save(page)
    expect(page).to_have_url(re.compile(r"/projekt/A1$"))

    page.goto("/projekt/A1/historik")
    expect(page.locator(".history-entry")).to_have_count(2)
    expect(page.locator(".shape-map > svg")).to_be_visible()
    assert serious_findings(page) == []
    page.get_by_role("button", name="Mörkt läge").click()
    assert serious_findings(page) == []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.get_by_role("link", name="Version 2", exact=True).click()
    expect(page.get_by_text("Det här är inte hur projektet är nu.")).to_be_visible()
    page.get_by_text("Återställ denna version …").click()
    assert serious_findings(page) == []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.get_by_role("button", name="Återställ denna version").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Norra kajen")
    session.rollback()
    notes = list(session.scalars(select(HistoryEntry.note).where(HistoryEntry.subject_kind == "project")))
    assert notes[-1].startswith("återställd från version 2")
