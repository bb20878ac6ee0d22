"""A whole year in a real browser: plan, first and second third, annual report, by those whose work it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from docx import Document
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests.followup.test_reminding_mail import Post, post
from tests.initiatives.making import make_initiative
from tests.journeys import year_portfolio
from tests.journeys.year import CONTROLLER, FORMATS, MANAGER, PERIODS, File, Year, paste, sums
from tests.journeys.year_portfolio import LATE, LATES, MANY, MINE, SHARED, TKR, YEAR
from tests.reports.closed import LIMIT_ORE, render
from tracker.areas.models import Area
from tracker.exports.audience import Audience
from tracker.followup.codes import PeriodCode
from tracker.followup.confirming import confirm_unchanged
from tracker.followup.models import ProjectReport
from tracker.followup.opening import open_period
from tracker.followup.queries import get_period
from tracker.followup.vocabulary import ReportState
from tracker.goals.models import Goal
from tracker.history.services import Actor
from tracker.money import format_mnkr
from tracker.projects.figures import Figure
from tracker.projects.models import GoalTag, Project
from tracker.projects.policies import INTERNAL, Rights
from tracker.projects.vocabulary import Flow
from tracker.reports import close_views
from tracker.reports.closing import close_period
from tracker.reports.closing_files import Made, make_files

__all__ = ["post"]
pytestmark = pytest.mark.browser
OFFICE = Rights(budget=True, publish=True, viewer=INTERNAL)
SWIFT = ("xlsx", "csv", "docx")
Load = Callable[[Session, Actor], None]
LOOSE_KRONOR, LOOSE = 12_345, "9999-FEL"
"""What the ledger holds on a code that no project has."""


@dataclass(frozen=True)
class Known:
    """A project of the year as the test knows it."""

    id: int
    code: str
    name: str
    budget_ore: int


@pytest.fixture
def year(app: Flask, page: Page, complaints: list[str], monkeypatch: pytest.MonkeyPatch) -> Year:
    played = Year(app, page, complaints, SWIFT)

    def make(snapshots: Mapping[Audience, bytes], folder: Path, template: Path | None = None) -> list[Made]:
        return make_files(snapshots, folder, template, played.forms)

    monkeypatch.setattr(close_views, "make_files", make)
    return played


def test_the_year_of_the_examples(year: Year, actor: Actor, post: Post, tmp_path: Path) -> None:
    play(year, actor, post, tmp_path, year_portfolio.load_examples)


@pytest.mark.shared
def test_the_year_of_the_city(year: Year, actor: Actor, post: Post, tmp_path: Path, shared_data: Path) -> None:
    path = shared_data / "projects" / "stockholm_vaxer_416_3011.gpkg"
    play(year, actor, post, tmp_path, partial(year_portfolio.load_city, path=path))


def play(year: Year, actor: Actor, post: Post, folder: Path, load: Load) -> None:
    """VP with managers and a late one, T1 with a ledger and a deviation, everything changed, T2 and VB."""
    with year.register() as session:
        load(session, actor)
        projects = [
            Known(one.id, one.code, one.name, next(row.budget_ore or 0 for row in one.figures if row.year == YEAR))
            for one in year_portfolio.furnish(session)
        ]
    plan(year, actor, post, projects)
    kept = first_third(year, actor, projects, folder)
    change_everything(year)
    look_back(year, projects)
    assert sums(year.fetch("2005-T1")) == sums(kept)
    second_third(year, actor, projects)
    whole_year(year, actor, projects)


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
    assert len([one for one in year.close("2005-VP") if one.startswith("2005-vp")]) == 12


def budgets(year: Year, key: str) -> tuple[int, int]:
    """The portfolio's budget of the year: outlay and income in whole öre."""
    with year.register() as session:
        total = select(func.sum(Figure.budget_ore)).where(Figure.period == key, Figure.year == YEAR)
        found = [session.scalar(total.where(Figure.flow == flow)) for flow in (Flow.OUTLAY, Flow.INCOME)]
    return int(found[0] or 0), int(found[1] or 0)


def first_third(year: Year, actor: Actor, projects: Sequence[Known], folder: Path) -> Mapping[File, bytes]:
    """T1: a ledger with three faults, a deviation that must be told, a difference explained; closed and fetched."""
    year.open_period("2005-T1", "Tertialrapport 1 2005 (april)")
    read_the_ledger(year, projects, folder)
    tell_the_deviation(year, projects[1])
    confirm_rest(year, actor, "2005-T1", projects)
    explain_the_difference(year)
    year.forms = FORMATS
    shown = year.close("2005-T1")
    kept = year.fetch("2005-T1")
    assert {f"2005-t1-{rule}-{audience}.{form}": one for (audience, rule, form), one in sums(kept).items()} == {
        name: one for name, one in shown.items() if name.startswith("2005-t1")
    }
    return kept


def ledger_file(folder: Path, name: str, rows: Sequence[Sequence[str]]) -> Path:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(
        [("Projektnr", "Diarienummer", "Text", f"Utfall {YEAR} (kr)"), *rows]
    )
    path = folder / name
    path.write_bytes(text.getvalue().encode("cp1252"))
    return path


def read_the_ledger(year: Year, projects: Sequence[Known], folder: Path) -> None:
    """Three faults are shown and nothing is read; one is mended in the file, one by hand, one stays to be explained."""
    year.become(CONTROLLER, f"{PERIODS}/2005-T1")
    good = [(one.code, "", "Utbetalt", kr_exact(one.budget_ore * 3 // 10)) for one in projects[: MINE + 3]]
    faults = [(LOOSE, "", "Felkonterat", f"{LOOSE_KRONOR},00"), ("", SHARED, "Delad faktura", "1 000,50")]
    page = year.upload("2005-T1", ledger_file(folder, "huvudbok.csv", [*good[1:], *faults, (*good[0][:3], "cirka 7")]))
    expect(page.get_by_text("1 rad läses inte")).to_be_visible()
    expect(page.get_by_text("”cirka 7” är inget belopp.")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text=LOOSE)).to_be_visible()
    expect(page.get_by_role("row").filter(has_text=SHARED)).to_contain_text("flera projekt har det")
    expect(page.get_by_role("button", name="Läs in huvudboken")).to_have_count(0)
    page.get_by_role("button", name="Släng filen").click()
    page = year.upload("2005-T1", ledger_file(folder, "rättad.csv", [*good, *faults]))
    page.get_by_role("link", name=f"Koppla {SHARED}").click()
    page.get_by_role("button", name=f"Koppla hit {projects[MINE].code}").click()
    expect(page.get_by_role("heading", name="Plan för rättad.csv")).to_be_visible()
    page.get_by_role("button", name="Läs in huvudboken").click()
    expect(page.get_by_text("rättad.csv gäller: 11 rader, varav 10 på projekt.")).to_be_visible()
    with year.register() as session:
        outcome = select(Figure.outcome_ore).where(Figure.period == "2005-T1", Figure.year == YEAR)
        one = projects[MINE]
        found = session.scalar(outcome.where(Figure.flow == Flow.OUTLAY, Figure.project_id == one.id))
        assert found == one.budget_ore * 3 // 10 + 100_050


def tell_the_deviation(year: Year, one: Known) -> None:
    """A forecast far above the budget is refused until somebody has written why."""
    page = year.become(MANAGER, f"{PERIODS}/2005-T1/rapportera/{one.code}")
    expect(page.locator("form[data-ready]")).to_be_visible()
    page.get_by_label(f"Prognos {YEAR}, utgift").fill(kr(one.budget_ore + 4_000 * TKR))
    page.get_by_label("Gul – ").check()
    page.get_by_label("Text till status").fill("Berg i dagen.")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-error-summary]")).to_contain_text("Skriv varför prognosen avviker")
    year.refused()
    expect(page.locator("form[data-ready]")).to_be_visible()
    page.get_by_label("Kommentar till avvikelsen").fill("Mer sprängning än väntat.")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("heading", name=one.name, level=1)).to_have_count(0)


def explain_the_difference(year: Year) -> None:
    """What the ledger holds on no project stops the closing until it is explained."""
    page = year.become(CONTROLLER, f"{PERIODS}/2005-T1/stang")
    expect(page.get_by_text("Perioden kan inte stängas än.")).to_be_visible()
    expect(page.get_by_role("button", name="Stäng perioden")).to_have_count(0)
    year.go("2005-T1", "Avstämning")
    expect(page.get_by_text("1 skillnad är oförklarad.")).to_be_visible()
    page.get_by_label("Förklaring").fill("Felkonterad faktura, rättas i maj.")
    page.get_by_role("button", name="Spara förklaringen").click()
    expect(page.get_by_text("Allt som är avstämt stämmer eller är förklarat.")).to_be_visible()


def change_everything(year: Year) -> None:
    """Names, tags, figures of the register and of the closed periods' rows, areas, goals and reports."""
    with year.register() as session:
        session.execute(update(Project).values(name=Project.name + " (omdöpt)"))
        session.execute(update(GoalTag).values(weight=4 - GoalTag.weight))
        session.execute(update(Figure).where(Figure.period != "lopande").values(forecast_ore=1, outcome_ore=2))
        registered = update(Figure).where(Figure.period == "lopande", Figure.forecast_ore.is_not(None))
        session.execute(registered.values(forecast_ore=Figure.forecast_ore + TKR))
        session.execute(update(Area).values(name=Area.name + " ny"))
        session.execute(update(Goal).values(name_sv=Goal.name_sv + " igen", text_sv="Ny text."))
        session.execute(update(ProjectReport).values(comment="Senare kommentar", light_text="Senare text"))


def look_back(year: Year, projects: Sequence[Known]) -> None:
    """The closed period is told as it was: reckoned again it is the same, and the comparison says what changed."""
    page = year.become(CONTROLLER, f"{PERIODS}/2005-T1/rapport")
    page.get_by_role("link", name="Räkna om ur underlaget").click()
    expect(page.get_by_text("Omräknat ur underlaget: alla siffror är lika.")).to_be_visible()
    page.goto(f"{PERIODS}/2005-T1/jamfor?med=2005-VP&shown=utgift-prognos")
    changed = page.get_by_role("row").filter(has_text=projects[1].code)
    expect(changed).to_contain_text(projects[1].name)
    expect(page.get_by_text("(omdöpt)")).to_have_count(0)


def second_third(year: Year, actor: Actor, projects: Sequence[Known]) -> None:
    """T2 in short: nothing is new, the ledger is not read, and it is closed with a smaller set of files."""
    with year.register() as session:
        open_period(session, PeriodCode.read("2005-T2"), actor, 15)
    confirm_rest(year, actor, "2005-T2", projects)
    with year.register() as session:
        close_period(session, "2005-T2", actor, LIMIT_ORE, render)


DONE, JUDGED = "Tre öppna hus hölls i Rinkeby.", "Två av tre indikatorer nåddes."


def whole_year(year: Year, actor: Actor, projects: Sequence[Known]) -> None:
    """VB: measures without money, assignments and the fulfilment of goals are told, and stand in the document."""
    with year.register() as session:
        made = make_initiative(session, "I-1", name="Öppet hus", start_date=date(2005, 2, 1))
        made.goals = list(session.scalars(select(Goal).where(Goal.code == "G1a")))
    year.open_period("2005-VB", "Verksamhetsberättelse 2005 (december)")
    confirm_rest(year, actor, "2005-VB", projects)
    page = year.go("2005-VB", "Insatser")
    page.get_by_label("Vad som gjordes").fill(DONE)
    page.get_by_label("För vem").fill("Boende")
    page.get_by_role("button", name="Spara rapporten").click()
    expect(page.get_by_text("1 av 1 insatser är rapporterade.")).to_be_visible()
    page = year.go("2005-VB", "Uppdrag")
    page.get_by_label("Lägesrapport").first.fill("Klart i tid.")
    page.get_by_label("Status").first.select_option(label="Genomförd")
    page.get_by_role("button", name="Spara rapporten").click()
    expect(page.get_by_text("1 av 2 uppdrag är rapporterade.")).to_be_visible()
    page = year.go("2005-VB", "Måluppfyllelse")
    goal = page.get_by_role("region", name="G1 ")
    goal.get_by_label("Uppfylls delvis").first.check()
    goal.get_by_label("Motivering").first.fill(JUDGED)
    page.get_by_role("button", name="Spara bedömningen").click()
    expect(page.get_by_text("1 av 3 mål är bedömda.")).to_be_visible()
    year.forms = SWIFT
    year.close("2005-VB")
    read_the_document(year)


def read_the_document(year: Year) -> None:
    """What the board reads is what the register holds."""
    files = year.fetch("2005-VB")
    document = Document(io.BytesIO(files["intern", "fordelad", "docx"]))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    text = "\n".join([*(one.text for one in document.paragraphs), *cells]).replace("\u00a0", " ")
    for part in (DONE, JUDGED, "Klart i tid.", "Öppet hus"):
        assert part in text, part
    assert "Inga projekt är märkta med aspekten. Inga insatser är registrerade för aspekten." in text
    assert f"{format_mnkr(city_outlay(year))} mnkr".replace("\u00a0", " ") in text
    assert "Mer sprängning än väntat." not in text  # overwritten since by "Senare kommentar"
    assert "Senare kommentar" in text


def city_outlay(year: Year) -> int:
    """The city's share of the budgeted outlays of the year, worked out row by row in whole öre."""
    with year.register() as session:
        rows = session.execute(
            select(Figure.budget_ore, Project.city_share)
            .join(Project, Project.id == Figure.project_id)
            .where(Figure.period == "2005-VB", Figure.year == YEAR, Figure.flow == Flow.OUTLAY)
        )
        return sum(((ore or 0) * share + 5_000) // 10_000 for ore, share in rows)


def kr(ore: int) -> str:
    """mnkr as a person types it."""
    return f"{Decimal(ore).scaleb(-8):f}".replace(".", ",")


def kr_exact(ore: int) -> str:
    """Kronor and öre as a ledger writes them."""
    return f"{Decimal(ore).scaleb(-2):f}".replace(".", ",")
