"""The pages and files of a period: who may fetch which, and what is never handed out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from tests.exports.planted import told
from tests.followup.pages import open_form, send
from tests.reports.closed import close, kept, render
from tests.reports.register import make_board
from tracker.accounts.roles import Role
from tracker.database import is_sqlite
from tracker.followup.models import Period
from tracker.followup.queries import get_period
from tracker.history.services import Actor
from tracker.projects.models import Project, SecretField
from tracker.reports import close_views, pdf, snapshots
from tracker.reports.models import PeriodFile

SignIn = Callable[[Role], FlaskClient]
BASE = "/uppfoljning/perioder/2005-T1"
FILE = f"{BASE}/rapport/{{}}/fordelad/{{}}"


@pytest.fixture
def opened(session: Session, actor: Actor) -> Period:
    period = make_board(session, actor)
    session.commit()
    return period


@pytest.fixture
def closed(session: Session, actor: Actor, opened: Period) -> Period:
    return close(session, opened, actor)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(close_views, "make_files", render)


def fetch(browser: FlaskClient, audience: str, form: str = "csv", **headers: str) -> tuple[int, bytes]:
    answer = browser.get(FILE.format(audience, form), headers=headers)
    return answer.status_code, answer.data


def test_a_closed_periods_files_are_the_kept_bytes(session: Session, sign_in: SignIn, closed: Period) -> None:
    found = kept(session, closed)
    browser = sign_in(Role.CONTROLLER)
    for (form, rule, audience), content in ((key, value) for key, value in found.items() if len(key) == 3):
        answer = browser.get(f"{BASE}/rapport/{audience}/{rule}/{form}")
        assert (answer.status_code, answer.data) == (200, content)
        assert f'filename="2005-t1-{rule}-{audience}.{form}"' in answer.headers["Content-Disposition"]
    assert fetch(browser, "intern", **{"If-None-Match": answer.headers["ETag"]})[0] in (200, 304)
    tag = browser.get(FILE.format("intern", "csv")).headers["ETag"]
    assert fetch(browser, "intern", **{"If-None-Match": tag}) == (304, b"")
    none = browser.get(FILE.format("intern", "docx"))
    assert (none.status_code, "sparades ingen fil i Word" in none.text) == (404, True)


def test_the_offices_files_are_for_nobody_else(sign_in: SignIn, client: FlaskClient, closed: Period) -> None:
    for role in (Role.READER, Role.MANAGER):
        browser = sign_in(role)
        assert fetch(browser, "intern")[0] == 403
        assert fetch(browser, "offentlig")[0] == 200
        page = browser.get(f"{BASE}/rapport").text
        assert "Interna rapporter" not in page
        assert "Offentliga rapporter" in page
        assert "Räkna om" not in page
    assert client.get(FILE.format("offentlig", "csv")).status_code == 302
    assert sign_in(Role.CONTROLLER).get(FILE.format("oppen", "csv")).status_code == 404


def test_an_open_periods_files_are_preliminary(sign_in: SignIn, opened: Period) -> None:
    browser = sign_in(Role.CONTROLLER)
    assert "PRELIMINÄR, perioden är öppen." in browser.get(f"{BASE}/rapport").text
    answer = browser.get(FILE.format("offentlig", "csv"))
    assert answer.status_code == 200
    assert "preliminar-2005-t1-fordelad-offentlig.csv" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    public, office = (told(browser.get(FILE.format(one, "xlsx")).data) for one in ("offentlig", "intern"))
    assert ("a-open" in public, "c-secret" in public) == (True, False)
    assert ("a-open" in office, "c-secret" in office) == (True, True)


@pytest.mark.parametrize(("program", "made"), [("sh", True), ("no-such-program", False)])
def test_a_pdf_is_offered_where_it_can_be_made(
    sign_in: SignIn, opened: Period, monkeypatch: pytest.MonkeyPatch, program: str, made: bool
) -> None:
    monkeypatch.setattr(pdf, "PROGRAMS", (program,))
    browser = sign_in(Role.CONTROLLER)
    files, closing = browser.get(f"{BASE}/rapport").text, browser.get(f"{BASE}/stang").text
    for rule in ("fordelad", "beror"):
        for audience in ("intern", "offentlig"):
            assert (f"{BASE}/rapport/{audience}/{rule}/pdf" in files) is made
            assert f"{BASE}/rapport/{audience}/{rule}/docx" in files
    assert files.count("Kräver LibreOffice, som inte finns på servern") == (0 if made else 4)
    assert ("Rapporterna sparas inte som PDF" in closing) is not made
    refused = browser.get(FILE.format("intern", "pdf")) if not made else None
    assert refused is None or (refused.status_code, "Hämta rapporten i Word" in refused.text) == (422, True)


def test_closing_is_confirmed_with_the_periods_code(session: Session, sign_in: SignIn, opened: Period) -> None:
    browser = sign_in(Role.CONTROLLER)
    page = open_form(browser, f"{BASE}/stang")
    assert "1 projekt har inte rapporterat." in page.main
    refused = send(browser, f"{BASE}/stang", page, confirmation="2005-T2")
    assert (refused.status, "Skriv 2005-T1, precis så." in refused.text) == (422, True)
    done = send(browser, f"{BASE}/stang", page, confirmation="2005-t1")
    assert (done.status, done.answer.headers["Location"]) == (302, f"{BASE}/stang")
    session.rollback()
    assert not get_period(session, "2005-T1").is_open
    result = browser.get(f"{BASE}/stang").text
    for one in session.query(PeriodFile):
        assert one.sha256 in result
    again = send(browser, f"{BASE}/stang", page, confirmation="2005-T1")
    assert again.status == 409
    assert "redan stängd" in again.text


def test_a_correction_is_opened_from_the_page_with_its_reason(
    session: Session, sign_in: SignIn, closed: Period
) -> None:
    browser = sign_in(Role.CONTROLLER)
    page = open_form(browser, f"{BASE}/stang")
    refused = send(browser, f"{BASE}/ratta", page, reason=" ")
    assert (refused.status, "Skriv varför perioden rättas" in refused.text) == (422, True)
    done = send(browser, f"{BASE}/ratta", page, reason="Fel kontering")
    assert done.answer.headers["Location"] == "/uppfoljning/perioder/2005-T1-v2"
    session.rollback()
    assert get_period(session, "2005-T1-v2").reason == "Fel kontering"
    assert "2005-T1-v2" in browser.get(f"{BASE}/stang").text
    assert sign_in(Role.MANAGER).post(f"{BASE}/ratta", data={"reason": "x"}).status_code == 403


def test_a_file_that_tells_of_what_became_secret_is_withheld_with_its_reason(
    session: Session, sign_in: SignIn, closed: Period
) -> None:
    session.execute(update(Project).where(Project.code == "A-OPEN").values(confidential=True))
    session.commit()
    for role in (Role.READER, Role.CONTROLLER):
        browser = sign_in(role)
        status, body = fetch(browser, "offentlig")
        assert status == 403
        assert "<h1>Filen lämnas inte ut</h1>" in body.decode()
        assert "1 projekt har sekretess." in body.decode()
        assert "A-OPEN" not in body.decode()
        page = browser.get(f"{BASE}/rapport").text
        assert "1 projekt har sekretess." in page
    assert fetch(sign_in(Role.CONTROLLER), "intern")[0] == 200


def test_who_has_the_file_already_is_not_told_that_it_still_holds_when_it_is_withheld(
    session: Session, sign_in: SignIn, closed: Period
) -> None:
    browser = sign_in(Role.READER)
    tag = browser.get(FILE.format("offentlig", "csv")).headers["ETag"]
    project = session.query(Project).filter_by(code="A-OPEN").one()
    session.add(SecretField(project_id=project.id, field="figures", ground="OSL 19 kap. 3 §"))
    session.commit()
    status, body = fetch(browser, "offentlig", **{"If-None-Match": tag})
    assert (status, "1 projekt har fått ekonomi sekretessbelagt." in body.decode()) == (403, True)


def damage(session: Session, table: str) -> None:
    """Change a kept byte behind the triggers, as a broken disk would."""
    if is_sqlite(session):
        session.execute(text(f"DROP TRIGGER {table}_no_update"))
        session.execute(text(f"UPDATE {table} SET content = CAST(content || 'x' AS BLOB)"))  # noqa: S608 - ours
    else:
        session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER {table}_kept"))
        session.execute(text(f"UPDATE {table} SET content = content || 'x'::bytea"))  # noqa: S608 - ours
    session.commit()


def test_bytes_that_are_not_those_that_were_kept_are_never_handed_out(
    session: Session, sign_in: SignIn, closed: Period, caplog: pytest.LogCaptureFixture
) -> None:
    damage(session, "period_file")
    answer = sign_in(Role.CONTROLLER).get(FILE.format("intern", "csv"))
    assert answer.status_code == 500
    assert "stämmer inte med sin kontrollsumma och lämnas inte ut" in answer.text
    reference = caplog.records[-1].message.split()[1].rstrip(":")
    assert reference in answer.text


def test_a_damaged_snapshot_is_never_read(session: Session, closed: Period, actor: Actor) -> None:
    damage(session, "period_snapshot")
    for audience in snapshots.KEPT_FOR:
        with pytest.raises(snapshots.DamagedError, match="stämmer inte"):
            snapshots.facts_of(session, closed, audience)


def test_reckoning_again_from_the_snapshot_says_that_every_figure_is_the_same(
    app: Flask, session: Session, sign_in: SignIn, closed: Period
) -> None:
    session.execute(update(Project).values(name="Omdöpt"))
    session.commit()
    page = open_form(sign_in(Role.CONTROLLER), f"{BASE}/rapport?kontroll=1").main
    assert "Omräknat ur underlaget: alla siffror är lika." in page
    assert page.count("Lika") == 2 * 13
    assert "Olika" not in page
    assert page.count(" jämförda, 0 olika.") == 2
