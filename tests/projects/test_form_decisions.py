"""Decisions in the form: rows corrected, revisions added, warnings that never block, errors that name the field."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import make_project
from tests.projects.form_page import open_form, send
from tests.projects.test_form import NEW, SignIn, stored
from tracker.accounts.roles import Role
from tracker.extensions import db
from tracker.history.models import HistoryEntry
from tracker.projects.figures import Decision
from tracker.projects.vocabulary import Gate, Phase

EDIT = "/projekt/A1/redigera"
MNKR = 100_000_000


@pytest.fixture
def project(session: Session) -> int:
    made = make_project(session, "A1", phase=Phase.IMPLEMENTATION)
    made.decisions = [
        Decision(
            gate=Gate.IMPLEMENTATION,
            date=date(2004, 11, 23),
            body="Gatu- och fastighetsnämnden",
            case_number="04-311-1234:1",
            outlay_ore=120 * MNKR,
            price_level="2004",
        )
    ]
    session.commit()
    return made.decisions[0].id


def changes() -> list[dict[str, list[object]]]:
    return [entry.changes for entry in db.session().scalars(select(HistoryEntry).order_by(HistoryEntry.id))]


def test_a_decision_is_stored_with_every_field_and_case_43_sum(sign_in: SignIn, session: Session) -> None:
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, NEW)
    saved = send(
        browser, NEW, page, name="Kaj", main_kind="trafik", code="A1",
        decisions__0__gate="genomforandebeslut", decisions__0__date="2005-01-25",
        decisions__0__body="Kommunfullmäktige", decisions__0__case_number="04-311-1",
        decisions__0__paragraph="§ 12", decisions__0__outlay="34000000000",
        decisions__0__income="1,5 tkr", decisions__0__price_level="2005", decisions__0__note="Hela leden",
    )  # fmt: skip
    assert saved.status == 302, saved.errors
    (one,) = stored("A1").decisions
    assert (one.gate, one.date, one.body) == (Gate.IMPLEMENTATION, date(2005, 1, 25), "Kommunfullmäktige")
    assert (one.case_number, one.paragraph, one.price_level, one.note) == ("04-311-1", "§ 12", "2005", "Hela leden")
    assert (one.outlay_ore, one.income_ore) == (3_400_000_000_000, 150_000)


def test_a_stored_row_is_corrected_and_a_revision_stands_beside_it(project: int, sign_in: SignIn) -> None:
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, EDIT)
    assert page.fields["decisions-0-decision_id"] == str(project)
    saved = send(
        browser, EDIT, page, decisions__0__paragraph="§ 7", decisions__1__gate="reviderat-genomforandebeslut",
        decisions__1__date="2005-04-30", decisions__1__outlay="150", decisions__1__price_level="2005",
        decisions__1__body="Marknämnden",
    )  # fmt: skip
    assert saved.status == 302, saved.errors
    first, second = stored("A1").decisions
    assert (first.id, first.paragraph, first.outlay_ore) == (project, "§ 7", 120 * MNKR)
    assert (second.gate, second.outlay_ore) == (Gate.IMPLEMENTATION_REVISED, 150 * MNKR)
    old, new = changes()[-1]["decisions"]
    assert isinstance(old, list)
    assert isinstance(new, list)
    assert (len(old), len(new), new[1][0]) == (1, 2, "reviderat-genomforandebeslut")


@pytest.mark.usefixtures("project")
def test_saving_unchanged_keeps_the_row_and_writes_no_history(sign_in: SignIn) -> None:
    browser = sign_in(Role.MANAGER)
    version, number = stored("A1").version, stored("A1").decisions[0].id
    assert send(browser, EDIT, open_form(browser, EDIT)).status == 302
    assert (stored("A1").version, stored("A1").decisions[0].id, changes()) == (version, number, [])


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("date", "i maj", "är inget datum"),
        ("date", "1492-05-01", "Året ska vara mellan 1950 och 2100."),
        ("outlay", "12.500", "kan läsas på två sätt"),
        ("gate", "", "Välj vilket beslut det är, eller ta bort raden."),
        ("paragraph", "§" * 41, "Högst 40 tecken."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(sign_in: SignIn, field: str, value: str, reason: str) -> None:
    browser = sign_in(Role.MANAGER)
    page = send(browser, EDIT, open_form(browser, EDIT), **{f"decisions__0__{field}": value})
    assert page.status == 422
    assert reason in page.errors[f"decisions-0-{field}"]
    assert page.fields[f"decisions-0-{field}"] == value


@pytest.mark.usefixtures("project")
def test_a_decision_of_another_project_is_not_taken_over(session: Session, sign_in: SignIn) -> None:
    other = make_project(session, "B1")
    other.decisions = [Decision(gate=Gate.PLAN, note="Annans")]
    session.commit()
    browser, number = sign_in(Role.MANAGER), other.decisions[0].id
    page = send(browser, EDIT, open_form(browser, EDIT), decisions__0__decision_id=str(number))
    assert (page.status, page.errors) == (
        422,
        {"decisions": "Ett av besluten finns inte längre i projektet. Ladda om sidan."},
    )
    assert stored("B1").decisions[0].note == "Annans"


@pytest.mark.usefixtures("project")
def test_doubts_stand_in_the_form_and_do_not_keep_anybody_from_saving(sign_in: SignIn) -> None:
    browser = sign_in(Role.MANAGER)
    saved = send(
        browser, EDIT, open_form(browser, EDIT), decisions__0__date="2099-01-01", decisions__0__body="Kontoret",
    )  # fmt: skip
    assert saved.status == 302, saved.errors
    text = open_form(browser, EDIT).text
    assert "Skedet är genomförande, men genomförandebeslut saknas." in text
    assert "Genomförandebeslut 2099-01-01 ligger i framtiden" in text
    assert "är över 50 mnkr och ska fattas av nämnd eller högre, men instansen är ”Kontoret”." in text


@pytest.mark.usefixtures("project")
def test_the_same_decision_twice_is_refused_on_its_row(sign_in: SignIn) -> None:
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, EDIT)
    twice = {key.replace("-0-", "-1-"): value for key, value in page.fields.items() if key.startswith("decisions-0-")}
    twice.pop("decisions-1-decision_id")
    refused = send(browser, EDIT, page, **twice)
    assert refused.errors == {"decisions-1-gate": "Samma beslut finns två gånger. Ta bort det ena."}


@pytest.mark.usefixtures("project")
def test_a_removed_decision_is_gone_from_the_project_and_kept_in_the_history(sign_in: SignIn) -> None:
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, EDIT)
    gone = dict.fromkeys((key for key in page.fields if key.startswith("decisions-0-")), None)
    assert send(browser, EDIT, page, **gone).status == 302
    assert stored("A1").decisions == []
    old, new = changes()[-1]["decisions"]
    assert isinstance(old, list)
    assert (old[0][5], new) == (120 * MNKR, [])
