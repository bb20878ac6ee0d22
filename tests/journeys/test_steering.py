"""Initiatives, assignments, indicators and judgements in a real browser: by keyboard, and sound for axe-core."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import PASSWORD
from tests.factories import find_area, make_project
from tests.initiatives.making import make_initiative
from tests.journeys.conftest import serious_findings
from tests.steering.making import make_indicator
from tracker.accounts.roles import Role
from tracker.followup.codes import PeriodCode
from tracker.followup.opening import open_period
from tracker.history.services import Actor
from tracker.initiatives.models import Initiative
from tracker.steering.models import IndicatorValue

pytestmark = pytest.mark.browser
WIDTHS = (1280, 390)
PAGES = (
    "/insatser",
    "/uppfoljning/insatser",
    "/uppfoljning/insatser/I-1",
    "/uppfoljning/insatser/I-1/andra",
    "/uppfoljning/perioder/2005-T1/insatser",
    "/uppfoljning/uppdrag",
    "/uppfoljning/uppdrag/2005-gfn",
    "/uppfoljning/perioder/2005-T1/uppdrag",
    "/uppfoljning/perioder/2005-T1/maluppfyllelse",
    "/uppfoljning/indikatorer",
    "/uppfoljning/indikatorer/SYS",
    "/uppfoljning/indikatorer/SYS/varden",
    "/uppfoljning/indikatorer/SYS/andra",
    "/uppfoljning/indikatorer/SYS/fil",
)


def sign_in(page: Page, role: Role, address: str) -> None:
    page.goto(f"/logga-in?next={address}")
    page.get_by_label("E-post").fill(f"{role.value}@prov.se")
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Logga in").click()


def write(page: Page, label: str, text: str) -> None:
    """Type into the field that has the focus, which must be the one with this label."""
    expect(page.get_by_label(label, exact=False).first).to_be_focused()
    page.keyboard.type(text)
    page.keyboard.press("Tab")


def test_an_initiative_is_written_by_keyboard_alone(session: Session, page: Page) -> None:
    make_project(session, "P1", name="Tensta torg")
    session.commit()
    sign_in(page, Role.MANAGER, "/uppfoljning/insatser/ny")
    page.get_by_label("Namn").focus()
    write(page, "Namn", "Samråd på sex språk")
    write(page, "Vad som görs", "Kallelsen trycks på sex språk.")
    write(page, "För vem", "Boende i Tensta")
    write(page, "Start", "2005-02-01")
    page.get_by_label("G2d Trygghet").focus()
    page.keyboard.press("Space")
    page.get_by_label("Sök projekt att koppla").focus()
    page.keyboard.type("tensta")
    page.keyboard.press("Tab")
    expect(page.get_by_role("main").get_by_role("button", name="Sök", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    found = page.get_by_label("Tensta torg")
    expect(found).not_to_be_checked()
    expect(page.get_by_label("Namn")).to_have_value("Samråd på sex språk")
    found.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("heading", level=1)).to_have_text("Samråd på sex språk")
    session.rollback()
    made = session.scalars(select(Initiative)).one()
    assert [one.code for one in made.goals] == ["G2d"]
    assert [one.code for one in made.projects] == ["P1"]
    # Enter in a field saves, it does not search.
    page.get_by_role("link", name="Ändra", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_label("Namn").focus()
    page.keyboard.press("End")
    page.keyboard.type(" och fler")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Samråd på sex språk och fler")


def test_no_page_complains_scrolls_sideways_or_shuts_anybody_out(
    session: Session, actor: Actor, page: Page, one_theme: str
) -> None:
    open_period(session, PeriodCode.read("2005-T1"), actor, percent=15)
    make_initiative(session, "I-1")
    rinkeby, bromma = find_area(session, "Rinkeby", "1999"), find_area(session, "Bromma", "1999")
    make_indicator(
        session,
        "SYS",
        *(
            IndicatorValue(year=year, area=area, outcome=outcome, target=800)
            for year in (2004, 2005)
            for area, outcome in ((None, 763), (rinkeby, 450 + year - 2004), (bromma, 801))
        ),
    )
    session.commit()
    sign_in(page, Role.CONTROLLER, "/uppfoljning/insatser")
    expect(page.get_by_role("heading", level=1)).to_have_text("Insatser")
    wrong = []
    page.evaluate("theme => localStorage.setItem('theme', theme)", one_theme)
    for address in PAGES:
        page.set_viewport_size({"width": WIDTHS[0], "height": 800})
        page.goto(address)
        wrong += [f"{one_theme} {address}: {one}" for one in serious_findings(page)]
        page.set_viewport_size({"width": WIDTHS[1], "height": 844})
        wide = page.evaluate("document.documentElement.scrollWidth")
        wrong += [f"{one_theme} {address}: {wide} px"] if wide > WIDTHS[1] else []
    assert wrong == []
