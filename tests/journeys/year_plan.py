"""The plan of the year that is played: who reports how, who is reminded, and how it is reconciled and closed."""

from __future__ import annotations

from collections.abc import Sequence

from playwright.sync_api import expect
from sqlalchemy import func, select

from tests.journeys.year import CONTROLLER, MANAGER, PERIODS, Year, paste
from tests.journeys.year_known import Known, kr
from tests.journeys.year_portfolio import LATE, LATES, MANY, MINE, TKR, YEAR
from tests.mail_servers import Post
from tracker.followup.confirming import confirm_unchanged
from tracker.followup.models import ProjectReport
from tracker.followup.queries import get_period
from tracker.followup.vocabulary import ReportState
from tracker.history.services import Actor
from tracker.projects.figures import Figure
from tracker.projects.policies import INTERNAL, Rights
from tracker.projects.vocabulary import Flow

OFFICE = Rights(budget=True, publish=True, viewer=INTERNAL)


def plan(year: Year, actor: Actor, post: Post, projects: Sequence[Known]) -> None:
    """VP: reported in the grid, on a page, and with one click; the late manager is reminded; reconciled; closed."""
    year.open_period("2005-VP", "Verksamhetsplan 2005")
    expect(year.page.get_by_text(f"0 av {len(projects)} projekt")).to_be_visible()
    report_in_the_grid(year, projects[:MINE])
    report_on_the_page(year, projects[MINE - 2 : MINE])
    confirm_page_of_many(year)
    confirm_rest(year, actor, "2005-VP", projects[MINE + LATES :])
    remind_the_late(year, post)
    reconcile_and_close_plan(year)


def report_in_the_grid(year: Year, mine: Sequence[Known]) -> None:
    """The manager pastes three rows from Excel and types the fourth, all without the mouse."""
    page = year.become(MANAGER, f"{PERIODS}/2005-VP/rapportera")
    expect(page.locator("form[data-ready]")).to_be_visible()
    rows = [row.get_attribute("id") for row in page.locator("tr[data-row]").all()]
    by_row = {f"rad-{one.id}": one for one in mine}
    assert set(rows) == set(by_row)
    in_order = [by_row[str(row)] for row in rows]
    page.get_by_label(f"{in_order[0].name}, Prognos utgifter").focus()
    paste(page, [[kr(one.budget_ore + 100 * TKR), "", "2007-06-30", "Grön"] for one in in_order[:3]])
    expect(page.locator("[data-said]")).to_contain_text("rutor fylldes")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.keyboard.type(kr(in_order[3].budget_ore + 200 * TKR))
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.type("Gr")
    expect(page.get_by_label(f"{in_order[3].name}, Status")).to_have_value("gron")
    expect(page.locator("tr.is-changed")).to_have_count(4)
    page.keyboard.press("Control+s")
    expect(page.get_by_text("4 projekt är rapporterade.")).to_be_visible()


def report_on_the_page(year: Year, left: Sequence[Known]) -> None:
    """Those that are left: one on its own page, and the next with "Inget nytt"."""
    page = year.page
    page.get_by_label("Visa", exact=True).select_option("kvar")
    page.get_by_role("button", name="Visa").click()
    page.locator("tr[data-row] th a").first.click()
    expect(page.locator("form[data-report][data-ready]")).to_be_visible()
    first = page.get_by_role("heading", level=1).inner_text()
    page.get_by_label("Grön – enligt plan").check()
    page.keyboard.press("Control+s")
    expect(page.get_by_role("heading", level=1)).not_to_have_text(first)
    page.get_by_role("button", name="Inget nytt").click()
    expect(page.get_by_text(f"{MINE} av {MINE} projekt har rapporterat")).to_be_visible()


def confirm_page_of_many(year: Year) -> None:
    """The manager of all others ticks a whole page and confirms that nothing is new."""
    page = year.become(MANY, f"{PERIODS}/2005-VP/rapportera")
    expect(page.locator("form[data-ready]")).to_be_visible()
    ticked = page.locator("[data-pick]").count()
    page.get_by_label("Välj alla på sidan").check()
    page.get_by_role("button", name="Bekräfta inget nytt för valda").click()
    expect(page.get_by_role("status").filter(has_text=f"{ticked} av")).to_be_visible()


def confirm_rest(year: Year, actor: Actor, key: str, projects: Sequence[Known]) -> None:
    """The other pages, without looking at each."""
    with year.register() as session:
        waiting = select(ProjectReport.project_id).where(ProjectReport.state == ReportState.WAITING)
        ids = session.scalars(waiting.where(ProjectReport.project_id.in_([one.id for one in projects]))).all()
        confirmed = confirm_unchanged(session, get_period(session, key), ids, actor, OFFICE)
        assert confirmed.refused == ()


def remind_the_late(year: Year, post: Post) -> None:
    """One letter, to him who has not reported; its link leads to what he has to do."""
    page = year.become(CONTROLLER, f"{PERIODS}/2005-VP/lage")
    page.get_by_role("link", name="Påminn …").click()
    page.get_by_role("button", name="Skicka till de valda").click()
    expect(page.get_by_text("1 påminnelse är skickad.")).to_be_visible()
    assert post.recipients == [[LATE]]
    letter = post.letters[0].get_content()
    assert f"{LATES} av dina projekt är inte rapporterade i Verksamhetsplan 2005" in letter.replace("\u00a0", " ")
    assert f"{PERIODS}/2005-VP/rapportera" in letter
    year.become(LATE, f"{PERIODS}/2005-VP/rapportera")
    expect(page.locator("form[data-ready]")).to_be_visible()
    page.get_by_label("Välj alla på sidan").check()
    page.get_by_role("button", name="Bekräfta inget nytt för valda").click()
    expect(page.get_by_text(f"{LATES} av {LATES} projekt har rapporterat")).to_be_visible()


def reconcile_and_close_plan(year: Year) -> None:
    """The portfolio agrees with the adopted budget to the öre, and the plan is closed."""
    page = year.become(CONTROLLER, f"{PERIODS}/2005-VP/lage")
    expect(page.get_by_text("Alla har rapporterat.")).to_be_visible()
    outlay, income = budgets(year, "2005-VP")
    year.enter_total("2005-VP", YEAR, outlay, income)
    expect(page.get_by_text("Allt som är avstämt stämmer eller är förklarat.")).to_be_visible()
    assert len([one for one in year.close("2005-VP") if one.startswith("2005-vp")]) == 8


def budgets(year: Year, key: str) -> tuple[int, int]:
    """The portfolio's budget of the year: outlay and income in whole öre."""
    with year.register() as session:
        total = select(func.sum(Figure.budget_ore)).where(Figure.period == key, Figure.year == YEAR)
        found = [session.scalar(total.where(Figure.flow == flow)) for flow in (Flow.OUTLAY, Flow.INCOME)]
    return int(found[0] or 0), int(found[1] or 0)
