"""Reporting a period in a real browser: the grid by keyboard with a block from Excel, and a project's own page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, expect
from sqlalchemy.orm import Session

from tests.conftest import PASSWORD
from tests.followup.test_report_pages import user_id
from tests.followup.test_reporting import MNKR, opened, paid, report_of, rows
from tests.journeys.conftest import serious_findings
from tracker.accounts.roles import Role
from tracker.followup.models import Period
from tracker.followup.vocabulary import ReportState
from tracker.history.services import Actor
from tracker.projects.models import Project

pytestmark = pytest.mark.browser
BASE = "/uppfoljning/perioder/2005-T1/rapportera"
BLOCK = "11,5\t1 250 tkr\t2007-06-30\tGrön\n12 500\tabc\t31.12.2008\tgul\tSten i vägen\tDyrare\n1\t2\t3\t4\n"


@pytest.fixture
def mine(session: Session, actor: Actor) -> tuple[Period, list[Project]]:
    me = user_id(session, Role.MANAGER)
    projects = [paid(session, code, manager_id=me) for code in ("P1", "P2")]
    period = opened(session, actor)
    session.commit()
    return period, projects


@pytest.fixture
def at(page: Page) -> Callable[[str], Page]:
    """Sign in as the manager and open a page whose script is ready."""

    def opened_at(address: str) -> Page:
        page.goto(f"/logga-in?next={address}")
        page.get_by_label("E-post").fill(f"{Role.MANAGER.value}@prov.se")
        page.get_by_label("Lösenord").fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Logga in").click()
        expect(page.locator("form[data-ready]")).to_be_visible()
        return page

    return opened_at


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.getAttribute('aria-label')"))


def press(page: Page, *keys: str) -> str:
    for key in keys:
        page.keyboard.press(key)
    return focused(page)


def test_the_grid_is_moved_in_filled_and_saved_by_keyboard(
    at: Callable[[str], Page], mine: tuple[Period, list[Project]], session: Session
) -> None:
    page, (period, (one, two)) = at(BASE), mine
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    assert serious_findings(page) == []
    outlay = page.get_by_label("Projekt P1, Prognos utgifter")
    outlay.focus()
    assert press(page, "Enter") == "Projekt P2, Prognos utgifter"
    assert press(page, "ArrowUp", "ArrowRight") == "Projekt P1, Prognos inkomster"
    assert press(page, "ArrowRight", "ArrowRight", "ArrowDown") == "Projekt P2, Status"
    assert press(page, "ArrowLeft", "ArrowLeft", "ArrowLeft") == "Projekt P2, Prognos utgifter"
    page.keyboard.type("99")
    expect(page.locator("tr.is-changed")).to_have_count(1)
    press(page, "Escape")
    expect(page.get_by_label("Projekt P2, Prognos utgifter")).to_have_value("10")
    expect(page.locator("tr.is-changed")).to_have_count(0)

    outlay.focus()
    page.evaluate("(text) => navigator.clipboard.writeText(text)", BLOCK)
    page.keyboard.press("Control+v")

    said = page.locator("[data-said]")
    expect(said).to_contain_text("9 rutor fylldes. 1 gick inte att läsa och är som förut (Projekt P2: ”abc”). ")
    expect(said).to_contain_text("4 ryms inte i tabellen.")
    expect(outlay).to_have_value("11,5")
    expect(page.get_by_label("Projekt P1, Prognos inkomster")).to_have_value("1,25")
    expect(page.get_by_label("Projekt P2, Bedömt slut")).to_have_value("2008-12-31")
    expect(page.get_by_label("Projekt P2, Status")).to_have_value("gul")
    said.get_by_role("button", name="Ångra inklistringen").click()
    expect(outlay).to_have_value("10")
    outlay.focus()
    page.keyboard.press("Control+v")
    expect(outlay).to_have_value("11,5")
    row = page.locator("tr", has_text="P1")
    expect(row.locator("[data-deviation]")).to_have_text("−1,5")

    page.get_by_label("Projekt P1, Kommentar").fill("Stål")
    page.get_by_label("Projekt P2, Prognos utgifter").fill("10,4")
    page.keyboard.press("Control+s")

    expect(page.get_by_text("2 projekt är rapporterade.")).to_be_visible()
    session.rollback()
    session.expire_all()
    assert rows(session, one, "lopande")[2005, "utgift"][2] == 1_150_000_000
    assert rows(session, one, "2005-T1")[2005, "inkomst"][2] == 125_000_000
    assert rows(session, two, "lopande")[2005, "utgift"][2] == 1_040_000_000
    report = report_of(session, period, two)
    assert (report.state, report.light_text, report.comment) == (ReportState.REPORTED, "Sten i vägen", "Dyrare")


def test_leaving_with_unsaved_rows_asks_first(at: Callable[[str], Page], mine: tuple[Period, list[Project]]) -> None:
    page = at(BASE)
    asked: list[str] = []

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    page.get_by_label("Projekt P1, Prognos utgifter").fill("11")
    page.get_by_role("link", name="Läget").click()
    expect(page.get_by_role("heading", name="Tertialrapport 1 2005 (april)")).to_be_visible()
    assert asked == ["beforeunload"]


def test_a_project_is_reported_on_its_page(
    at: Callable[[str], Page], mine: tuple[Period, list[Project]], session: Session, complaints: list[str]
) -> None:
    page, (period, (one, two)) = at(f"{BASE}/P1"), mine
    assert serious_findings(page) == []
    forecast = page.get_by_label("Prognos 2005, utgift")
    needed = page.get_by_text("Behövs: prognosen avviker")
    expect(needed).to_be_hidden()
    forecast.fill("16 400 tkr")
    row = page.locator("tr", has_text="2005 utgift")
    expect(row.locator("[data-deviation]")).to_have_text("−6,4")
    expect(row.locator("[data-reading]")).to_have_text("= 16,4 mnkr")
    expect(needed).to_be_visible()
    page.get_by_label("Grön – enligt plan").check()
    page.keyboard.press("Control+s")
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Skriv varför prognosen avviker")
    expect(forecast).to_have_value("16 400 tkr")
    # The browser tells its console of the refused report.
    assert [text for text in complaints if "422" not in text] == []
    complaints.clear()
    # The refused page is another page, which answers to keys when its own script has run to its end.
    expect(page.locator("form[data-ready]")).to_be_visible()
    page.get_by_label("Kommentar till avvikelsen").fill("Berg i dagen.")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("heading", name="Projekt P2")).to_be_visible()
    page.get_by_role("button", name="Inget nytt").click()
    expect(page.get_by_text("2 av 2 projekt har rapporterat")).to_be_visible()
    session.rollback()
    session.expire_all()
    assert rows(session, one, "lopande")[2005, "utgift"][2] == 1_640_000_000
    assert rows(session, two, "2005-T1")[2005, "utgift"][2] == 10 * MNKR
    assert report_of(session, period, two).state is ReportState.UNCHANGED
