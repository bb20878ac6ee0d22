"""Every door writes the history: what form, file and command did is given back alike, and conflicts alike."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import NOW
from tests.factories import make_measure
from tests.projects.form_page import open_form, send
from tests.projects.test_form import SignIn, stored
from tests.projects.test_form_conflicts import choices, choose
from tracker.accounts.roles import Role
from tracker.database import begin_writing
from tracker.history.models import HistoryEntry, Origin
from tracker.history.services import Actor
from tracker.imports.apply import apply_plan
from tracker.imports.candidates import interpret
from tracker.imports.plan import make_plan
from tracker.imports.registered import DWELLINGS
from tracker.imports.sources import read_table
from tracker.projects.demo import load_catalogue, store_portfolio
from tracker.projects.generator import generate
from tracker.projects.history_replay import contents_after, entries_of, replayed
from tracker.projects.models import Project
from tracker.projects.snapshots import describe

ADDRESS = "/projekt/A1/redigera"
FILE = Actor(name="Import från kommandoraden", origin=Origin.IMPORT, at=NOW)


def run_import(session: Session, folder: Path, text: str, year: int) -> None:
    """What `import projects` does with a file."""
    path = folder / "projekt.csv"
    path.write_text(text, encoding="utf-8")
    begin_writing(session)
    apply_plan(session, make_plan(session, interpret(read_table(path)), year, publish=False), FILE)
    session.commit()


def plain(contents: object) -> Any:
    return json.loads(json.dumps(contents))


def test_what_files_and_forms_did_is_given_back_alike(session: Session, sign_in: SignIn, tmp_path: Path) -> None:
    """An import writes only the row of dwellings that it changed; the version before had the others all the same."""
    make_measure(session, DWELLINGS)
    session.commit()
    stood: dict[int, Any] = {}

    def note() -> None:
        project = stored("A1")
        stood[project.version] = plain(describe(project))

    run_import(session, tmp_path, "projektkod;namn;antal bostäder;diarienummer\nA1;Kajen;100;E1\n", 2005)
    note()
    run_import(session, tmp_path, "projektkod;namn;antal bostäder\nA1;Norra kajen;120\n", 2006)
    note()
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, ADDRESS)
    assert send(browser, ADDRESS, page, volumes__0__started="7", case_numbers__5="E0").status == 302
    note()
    run_import(session, tmp_path, "projektkod;namn;antal bostäder\nA1;Norra kajen;130\n", 2006)
    note()
    assert [[row[2:4] for row in contents["volumes"]] for contents in stood.values()] == [
        [[2005, 100]],
        [[2005, 100], [2006, 120]],
        [[2005, 100], [2006, 120]],
        [[2005, 100], [2006, 130]],
    ]
    project = stored("A1")
    entries = list(session.scalars(entries_of(project).order_by(HistoryEntry.id)))
    assert [one.origin for one in entries] == [Origin.IMPORT, Origin.IMPORT, Origin.FORM, Origin.IMPORT]
    for version, contents in stood.items():
        assert plain(contents_after(session, project, version)) == contents
        forward = replayed(one for one in entries if one.subject_version <= version)
        assert {name: forward.get(name) for name in contents} == contents


def test_case_39_a_file_under_an_open_form_is_shown_and_both_are_kept(
    session: Session, sign_in: SignIn, tmp_path: Path
) -> None:
    make_measure(session, DWELLINGS)
    session.commit()
    run_import(session, tmp_path, "projektkod;namn;antal bostäder\nA1;Kajen;100\n", 2005)
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, ADDRESS)
    run_import(session, tmp_path, "projektkod;namn;antal bostäder\nA1;Kajen i filen;120\n", 2005)
    clash = send(browser, ADDRESS, page, name="Min kaj", description_public="Min text")
    assert clash.status == 409
    assert "Import från kommandoraden" in clash.summary
    assert "(import)" in clash.summary
    picked = choices(clash)
    assert [key.split(":")[0] for key in picked] == ["description_public", "volumes"]
    assert sorted(picked.values()) == ["deras", "min"]
    assert send(browser, ADDRESS, clash, **choose(name="min")).status == 302
    project = stored("A1")
    assert (project.name, project.description_public) == ("Min kaj", "Min text")
    assert [row.planned for row in project.volumes] == [120]


def test_case_39_a_publication_under_an_open_form_is_told_and_needs_no_choice(
    session: Session, sign_in: SignIn, tmp_path: Path
) -> None:
    run_import(session, tmp_path, "projektkod;namn\nA1;Kajen\n", 2005)
    browser, controller = sign_in(Role.MANAGER), sign_in(Role.CONTROLLER)
    page = open_form(browser, ADDRESS)
    fields = {"publication": "publicerad", "version": "1"}
    assert controller.post("/projekt/A1/publicering", data=fields).status_code == 302
    clash = send(browser, ADDRESS, page, description_public="Min text")
    assert (clash.status, choices(clash)) == (409, {"description_public": "min"})
    assert "Publicering: Utkast → Publicerad" in clash.text
    assert send(browser, ADDRESS, clash).status == 302
    assert stored("A1").publication.value == "publicerad"


def test_case_39_a_publication_of_an_older_version_is_refused(
    session: Session, sign_in: SignIn, tmp_path: Path
) -> None:
    run_import(session, tmp_path, "projektkod;namn\nA1;Kajen\n", 2005)
    browser, controller = sign_in(Role.MANAGER), sign_in(Role.CONTROLLER)
    assert send(browser, ADDRESS, open_form(browser, ADDRESS), name="Ny").status == 302
    fields = {"publication": "publicerad", "version": "1"}
    assert controller.post("/projekt/A1/publicering", data=fields).status_code == 409
    assert stored("A1").publication.value == "utkast"


def test_generated_projects_stand_whole_before_a_change(session: Session, sign_in: SignIn) -> None:
    """Their first entry names them only; what they held is known from the present."""
    begin_writing(session)
    catalogue = load_catalogue(session)
    store_portfolio(session, generate(3, catalogue.places, len(catalogue.goal_codes)), catalogue, FILE)
    session.commit()
    code = "DEMO-000001"
    project = session.scalars(select(Project).where(Project.code == code)).one()
    before = plain(describe(project))
    address = f"/projekt/{code}/redigera"
    browser = sign_in(Role.CONTROLLER)
    assert send(browser, address, open_form(browser, address), name="Nytt").status == 302
    project = stored(code)
    assert project.version == 2
    assert plain(contents_after(session, project, 1)) == before
