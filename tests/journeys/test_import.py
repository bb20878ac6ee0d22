"""The import wizard in a real browser: the road authority's file with its swapped row, and the keyboard alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from tests.imports.files import write_csv, write_geojson
from tests.journeys.conftest import serious_findings
from tests.journeys.test_pages import sign_in
from tracker.accounts.roles import Role
from tracker.extensions import db
from tracker.projects.models import Project

pytestmark = pytest.mark.browser


def choose_file(page: Page, path: Path) -> None:
    page.goto("/import")
    page.get_by_label("Fil med projekt").set_input_files(path)
    page.get_by_role("button", name="Ladda upp filen").click()


def count_projects(app: Flask) -> int:
    with app.app_context():
        return db.session().scalar(select(func.count()).select_from(Project)) or 0


def check(page: Page) -> None:
    """Nothing serious for axe-core, and no sideways scroll on a phone."""
    assert serious_findings(page) == []
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.set_viewport_size({"width": 1280, "height": 800})


def roads(tmp_path: Path) -> Path:
    """A small file like the road authority's: metres, no system, row 3 with its numbers swapped, odd words."""
    places = [(668_000, 6_580_000), (671_000, 6_581_000), (6_579_000, 674_000), (676_000, 6_575_000)]
    words = ("Planering pågår", "Byggande pågår", "Genomförd", "Paus tills vidare")
    rows = [
        ({"ObjectId": f"vag-{number}", "Name": f"Väg {number}", "Status": word}, {"type": "Point", "coordinates": at})
        for number, (word, at) in enumerate(zip(words, places, strict=True), start=1)
    ]
    return write_geojson(tmp_path / "vagar.geojson", rows)


def test_a_file_without_a_system_and_with_a_swapped_row(page: Page, app: Flask, tmp_path: Path) -> None:
    sign_in(page, Role.MANAGER)
    choose_file(page, roads(tmp_path))
    expect(page.get_by_role("heading", name="Koordinater", level=1)).to_be_visible()
    expect(page.get_by_text("omkastade: rad 3.")).to_be_visible()
    expect(page.locator("[data-place-map][data-state=klar]")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Fortsätt till kolumner").click()
    expect(page.get_by_role("combobox", name="Status")).to_have_value("phase")
    check(page)
    page.get_by_role("button", name="Fortsätt till värden").click()
    unknown = page.get_by_role("combobox", name="Paus tills vidare")
    expect(unknown).to_have_value("?")
    unknown.select_option("Vilande")
    check(page)
    page.get_by_role("button", name="Visa planen").click()
    expect(page.get_by_text("3 nya projekt, 0 ändras, 0 oförändrade, 1 avvisas.")).to_be_visible()
    expect(page.locator("[data-plan-map][data-state=klar]")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Avvisas 1").click()
    expect(page.get_by_role("row", name="3 vag-3 Väg 3")).to_contain_text("nordlig och östlig har bytt plats")
    with page.expect_download() as download:
        page.get_by_role("link", name="Hämta raderna (CSV)").click()
    assert download.value.suggested_filename == "avvisade-rader.csv"
    assert count_projects(app) == 0
    page.get_by_label("Ta bara in de rader som går").check()
    page.get_by_role("button", name="Genomför: skriv 3 projekt").click()
    expect(page.get_by_role("heading", name="Importen är genomförd")).to_be_visible()
    check(page)
    assert count_projects(app) == 3
    page.go_back()
    page.reload()
    expect(page.get_by_role("heading", name="Importen är genomförd")).to_be_visible()


def test_case_6_the_road_authoritys_file(page: Page, app: Flask, shared_data: Path) -> None:
    sign_in(page, Role.MANAGER)
    choose_file(page, shared_data / "projects" / "trafikverket_projekt_sweref99tm_nocrs.geojson")
    expect(page.get_by_text("omkastade: rad 118.")).to_be_visible()
    page.get_by_role("button", name="Fortsätt till kolumner").click()
    page.get_by_role("button", name="Fortsätt till värden").click()
    page.get_by_role("combobox", name="Bygge av etapp 1: Karlstad–Edsgatan").select_option("Lämna tomt")
    page.get_by_role("button", name="Visa planen").click()
    expect(
        page.get_by_text("Filen har 663 rader: 76 nya projekt, 0 ändras, 0 oförändrade, 587 avvisas.")
    ).to_be_visible()
    page.get_by_role("link", name="Avvisas 587").click()
    # The page of all those that are refused has come; the next link stands on both.
    expect(page.locator("tr[data-plan-row]")).to_have_count(25)
    page.get_by_role("link", name="Koordinaterna är omkastade").click()
    expect(page.locator("tr[data-plan-row]")).to_have_count(1)
    expect(page.locator("tr[data-plan-row='118']")).to_be_visible()
    page.get_by_label("Ta bara in de rader som går").check()
    page.get_by_role("button", name="Genomför: skriv 76 projekt").click()
    expect(page.get_by_role("heading", name="Importen är genomförd")).to_be_visible()
    assert count_projects(app) == 76


def test_a_file_without_codes_gets_them_from_a_text(
    page: Page, app: Flask, tmp_path: Path, complaints: list[str]
) -> None:
    rows = [(f"Cykelbana {number}", "Rinkeby", 6579142.0, 153112.0) for number in range(1, 4)]
    sign_in(page, Role.MANAGER)
    choose_file(page, write_csv(tmp_path / "lista.csv", rows, ("Namn", "Stadsdel", "N", "E")))
    page.get_by_role("button", name="Fortsätt till kolumner").click()
    prefix = page.get_by_label("Filen har inga projektkoder: skapa dem av")
    expect(prefix).to_be_visible()
    page.get_by_role("combobox", name="Namn").select_option("Projektkod")
    expect(prefix).to_be_hidden()
    page.get_by_role("combobox", name="Namn").select_option("Namn")
    page.get_by_role("button", name="Fortsätt till värden").click()
    expect(page.get_by_role("alert")).to_contain_text("eller skriv en text att skapa koder av")
    check(page)
    prefix.fill("CYK")
    page.get_by_role("button", name="Fortsätt till värden").click()
    page.get_by_role("button", name="Visa planen").click()
    expect(page.get_by_role("row", name="2 CYK-002 Cykelbana 1 Trafik gissat")).to_be_visible()
    expect(page.locator("[data-plan-map][data-state=klar]")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Visa dem som skiljer sig").click()
    expect(page.get_by_role("row", name="Läget är i Kungsholmen.")).to_have_count(3)
    check(page)
    page.get_by_role("button", name="Släng importen").click()
    expect(page.get_by_text("lista.csv är slängd. Registret är oförändrat.")).to_be_visible()
    assert count_projects(app) == 0
    assert all("422" in one for one in complaints)  # the browser's own word for a refused form
    complaints.clear()


def press_until(page: Page, name: str) -> None:
    """Tab on until what has the focus is called so."""
    for _press in range(60):
        page.keyboard.press("Tab")
        if name in (page.evaluate("document.activeElement.innerText || document.activeElement.name") or ""):
            return
    raise AssertionError(name)


def test_the_keyboard_alone_is_enough(page: Page, app: Flask, tmp_path: Path) -> None:
    sign_in(page, Role.MANAGER)
    page.goto("/import")
    page.get_by_label("Fil med projekt").set_input_files(
        write_csv(tmp_path / "projekt.csv")
    )  # the system's own dialogue
    press_until(page, "Ladda upp filen")
    page.keyboard.press("Enter")
    for button in ("Fortsätt till kolumner", "Fortsätt till värden"):
        expect(page.get_by_role("button", name=button)).to_be_visible()
        press_until(page, button)
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Värden", level=1)).to_be_visible()
    unknown = page.get_by_role("combobox", name="Övrigt")
    for _press in range(60):
        page.keyboard.press("Tab")
        if unknown.evaluate("one => one === document.activeElement"):
            break
    page.keyboard.press("End")
    expect(unknown).to_have_value("")
    press_until(page, "Visa planen")
    page.keyboard.press("Enter")
    expect(page.get_by_text("3 nya projekt")).to_be_visible()
    press_until(page, "Genomför: skriv 3 projekt")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Importen är genomförd")).to_be_visible()
    assert count_projects(app) == 3


def test_a_row_of_headers_is_chosen_with_a_click_and_a_file_is_dropped(page: Page, tmp_path: Path) -> None:
    sign_in(page, Role.MANAGER)
    page.goto("/import")
    data = page.evaluate_handle(
        "(text) => { const data = new DataTransfer(); data.items.add(new File([text], 'lista.csv')); return data; }",
        "Lista;;\nProjektnr;Namn;Skede\nA-1;Ett;Planering\n",
    )
    page.dispatch_event("[data-upload]", "drop", {"dataTransfer": data})
    page.get_by_role("button", name="Ladda upp filen").click()
    expect(page.get_by_role("heading", name="Koordinater", level=1)).to_be_visible()
    page.get_by_role("link", name="Lager och rubriker").click()
    expect(page.get_by_role("radio", name="Rad 2")).to_be_checked()
    check(page)
    page.get_by_role("cell", name="A-1").click()
    expect(page.get_by_role("radio", name="Rad 3")).to_be_checked()


def test_a_file_that_is_too_large_is_said_before_it_is_sent(page: Page, app: Flask, complaints: list[str]) -> None:
    app.config["UPLOAD_MAX_BYTES"] = 1024 * 1024
    sign_in(page, Role.MANAGER)
    page.goto("/import")
    big = {"name": "stor.csv", "mimeType": "text/csv", "buffer": b"x" * (1024 * 1024 + 1)}
    page.get_by_label("Fil med projekt").set_input_files(big)  # type: ignore[arg-type]
    expect(page.get_by_role("alert")).to_have_text("Filen är större än 1 MB. Dela upp den och skicka delarna.")
    bad = {"name": "brev.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    page.get_by_label("Fil med projekt").set_input_files(bad)  # type: ignore[arg-type]
    page.get_by_role("button", name="Ladda upp filen").click()
    expect(page.get_by_role("alert")).to_contain_text("brev.pdf är en PDF")
    expect(page.get_by_role("button", name="Ladda upp filen")).to_be_enabled()
    check(page)
    assert all("422" in one for one in complaints)  # the browser's own word for a refused request
    complaints.clear()
