"""The reports of a period in English: pages are the reader's; files, snapshots and history are Swedish to the byte."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import get_locale, refresh
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.english import ENGLISH, in_english
from tests.followup.pages import open_form, send
from tests.reports.closed import LIMIT_ORE, close, kept, render
from tests.reports.making import Made, make_facts
from tests.reports.register import make_board
from tests.reports.test_explained_pages import two
from tests.reports.test_files_pages import damage
from tracker.accounts.roles import Role
from tracker.contribution.rules import CountingRule
from tracker.errors import ConflictError
from tracker.exports.audience import Audience
from tracker.extensions import db
from tracker.followup.models import Period
from tracker.followup.queries import get_period
from tracker.followup.reconciling_services import enter_total
from tracker.history.models import HistoryEntry
from tracker.history.services import Actor
from tracker.messages import message, told
from tracker.projects.models import Project, SecretField
from tracker.projects.vocabulary import WHOLE, Flow
from tracker.reports import close_views, files_views, pdf
from tracker.reports.closing import ChangedMeanwhileError, StoppedError, prepare
from tracker.reports.closing_checks import Finding
from tracker.reports.closing_claims import Claim, ClosingNowError
from tracker.reports.encoding import decode, encode
from tracker.reports.snapshots import kept_facts
from tracker.reports.writing import write_report

__all__ = ["two"]
SignIn = Callable[[Role], FlaskClient]
BASE = "/uppfoljning/perioder/2005-T1"
NOW = datetime(2005, 5, 20, 13, 45, tzinfo=UTC)
FORMS = ("xlsx", "csv", "docx")


class Still(datetime):
    """A clock that stands."""

    @classmethod
    def now(cls, _tz: object = None) -> datetime:  # type: ignore[override]
        return NOW


@pytest.fixture
def opened(session: Session, actor: Actor) -> Period:
    period = make_board(session, actor)
    session.commit()
    return period


@pytest.fixture
def english(sign_in: SignIn) -> FlaskClient:
    return in_english(sign_in(Role.CONTROLLER))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(close_views, "make_files", render)


@pytest.mark.parametrize(("audience", "rule"), [("intern", "fordelad"), ("offentlig", "beror")])
@pytest.mark.parametrize("form", FORMS)
def test_a_preliminary_file_is_the_same_bytes_for_every_reader(
    app: Flask, sign_in: SignIn, actor: Actor, monkeypatch: pytest.MonkeyPatch, audience: str, rule: str, form: str
) -> None:
    with app.app_context():  # left before anybody asks: a context knows the language of its first request
        make_board(db.session(), actor)
        db.session.commit()
    monkeypatch.setattr(files_views, "datetime", Still)
    swedish, english = sign_in(Role.CONTROLLER), in_english(sign_in(Role.CONTROLLER))
    assert ('lang="en"' in english.get(BASE).text, 'lang="sv"' in swedish.get(BASE).text) == (True, True)
    found = [one.get(f"{BASE}/rapport/{audience}/{rule}/{form}") for one in (english, swedish)]
    assert [one.status_code for one in found] == [200, 200]
    assert found[0].data == found[1].data


def test_what_an_english_reader_closes_is_kept_in_swedish(
    session: Session, english: FlaskClient, opened: Period, tmp_path: Path
) -> None:
    page = open_form(english, f"{BASE}/stang")
    assert "1 project has not reported." in page.main
    done = send(english, f"{BASE}/stang", page, confirmation="2005-T1")
    assert done.status == 302
    session.rollback()
    period = get_period(session, "2005-T1")
    found = kept(session, period)
    for audience in (Audience.INTERNAL, Audience.PUBLIC):
        facts = kept_facts(session, period, audience)
        assert encode(facts) == found["underlag", audience.value]
        for rule in CountingRule:
            for form in ("xlsx", "csv"):
                path = tmp_path / f"{audience}-{rule}.{form}"
                write_report(facts, rule, form, path, facts.snapshot_sha256)
                assert path.read_bytes() == found[form, rule.value, audience.value]
    assert facts.period.name == "Tertialrapport 1 2005 (april)"
    assert "Räkneregel" in found["csv", "beror", "intern"].decode()
    closing = session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
    assert closing is not None
    assert closing.changes["state"] == ["oppen", "stangd"]


def test_the_facts_are_the_same_bytes_whoever_closes(
    app: Flask, session: Session, actor: Actor, opened: Period, tmp_path: Path
) -> None:
    swedish = prepare(session, "2005-T1", actor, LIMIT_ORE)
    session.rollback()
    refresh()
    with app.test_request_context(headers=ENGLISH):
        assert str(get_locale()) == "en_SE"
        other = prepare(session, "2005-T1", actor, LIMIT_ORE)
        assert (other.snapshots, other.sign) == (swedish.snapshots, swedish.sign)
        session.rollback()
        facts = decode(other.snapshots[Audience.INTERNAL])
        for form in FORMS:
            write_report(facts, CountingRule.BEROR, form, tmp_path / f"en.{form}")
        assert told(message("Alla mål")) == "All goals"
    refresh()
    for form in FORMS:
        write_report(facts, CountingRule.BEROR, form, tmp_path / f"sv.{form}")
        assert (tmp_path / f"en.{form}").read_bytes() == (tmp_path / f"sv.{form}").read_bytes()


def test_a_message_among_the_facts_is_kept_as_its_text() -> None:
    facts = make_facts((Made("A-1", "Alfa", goals={"G1a": 3}, serves={"Rinkeby": WHOLE}, outlay=(1, 2, 3)),))
    name = message("Tertialrapport %(number)s", number=message("ett"))
    goals = tuple(replace(one, name=message("Alla mål")) for one in facts.goals)
    projects = tuple(replace(one, comment=message("Alla områden")) for one in facts.projects)
    spoken = replace(facts, period=replace(facts.period, name=name), goals=goals, projects=projects)
    plain = replace(
        facts,
        period=replace(facts.period, name="Tertialrapport ett"),
        goals=tuple(replace(one, name="Alla mål") for one in facts.goals),
        projects=tuple(replace(one, comment="Alla områden") for one in facts.projects),
    )
    assert encode(spoken) == encode(plain)
    assert type(decode(encode(spoken)).period.name) is str


def test_the_comparison_and_its_causes_are_told_in_english(two: Session, english: FlaskClient) -> None:
    made, again = (english.get(f"{BASE}/jamfor?med=2005-VP").text for _ in range(2))
    for page in (made, again):
        assert "changed forecast +2\u00a0500\u00a0000,00 kr" in page
        assert "new projects" in page
        assert "Outlay forecast 2005, mnkr." in page
        assert "2 projects, largest difference first; exact amounts in kr." in page
        assert "Goals and aspects" in page
        assert "ändrad" not in page
        assert "nya projekt" not in page
    assert "Total outer city" in english.get(f"{BASE}/jamfor?med=2005-VP&axis=omraden").text
    refused = english.get(f"{BASE}/jamfor?cell=G99")
    assert (refused.status_code, "The comparison has no row “G99”." in refused.text) == (404, True)
    period = english.get(f"{BASE}/bidrag").text
    assert "Contribution to the goals 2005, " in period
    assert "the city&#39;s share" in period.lower()


def test_closing_and_correcting_are_refused_in_english(
    session: Session, actor: Actor, english: FlaskClient, opened: Period
) -> None:
    page = open_form(english, f"{BASE}/stang")
    refused = send(english, f"{BASE}/stang", page, confirmation="2005-T2")
    assert (refused.status, "Type 2005-T1, exactly so." in refused.text) == (422, True)
    refused = send(english, f"{BASE}/ratta", page, reason="Fel")
    assert "is open. Change it instead of correcting it." in refused.text
    enter_total(session, opened, (2005, Flow.OUTLAY), 1_00, "Budget 2005", actor)
    session.commit()
    stopped = send(english, f"{BASE}/stang", page, confirmation="2005-T1")
    assert stopped.status == 409
    assert "outlay: the difference of" in stopped.text
    assert "är inte förklarad" not in stopped.text


def test_a_closed_period_refuses_in_english(
    session: Session, actor: Actor, english: FlaskClient, opened: Period
) -> None:
    page = open_form(english, f"{BASE}/stang")
    close(session, opened, actor)
    again = send(english, f"{BASE}/stang", page, confirmation="2005-T1")
    assert (again.status, "The period 2005-T1 is closed already." in again.text) == (409, True)
    refused = send(english, f"{BASE}/ratta", page, reason=" ")
    assert (refused.status, "Write why the period is corrected" in refused.text) == (422, True)
    shown = session.scalars(select(Project.id).where(Project.code == "A-OPEN")).one()
    session.add(SecretField(project_id=shown, field="geometry", ground="OSL 19 kap. 3 §"))
    session.commit()
    marked = english.get(f"{BASE}/rapport/offentlig/fordelad/csv")
    assert (marked.status_code, "1 project has had its location made confidential." in marked.text) == (403, True)
    session.execute(update(Project).where(Project.code == "A-OPEN").values(confidential=True))
    session.commit()
    answer = english.get(f"{BASE}/rapport/offentlig/fordelad/csv")
    assert answer.status_code == 403
    assert "<h1>The file is not handed out</h1>" in answer.text
    assert "1 project is confidential." in answer.text
    assert "1 project is confidential." in english.get(f"{BASE}/rapport?kontroll=1").text
    assert "There is no such file." in english.get(f"{BASE}/rapport/offentlig/fordelad/doc").text


def test_damaged_bytes_are_told_of_in_english_and_logged_in_swedish(
    session: Session, actor: Actor, english: FlaskClient, opened: Period, caplog: pytest.LogCaptureFixture
) -> None:
    close(session, opened, actor)
    damage(session, "period_file")
    answer = english.get(f"{BASE}/rapport/intern/fordelad/csv")
    assert answer.status_code == 500
    words = "The file 2005-t1-fordelad-intern.csv does not agree with its checksum and is not handed out."
    assert f"{words} The error is logged." in answer.text
    assert "stämmer inte med sin kontrollsumma" in caplog.text


def test_every_reason_not_to_close_is_swedish_and_english(app: Flask) -> None:
    stopped = StoppedError([Finding(message("Perioden stängs just nu")), Finding("Ett.")])
    errors: list[tuple[ConflictError, str]] = [
        (stopped, "The period cannot be closed. The period is being closed just now Ett."),
        (ClosingNowError(None), "The period is being closed just now. Wait until it is done."),
        (
            ClosingNowError(Claim("Vera", NOW)),
            "The period is being closed just now by Vera since 15.45. Wait until it is done.",
        ),
        (
            ChangedMeanwhileError(),
            "Somebody reported or changed something in the period while the files were being made. Nothing is closed. "
            "Close once more.",
        ),
    ]
    assert str(stopped) == "Perioden kan inte stängas. Perioden stängs just nu Ett."
    assert str(errors[1][0]) == "Perioden stängs just nu. Vänta tills det är klart."
    with app.test_request_context(headers=ENGLISH):
        assert [told(str(error)) for error, _ in errors] == [words for _, words in errors]
        assert told(pdf.MISSING).startswith("PDF needs LibreOffice, which is not on this machine")
        assert told(pdf._failed(message("programmet startar inte"))) == (
            "PDF needs LibreOffice, which could not convert the report: the program does not start. "
            "Fetch the report in Word instead."
        )
