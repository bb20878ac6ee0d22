"""A report that is sent without a login, or to a period that was closed meanwhile, gives back everything typed."""

from __future__ import annotations

from collections.abc import Callable

import lxml.html
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import PASSWORD
from tests.followup.pages import Page, open_form, read_page, send
from tests.followup.test_report_pages import user_id
from tests.followup.test_reporting import MNKR, opened, paid, report_of, rows
from tests.projects.test_drafts import forget_token
from tracker.accounts.roles import Role
from tracker.followup.models import Period
from tracker.followup.reporting import report_many
from tracker.followup.vocabulary import PeriodState, ReportState
from tracker.history.services import Actor
from tracker.projects.draft_store import list_drafts
from tracker.projects.drafts import Draft
from tracker.projects.models import Project
from tracker.reports.correcting import correct_period

SignIn = Callable[[Role], FlaskClient]
BASE = "/uppfoljning/perioder/2005-T1/rapportera"
REPORT = {"prognos-2005-utgift": "11,25", "prognos-2006-utgift": "tolv", "end_forecast": "snart", "light": "rod",
          "light_text": "En lång text\r\nmed rader", "comment": "Stål <b>dyrt</b>"}  # fmt: skip


@pytest.fixture
def mine(session: Session) -> list[Project]:
    me = user_id(session, Role.MANAGER)
    return [paid(session, "P1", manager_id=me), paid(session, "P2", deputy_id=me)]


@pytest.fixture
def period(session: Session, actor: Actor, mine: list[Project]) -> Period:
    found = opened(session, actor)
    session.commit()
    return found


def close(session: Session, *periods: Period) -> None:
    for one in periods:
        one.state = PeriodState.CLOSED
    session.commit()


def sign_in_again(browser: FlaskClient, sent: Page, role: Role = Role.MANAGER) -> Page:
    """Over the login page to where it leads."""
    login = sent.answer.headers["Location"]
    assert login.startswith("/logga-in?next=")
    assert "Det du skrev är kvar" in browser.get(login).text
    done = browser.post(login, data={"email": f"{role.value}@prov.se", "password": PASSWORD})
    return read_page(browser.get(done.headers["Location"]))


def table(page: Page) -> list[list[str]]:
    found = lxml.html.fromstring(page.text).xpath("//table[contains(@class, 'given-back')]//tr")
    return [[str(cell.text_content()) for cell in row] for row in found]


def test_a_report_sent_without_a_login_is_all_there_after_it(
    session: Session, sign_in: SignIn, mine: list[Project], period: Period
) -> None:
    browser = sign_in(Role.MANAGER)
    form = open_form(browser, f"{BASE}/P1")
    browser.delete_cookie(browser.application.config["SESSION_COOKIE_NAME"])
    back = sign_in_again(browser, send(browser, f"{BASE}/P1", form, **REPORT))
    assert "Det är inte sparat i 2005-T1 än" in back.main
    for name, value in (form.fields.to_dict() | REPORT).items():
        if name not in ("csrf_token", "form_pass", "light_text"):
            assert back.fields[name] == value, name
    assert back.fields["light_text"].split() == REPORT["light_text"].split()
    assert report_of(session, period, mine[0]).state is ReportState.WAITING
    done = send(browser, f"{BASE}/P1", back, **{"prognos-2006-utgift": "5", "end_forecast": "2007-06-30"})
    assert done.answer.status_code == 302
    assert rows(session, mine[0], "lopande")[2005, "utgift"][2] == 1_125_000_000
    assert session.scalar(select(func.count(Draft.token))) == 0


def test_a_grid_sent_without_a_login_is_all_there_after_it(
    session: Session, sign_in: SignIn, mine: list[Project], period: Period
) -> None:
    browser, address = sign_in(Role.MANAGER), f"{BASE}?visa=vantar"
    form, (one, two) = open_form(browser, address), (f"p{project.id}-" for project in mine)
    browser.delete_cookie(browser.application.config["SESSION_COOKIE_NAME"])
    typed = {f"{one}outlay": "10,5", f"{two}comment": "Sten i vägen", f"{two}outlay": "fel"}
    typed |= {f"{one}light": "gron", f"{two}light": "gron"}
    back = sign_in_again(browser, send(browser, address, form, **typed))
    assert back.answer.request.path == BASE
    assert back.answer.request.args["visa"] == "vantar"
    assert {name: back.fields[name] for name in typed} == typed
    assert 'data-refused="ja"' in back.text
    [draft] = list_drafts(session, user_id(session, Role.MANAGER))
    assert (draft.title, draft.address) == ("Rapport i 2005-T1", f"{address}&utkast={draft.token}")
    assert f'href="{BASE}?visa=vantar&amp;utkast={draft.token}"' in browser.get("/projekt/utkast").text
    assert "Rapport i 2005-T1" in browser.get("/mina-projekt").text
    assert "osparat utkast" not in browser.get("/projekt/ny").text
    assert send(browser, address, back, **{f"{two}outlay": "10"}).answer.status_code == 302
    assert rows(session, mine[0], "lopande")[2005, "utgift"][2] == 1_050_000_000
    assert report_of(session, period, mine[1]).comment == "Sten i vägen"
    assert list_drafts(session, user_id(session, Role.MANAGER)) == []


def test_what_was_sent_without_a_login_is_its_authors_alone(
    session: Session, sign_in: SignIn, mine: list[Project], period: Period
) -> None:
    browser = sign_in(Role.MANAGER)
    form = open_form(browser, f"{BASE}/P1")
    browser.delete_cookie(browser.application.config["SESSION_COOKIE_NAME"])
    sent = send(browser, f"{BASE}/P1", form, **REPORT)
    assert "Stål" not in sign_in_again(browser, sent, Role.CONTROLLER).text
    nobody = sign_in(Role.MANAGER)
    nobody.delete_cookie(nobody.application.config["SESSION_COOKIE_NAME"])
    assert nobody.post(f"{BASE}/P1", data=REPORT).status_code == 401
    assert browser.post("/projekt/utkast", data={"form_pass": form.fields["form_pass"]}).status_code in (400, 403)


@pytest.mark.parametrize("place", ["", "/P1"])
def test_a_token_of_another_session_shows_the_report_again(
    app: Flask, session: Session, sign_in: SignIn, mine: list[Project], period: Period, place: str
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    light, name = ("light", "comment") if place else (f"p{mine[0].id}-light", f"p{mine[0].id}-comment")
    old = open_form(sign_in(Role.MANAGER), BASE + place)
    forget_token()
    browser = sign_in(Role.MANAGER)
    again = send(browser, BASE + place, old, **{name: "Skrivet förut", light: "gron"})
    assert again.status == 400
    assert "Tryck på spara en gång till" in again.main
    assert again.fields[name] == "Skrivet förut"
    assert report_of(session, period, mine[0]).state is ReportState.WAITING
    forget_token()
    assert send(browser, BASE + place, again).answer.status_code == 302
    assert report_of(session, period, mine[0]).comment == "Skrivet förut"


def test_a_report_to_a_closed_period_is_shown_and_taken_over_by_the_next(
    session: Session, sign_in: SignIn, mine: list[Project], period: Period, actor: Actor
) -> None:
    browser = sign_in(Role.MANAGER)
    form = open_form(browser, f"{BASE}/P1")
    opened(session, actor, "2005-05")
    later = opened(session, actor, "2005-06")
    close(session, period)
    sent = send(browser, f"{BASE}/P1", form, **REPORT)
    assert sent.status == 409
    assert "2005-T1 har stängts" in sent.main
    assert [row[:2] for row in table(sent)[1:]] == [
        ["Status", "Röd"],
        ["Text till status", "En lång text\nmed rader"],
        ["Kommentar till avvikelsen", "Stål <b>dyrt</b>"],
        ["Prognos 2005, utgift", "11,25"],
        ["Prognos 2006, utgift", "tolv"],
        ["Bedömt slut", "snart"],
    ]
    assert table(sent)[4][2] == "10"
    [address] = lxml.html.fromstring(sent.text).xpath("//main//a[contains(@class, 'btn-primary')]/@href")
    assert address.startswith("/uppfoljning/perioder/2005-06/rapportera/P1?utkast=")
    on = open_form(browser, address)
    assert {name: on.fields[name] for name in REPORT if name != "light_text"} == {
        name: text for name, text in REPORT.items() if name != "light_text"
    }
    saved = send(
        browser, address, on, **{"prognos-2006-utgift": "5", "end_forecast": "2007-06-30", "action": "save"}
    )  # fmt: skip
    assert saved.answer.status_code == 302
    assert report_of(session, later, mine[0]).state is ReportState.REPORTED
    assert rows(session, mine[0], "2005-T1")[2005, "utgift"][2] == 10 * MNKR
    assert session.scalar(select(func.count(Draft.token))) == 0


def test_a_grid_to_a_closed_period_is_shown_and_only_what_was_changed_is_taken_over(
    session: Session, sign_in: SignIn, mine: list[Project], period: Period, actor: Actor
) -> None:
    browser, (one, two) = sign_in(Role.MANAGER), (f"p{project.id}-" for project in mine)
    form = open_form(browser, BASE)
    later = opened(session, actor, "2005-05")
    report_of(session, later, mine[0]).comment = "Nyare"
    close(session, period)
    sent = send(browser, BASE, form, **{f"{one}outlay": "10,5", f"{one}light": "gul", f"{one}light_text": "Berg"})
    assert sent.status == 409
    assert table(sent)[1:] == [["P1", "Projekt P1", "10,5", "", "", "Gul", "Berg", ""]]
    [address] = lxml.html.fromstring(sent.text).xpath("//main//a[contains(@class, 'btn-primary')]/@href")
    on = open_form(browser, address)
    assert (on.fields[f"{one}outlay"], on.fields[f"{one}light"], on.fields[f"{one}comment"]) == (
        "10,5",
        "gul",
        "Nyare",
    )
    assert f"{two}outlay" not in on.fields
    assert send(browser, address, on).answer.status_code == 302
    assert report_of(session, later, mine[0]).light_text == "Berg"


def test_amounts_of_another_year_stay_behind(
    session: Session, sign_in: SignIn, mine: list[Project], period: Period, actor: Actor
) -> None:
    browser, one = sign_in(Role.MANAGER), f"p{mine[0].id}-"
    form = open_form(browser, BASE)
    opened(session, actor, "2006-01")
    close(session, period)
    sent = send(browser, BASE, form, **{f"{one}outlay": "10,5", f"{one}comment": "Berg"})
    [address] = lxml.html.fromstring(sent.text).xpath("//main//a[contains(@class, 'btn-primary')]/@href")
    on = open_form(browser, address)
    assert (on.fields[f"{one}outlay"], on.fields[f"{one}comment"]) == ("5", "Berg")


def test_without_a_later_period_it_is_kept_and_a_correction_takes_it_over(
    session: Session, sign_in: SignIn, mine: list[Project], period: Period, actor: Actor
) -> None:
    browser = sign_in(Role.MANAGER)
    form = open_form(browser, f"{BASE}/P1")
    close(session, period)
    sent = send(browser, f"{BASE}/P1", form, comment="Berg")
    assert sent.status == 409
    assert "Ingen öppen period väntar på projektet" in sent.main
    [draft] = list_drafts(session, user_id(session, Role.MANAGER))
    again = open_form(browser, draft.address)
    assert again.status == 200
    assert table(again)[1:] == [["Kommentar till avvikelsen", "Berg", ""]]
    correct_period(session, "2005-T1", "Fel siffror", actor)
    session.commit()
    found = open_form(browser, draft.address)
    assert f"2005-T1-v2/rapportera/P1?utkast={draft.token}" in found.text


def test_a_period_closed_without_a_login_gives_back_after_it(
    session: Session, sign_in: SignIn, mine: list[Project], period: Period
) -> None:
    browser = sign_in(Role.MANAGER)
    form = open_form(browser, BASE)
    browser.delete_cookie(browser.application.config["SESSION_COOKIE_NAME"])
    close(session, period)
    back = sign_in_again(browser, send(browser, BASE, form, **{f"p{mine[0].id}-comment": "Berg"}))
    assert back.status == 200
    assert table(back)[1:] == [["P1", "Projekt P1", "10", "", "", "", "", "Berg"]]


def test_a_row_that_the_register_changed_between_reading_and_writing_is_refused(
    session: Session, sign_in: SignIn, mine: list[Project], period: Period, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, one = sign_in(Role.MANAGER), f"p{mine[0].id}-"
    form = open_form(browser, BASE)

    def overtaken(*args: object) -> object:
        figure = next(row for row in session.get_one(Project, mine[0].id).figures if row.year == 2005)
        figure.forecast_ore = 12 * MNKR
        session.flush()
        return report_many(*args)  # type: ignore[arg-type]

    monkeypatch.setattr("tracker.followup.grid_views.report_many", overtaken)
    sent = send(browser, BASE, form, **{f"{one}comment": "Berg"})
    assert sent.status == 409
    assert sent.fields[f"{one}comment"] == "Berg"


def keep(browser: FlaskClient, form: Page, query: str = "", **typed: str) -> dict[str, str]:
    """As the page does while one types."""
    fields = form.fields.to_dict() | typed
    fields.pop("csrf_token", None)
    answer = browser.post(f"/uppfoljning/perioder/2005-T1/utkast{query}", data=fields)
    assert answer.status_code == 200, answer.text
    kept: dict[str, str] = answer.json or {}
    return kept


def offers(page: Page) -> list[tuple[str, str]]:
    """What each offer says, and where it leads."""
    found = lxml.html.fromstring(page.text).xpath("//div[contains(@class, 'draft-offer') and .//a]")
    return [(" ".join(one.xpath("./p")[0].text_content().split()), one.xpath(".//a/@href")[0]) for one in found]


def test_a_grid_is_kept_while_it_is_typed_and_offered_on_return(
    session: Session, sign_in: SignIn, mine: list[Project], period: Period
) -> None:
    browser, (one, two) = sign_in(Role.MANAGER), (f"p{project.id}-" for project in mine)
    form = open_form(browser, f"{BASE}?visa=kvar")
    kept = keep(browser, form, "?visa=kvar", **{f"{two}outlay": "fel", f"{two}comment": "Sten"})
    assert kept["state"] == "kept"
    assert kept["text"].startswith("Utkast sparat ")
    assert report_of(session, period, mine[1]).state is ReportState.WAITING
    [(text, address)] = offers(open_form(browser, BASE))
    assert text.endswith("något här som inte är sparat: Projekt P2.")
    assert address == kept["address"]
    assert address.startswith(f"{BASE}?visa=kvar&utkast=sida-")
    back = open_form(browser, address)
    assert offers(back) == []
    assert (back.fields[f"{two}outlay"], back.fields[f"{two}comment"]) == ("fel", "Sten")
    mended = {f"{two}outlay": "10", f"{one}comment": "Grus", f"{one}light": "gron", f"{two}light": "gron"}
    assert send(browser, address, back, **mended).answer.status_code == 302
    assert [report_of(session, period, project).comment for project in mine] == ["Grus", "Sten"]
    assert list_drafts(session, user_id(session, Role.MANAGER)) == []
    # What the page had on its way when it was sent is none any more; what is typed after one came back to it is.
    assert keep(browser, back, **{f"{two}comment": "Sent"})["state"] == "sent"
    assert keep(browser, back, again="ja")["state"] == "kept"


def test_a_report_is_kept_while_it_is_typed_and_offered_on_return(
    session: Session, sign_in: SignIn, mine: list[Project], period: Period
) -> None:
    browser = sign_in(Role.MANAGER)
    form = open_form(browser, f"{BASE}/P1")
    kept = keep(browser, form, **REPORT)
    [(text, address)] = offers(open_form(browser, f"{BASE}/P1"))
    assert text.endswith(
        "inte är sparat: Status; Text till status; Kommentar till avvikelsen; Prognos 2005, utgift; "
        "Prognos 2006, utgift; Bedömt slut."
    )
    assert address == kept["address"] == f"{BASE}/P1?utkast={address.rpartition('=')[2]}"
    assert offers(open_form(browser, BASE)) == offers(open_form(browser, f"{BASE}/P2")) == []
    back = open_form(browser, address)
    assert back.fields["prognos-2006-utgift"] == "tolv"
    assert back.fields["comment"] == "Stål <b>dyrt</b>"
    done = send(browser, f"{BASE}/P1", back, **{"prognos-2006-utgift": "5", "end_forecast": "", "action": "save"})
    assert done.answer.status_code == 302
    assert list_drafts(session, user_id(session, Role.MANAGER)) == []
    assert keep(browser, back, **REPORT)["state"] == "sent"


def test_what_says_nothing_new_is_not_offered(
    session: Session, sign_in: SignIn, mine: list[Project], period: Period
) -> None:
    browser, row = sign_in(Role.MANAGER), f"p{mine[0].id}-"
    typed = {f"{row}comment": "Redan sagt", f"{row}light": "gron"}
    keep(browser, open_form(browser, BASE))
    keep(browser, open_form(browser, f"{BASE}/P2"))
    keep(browser, open_form(browser, BASE), **typed)
    assert send(browser, BASE, open_form(browser, BASE), **typed).answer.status_code == 302
    assert offers(open_form(browser, BASE)) == offers(open_form(browser, f"{BASE}/P2")) == []


def test_a_report_goes_on_being_kept_after_the_login_has_ended(
    session: Session, sign_in: SignIn, mine: list[Project], period: Period
) -> None:
    browser = sign_in(Role.MANAGER)
    forms = {"": open_form(browser, BASE), "/P1": open_form(browser, f"{BASE}/P1")}
    browser.delete_cookie(browser.application.config["SESSION_COOKIE_NAME"])
    typed = {"": {f"p{mine[0].id}-comment": "Berg"}, "/P1": {"comment": "Berg"}}
    for place, form in forms.items():
        assert "Du är utloggad; logga in när du sparar." in keep(browser, form, **typed[place])["text"]
    browser = sign_in(Role.MANAGER)
    for place in forms:
        assert len(offers(open_form(browser, BASE + place))) == 1


def test_what_is_kept_is_its_authors_alone(
    session: Session, sign_in: SignIn, mine: list[Project], period: Period
) -> None:
    browser = sign_in(Role.MANAGER)
    form = open_form(browser, f"{BASE}/P1")
    address = keep(browser, form, comment="Berg")["address"]
    other = sign_in(Role.CONTROLLER)
    for place in (address, f"{BASE}/P1", BASE, "/projekt/utkast"):
        assert "Berg" not in other.get(place).text
    place = "/uppfoljning/perioder/2005-T1/utkast"
    assert other.post(place, data=form.fields.to_dict() | {"comment": "Annat"}).status_code == 403
    assert other.post(place, data={"comment": "Annat"}).status_code == 400
    project_form = open_form(other, "/projekt/ny")
    assert other.post(place, data={"form_pass": project_form.fields["form_pass"]}).status_code == 400
    assert open_form(sign_in(Role.MANAGER), address).fields["comment"] == "Berg"


def test_what_was_kept_before_the_period_was_closed_is_offered_there(
    session: Session, sign_in: SignIn, mine: list[Project], period: Period
) -> None:
    browser = sign_in(Role.MANAGER)
    keep(browser, open_form(browser, BASE), **{f"p{mine[0].id}-comment": "Berg"})
    close(session, period)
    [(text, address)] = offers(read_page(browser.get(BASE)))
    assert text.endswith("Projekt P1.")
    assert table(open_form(browser, address))[1:] == [["P1", "Projekt P1", "10", "", "", "", "", "Berg"]]
