"""Files in and out of the register and its history, without a mouse: the focus is seen and never lost."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import shapely
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.factories import make_project
from tests.imports.files import write_csv
from tests.journeys.drawing import saved_shape
from tests.journeys.keys import press, sign_in, stop, tab_to, type_again, write
from tracker.history.services import Actor
from tracker.measures.models import MainKind
from tracker.projects.inputs import ProjectInput
from tracker.projects.policies import SYSTEM_RIGHTS
from tracker.projects.services import change_project, register_project

pytestmark = pytest.mark.browser
MANAGER = "manager@prov.se"


def test_a_file_is_refused_answered_planned_and_taken_in(page: Page, tmp_path: Path, complaints: list[str]) -> None:
    sign_in(page, MANAGER, "/projekt")
    press(page, page.get_by_role("link", name="Läs in från fil"))
    file = page.get_by_label("Fil med projekt")
    tab_to(page, file)
    file.set_input_files({"name": "brev.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"})
    press(page, page.get_by_role("button", name="Ladda upp filen"))
    expect(page.get_by_role("alert")).to_contain_text("brev.pdf är en PDF")
    file.set_input_files(write_csv(tmp_path / "projekt.csv"))  # the system's own dialogue
    press(page, page.get_by_role("button", name="Ladda upp filen"))
    press(page, page.get_by_role("button", name="Fortsätt till kolumner"))
    press(page, page.get_by_role("button", name="Fortsätt till värden"))
    press(page, page.get_by_role("button", name="Visa planen"))
    expect(page.locator("[data-error-summary]")).to_be_focused()
    unknown = page.get_by_role("combobox", name="Övrigt")
    tab_to(page, unknown)
    expect(unknown).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("End")
    press(page, page.get_by_role("button", name="Visa planen"))
    expect(page.get_by_text("3 nya projekt")).to_be_visible()
    press(page, page.get_by_role("button", name="Genomför: skriv 3 projekt"))
    expect(page.get_by_role("heading", name="Importen är genomförd")).to_be_visible()
    assert all("422" in one for one in complaints), complaints
    complaints.clear()


def test_a_chosen_part_of_the_register_is_fetched(session: Session, page: Page) -> None:
    make_project(session, "A1", name="Tensta torg")
    session.commit()
    sign_in(page, MANAGER, "/projekt")
    menu = page.get_by_role("button", name="Ladda ner")
    press(page, menu)
    page.keyboard.press("Escape")
    expect(menu).to_be_focused()
    expect(menu).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")
    expect(menu).to_have_attribute("aria-expanded", "true")
    stop(page, "ArrowDown")
    chosen = page.evaluate("document.activeElement.querySelector('.export-format').textContent")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert (chosen, Path(download.value.suggested_filename).suffix) == ("CSV", ".csv")


def test_an_old_version_is_looked_at_and_restored(session: Session, actor: Actor, page: Page) -> None:
    first = ProjectInput(code="A1", name="Tensta torg", main_kind=MainKind.HOUSING)
    project = register_project(session, first, actor, SYSTEM_RIGHTS)
    change_project(session, project, replace(first, name="Fel namn"), 1, actor, SYSTEM_RIGHTS)
    session.commit()
    sign_in(page, MANAGER, "/projekt/A1")
    press(page, page.get_by_role("link", name="Historik"))
    press(page, page.get_by_role("link", name="Version 1"))
    press(page, page.locator("summary", has_text="Återställ denna version"))
    press(page, page.get_by_role("button", name="Återställ denna version"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Tensta torg")
    expect(page.get_by_text("Version 1 är återställd som en ny version.")).to_be_visible()


def test_an_area_is_drawn_with_arrows_and_space(session: Session, page: Page) -> None:
    sign_in(page, MANAGER, "/projekt/ny")
    expect(page.locator("form[data-ready]")).to_be_visible()
    write(page, page.get_by_label("Namn"), "Ritat utan mus")
    page.keyboard.press("Tab")
    type_again(page, "A1")
    tab_to(page, page.get_by_role("group", name="Huvudslag").get_by_label("Bostad"))
    page.keyboard.press("Space")
    press(page, page.get_by_role("button", name="Yta", exact=True))
    tab_to(page, page.locator("[data-map]"))
    for arrow in ("ArrowRight", "ArrowDown", "ArrowLeft"):
        page.keyboard.press("Space")
        pan(page, arrow)
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("[data-said]")).to_have_text(re.compile(r"^Tillagt\. Yta med 4 hörn\."))
    expect(page.locator("[data-lies-said]")).to_have_text(re.compile("^Ligger i "))
    page.keyboard.press("Escape")
    tab_to(page, page.get_by_label("Läget är ungefärligt"))
    page.keyboard.press("Control+s")
    expect(page).to_have_url(re.compile(r"/projekt/A1$"))
    assert isinstance(saved_shape(session, "A1"), shapely.Polygon)


def pan(page: Page, arrow: str) -> None:
    """Move the map by a key and wait until it stands still."""
    frame = page.locator("[data-drawing-frame]")
    before = frame.evaluate("(frame) => String(frame.drawing.map.getCenter())")
    page.keyboard.press(arrow)
    page.wait_for_function(
        "before => { const map = document.querySelector('[data-drawing-frame]').drawing.map;"
        " return String(map.getCenter()) !== before && !map._panAnim?._inProgress; }",
        arg=before,
    )
