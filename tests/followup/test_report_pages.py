"""The pages "Rapportera": one project and the grid, by role, with errors, conflicts and secrecy."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.followup.pages import open_form, send
from tests.followup.test_reporting import MNKR, counts, opened, paid, report_of, rows
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role
from tracker.extensions import db
from tracker.followup.models import Period
from tracker.followup.vocabulary import Light, PeriodState, ReportState
from tracker.history.services import Actor
from tracker.projects.figures import Figure
from tracker.projects.models import Project, SecretField
from tracker.projects.vocabulary import Flow

SignIn = Callable[[Role], FlaskClient]
BASE = "/uppfoljning/perioder/2005-T1/rapportera"


def user_id(session: Session, role: Role) -> int:
    user = find_user(session, f"{role.value}@prov.se")
    assert user is not None
    return user.id


@pytest.fixture
def mine(session: Session) -> list[Project]:
    """Two projects of the manager and one of nobody's."""
    me = user_id(session, Role.MANAGER)
    return [paid(session, "P1", manager_id=me), paid(session, "P2", deputy_id=me), paid(session, "P3")]


@pytest.fixture
def period(session: Session, actor: Actor, mine: list[Project]) -> Period:
    found = opened(session, actor)
    session.commit()
    return found


def test_a_manager_reports_a_project_and_goes_on_to_the_next(
    session: Session, sign_in: SignIn, mine: list[Project], period: Period
) -> None:
    browser = sign_in(Role.MANAGER)
    form = open_form(browser, f"{BASE}/P1")
    assert "Budget" in form.main
    assert form.fields["prognos-2005-utgift"] == "10"
    measure = next(name for name in form.fields if name.endswith("-planned"))
    assert form.fields[measure] == "40"
    sent = {"prognos-2005-utgift": "11,5", "light": "gron", "end_forecast": "2007-06-30", "action": "next"}
    sent[measure.replace("planned", "started")] = "7"
    done = send(browser, f"{BASE}/P1", form, **sent, comment="Dyrare stål.")
    assert done.answer.headers["Location"] == f"{BASE}/P2"
    session.expire_all()
    assert rows(session, mine[0], "lopande")[2005, "utgift"] == (10 * MNKR, 2 * MNKR, 1_150_000_000)
    assert counts(session, mine[0], "2005-T1") == {2004: (40, None, None), 2005: (None, 7, None)}
    page = open_form(browser, f"{BASE}/P2")
    assert "P1 är rapporterat i 2005-T1." in page.main
    done = send(browser, f"{BASE}/P2", page, action="unchanged")
    assert done.answer.headers["Location"] == BASE
    assert report_of(session, period, mine[1]).state is ReportState.UNCHANGED
    assert "2 av 2 projekt har rapporterat" in browser.get(BASE).text


def test_what_is_refused_stands_as_it_was_typed(sign_in: SignIn, mine: list[Project], period: Period) -> None:
    browser = sign_in(Role.MANAGER)
    form = open_form(browser, f"{BASE}/P1")
    wrong = send(
        browser, f"{BASE}/P1", form, **{"prognos-2005-utgift": "tolv", "end_forecast": "snart", "light": "rod"}
    )  # fmt: skip
    assert wrong.status == 422
    assert "data-error-summary" in wrong.text
    assert (wrong.fields["prognos-2005-utgift"], wrong.fields["end_forecast"]) == ("tolv", "snart")
    refused = send(browser, f"{BASE}/P1", form, **{"prognos-2005-utgift": "16", "light": "rod"})
    assert refused.status == 422
    assert "Skriv varför prognosen avviker från budgeten (utgifter 2005 −6" in refused.main
    assert "<output data-deviation>−6,0</output>" in refused.text
    assert 'class="comment-field is-needed"' in refused.text
    assert "Status är röd: skriv vad som avviker" in refused.main
    assert 'href="#comment"' in refused.text
    typed = send(browser, f"{BASE}/P1", form, **{"prognos-2005-utgift": "12"}, action="unchanged")
    assert typed.status == 422
    assert "Spara rapporten i stället" in typed.main
    assert typed.fields["prognos-2005-utgift"] == "12"


def test_a_second_save_is_shown_both_and_can_be_made(
    session: Session, sign_in: SignIn, mine: list[Project], period: Period
) -> None:
    manager, controller = sign_in(Role.MANAGER), sign_in(Role.CONTROLLER)
    form = open_form(manager, f"{BASE}/P1")
    assert send(controller, f"{BASE}/P1", form, **{"prognos-2005-utgift": "10,5"}, light="gron").status == 302
    late = send(manager, f"{BASE}/P1", form, **{"prognos-2005-utgift": "11"}, light="gul", light_text="Risk")
    assert late.status == 409
    assert "Controller Prov sparade" in late.main
    assert "10,5\u00a0mnkr 11\u00a0mnkr" in re.sub(r"(?<=mnkr) ?(?=\d)", " ", late.main)
    assert (late.fields["prognos-2005-utgift"], late.fields["light_text"]) == ("11", "Risk")
    assert send(manager, f"{BASE}/P1", late).status == 302
    session.expire_all()
    assert rows(session, mine[0], "lopande")[2005, "utgift"][2] == 11 * MNKR


def test_others_read_and_the_closed_period_takes_nothing(
    session: Session, sign_in: SignIn, mine: list[Project], period: Period
) -> None:
    manager, reader = sign_in(Role.MANAGER), sign_in(Role.READER)
    form = open_form(manager, f"{BASE}/P1")
    page = open_form(reader, f"{BASE}/P1")
    assert "<fieldset disabled>" in page.text
    assert "Du läser det som står." in page.main
    assert reader.post(f"{BASE}/P1").status_code == 403
    assert send(manager, f"{BASE}/P3", form, light="gron").status == 403
    assert "<fieldset disabled>" in manager.get(f"{BASE}/P3").text
    for kod in ("FINNS-INTE", "P9"):
        assert manager.get(f"{BASE}/{kod}").status_code == 404
    period.state = PeriodState.CLOSED
    session.commit()
    assert "Perioden är stängd" in manager.get(f"{BASE}/P1").text
    assert send(manager, f"{BASE}/P1", form, light="gron").status == 409
    grid = manager.get(BASE).text
    assert "Spara ändrade rader" not in grid
    assert "disabled" in grid


def test_hidden_amounts_are_shown_to_nobody_else_and_stay(
    session: Session, sign_in: SignIn, mine: list[Project], period: Period
) -> None:
    mine[0].secret_fields = [
        SecretField(field=one, ground="OSL 19 kap. 3 §") for one in ("figures", "dates", "volumes")
    ]
    report = report_of(session, period, mine[0])
    report.comment = "Markpriset 87,654321 avslöjar allt"
    mine[0].figures[0].forecast_ore = 8_765_432_100
    session.commit()
    reader, manager = sign_in(Role.READER), sign_in(Role.MANAGER)
    page = open_form(reader, f"{BASE}/P1")
    assert page.status == 200
    assert "Sekretess (OSL 19:3)" in page.main
    for word in ("87,654321", "87,7", "avslöjar", "8765432100"):
        assert word not in page.text
    own = manager.get(f"{BASE}/P1").text
    assert "87,654321" in own
    assert "87,654321" in manager.get(BASE).text


def test_the_grid_saves_only_what_was_changed_all_or_none(
    session: Session, sign_in: SignIn, mine: list[Project], period: Period
) -> None:
    browser, (one, two, _) = sign_in(Role.MANAGER), mine
    grid = open_form(browser, BASE)
    first, second = f"p{one.id}-", f"p{two.id}-"
    assert "Projekt P3" not in grid.main
    assert grid.fields[f"{first}outlay"] == "10"
    wrong = send(
        browser, BASE, grid,
        **{f"{first}outlay": "11", f"{first}light": "gron", f"{second}outlay": "tjugo", f"{second}comment": "Sten"},
    )  # fmt: skip
    assert wrong.status == 422
    assert "1 rad behöver rättas" in wrong.main
    assert (wrong.fields[f"{first}outlay"], wrong.fields[f"{second}outlay"]) == ("11", "tjugo")
    far = send(browser, BASE, wrong, **{f"{second}outlay": "20", f"{second}comment": "", f"{second}light": "gron"})
    assert far.status == 422
    assert "Skriv varför prognosen avviker" in far.main
    assert "<output data-deviation>−10,0</output>" in far.text
    assert f'action="{BASE}"' in far.text
    assert report_of(session, period, one).state is ReportState.WAITING
    alone = send(browser, BASE, far, **{f"{second}outlay": "10", f"{second}light": ""})
    assert alone.status == 302
    session.expire_all()
    assert (report_of(session, period, one).state, report_of(session, period, two).state) == (
        ReportState.REPORTED, ReportState.WAITING,
    )  # fmt: skip
    assert rows(session, one, "lopande")[2005, "utgift"][2] == 11 * MNKR
    assert counts(session, one, "2005-T1") == {2004: (40, None, None)}
    same = send(browser, BASE, open_form(browser, BASE))
    assert "Inget är ändrat" in browser.get(same.answer.headers["Location"]).text


def test_the_grid_keeps_what_somebody_else_overtook(
    session: Session, sign_in: SignIn, mine: list[Project], period: Period
) -> None:
    manager, controller, row = sign_in(Role.MANAGER), sign_in(Role.CONTROLLER), f"p{mine[0].id}-"
    grid = open_form(manager, BASE)
    assert send(controller, BASE, grid, **{f"{row}outlay": "10,5", f"{row}light": "gron"}).status == 302
    late = send(manager, BASE, grid, **{f"{row}outlay": "11", f"{row}light": "gron"})
    assert late.status == 409
    assert "Controller Prov rapporterade projektet medan du arbetade." in late.main
    assert "Prognos 2005, utgift: 10,5\u00a0mnkr" in late.main
    assert late.fields[f"{row}outlay"] == "11"
    assert send(manager, BASE, late).status == 302
    session.expire_all()
    assert rows(session, mine[0], "lopande")[2005, "utgift"][2] == 11 * MNKR


def test_nothing_new_is_confirmed_for_many_and_refusals_are_named(
    session: Session, sign_in: SignIn, mine: list[Project], period: Period
) -> None:
    one, two, three = mine
    two.figures[0].forecast_ore = 30 * MNKR
    session.commit()
    browser = sign_in(Role.CONTROLLER)
    grid = open_form(browser, BASE)
    chosen = [str(project.id) for project in mine]
    assert send(browser, BASE, grid, action="unchanged").status == 422
    typed = send(browser, BASE, grid, action="unchanged", valda=chosen, **{f"p{one.id}-comment": "Text"})
    assert typed.status == 422
    assert typed.fields[f"p{one.id}-comment"] == "Text"
    done = send(browser, BASE, grid, action="unchanged", valda=chosen)
    assert done.status == 200
    assert "Inget nytt är bekräftat för 2 projekt." in done.main
    assert "Projekt P2 (P2): Skriv varför prognosen avviker" in done.main
    session.expire_all()
    states = [report_of(session, period, project).state for project in (one, two, three)]
    assert states == [ReportState.UNCHANGED, ReportState.WAITING, ReportState.UNCHANGED]


def test_the_grid_is_filtered_and_paged(session: Session, sign_in: SignIn, actor: Actor) -> None:
    me = user_id(session, Role.MANAGER)
    for number in range(60):
        paid(session, f"Q{number:02d}", manager_id=me if number < 55 else None)
    period = opened(session, actor)
    far = session.query(Project).filter_by(code="Q07").one()
    far.figures[0].forecast_ore = 20 * MNKR
    done = report_of(session, period, far)
    done.state, done.light = ReportState.REPORTED, Light.GREEN
    session.commit()
    manager, controller = sign_in(Role.MANAGER), sign_in(Role.CONTROLLER)

    def codes(browser: FlaskClient, query: str) -> list[str]:
        return re.findall(rf'href="{BASE}/(Q\d\d)"', browser.get(f"{BASE}?{query}").text)

    assert (len(codes(manager, "")), len(codes(manager, "page=2"))) == (50, 5)
    assert (len(codes(controller, "page=2")), len(codes(controller, "ledare=0"))) == (10, 5)
    assert codes(manager, "visa=rapporterade") == codes(manager, "visa=avviker") == ["Q07"]
    assert len(codes(controller, f"ledare={me}&visa=kvar&page=2")) == 4
    assert "Inga projekt stämmer" in controller.get(f"{BASE}?ledare=999").text
    with counted_statements(db.engine) as first:
        manager.get(f"{BASE}?page=2")
    with counted_statements(db.engine) as many:
        manager.get(BASE)
    assert len(many) == len(first)


def test_income_alone_is_a_report_and_a_row_can_go(session: Session, sign_in: SignIn, actor: Actor) -> None:
    project = paid(session, "P1", manager_id=user_id(session, Role.MANAGER))
    del project.figures[1]
    project.figures[0].budget_ore = project.figures[0].outcome_ore = None
    opened(session, actor)
    session.commit()
    browser, row = sign_in(Role.MANAGER), f"p{project.id}-"
    grid = open_form(browser, BASE)
    empty = send(browser, BASE, grid, **{f"{row}outlay": "", f"{row}light": "gron"})
    assert "Ange prognosen för 2005" in empty.main
    assert (
        send(browser, BASE, grid, **{f"{row}outlay": "", f"{row}income": "−2,5", f"{row}light": "gron"}).status == 302
    )
    session.expire_all()
    assert rows(session, project, "lopande") == {(2005, "inkomst"): (None, None, -250_000_000)}


def test_my_projects_tell_what_is_left(sign_in: SignIn, mine: list[Project], period: Period) -> None:
    page = open_form(sign_in(Role.MANAGER), "/mina-projekt")
    assert "2005-T1: 0 av 2 rapporterade, senast 2005-05-15 → Rapportera 2005-T1" in page.main
    assert "Rapportera 2005-T1" not in sign_in(Role.READER).get("/mina-projekt").text


def test_what_the_register_learnt_meanwhile_is_not_overwritten(
    session: Session, sign_in: SignIn, mine: list[Project], period: Period
) -> None:
    browser = sign_in(Role.MANAGER)
    page, grid = open_form(browser, f"{BASE}/P1"), open_form(browser, BASE)
    project = session.get_one(Project, mine[0].id)
    row = next(one for one in project.figures if one.year == 2006)
    row.forecast_ore = 99 * MNKR
    [this_year] = [one for one in project.figures if one.year == 2005]
    this_year.forecast_ore = 12 * MNKR
    project.figures = [*project.figures, Figure(year=2009, flow=Flow.OUTLAY, forecast_ore=7 * MNKR)]
    session.commit()

    refused = send(browser, f"{BASE}/P1", page, light="gron")
    assert refused.status == 409
    assert "Projektets siffror ändrades i registret medan du arbetade" in refused.main
    session.expire_all()
    assert rows(session, project, "lopande")[2006, "utgift"][2] == 99 * MNKR
    name = f"p{project.id}"
    overtaken = send(browser, BASE, grid, **{f"{name}__light": "gron", "action": "save"})
    assert overtaken.status == 409
    session.expire_all()
    assert rows(session, project, "lopande")[2005, "utgift"][2] == 12 * MNKR

    fields = {"prognos__2006__utgift": "99", "prognos__2005__utgift": "12", "comment": "Dyrare."}
    again = send(browser, f"{BASE}/P1", refused, **fields)
    assert again.status == 302
    session.expire_all()
    assert rows(session, project, "lopande")[2009, "utgift"][2] == 7 * MNKR


def test_what_others_read_of_a_project_that_hides_something(
    session: Session, sign_in: SignIn, mine: list[Project], period: Period
) -> None:
    report = report_of(session, period, mine[0])
    report.light, report.light_text, report.comment = Light.RED, "MARKTEXT", "MARKORD"
    mine[0].secret_fields = [SecretField(field="figures", ground="OSL 19 kap. 3 §")]
    session.commit()
    read = sign_in(Role.READER).get(f"{BASE}/P1").text
    assert ("MARKTEXT" in read, "MARKORD" in read) == (False, False)
    assert "checked" not in read.split('name="light"')[1] if 'name="light"' in read else True
