"""The year's rounds and a period's own page: opening, days and limits, and who may do what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import make_project
from tests.followup.pages import open_form, send
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role
from tracker.errors import ConflictError, InvalidInputError
from tracker.followup.codes import PeriodCode
from tracker.followup.limits import PeriodTerms
from tracker.followup.models import Period, ProjectReport
from tracker.followup.opening import Opening, open_period
from tracker.followup.progress import open_rounds_of, progress_of
from tracker.followup.standing import standing_of_managers
from tracker.followup.terms import change_terms, terms_of
from tracker.followup.vocabulary import PeriodState, ReportState
from tracker.history.models import HistoryEntry
from tracker.history.services import Actor
from tracker.projects.figures import Figure
from tracker.projects.models import SecretField
from tracker.projects.policies import INTERNAL, Viewer
from tracker.projects.vocabulary import Flow

SignIn = Callable[[Role], FlaskClient]
T1 = PeriodCode.read("2005-T1")


@pytest.fixture
def me(session: Session) -> int:
    user = find_user(session, "manager@prov.se")
    assert user is not None
    return user.id


def opened(session: Session, actor: Actor, code: str = "2005-T1") -> Period:
    period = open_period(session, PeriodCode.read(code), actor, 15)
    session.commit()
    return period


def test_before_the_first_period_the_page_says_what_to_do(session: Session, sign_in: SignIn) -> None:
    make_project(session, "P1").figures = [Figure(year=2005, flow=Flow.OUTLAY, budget_ore=1)]
    session.commit()
    page = sign_in(Role.CONTROLLER).get("/uppfoljning").text
    assert "Ingen uppföljningsperiod är öppnad än." in page
    assert "<h1>Uppföljning 2005</h1>" in page
    assert 'href="/uppfoljning/oppna/2005-VP"' in page
    assert page.count("Inte öppnad") == 13
    reader = sign_in(Role.READER).get("/uppfoljning").text
    assert "När en controller öppnar en period" in reader
    assert "/uppfoljning/oppna" not in reader


def test_a_controller_opens_a_round_by_its_page(session: Session, sign_in: SignIn) -> None:
    make_project(session, "P1")
    session.commit()
    browser, address = sign_in(Role.CONTROLLER), "/uppfoljning/oppna/2005-04"
    form = open_form(browser, address)
    assert "1 projekt ska rapportera" in form.answer.text
    assert (form.fields["deadline"], form.fields["deviation_percent"], form.fields["deviation_ore"]) == (
        "2005-05-15", "15", "1",
    )  # fmt: skip
    wrong = send(browser, address, form, deadline="i maj", deviation_ore="")
    assert wrong.status == 422
    assert "inget datum" in wrong.answer.text
    assert 'value="i maj"' in wrong.answer.text
    done = send(browser, address, form, deadline="2005-05-20", deviation_percent="10", deviation_ore="0,5")
    assert done.answer.headers["Location"] == "/uppfoljning/perioder/2005-T1"
    session.expire_all()
    period = session.scalars(select(Period)).one()
    assert (period.key, period.deadline, period.deviation_percent, period.deviation_ore, period.opened_by) == (
        "2005-T1", date(2005, 5, 20), 10, 50_000_000, "Controller Prov",
    )  # fmt: skip
    assert browser.get(address).headers["Location"] == "/uppfoljning/perioder/2005-T1"
    assert send(browser, address, form).status == 409


def test_a_period_is_found_by_both_names_and_nothing_else(session: Session, actor: Actor, sign_in: SignIn) -> None:
    opened(session, actor)
    browser = sign_in(Role.READER)
    for key in ("2005-T1", "2005-04", "2005-t1"):
        assert "Tertialrapport 1 2005 (april)" in browser.get(f"/uppfoljning/perioder/{key}").text
    assert browser.get("/uppfoljning/perioder").headers["Location"] == "/uppfoljning"
    for key in ("2005-T2", "2005-T1-v2", "hej", "2005-13"):
        assert browser.get(f"/uppfoljning/perioder/{key}").status_code == 404
    for address in ("/uppfoljning", "/uppfoljning/perioder/2005-T1"):
        assert "2005-T1/rapportera" not in browser.get(address).text
        assert "2005-T1/rapportera" in sign_in(Role.MANAGER).get(address).text
    page = browser.get("/uppfoljning/bidrag").text
    assert 'class="nav-link active" href="/uppfoljning"' in page


def test_the_limits_are_changed_while_the_period_is_open(session: Session, actor: Actor, sign_in: SignIn) -> None:
    opened(session, actor)
    browser, address = sign_in(Role.CONTROLLER), "/uppfoljning/perioder/2005-T1"
    form = open_form(browser, address)
    assert form.fields["seen"] == "2005-05-15 15 100000000"
    assert send(browser, f"{address}/villkor", form, deviation_percent="20").status == 302
    late = send(browser, f"{address}/villkor", form, deadline="2005-05-31", deviation_percent="30")
    assert late.status == 409
    assert "Någon annan ändrade perioden" in late.answer.text
    assert late.fields["deviation_percent"] == "30"
    assert "minst 20\u00a0%" in late.answer.text
    assert send(browser, f"{address}/villkor", late).status == 302
    session.expire_all()
    period = session.scalars(select(Period)).one()
    assert (period.deadline, period.deviation_percent) == (date(2005, 5, 31), 30)
    told = session.scalars(select(HistoryEntry).where(HistoryEntry.subject_kind == "period")).all()
    assert told[-1].changes == {"deadline": ["2005-05-15", "2005-05-31"], "deviation_percent": ["20", "30"]}
    period.state = PeriodState.CLOSED
    session.commit()
    assert send(browser, f"{address}/villkor", late).status == 409
    assert "Ändra dag och gränser" not in browser.get(address).text


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        (PeriodTerms(date(2007, 5, 15), 15, 1), "inom ett år"),
        (PeriodTerms(date(2005, 5, 15), 1001, 1), "mellan 0 och 1000"),
        (PeriodTerms(date(2005, 5, 15), 15, -1), "negativt"),
    ],
)
def test_terms_that_cannot_be_are_refused(session: Session, actor: Actor, terms: PeriodTerms, said: str) -> None:
    given = Opening(None, terms.deadline, terms.deviation_percent, terms.deviation_ore)
    with pytest.raises(InvalidInputError, match=said):
        open_period(session, T1, actor, 15, given)
    period = opened(session, actor)
    with pytest.raises(InvalidInputError, match=said):
        change_terms(session, period, terms, terms_of(period), actor)
    period.state = PeriodState.CLOSED
    session.flush()
    with pytest.raises(ConflictError, match="stängd"):
        change_terms(session, period, terms_of(period), terms_of(period), actor)


def test_progress_counts_only_what_the_viewer_may_know(session: Session, actor: Actor, me: int) -> None:
    make_project(session, "A", manager_id=me)
    make_project(session, "B", deputy_id=me)
    make_project(session, "H", confidential=True)
    hides = make_project(session, "C", manager_id=me)
    hides.secret_fields = [SecretField(field="people", ground="OSL 19 kap. 3 §")]
    period = opened(session, actor)
    reports = session.scalars(select(ProjectReport).order_by(ProjectReport.project_id)).all()
    reports[0].state, reports[1].state = ReportState.REPORTED, ReportState.UNCHANGED
    session.flush()
    other = Viewer(drafts=True, user_id=0)
    all_, seen = (progress_of(session, [period.id], one)[period.id] for one in (INTERNAL, other))
    assert (all_.expected, all_.reported, all_.unchanged, all_.waiting, all_.percent) == (4, 2, 1, 2, 50)
    assert (seen.expected, seen.reported) == (3, 2)
    assert [(one.name, one.expected, one.waiting) for one in standing_of_managers(session, period, other)] == [
        ("", 2, 1), ("Projektledare Prov", 1, 0),
    ]  # fmt: skip
    assert [(one.name, one.expected, one.waiting) for one in standing_of_managers(session, period, INTERNAL)] == [
        ("", 2, 1), ("Projektledare Prov", 2, 1),
    ]  # fmt: skip
    [mine] = open_rounds_of(session, me, Viewer(drafts=True, user_id=me))
    assert (mine.key, mine.progress.reported, mine.progress.expected) == ("2005-T1", 2, 3)


def test_versions_stand_beside_each_other_with_their_reasons(session: Session, actor: Actor, sign_in: SignIn) -> None:
    first = opened(session, actor)
    first.state = PeriodState.CLOSED
    names = ("code", "year", "kind", "as_of", "deadline", "deviation_percent", "deviation_ore", "goal_set_id")
    session.add(
        Period(
            key="2005-T1-v2", version=2, reason="Fel utfall i P1", area_set_id=first.area_set_id,
            opened_at=actor.at, opened_by="Prov", **{name: getattr(first, name) for name in names},
        )
    )  # fmt: skip
    session.commit()
    browser = sign_in(Role.READER)
    page = browser.get("/uppfoljning/perioder/2005-04").text
    assert "rättad version 2" in page
    assert "Fel utfall i P1" in page
    assert "Rättelse: Fel utfall i P1" in browser.get("/uppfoljning").text


def test_the_newest_period_takes_in_what_the_register_has_learnt(
    session: Session, actor: Actor, sign_in: SignIn
) -> None:
    there = make_project(session, "P1")
    there.figures = [Figure(year=2005, flow=Flow.OUTLAY, budget_ore=100, forecast_ore=100)]
    session.flush()
    opened(session, actor)
    there.figures[0].budget_ore = 300
    make_project(session, "P2").figures = [Figure(year=2005, flow=Flow.OUTLAY, budget_ore=7)]
    session.commit()
    browser, address = sign_in(Role.CONTROLLER), "/uppfoljning/perioder/2005-T1"
    assert "1 projekt har tillkommit sedan perioden öppnades." in browser.get(address).text
    assert browser.post(f"{address}/uppdatera").status_code == 302
    assert "har tillkommit sedan" not in browser.get(address).text
    session.expire_all()
    budgets = select(Figure.budget_ore).where(Figure.period == "2005-T1").order_by(Figure.budget_ore)
    assert session.scalars(budgets).all() == [7, 300]
    assert len(session.scalars(select(ProjectReport)).all()) == 2
    opened(session, actor, "2005-05")
    assert browser.post(f"{address}/uppdatera").status_code == 409
    assert "Hämta registrets siffror" not in browser.get(address).text
