"""A whole year in a real browser: plan, first and second third, annual report, by those whose work it is."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from docx import Document
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.followup.test_reminding_mail import post
from tests.initiatives.making import make_initiative
from tests.journeys import year_portfolio
from tests.journeys.year import Year, sums
from tests.journeys.year_known import Known, city_outlay
from tests.journeys.year_plan import confirm_rest, plan
from tests.journeys.year_portfolio import YEAR
from tests.journeys.year_thirds import change_everything, first_third, look_back, second_third
from tests.mail_servers import Post
from tracker.exports.audience import Audience
from tracker.goals.models import Goal
from tracker.history.services import Actor
from tracker.money import format_mnkr
from tracker.reports import close_views
from tracker.reports.closing_files import Made, make_files

__all__ = ["post"]
pytestmark = pytest.mark.browser
PLAIN = ("xlsx", "csv")
SWIFT = (*PLAIN, "docx")
"""The plan is closed with the first, the year with the second, and the first third with every form there is."""
DONE, JUDGED = "Tre öppna hus hölls i Rinkeby.", "Två av tre indikatorer nåddes."
Load = Callable[[Session, Actor], None]


@pytest.fixture
def year(app: Flask, page: Page, complaints: list[str], monkeypatch: pytest.MonkeyPatch) -> Year:
    played = Year(app, page, complaints, PLAIN)

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
