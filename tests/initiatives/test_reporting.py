"""Reporting initiatives in a period: prefilled, many at once, two people, a closed period."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.initiatives.making import make_initiative, report_initiative
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role
from tracker.followup.codes import PeriodCode
from tracker.followup.models import Period
from tracker.followup.opening import open_period
from tracker.followup.vocabulary import PeriodState
from tracker.history.services import Actor
from tracker.initiatives.models import Initiative, InitiativeReport
from tracker.initiatives.reporting import list_report_rows
from tracker.projects.policies import INTERNAL

SignIn = Callable[[Role], FlaskClient]
PAGE = "/uppfoljning/perioder/2005-T1/insatser"


@pytest.fixture
def period(session: Session, actor: Actor) -> Period:
    return open_period(session, PeriodCode.read("2005-T1"), actor, percent=15)


def sent(one: Initiative, done: str, for_whom: str = "", seen: str = "", **more: str) -> dict[str, str]:
    values = {f"done-{one.id}": done, f"for_whom-{one.id}": for_whom, f"seen-{one.id}": seen}
    return values | {f"{name}-{one.id}": value for name, value in more.items()}


def said(session: Session) -> dict[str, tuple[str, str]]:
    session.rollback()
    session.expire_all()
    rows = session.execute(select(Initiative.code, InitiativeReport).join(InitiativeReport)).all()
    return {f"{code} {row.period.key}": (row.done, row.for_whom) for code, row in rows}


def test_many_are_reported_at_once_and_empty_rows_are_left_alone(
    session: Session, period: Period, sign_in: SignIn
) -> None:
    one, two, three = (make_initiative(session, code) for code in ("A", "B", "C"))
    session.commit()
    answer = sign_in(Role.MANAGER).post(
        PAGE, data=sent(one, "Sex möten.", "Boende") | sent(two, "Avtal.") | sent(three, "")
    )
    assert answer.status_code == 302
    assert said(session) == {"A 2005-T1": ("Sex möten.", "Boende"), "B 2005-T1": ("Avtal.", "")}


def test_text_of_the_period_before_is_offered_and_counts_only_when_it_is_confirmed(
    session: Session, actor: Actor, sign_in: SignIn
) -> None:
    plan = open_period(session, PeriodCode.read("2005-VP"), actor, percent=15)
    open_period(session, PeriodCode.read("2005-T1"), actor, percent=15)
    made = make_initiative(session, "A")
    report_initiative(session, made, plan, "Planerat.", "Barn")
    session.commit()
    manager = sign_in(Role.MANAGER)
    page = manager.get(PAGE).text
    assert "Planerat." in page
    assert "texten är från 2005-VP" in page
    manager.post(PAGE, data=sent(made, "Planerat.", "Barn"))
    assert set(said(session)) == {"A 2005-VP"}
    manager.post(PAGE, data=sent(made, "Planerat.", "Barn", same="on"))
    assert said(session)["A 2005-T1"] == ("Planerat.", "Barn")


def test_a_text_without_what_was_done_is_refused_and_kept(session: Session, period: Period, sign_in: SignIn) -> None:
    one, two = make_initiative(session, "A"), make_initiative(session, "B")
    session.commit()
    answer = sign_in(Role.MANAGER).post(PAGE, data=sent(one, "", "Bara för vem") | sent(two, "Detta står kvar."))
    assert answer.status_code == 422
    for text in ("Skriv vad som gjordes.", "Bara för vem", "Detta står kvar."):
        assert text in answer.text
    assert said(session) == {}


def test_two_tabs_see_each_others_texts_and_nothing_is_lost(session: Session, period: Period, sign_in: SignIn) -> None:
    made = make_initiative(session, "A")
    session.commit()
    manager = sign_in(Role.MANAGER)
    assert manager.post(PAGE, data=sent(made, "Den förstas text.")).status_code == 302
    crossed = manager.post(PAGE, data=sent(made, "Den andras text."))
    assert crossed.status_code == 409
    assert "Den förstas text." in crossed.text
    assert "Den andras text." in crossed.text
    assert said(session) == {"A 2005-T1": ("Den förstas text.", "")}
    session.expire_all()
    seen = list_report_rows(session, session.scalars(select(Period)).one(), INTERNAL)[0].seen
    assert seen in crossed.text
    assert manager.post(PAGE, data=sent(made, "Den andras text.", seen=seen)).status_code == 302
    assert said(session) == {"A 2005-T1": ("Den andras text.", "")}


def test_a_closed_period_shows_but_refuses(session: Session, period: Period, sign_in: SignIn) -> None:
    made = make_initiative(session, "A")
    report_initiative(session, made, period, "Gjort.", "Alla")
    period.state, period.closed_at = PeriodState.CLOSED, datetime(2005, 6, 1, tzinfo=UTC)
    session.commit()
    manager = sign_in(Role.MANAGER)
    page = manager.get(PAGE)
    assert "Gjort." in page.text
    assert "<textarea" not in page.text
    answer = manager.post(PAGE, data=sent(made, "För sent."))
    assert answer.status_code == 409
    assert "är stängd" in answer.text
    assert said(session) == {"A 2005-T1": ("Gjort.", "Alla")}


def test_a_manager_reports_their_own_and_those_without_owner(session: Session, period: Period, sign_in: SignIn) -> None:
    other = find_user(session, "controller@prov.se")
    assert other is not None
    others, free = make_initiative(session, "A", owner_id=other.id), make_initiative(session, "B")
    secret = make_initiative(session, "C", name="Zebraplan", confidential=True)
    session.commit()
    manager = sign_in(Role.MANAGER)
    assert "Zebraplan" not in manager.get(PAGE).text
    assert f'name="done-{others.id}"' not in manager.get(PAGE).text
    manager.post(PAGE, data=sent(others, "Nej.") | sent(free, "Ja.") | sent(secret, "Nej."))
    assert set(said(session)) == {"B 2005-T1"}
    sign_in(Role.CONTROLLER).post(PAGE, data=sent(others, "Ja.") | sent(secret, "Ja."))
    assert set(said(session)) == {"A 2005-T1", "B 2005-T1", "C 2005-T1"}
    assert sign_in(Role.READER).post(PAGE, data=sent(free, "Nej.")).status_code == 403
