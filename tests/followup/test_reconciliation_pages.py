"""The page of reconciliation: what it shows, entering totals, explaining differences, and who may see it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.followup.ledgers import apply_lines, line, make_numbered, open_t1
from tests.imports.walk import text_of
from tracker.accounts.roles import Role
from tracker.followup.models import BudgetTotal, Explanation, Period
from tracker.followup.queries import get_period
from tracker.followup.vocabulary import PeriodState
from tracker.history.services import Actor
from tracker.projects.vocabulary import Publication

PAGE = "/uppfoljning/perioder/2005-T1/avstamning"
DIFFERENCE = {"target": "huvudbok", "year": "2005", "flow": "utgift", "difference": "-900"}


@pytest.fixture
def period(session: Session, actor: Actor) -> Period:
    make_numbered(session, "P-1", outcome=2_000)
    make_numbered(session, "HEM-1", outcome=100, confidential=True, publication=Publication.DRAFT)
    return open_t1(session, actor)


@pytest.fixture
def controller(session: Session, period: Period, sign_in: Callable[[Role], FlaskClient], actor: Actor) -> FlaskClient:
    """Signed in, with a ledger in 2005-T1 that has a row of 9 kr without a project."""
    apply_lines(session, period, [line(2, "P-1", 2_500), line(3, "HEM-1", 100), line(4, "X-9", 900)], actor)
    session.commit()
    return sign_in(Role.CONTROLLER)


def shown(client: FlaskClient) -> str:
    return text_of(client.get(PAGE))


def test_without_a_ledger_and_totals_the_page_says_so(
    session: Session, period: Period, sign_in: Callable[[Role], FlaskClient]
) -> None:
    assert period.is_open
    session.commit()
    page = shown(sign_in(Role.CONTROLLER))
    assert "Inget är avstämt än." in page
    assert "Ingen huvudbok är inläst, så utfallet 2005 är inte avstämt. Portföljen: 21,00 kr. Läs in huvudboken" in page
    assert "Budgetens total för 2005 (utgift) är inte angiven" in page


def test_a_difference_is_explained_and_unexplained_again_when_it_changes(
    controller: FlaskClient, session: Session, actor: Actor
) -> None:
    page = shown(controller)
    assert "1 skillnad är oförklarad." in page
    assert "Huvudboken 2005 Utgift 26,00 35,00 −9,00 ✗ Oförklarad" in page
    assert "Huvudboken 2005 Inkomst 0,00 0,00 0,00 ✓ Stämmer" in page
    assert (
        "X-9 Text 4 inget projekt har den koden eller det diarienumret (rad 4 i filen) Koppla X-9 – 9,00 −9,00" in page
    )
    answer = controller.post(f"{PAGE}/forklara", data=DIFFERENCE | {"text": "Rättas i maj"})
    assert answer.headers["Location"] == f"{PAGE}#huvudbok-2005-utgift"
    page = shown(controller)
    assert "Allt som är avstämt stämmer eller är förklarat." in page
    assert "Rättas i maj Controller Prov" in page
    session.rollback()
    apply_lines(session, get_period(session, "2005-T1"), [line(2, "P-1", 2_500), line(4, "X-9", 1_000)], actor)
    session.commit()
    page = shown(controller)
    assert "Huvudboken 2005 Utgift 26,00 35,00 −9,00" in page
    assert "Rättas i maj" in page
    apply_lines(session, get_period(session, "2005-T1"), [line(2, "P-1", 2_500), line(4, "X-9", 1_001)], actor)
    session.commit()
    page = shown(controller)
    assert "Inaktuell förklaring: gällde skillnaden −9,00 kr." in page
    assert "✗ Oförklarad" in page
    old = controller.post(f"{PAGE}/forklara", data=DIFFERENCE | {"text": "Sent"})
    assert old.status_code == 409
    assert "Skillnaden har ändrats" in text_of(old)


def test_the_totals_are_entered_exactly_with_their_source(controller: FlaskClient, session: Session) -> None:
    data = {"year": "2005", "utgift": "1 842,512345", "inkomst": "", "source": "Budget 2005"}
    assert controller.post(f"{PAGE}/total", data=data).status_code == 302
    session.rollback()
    (total,) = session.scalars(select(BudgetTotal))
    assert (total.amount_ore, total.source, total.flow.value) == (184_251_234_500, "Budget 2005", "utgift")
    page = controller.get(PAGE)
    assert 'value="1\u00a0842,512345"' in page.text
    assert "Budgetens total 2005 Utgift 10,00 1 842 512 345,00" in text_of(page)
    wrong = controller.post(f"{PAGE}/total", data=data | {"utgift": "mycket"})
    assert wrong.status_code == 422
    assert "inget belopp" in text_of(wrong)
    assert 'value="mycket"' in wrong.text
    other = controller.post(f"{PAGE}/total", data={"year": "1800", "utgift": "1", "inkomst": "", "source": ""})
    assert other.status_code == 422
    assert "mellan 1950" in text_of(other)
    controller.post(f"{PAGE}/total", data=data | {"utgift": ""})
    session.rollback()
    assert session.scalars(select(BudgetTotal)).all() == []


def test_a_closed_period_is_read_only(controller: FlaskClient, session: Session) -> None:
    get_period(session, "2005-T1").state = PeriodState.CLOSED
    session.commit()
    page = controller.get(PAGE)
    assert "<form" not in main_of(page)
    assert controller.post(f"{PAGE}/forklara", data=DIFFERENCE | {"text": "Sent"}).status_code == 409
    assert controller.post(f"{PAGE}/total", data={"year": "2005", "utgift": "1"}).status_code == 409
    session.rollback()
    assert session.scalars(select(Explanation)).all() == []


def main_of(page: TestResponse) -> str:
    found = re.search(r"<main.*?</main>", page.text, re.DOTALL)
    assert found
    return found[0]


@pytest.mark.parametrize("role", [Role.READER, Role.MANAGER])
def test_only_controllers_see_and_change_it(
    controller: FlaskClient, sign_in: Callable[[Role], FlaskClient], role: Role
) -> None:
    assert "HEM-1" not in shown(controller)
    other = sign_in(role)
    assert other.get(PAGE).status_code == 403
    assert other.post(f"{PAGE}/forklara", data=DIFFERENCE | {"text": "Nej"}).status_code == 403
    assert other.post(f"{PAGE}/total", data={"year": "2005", "utgift": "1"}).status_code == 403
    assert controller.get(PAGE.replace("2005-T1", "2005-T3")).status_code == 404
    assert controller.get(PAGE.replace("2005-T1", "2005-T2")).status_code == 404
    assert controller.post(f"{PAGE}/forklara", data=DIFFERENCE | {"target": "måne"}).status_code == 302
