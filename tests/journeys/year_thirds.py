"""The thirds of the year that is played: a ledger with faults, a deviation, and everything changed after the first."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from playwright.sync_api import expect
from sqlalchemy import select, update

from tests.journeys.year import CONTROLLER, FORMATS, MANAGER, PERIODS, File, Year, sums
from tests.journeys.year_known import Known, kr, kr_exact
from tests.journeys.year_plan import confirm_rest
from tests.journeys.year_portfolio import MINE, SHARED, TKR, YEAR
from tests.reports.closed import LIMIT_ORE, render
from tracker.areas.models import Area
from tracker.followup.codes import PeriodCode
from tracker.followup.models import ProjectReport
from tracker.followup.opening import open_period
from tracker.goals.models import Goal
from tracker.history.services import Actor
from tracker.projects.figures import Figure
from tracker.projects.models import GoalTag, Project
from tracker.projects.vocabulary import Flow
from tracker.reports.closing import close_period

LOOSE_KRONOR, LOOSE = 12_345, "9999-FEL"
"""What the ledger holds on a code that no project has."""


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
