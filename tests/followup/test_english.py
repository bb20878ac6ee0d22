"""Follow-up in English: periods, checks, refusals and differences; what is stored, filed or sent stays Swedish."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.english import in_english
from tests.followup.ledgers import apply_lines, line, make_numbered, open_t1
from tests.followup.pages import open_form, read_page, send
from tests.followup.test_checks_reading import faulty
from tests.followup.test_reporting import opened, paid
from tests.imports.walk import text_of
from tests.reports.closed import close, kept
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role
from tracker.followup.models import Period, ProjectReport
from tracker.history.models import HistoryEntry
from tracker.history.services import Actor
from tracker.projects.models import Project

SignIn = Callable[[Role], FlaskClient]
T1 = "/uppfoljning/perioder/2005-T1"
GRID = f"{T1}/rapportera"
NAME = "Tertialrapport 1 2005 (april)"
IN_ENGLISH = "Four-month report 1 2005 (April)"


def manager_id(session: Session) -> int:
    manager = find_user(session, "manager@prov.se")
    assert manager is not None
    return manager.id


@pytest.fixture
def reporting(session: Session, actor: Actor) -> Project:
    """The manager's own project, in an open period."""
    project = paid(session, "P1", manager_id=manager_id(session))
    opened(session, actor)
    session.commit()
    return project


@pytest.fixture
def doubtful(session: Session, actor: Actor) -> Period:
    """The manager's own project with an outcome above its budget, in an open period whose last day has passed."""
    faulty(session, "P1", name="Mitt projekt", manager_id=manager_id(session))
    made = opened(session, actor)
    session.commit()
    return made


def test_periods_are_named_in_the_readers_language(sign_in: SignIn, reporting: Project) -> None:
    browser = in_english(sign_in(Role.MANAGER))
    rounds = read_page(browser.get("/uppfoljning?year=2005")).main
    for name in ("Annual plan 2005", "Follow-up March 2005", IN_ENGLISH, "Annual report 2005 (December)"):
        assert name in rounds
    page = read_page(browser.get(T1)).main
    assert IN_ENGLISH in page
    assert "Open" in page
    missing = browser.get("/uppfoljning/perioder/hittepå")
    assert missing.status_code == 404
    assert "“hittepå” is no period. Write for example 2005-VP" in missing.text


def test_what_the_checks_find_is_told_in_english_and_the_list_as_a_file_in_swedish(
    doubtful: Period, sign_in: SignIn
) -> None:
    browser = in_english(sign_in(Role.CONTROLLER))
    page = read_page(browser.get(f"{T1}/lage")).main
    for text in (
        "Not reported",
        "Outcome above this year's budget",
        "The report is missing. The last day was 2005-05-15. Report, or confirm that nothing is new.",
        "The outcome of outlay in 2005 is 25,0\u00a0mnkr, 5,0\u00a0mnkr above this year's budget (20,0\u00a0mnkr).",
        "Looks wrong",
        "No location",
    ):
        assert text in page
    told = browser.get(f"{T1}/lage.csv").get_data(as_text=True)
    assert "Kod;Projekt;Projektledare;Läge;Kontroll;Allvar;Vad" in told
    assert ";Inte rapporterat;Utfall över årets budget;Kontrollera;Utfallet för utgifter 2005 är 25,0\u00a0mnkr" in told


def test_letters_stay_swedish_on_an_english_page(doubtful: Period, sign_in: SignIn) -> None:
    page = read_page(in_english(sign_in(Role.CONTROLLER)).get(f"{T1}/paminn")).main
    assert f"Remind of {IN_ENGLISH}" in page
    assert f"Försenad rapport: {NAME}, sista dag var 2005-05-15" in page
    assert "Utfallet för utgifter 2005 är 25,0\u00a0mnkr, 5,0\u00a0mnkr över årets budget" in page
    assert "The outcome of outlay" not in page


def test_a_refused_report_keeps_what_was_typed_and_says_why_in_english(sign_in: SignIn, reporting: Project) -> None:
    browser = in_english(sign_in(Role.MANAGER))
    form = open_form(browser, f"{GRID}/P1")
    refused = send(browser, f"{GRID}/P1", form, **{"prognos-2005-utgift": "16", "light": "rod"})
    assert refused.status == 422
    assert "Write why the forecast deviates from the budget (outlay 2005 −6" in refused.main
    assert "The status is red: write what deviates and what is done about it." in refused.main
    assert refused.fields["prognos-2005-utgift"] == "16"


def test_the_grid_refuses_in_english_and_keeps_the_rows(session: Session, sign_in: SignIn, reporting: Project) -> None:
    first = f"p{reporting.id}-"
    browser = in_english(sign_in(Role.MANAGER))
    grid = open_form(browser, GRID)
    assert "The paste is undone in {n} cells." in grid.text
    wrong = send(browser, GRID, grid, **{f"{first}light": "gul", f"{first}outlay": "10"}, action="save")
    assert wrong.status == 422
    assert "The status is yellow: write what deviates and what is done about it." in wrong.main
    assert wrong.fields[f"{first}light"] == "gul"
    refused = send(browser, GRID, grid, **{f"{first}light": "gron", f"{first}outlay": "16"}, action="save")
    assert refused.status == 422
    assert "Write why the forecast deviates from the budget (outlay 2005 −6\u00a0mnkr)." in refused.main
    session.expire_all()
    assert {one.light for one in session.scalars(select(ProjectReport))} == {None}


def test_what_is_unreconciled_is_told_in_english(session: Session, actor: Actor, sign_in: SignIn) -> None:
    make_numbered(session, "P-1", outcome=2_000)
    made = open_t1(session, actor)
    session.commit()
    browser = in_english(sign_in(Role.CONTROLLER))
    page = text_of(browser.get(f"{T1}/avstamning"))
    assert "No ledger is read, so the outcome of 2005 is not reconciled." in page
    assert "The budget's total for 2005 (outlay) is not entered, so the budget is not reconciled." in page
    apply_lines(session, made, [line(2, "P-1", 2_500), line(4, "X-9", 900)], actor)
    session.commit()
    page = text_of(browser.get(f"{T1}/avstamning"))
    assert "The ledger 2005 outlay: −9,00 kr" in page
    assert "no project has that code or case number" in page
    wanted = {"target": "huvudbok", "year": "2005", "flow": "utgift", "difference": "-1", "text": "Därför."}
    late = browser.post(f"{T1}/avstamning/forklara", data=wanted)
    assert late.status_code == 409
    assert "The difference has changed since you read the page. Look it over and write again." in late.text
    assert "Därför." in late.text


def test_what_is_written_under_an_english_page_stays_swedish(
    app: Flask, session: Session, actor: Actor, doubtful: Period
) -> None:
    with app.test_request_context(headers={"Cookie": "sprak=en"}):
        closed = close(session, doubtful, actor)
    stored = {key[0]: content for key, content in kept(session, closed).items()}
    texts = [zlib.decompress(stored["underlag"]).decode(), stored["csv"].decode()]
    assert any(NAME in text for text in texts)
    notes = [f"{row.note} {row.changes}" for row in session.scalars(select(HistoryEntry))]
    for english in (IN_ENGLISH, "Not reported", "Yellow", "outlay"):
        assert not [text for text in [*texts, *notes] if english in text]
