"""Nothing typed in a report is lost: neither when the login ends nor when the period is closed meanwhile."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import PASSWORD
from tests.followup.test_reporting import opened, report_of, rows
from tests.journeys.conftest import serious_findings
from tests.journeys.test_reporting import BASE, at, mine
from tracker.accounts.roles import Role
from tracker.followup.models import Period
from tracker.followup.vocabulary import PeriodState, ReportState
from tracker.history.services import Actor
from tracker.projects.drafts import Draft
from tracker.projects.models import Project

__all__ = ["at", "mine"]
pytestmark = pytest.mark.browser


def sign_in_again(page: Page) -> None:
    expect(page.get_by_text("Du hade blivit utloggad. Det du skrev är kvar som utkast")).to_be_visible()
    page.get_by_label("E-post").fill(f"{Role.MANAGER.value}@prov.se")
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Logga in").click()
    expect(page.get_by_text("Det här är vad du skrev")).to_be_visible()
    expect(page.locator("[data-ready]")).to_be_visible()


def test_a_grid_and_a_report_outlive_the_login(
    at: Callable[[str], Page], mine: tuple[Period, list[Project]], session: Session
) -> None:
    page, (_period, (one, two)) = at(BASE), mine
    page.get_by_label("Projekt P1, Prognos utgifter").fill("10,5")
    page.get_by_label("Projekt P1, Status").select_option("gul")
    page.get_by_label("Projekt P1, Text till status").fill("Sten i vägen")
    page.context.clear_cookies()
    page.keyboard.press("Control+s")
    sign_in_again(page)
    expect(page.get_by_label("Projekt P1, Prognos utgifter")).to_have_value("10,5")
    expect(page.get_by_label("Projekt P1, Text till status")).to_have_value("Sten i vägen")
    assert serious_findings(page) == []
    page.keyboard.press("Control+s")
    expect(page.get_by_text("1 projekt är rapporterat.")).to_be_visible()

    page.goto(f"{BASE}/P2")
    expect(page.locator("[data-ready]")).to_be_visible()
    page.get_by_label("Prognos 2005, utgift").fill("10,25")
    page.get_by_label("Grön – enligt plan").check()
    page.context.clear_cookies()
    page.keyboard.press("Control+s")
    sign_in_again(page)
    expect(page.get_by_label("Prognos 2005, utgift")).to_have_value("10,25")
    expect(page.get_by_label("Grön – enligt plan")).to_be_checked()
    page.keyboard.press("Control+s")
    expect(page.get_by_text("P2 är rapporterat i 2005-T1.")).to_be_visible()
    session.rollback()
    session.expire_all()
    assert rows(session, one, "lopande")[2005, "utgift"][2] == 1_050_000_000
    assert rows(session, two, "lopande")[2005, "utgift"][2] == 1_025_000_000


def test_a_grid_to_a_closed_period_goes_on_in_the_next(
    at: Callable[[str], Page],
    mine: tuple[Period, list[Project]],
    session: Session,
    actor: Actor,
    complaints: list[str],
) -> None:
    page, (period, (one, _two)) = at(BASE), mine
    page.get_by_label("Projekt P1, Prognos utgifter").fill("10,5")
    page.get_by_label("Projekt P1, Status").select_option("rod")
    page.get_by_label("Projekt P1, Text till status").fill("Sten i vägen")
    later = opened(session, actor, "2005-05")
    period.state = PeriodState.CLOSED
    session.commit()
    page.keyboard.press("Control+s")
    expect(page.get_by_role("heading", name="2005-T1 har stängts")).to_be_visible()
    row = page.locator("table.given-back tbody tr")
    expect(row).to_have_text("P1Projekt P110,5RödSten i vägen")
    assert serious_findings(page) == []
    # The browser tells its console of the refused report.
    assert [text for text in complaints if "409" not in text] == []
    complaints.clear()
    page.get_by_role("link", name="Gå vidare i 2005-05").click()
    expect(page.locator("form[data-ready]")).to_be_visible()
    expect(page.get_by_label("Projekt P1, Text till status")).to_have_value("Sten i vägen")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("1 projekt är rapporterat.")).to_be_visible()
    session.rollback()
    session.expire_all()
    assert rows(session, one, "lopande")[2005, "utgift"][2] == 1_050_000_000
    assert report_of(session, later, one).state is ReportState.REPORTED


def test_a_closed_tab_and_the_back_button_lose_nothing(
    at: Callable[[str], Page], mine: tuple[Period, list[Project]], session: Session
) -> None:
    page, (_period, (one, two)) = at(BASE), mine
    context = page.context
    page.get_by_label("Projekt P1, Prognos utgifter").fill("10,5")
    page.get_by_label("Projekt P1, Text till status").fill("Sten i vägen")
    expect(page.locator("[data-draft-state]")).to_contain_text("Utkast sparat")
    page.close()
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(BASE)
    expect(page.locator(".draft-offer:visible")).to_contain_text("Projekt P1.")
    assert serious_findings(page) == []
    page.get_by_role("link", name="Fortsätt på det").click()
    expect(page.get_by_label("Projekt P1, Text till status")).to_have_value("Sten i vägen")
    expect(page.locator("form[data-ready]")).to_be_visible()
    page.get_by_label("Projekt P1, Status").select_option("gul")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("1 projekt är rapporterat.")).to_be_visible()
    expect(page.locator(".draft-offer:visible")).to_have_count(0)

    page.goto("/uppfoljning")
    page.goto(f"{BASE}/P2")
    expect(page.locator("form[data-ready]")).to_be_visible()
    page.get_by_label("Prognos 2005, utgift").fill("10,25")
    page.go_back()  # at once: before the pause after which it is kept
    expect(page).to_have_url(re.compile(r"/uppfoljning$"))
    page.goto(f"{BASE}/P2")
    page.locator(".draft-offer:visible").get_by_role("link", name="Fortsätt på det").click()
    expect(page.get_by_label("Prognos 2005, utgift")).to_have_value("10,25")
    expect(page.locator("form[data-ready]")).to_be_visible()
    page.get_by_label("Grön – enligt plan").check()
    page.keyboard.press("Control+s")
    expect(page.get_by_text("P2 är rapporterat i 2005-T1.")).to_be_visible()
    session.rollback()
    session.expire_all()
    assert rows(session, one, "lopande")[2005, "utgift"][2] == 1_050_000_000
    assert rows(session, two, "lopande")[2005, "utgift"][2] == 1_025_000_000
    assert session.scalar(select(func.count(Draft.token))) == 0


def test_a_report_goes_on_being_kept_after_the_login_has_ended(
    at: Callable[[str], Page], mine: tuple[Period, list[Project]]
) -> None:
    page, (_period, (_one, _two)) = at(BASE), mine
    page.context.clear_cookies()
    page.get_by_label("Projekt P2, Kommentar").fill("Skrivet utan inloggning")
    expect(page.locator("[data-draft-state]")).to_contain_text("Du är utloggad; logga in när du sparar.")
