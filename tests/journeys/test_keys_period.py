"""A period without a mouse: reconciled, closed, its files fetched, corrected; the focus is seen and never lost."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.followup.test_reporting import opened, paid
from tests.journeys.keys import from_summary, press, sign_in, tab_to, type_again, write
from tracker.exports.audience import Audience
from tracker.history.services import Actor
from tracker.reports import close_views
from tracker.reports.closing_files import Made, make_files

pytestmark = pytest.mark.browser
CONTROLLER = "controller@prov.se"
KEY = "2005-T1"


@pytest.fixture
def open_period(session: Session, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """One project of 10 mnkr in an open period, whose closing makes the files that take no time."""

    def make(snapshots: Mapping[Audience, bytes], folder: Path, template: Path | None = None) -> list[Made]:
        return make_files(snapshots, folder, template, ("xlsx", "csv"))

    monkeypatch.setattr(close_views, "make_files", make)
    paid(session, "P1", name="Tensta torg")
    opened(session, actor)
    session.commit()


def refused(complaints: list[str]) -> None:
    """Strike out the browser's own word for a refused form."""
    assert all("422" in one or "409" in one for one in complaints), complaints
    complaints.clear()


def to(page: Page, name: str) -> None:
    """By the menu of the period."""
    menu = page.get_by_role("navigation", name="Periodens sidor")
    press(page, menu.get_by_role("link", name=name, exact=True))
    expect(menu.locator("[aria-current=page]")).to_have_text(name)


@pytest.mark.usefixtures("open_period")
def test_reconciled_closed_fetched_and_corrected(page: Page, complaints: list[str]) -> None:
    sign_in(page, CONTROLLER, "/uppfoljning?year=2005")
    press(page, page.get_by_role("main").get_by_role("link", name="Avstämning", exact=True))
    reconcile(page, complaints)
    to(page, "Stäng")
    close(page, complaints)
    to(page, "Rapporter")
    fetch(page, "Hämta CSV, fördelad, intern", "2005-t1-fordelad-intern.csv")
    press(page, page.get_by_role("link", name="Räkna om ur underlaget"))
    expect(page.get_by_text("Omräknat ur underlaget: alla siffror är lika.")).to_be_visible()
    to(page, "Stäng")
    write(page, page.get_by_label("Varför rättas perioden?"), "Fel prisnivå.")
    press(page, page.get_by_role("button", name="Öppna en rättelse"))
    expect(page.get_by_text("Fel prisnivå.").first).to_be_visible()


def reconcile(page: Page, complaints: list[str]) -> None:
    """A total that is no number is refused; one that differs is explained."""
    form = page.get_by_role("form", name="Total 2005")
    outlay = form.get_by_label("Utgifter, mnkr")
    write(page, outlay, "ungefär tio")
    page.keyboard.press("Enter")
    from_summary(page, "Utgifter, mnkr", outlay)
    refused(complaints)
    type_again(page, "12")
    write(page, form.get_by_label("Källa"), "Budget 2005")
    press(page, form.get_by_role("button", name="Spara"))
    expect(page.get_by_text("1 skillnad är oförklarad.")).to_be_visible()
    write(page, page.get_by_label("Förklaring"), "Två mnkr är inte fördelade.")
    press(page, page.get_by_role("button", name="Spara förklaringen"))
    expect(page.get_by_text("Allt som är avstämt stämmer eller är förklarat.")).to_be_visible()


def close(page: Page, complaints: list[str]) -> None:
    """Another text than the period's is refused."""
    field = page.get_by_label("Skriv periodens kod för att stänga")
    write(page, field, "2005-T2")
    page.keyboard.press("Enter")
    from_summary(page, "Skriv periodens kod för att stänga", field)
    refused(complaints)
    type_again(page, KEY)
    press(page, page.get_by_role("button", name="Stäng perioden"))
    expect(page.get_by_role("heading", name="Stängd", level=1)).to_be_visible()


def fetch(page: Page, name: str, file: str) -> None:
    tab_to(page, page.get_by_role("link", name=name, exact=True))
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == file


@pytest.mark.usefixtures("open_period")
def test_an_explanation_that_is_too_long_leads_to_its_field(page: Page, complaints: list[str]) -> None:
    sign_in(page, CONTROLLER, f"/uppfoljning/perioder/{KEY}/avstamning")
    form = page.get_by_role("form", name="Total 2005")
    write(page, form.get_by_label("Utgifter, mnkr"), "12")
    page.keyboard.press("Enter")
    text = page.get_by_label("Förklaring")
    tab_to(page, text)
    text.evaluate("(field) => { field.removeAttribute('maxlength'); field.value = 'x'.repeat(5000); }")
    press(page, page.get_by_role("button", name="Spara förklaringen"))
    from_summary(page, "Förklaring", text)
    refused(complaints)
    expect(text).to_have_value("x" * 5000)
