"""A period's contribution and comparison on screen and in the shell: what they say, of open and of closed periods."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.contribution.register import add_project, add_volume
from tests.reports.closed import nothing
from tracker.accounts.roles import Role
from tracker.contribution.rules import CountingRule
from tracker.errors import DomainError, NotFoundError
from tracker.exports.audience import Audience
from tracker.followup.codes import PeriodCode
from tracker.followup.opening import open_period
from tracker.goals.models import Goal
from tracker.history.services import Actor
from tracker.projects.figures import Figure
from tracker.projects.models import GoalTag, Project, SecretField, ServedArea
from tracker.reports.closing import close_period
from tracker.reports.compare_pages import Asked, ComparePage, compare_page
from tracker.reports.compared import materials_of, pair_of

SignIn = Callable[[Role], FlaskClient]
T1 = "/uppfoljning/perioder/2005-T1"
FORECAST = 2


@pytest.fixture
def two(app: Flask, session: Session, actor: Actor) -> Session:
    """The plan with three projects, and T1 where one has a new forecast, one is new and one has other areas."""
    for code, area in (("A-1", "Rinkeby/1999"), ("A-2", "Farsta/1999"), ("A-3", "Kista/1999")):
        project = add_project(session, code, goals={"G1a": 3}, serves=[(area, 100)], outlay={2005: 10_000_000})
        add_volume(session, project, "bostader-hyresratt", 2005, planned=10)
    session.execute(update(Figure).values(forecast_ore=Figure.budget_ore))
    open_period(session, PeriodCode.read("2005-VP"), actor, percent=15)
    session.commit()
    # The plan follows the register until the next period is opened; what comes after is new there.
    open_period(session, PeriodCode.read("2005-T1"), actor, percent=15)
    add_project(session, "A-4", goals={"G2d": 1}, serves=[("Rinkeby/1999", 100)], outlay={2005: 3_000_000})
    session.execute(update(Figure).where(Figure.period == "lopande").values(forecast_ore=Figure.budget_ore))
    _forecast(session, "A-1", 12_500_000_00)
    session.commit()
    return session


def _forecast(session: Session, code: str, ore: int) -> None:
    project = session.scalars(select(Project.id).where(Project.code == code)).one()
    here = (Figure.period != "2005-VP", Figure.project_id == project)
    session.execute(update(Figure).where(*here).values(forecast_ore=ore))


def close(session: Session, key: str, actor: Actor) -> None:
    session.commit()
    close_period(session, key, actor, 0, nothing)
    session.commit()


def page(session: Session, axis: str = "mal", cell: str = "alla", base: str = "2005-VP") -> ComparePage:
    pair = pair_of(session, "2005-T1", base)
    told = materials_of(session, pair, Audience.INTERNAL)
    return compare_page(told, (pair.base.key, pair.period.key), Asked(FORECAST, CountingRule.FORDELAD, axis, cell))


def test_the_report_of_a_period_is_that_of_its_own_figures(two: Session, sign_in: SignIn) -> None:
    browser = sign_in(Role.CONTROLLER)
    text = browser.get(f"{T1}/bidrag?shown=utgift-prognos").text
    assert "<h1>Bidrag till målen 2005, Tertialrapport 1 2005 (april)</h1>" in text
    assert "uppgifter i Tertialrapport 1 2005 (april) för 2005" in text
    assert "35\u00a0500\u00a0000,00" in text
    plan = browser.get("/uppfoljning/perioder/2005-VP/bidrag?shown=utgift-prognos").text
    assert "30\u00a0000\u00a0000,00" in plan
    assert "35\u00a0500\u00a0000,00" not in plan
    assert "Perioden är öppen" in text
    lines = browser.get(f"{T1}/bidrag/projekt?row=G1a&column=rinkeby&shown=utgift-prognos").text
    assert "12\u00a0500\u00a0000,00" in lines
    assert 'href="/uppfoljning/perioder/2005-T1/bidrag?' in lines


def test_inner_and_outer_city_per_inhabitant_and_gaps_in_words(two: Session, sign_in: SignIn) -> None:
    text = sign_in(Role.READER).get(f"{T1}/bidrag?shown=utgift-budget").text
    assert "482\u00a0152 (2005)" in text
    assert "Ytterstadens andel av innerstad och ytterstad: 100,0 %. Kvot ytterstad/innerstad (Y/I): –." in text
    assert "Mål utan projekt: G3 Motverka diskriminering." in text
    assert "Områden i ytterstaden utan projekt: " in text
    assert "Rinkeby" not in text.partition("Områden i ytterstaden utan projekt:")[2].partition("</li>")[0]
    assert '<svg class="city-chart"' in text


def test_a_closed_period_is_told_as_it_was_whatever_happens(two: Session, sign_in: SignIn, actor: Actor) -> None:
    browser = sign_in(Role.CONTROLLER)
    addresses = [
        f"{T1}/bidrag?shown=utgift-prognos", f"{T1}/bidrag/projekt?row=G1a&column=alla&shown=utgift-prognos",
        f"{T1}/bidrag/projekt/A-1?row=G1a&column=alla&shown=utgift-prognos",
    ]  # fmt: skip
    close(two, "2005-VP", actor)
    close(two, "2005-T1", actor)
    before = [browser.get(address).text for address in addresses]
    assert "Perioden är stängd" in before[0]
    assert "12,5 mnkr × mål 1/1 × område 100 % = 12,5 mnkr" in before[2]
    two.rollback()  # a request shares the session of the test
    two.execute(update(Project).values(name="Ändrat", city_share=1))
    two.execute(update(Goal).values(name_sv="Ändrat"))
    two.execute(update(Figure).values(forecast_ore=7))
    two.execute(update(GoalTag).values(weight=1))
    two.execute(ServedArea.__table__.delete())  # type: ignore[attr-defined]
    two.commit()
    assert [browser.get(address).text for address in addresses] == before
    asked_otherwise = browser.get(f"{T1}/bidrag?shown=utgift-prognos&year=2007&edition=program-1997&areas=2023").text
    assert "<h1>Bidrag till målen 2005, Tertialrapport 1 2005 (april)</h1>" in asked_otherwise


def test_todays_confidentiality_holds_for_a_closed_period(two: Session, sign_in: SignIn, actor: Actor) -> None:
    close(two, "2005-VP", actor)
    close(two, "2005-T1", actor)
    address = f"{T1}/bidrag/projekt?row=G1a&column=rinkeby&shown=utgift-prognos"
    pages = (address, f"{T1}/bidrag?shown=utgift-prognos", f"{T1}/jamfor?shown=utgift-prognos")
    reader = sign_in(Role.READER)
    assert "12\u00a0500\u00a0000,00" in reader.get(address).text
    assert "35\u00a0500\u00a0000,00" in reader.get(pages[1]).text
    two.rollback()  # a request shares the session of the test
    project = two.scalars(select(Project).where(Project.code == "A-1")).one()
    two.add(SecretField(project_id=project.id, field="figures", ground="OSL 19 kap. 3 §"))
    two.commit()
    for one in pages:
        text = reader.get(one).text
        assert "12\u00a0500\u00a0000,00" not in text
        assert "35\u00a0500\u00a0000,00" not in text
    assert "23\u00a0000\u00a0000,00" in reader.get(pages[1]).text
    assert "12\u00a0500\u00a0000,00" in sign_in(Role.CONTROLLER).get(address).text


def test_the_difference_and_why(two: Session) -> None:
    found = page(two)
    assert found.keys == ("2005-VP", "2005-T1")
    assert found.causes == ("ändrad prognos", "nya projekt")
    total = next(line for line in found.lines if line.total)
    assert (total.amounts, total.difference, total.parts) == (("30,0", "35,5"), "+5,5", ("+2,5", "+3,0"))
    assert [(one.code, one.difference, one.why) for one in found.changes] == [
        ("A-4", "+3\u00a0000\u00a0000,00", ("nya projekt +3\u00a0000\u00a0000,00 kr",)),
        ("A-1", "+2\u00a0500\u00a0000,00", ("ändrad prognos +2\u00a0500\u00a0000,00 kr",)),
    ]
    areas = page(two, "omraden", "rinkeby")
    rinkeby = next(line for line in areas.lines if line.key == "rinkeby")
    assert (rinkeby.difference, rinkeby.parts) == ("+5,5", ("+2,5", "+3,0"))
    assert areas.changed == 2


def test_what_became_of_a_project_since_a_closed_plan_is_said(two: Session, actor: Actor) -> None:
    close(two, "2005-VP", actor)
    project = two.scalars(select(Project).where(Project.code == "A-2")).one()
    project.goal_tags[0].goal_id = two.scalars(select(Goal.id).where(Goal.code == "G2c")).one()
    project.serves[0].area_id = two.scalars(select(Project).where(Project.code == "A-3")).one().serves[0].area_id
    two.commit()
    moved = next(one for one in page(two, cell="G1a").changes if one.code == "A-2")
    assert moved.why == ("ändrade mål −10\u00a0000\u00a0000,00 kr: G1a 1/1 → G2c 1/1",)
    moved = next(one for one in page(two, "omraden", "farsta").changes if one.code == "A-2")
    assert moved.why == ("ändrade områden −10\u00a0000\u00a0000,00 kr: Farsta 100 % → Kista 100 %",)


def test_what_cannot_be_compared_is_refused(two: Session) -> None:
    with pytest.raises(NotFoundError):
        page(two, cell="G99")
    with pytest.raises(DomainError):
        pair_of(two, "2005-T1", "2006-VP")
    alone = pair_of(two, "2005-VP", "2005-VP")
    assert [one.key for one in alone.columns] == ["2005-VP"]


def test_the_page_of_the_comparison(two: Session, sign_in: SignIn) -> None:
    browser = sign_in(Role.READER)
    text = browser.get(f"{T1}/jamfor?med=2005-VP").text
    assert "Skillnad = 2005-T1 − 2005-VP" in text
    assert "Räkneregel: fördelad." in text
    assert "ändrad prognos +2\u00a0500\u00a0000,00 kr" in text
    assert browser.get(f"{T1}/jamfor?med=2005-VP&axis=omraden&cell=rinkeby&counting=beror").status_code == 200
    assert browser.get(f"{T1}/jamfor?cell=G99").status_code == 404
    assert browser.get("/uppfoljning/perioder/2005-T2/jamfor").status_code == 404
    assert "Räkneregel: berör." in browser.get(f"{T1}/jamfor?counting=beror&shown=bostader-planerade").text


def test_a_period_without_others_says_so(app: Flask, session: Session, actor: Actor, sign_in: SignIn) -> None:
    open_period(session, PeriodCode.read("2005-T1"), actor, percent=15)
    session.commit()
    browser = sign_in(Role.READER)
    assert "Det finns ingen annan period för 2005" in browser.get(f"{T1}/jamfor").text
    assert "Inga projekt har belopp, mått eller tider för 2005." in browser.get(f"{T1}/bidrag").text


def test_pages_are_for_those_who_are_signed_in(two: Session, client: FlaskClient) -> None:
    for address in ("bidrag", "bidrag/projekt", "bidrag/projekt/A-1", "jamfor"):
        assert "/logga-in" in client.get(f"{T1}/{address}").headers["Location"]
