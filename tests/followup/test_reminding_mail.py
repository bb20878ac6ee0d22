"""Reminders sent to a real SMTP server on this machine: one letter to each, and what happens when it does not work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import make_project, update_user
from tests.followup.test_checks_reading import opened
from tests.mail_servers import Post, free_port, mail_server, use_server
from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.accounts.services import create_user
from tracker.followup.models import Period, ProjectReport, Reminder
from tracker.followup.reminding import BEING_SENT, BY_HAND
from tracker.followup.vocabulary import Light, ReportState
from tracker.history.services import Actor
from tracker.projects.figures import Figure
from tracker.projects.models import SecretField
from tracker.projects.vocabulary import Flow
from tracker.web.mail import Letter, deliver

MNKR = 100_000_000
LINK = "https://portfolj.staden.example/karta/uppfoljning/perioder/2005-T1/rapportera/"


@pytest.fixture
def post(app: Flask) -> Iterator[Post]:
    with mail_server(app) as handler:
        yield handler


@pytest.fixture
def people(session: Session) -> dict[str, User]:
    names = {"anna": "Anna Åkesson", "bo": "Bo Öberg", "cia": 'Cia "C" Ek, projektledare'}
    return {
        word: create_user(session, f"{word}@staden.se", name, Role.MANAGER, "ett långt lösenord")
        for word, name in names.items()
    }


@pytest.fixture
def period(session: Session, actor: Actor, people: dict[str, User]) -> Period:
    """Anna has two left, one of them confidential; Bo one, with Cia as deputy; a fourth is reported as it should be."""
    anna, bo, cia = people["anna"].id, people["bo"].id, people["cia"].id
    first = make_project(session, "P1", name="Gång- och cykelväg i Älvsjö", manager_id=anna)
    first.figures = [Figure(year=2005, flow=Flow.OUTLAY, budget_ore=20 * MNKR, forecast_ore=26 * MNKR)]
    make_project(session, "P2", name="Hemligt bygge", manager_id=anna, confidential=True)
    make_project(session, "P3", name="Kvarnen", manager_id=bo, deputy_id=cia)
    done = make_project(session, "P4", name="Klart", manager_id=cia)
    session.flush()
    [opened_one] = opened(session, actor, "2005-T1")
    report = session.scalars(select(ProjectReport).where(ProjectReport.project_id == done.id)).one()
    report.state, report.light = ReportState.REPORTED, Light.GREEN
    session.commit()
    return session.get_one(Period, opened_one.id)


def send(browser: FlaskClient, **values: Any) -> str:
    return browser.post("/uppfoljning/perioder/2005-T1/paminn", data=values, follow_redirects=True).text


def everybody(people: dict[str, User]) -> list[int]:
    return [one.id for one in people.values()]


def results(session: Session) -> dict[str, str]:
    session.expire_all()
    return {row.address: row.result for row in session.scalars(select(Reminder).order_by(Reminder.id))}


SignIn = Callable[[Role], FlaskClient]


def test_one_letter_to_each_manager_in_swedish(
    post: Post, people: dict[str, User], period: Period, sign_in: SignIn, session: Session
) -> None:
    page = send(sign_in(Role.CONTROLLER), to=everybody(people))
    assert "2 påminnelser är skickade." in page
    assert post.recipients == [["anna@staden.se"], ["bo@staden.se"]]
    to_anna, to_bo = post.letters
    assert to_anna["To"] == "Anna Åkesson <anna@staden.se>"
    assert to_anna["From"] == "Portföljkartan <karta@staden.example>"
    assert to_anna["Reply-To"] == "controller@prov.se"
    assert to_anna["Subject"].strip() == "Försenad rapport: Tertialrapport 1 2005 (april), sista dag var 2005-05-15"
    assert to_anna["Auto-Submitted"] == "auto-generated"
    assert to_anna["Message-ID"]
    text = to_anna.get_content().replace("\r\n", "\n").replace("\u00a0", " ")
    assert "Hej Anna Åkesson!\n\n2 av dina projekt är inte rapporterade i Tertialrapport 1 2005 (april)." in text
    assert "P1 Gång- och cykelväg i Älvsjö\n" in text
    assert "Prognosen för utgifter 2005 är 26,0 mnkr, 6,0 mnkr över budgeten (20,0 mnkr)." in text
    assert f"{LINK}P1\n" in text
    assert f"P2\n  {LINK}P2\n" in text
    assert "Hemligt bygge" not in text
    assert "1 av dina projekt är inte rapporterat" in to_bo.get_content()
    assert results(session) == {"anna@staden.se": "", "bo@staden.se": ""}
    row = session.scalars(select(Reminder).order_by(Reminder.id)).first()
    assert row is not None
    assert (row.period_id, row.user_id, row.projects, row.sent_by) == (
        period.id, people["anna"].id, 2, "Controller Prov",
    )  # fmt: skip


def test_deputies_are_reminded_when_asked_or_when_there_is_no_manager(
    post: Post, people: dict[str, User], period: Period, sign_in: SignIn, session: Session
) -> None:
    browser = sign_in(Role.CONTROLLER)
    send(browser, to=everybody(people), ersattare="1")
    assert [one["To"] for one in post.letters] == [
        "Anna Åkesson <anna@staden.se>", "Bo Öberg <bo@staden.se>",
        '"Cia \\"C\\" Ek, projektledare" <cia@staden.se>',
    ]  # fmt: skip
    to_cia = post.letters[2].get_content()
    assert "P3 Kvarnen (du är ersättare)" in to_cia
    assert "P4" not in to_cia
    update_user(session, "bo@staden.se", None, None, close=True)
    session.commit()
    page = browser.get("/uppfoljning/perioder/2005-T1/paminn").text
    assert "bo@staden.se" not in page
    assert "cia@staden.se" in page


def test_nobody_is_reminded_twice_a_day_without_being_asked(
    post: Post, people: dict[str, User], period: Period, sign_in: SignIn, session: Session
) -> None:
    browser = sign_in(Role.CONTROLLER)
    anna, bo = people["anna"].id, people["bo"].id
    send(browser, to=[anna])
    page = browser.get("/uppfoljning/perioder/2005-T1/paminn").text
    assert "Påmind i dag" in page
    assert f'name="again" value="{anna}">' in page
    assert f'name="to" value="{bo}" checked>' in page
    assert "1 var redan påmind i dag. Inget nytt brev gick dit." in send(browser, to=[anna, bo])
    assert [one["To"] for one in post.letters] == ["Anna Åkesson <anna@staden.se>", "Bo Öberg <bo@staden.se>"]
    assert "1 påminnelse är skickad." in send(browser, again=[anna])
    assert len(post.letters) == 3
    for row in session.scalars(select(Reminder)):
        row.sent_at = datetime.now(UTC) - timedelta(days=1)
    session.commit()
    assert "1 påminnelse är skickad." in send(browser, to=[anna])


def test_a_refused_address_does_not_stop_the_others(
    post: Post, people: dict[str, User], period: Period, sign_in: SignIn, session: Session
) -> None:
    post.refused = {"anna@staden.se"}
    browser = sign_in(Role.CONTROLLER)
    page = send(browser, to=everybody(people))
    assert "1 påminnelse är skickad." in page
    assert "Gick inte fram till Anna Åkesson (anna@staden.se). E-postservern tar inte emot adressen: 550" in page
    assert [one["To"] for one in post.letters] == ["Bo Öberg <bo@staden.se>"]
    assert results(session)["anna@staden.se"].startswith("E-postservern tar inte emot adressen: 550")
    # A failure is not a reminder: the next attempt is not held back, and then the failure is gone from the page.
    post.refused = set()
    assert "gick inte fram" in browser.get("/uppfoljning/perioder/2005-T1/lage").text
    assert "1 påminnelse är skickad." in send(browser, to=[people["anna"].id])
    assert "gick inte fram" not in browser.get("/uppfoljning/perioder/2005-T1/lage").text


def test_a_server_that_is_down_is_told_in_a_sentence(
    app: Flask, people: dict[str, User], period: Period, sign_in: SignIn, session: Session
) -> None:
    port = free_port()
    use_server(app, port)
    answer = sign_in(Role.CONTROLLER).post(
        "/uppfoljning/perioder/2005-T1/paminn", data={"to": everybody(people)}, follow_redirects=True
    )
    assert answer.status_code == 200
    assert f"E-postservern 127.0.0.1:{port} svarar inte." in answer.text
    assert "Anna Åkesson (anna@staden.se), Bo Öberg (bo@staden.se)" in answer.text
    assert set(results(session).values()) == {f"E-postservern 127.0.0.1:{port} svarar inte."}


def test_without_a_server_the_letters_are_shown_to_copy_and_noted_by_hand(
    people: dict[str, User], period: Period, sign_in: SignIn, session: Session
) -> None:
    browser = sign_in(Role.CONTROLLER)
    page = browser.get("/uppfoljning/perioder/2005-T1/paminn").text
    assert "Ingen e-postserver är inställd" in page
    assert "http://localhost/uppfoljning/perioder/2005-T1/rapportera/P3" in page
    assert "mailto:bo@staden.se?subject=F%C3%B6rsenad%20rapport%3A%20Tertialrapport" in page
    assert "body=Hej%20Bo%20%C3%96berg%21%0D%0A%0D%0A1%20av" in page
    assert "1 påminnelse är antecknad." in send(browser, to=[people["bo"].id])
    assert results(session) == {"bo@staden.se": BY_HAND}
    assert "Påmind i dag" in browser.get("/uppfoljning/perioder/2005-T1/paminn").text


def test_names_make_no_headers(
    app: Flask, post: Post, people: dict[str, User], period: Period, sign_in: SignIn, session: Session
) -> None:
    people["anna"].name = "Anna\r\nBcc: alla@staden.se"
    session.commit()
    send(sign_in(Role.CONTROLLER), to=[people["anna"].id])
    [letter] = post.letters
    assert letter["Bcc"] is None
    assert post.recipients == [["anna@staden.se"]]
    assert letter["To"].addresses[0].display_name == "Anna Bcc: alla@staden.se"
    # Neither does anything else that a letter is made of.
    with app.app_context():
        assert deliver([Letter("Bo", "bo@staden.se", "Rubrik\r\nBcc: x@y.se", "Text")]) == [""]
        assert deliver([Letter("Bo", "bo@staden.se\r\nBcc: x@y.se", "Rubrik", "Text")]) == [
            "Adressen går inte att använda."
        ]
        assert "tecken före @" in deliver([Letter("Åsa", "åsa@staden.se", "Rubrik", "Text")])[0]
        assert deliver([Letter("Åsa", "asa@åstaden.se", "Rubrik", "Text")]) == [""]
    assert post.recipients[-1] == ["asa@xn--staden-hua.se"]
    assert post.letters[-1]["Bcc"] is None
    assert post.letters[-2]["Subject"] == "Rubrik Bcc: x@y.se"


def test_what_is_hidden_is_in_no_letter(
    post: Post, people: dict[str, User], period: Period, sign_in: SignIn, session: Session
) -> None:
    """The manager may see it all, but a letter leaves the house: it says only that there is more to see."""
    first = session.scalars(select(ProjectReport).order_by(ProjectReport.project_id)).first()
    assert first is not None
    first.project.secret_fields = [SecretField(field="figures", ground="OSL 19 kap. 3 §")]
    session.commit()
    send(sign_in(Role.CONTROLLER), to=[people["anna"].id])
    text = post.letters[0].get_content()
    assert "mnkr" not in text
    assert "1 sak att se över som bara visas när du har loggat in." in text


def test_a_reminder_that_nobody_knows_the_end_of_counts_as_sent(
    post: Post, people: dict[str, User], period: Period, sign_in: SignIn, session: Session
) -> None:
    session.add(
        Reminder(period_id=period.id, user_id=people["bo"].id, address="bo@staden.se", projects=1,
                 sent_at=datetime.now(UTC), sent_by="Prov", result=BEING_SENT)
    )  # fmt: skip
    session.commit()
    assert "1 var redan påmind i dag." in send(sign_in(Role.CONTROLLER), to=[people["bo"].id])
    assert post.letters == []


def test_choosing_nobody_or_a_closed_period_sends_nothing(
    post: Post, people: dict[str, User], period: Period, sign_in: SignIn, session: Session
) -> None:
    browser = sign_in(Role.CONTROLLER)
    empty = browser.post("/uppfoljning/perioder/2005-T1/paminn", data={})
    assert (empty.status_code, "Välj minst en att påminna." in empty.text) == (422, True)
    strange = browser.post("/uppfoljning/perioder/2005-T1/paminn", data={"to": ["x", "999999", "-1"]})
    assert strange.status_code == 422
    period.state = type(period.state)("stangd")
    session.commit()
    assert browser.post("/uppfoljning/perioder/2005-T1/paminn", data={"to": everybody(people)}).status_code == 409
    assert "Perioden är stängd" in browser.get("/uppfoljning/perioder/2005-T1/paminn").text
    assert post.letters == []


def test_only_controllers_remind(post: Post, people: dict[str, User], period: Period, sign_in: SignIn) -> None:
    for role in (Role.READER, Role.MANAGER):
        answer = sign_in(role).post("/uppfoljning/perioder/2005-T1/paminn", data={"to": everybody(people)})
        assert answer.status_code == 403
    assert post.letters == []


def test_letters_lead_to_the_configured_host_alone(
    app: Flask, people: dict[str, User], period: Period, post: Post, sign_in: SignIn, session: Session
) -> None:
    app.config["PUBLIC_URL"] = ""
    address, login = "/uppfoljning/perioder/2005-T1/paminn", sign_in(Role.CONTROLLER).get_cookie("session")
    assert login is not None
    browser = app.test_client(use_cookies=False)
    poisoned = {"Host": "ond.example", "Cookie": f"session={login.value}"}
    shown = browser.get(address, headers=poisoned)
    assert "PUBLIC_URL) är inte inställd" in shown.text
    sent = browser.post(address, data={"to": everybody(people)}, headers=poisoned)
    assert sent.status_code == 422
    assert "Inget är skickat: PUBLIC_URL är inte inställd." in sent.text
    assert (post.letters, results(session)) == ([], {})
    app.config["PUBLIC_URL"] = "https://portfolj.staden.example"
    assert browser.post(address, data={"to": everybody(people)}, headers=poisoned).status_code == 302
    assert post.letters
    assert all("ond.example" not in letter.as_string() for letter in post.letters)
