"""Drafts and forms that are sent again: nothing typed is lost, and one form makes one project (cases 40 and 42)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from tests.conftest import PASSWORD
from tests.factories import make_project, update_user
from tests.geometries import square
from tests.projects.form_page import Page, open_form, read_page, send
from tests.projects.test_form import stored
from tracker.accounts.models import User
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role
from tracker.errors import DomainError
from tracker.projects.draft_store import MOST_DRAFTS, drafts_of, fields_of, keep_draft, list_drafts
from tracker.projects.drafts import Draft, SentForm
from tracker.projects.models import Project
from tracker.projects.policies import Viewer
from tracker.web.forms import web_text

SignIn = Callable[[Role], FlaskClient]
NEW = "/projekt/ny"
KEEP = "/projekt/utkast"
SHAPE = web_text(square(145_900, 6_585_700, 200))
VALID = {"code": "A1", "name": "Kajen", "main_kind": "trafik", "geometry": SHAPE}
NOW = datetime(2005, 5, 2, 8, 30, tzinfo=UTC)


@pytest.fixture
def manager(session: Session) -> User:
    user = find_user(session, "manager@prov.se")
    assert user is not None
    return user


def keep(browser: FlaskClient, page: Page, **changes: str) -> dict[str, str]:
    fields = MultiDict(page.fields)
    for name, value in changes.items():
        fields[name] = value
    answer = browser.post(KEEP, data=fields)
    assert answer.status_code == 200, answer.text
    return dict(answer.json or {})


def forget_token() -> None:
    """Flask-WTF remembers a request's token in the application's context, and that of a test outlives its requests."""
    for name in ("csrf_token", "csrf_valid"):
        g.pop(name, None)


def count(session: Session) -> int:
    session.rollback()  # the session has not looked since the browsers wrote
    return session.scalar(select(func.count(Project.id))) or 0


def test_one_form_sent_twice_makes_one_project(session: Session, sign_in: SignIn) -> None:
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, NEW)
    for _ in range(3):
        saved = send(browser, NEW, page, **VALID)
        assert (saved.status, saved.answer.headers["Location"]) == (302, "/projekt/A1")
    assert count(session) == 1


def test_one_form_sent_twice_at_the_same_time_makes_one_project(
    app: Flask, session: Session, sign_in: SignIn, backend: str
) -> None:
    browsers = [sign_in(Role.MANAGER) for _ in range(4)]
    page = open_form(browsers[0], NEW)
    together, answers = threading.Barrier(len(browsers)), []

    def press(browser: FlaskClient) -> None:
        together.wait()
        answers.append(send(browser, NEW, page, **VALID))

    threads = [threading.Thread(target=press, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(one.status, one.answer.headers.get("Location")) for one in answers] == [(302, "/projekt/A1")] * 4
    assert count(session) == 1
    assert session.scalar(select(func.count(SentForm.token))) == 1


def test_a_form_that_was_saved_and_then_changed_loses_nothing(session: Session, sign_in: SignIn, manager: User) -> None:
    """Back to the form, another text, saved again: neither passed over nor put over the first."""
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, NEW)
    send(browser, NEW, page, **VALID)
    again = send(browser, NEW, page, **VALID | {"description_public": "Mer text"})
    assert again.status == 409
    assert "sparades redan som projekt A1" in again.text
    assert again.fields["description_public"] == "Mer text"
    assert stored("A1").description_public == ""
    assert [one.title for one in drafts_of(session, manager.id, None)] == ["Kajen"]
    other = send(browser, NEW, again, code="A2")
    assert other.answer.headers["Location"] == "/projekt/A2"
    assert drafts_of(session, manager.id, None) == []


def test_a_draft_is_kept_offered_gone_on_with_and_gone_when_saved(
    session: Session, sign_in: SignIn, manager: User
) -> None:
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, NEW)
    told = keep(browser, page, name="Halvfärdigt", geometry=SHAPE, **{"figures-0-outlay_budget": "12.500"})
    assert (told["state"], told["text"][:13]) == ("kept", "Utkast sparat")
    keep(browser, page, name="Halvfärdig kaj", geometry=SHAPE, **{"figures-0-outlay_budget": "12.500"})
    (draft,) = drafts_of(session, manager.id, None)
    assert (draft.title, draft.version) == ("Halvfärdig kaj", 0)
    offered = browser.get(NEW)
    assert "Du har ett osparat utkast från" in offered.text
    assert f"utkast={draft.token}" in offered.text
    resumed = open_form(browser, f"{NEW}?utkast={draft.token}")
    assert resumed.fields["name"] == "Halvfärdig kaj"
    assert resumed.fields["geometry"] == SHAPE
    assert resumed.fields["figures-0-outlay_budget"] == "12.500"
    saved = send(browser, NEW, resumed, figures__0__outlay_budget="", main_kind="trafik")
    assert saved.status == 302, saved.errors
    assert drafts_of(session, manager.id, None) == []
    assert "osparat utkast" not in browser.get(NEW).text


def test_drafts_of_an_edited_project_say_what_differs(session: Session, sign_in: SignIn, manager: User) -> None:
    project = make_project(session, "A1", name="Kajen")
    session.commit()
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, "/projekt/A1/redigera")
    keep(browser, page, name="Norra kajen", link="https://stad.example")
    assert "Det skiljer sig från det sparade i: Namn, Länk." in browser.get("/projekt/A1/redigera").text
    listed = browser.get("/projekt/utkast").text
    assert "Norra kajen" in listed
    assert f"/projekt/A1/redigera?utkast={drafts_of(session, manager.id, project.id)[0].token}" in listed
    assert browser.get("/projekt/A1/redigera").text.count("osparat utkast") == 1
    assert "osparat utkast" not in browser.get(NEW).text


def test_what_is_refused_is_kept_without_a_script(session: Session, sign_in: SignIn, manager: User) -> None:
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, NEW)
    assert send(browser, NEW, page, name="Utan slag", description_public="Lång text").status == 422
    (draft,) = drafts_of(session, manager.id, None)
    assert fields_of(draft)["description_public"] == "Lång text"
    assert "csrf_token" not in fields_of(draft)


def test_a_draft_is_thrown_away_by_its_author_only(session: Session, sign_in: SignIn, manager: User) -> None:
    browser, other = sign_in(Role.MANAGER), sign_in(Role.CONTROLLER)
    keep(browser, open_form(browser, NEW), name="Mitt eget")
    (draft,) = drafts_of(session, manager.id, None)
    assert "Mitt eget" not in other.get(KEEP).text
    seen = other.get(f"{NEW}?utkast={draft.token}")
    assert "Mitt eget" not in seen.text
    assert "Utkastet finns inte längre" in seen.text
    other.post(f"{KEEP}/{draft.token}/slang")
    assert len(drafts_of(session, manager.id, None)) == 1
    thrown = browser.post(f"{KEEP}/{draft.token}/slang", data={"back": "//evil.example"})
    assert thrown.headers["Location"] == "/projekt/utkast"
    thrown = browser.post(f"{KEEP}/{draft.token}/slang", data={"back": "/projekt/a\r\nX: y"})
    assert thrown.headers["Location"] == "/projekt/utkast"
    session.expire_all()
    assert drafts_of(session, manager.id, None) == []


def test_somebody_elses_token_writes_no_draft(session: Session, sign_in: SignIn, manager: User) -> None:
    """The mark of a page is signed: it cannot be made up, bent to another project, or used for another's draft."""
    browser, other = sign_in(Role.MANAGER), sign_in(Role.CONTROLLER)
    page = open_form(browser, NEW)
    keep(browser, page, name="Mitt")
    (draft,) = drafts_of(session, manager.id, None)
    for made_up in ("", draft.token, page.fields["form_pass"][:-2] + "xx"):
        answer = other.post(KEEP, data={"form_pass": made_up, "name": "Deras"})
        assert answer.status_code == 400
    # A page that somebody else opened in this browser: neither of the two gets the other's words.
    assert other.post(KEEP, data={**page.fields, "name": "Deras"}).status_code == 403
    session.expire_all()
    assert [one.title for one in drafts_of(session, manager.id, None)] == ["Mitt"]
    with pytest.raises(DomainError, match="någon annans"):
        keep_draft(session, draft.token, manager.id + 1, None, 0, [("name", "Deras")], NOW)


def test_case_40_a_form_sent_without_a_login_is_all_there_after_it(
    session: Session, sign_in: SignIn, manager: User
) -> None:
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, NEW)
    browser.delete_cookie(browser.application.config["SESSION_COOKIE_NAME"])
    sent = send(browser, NEW, page, **VALID, description_public="En lång text\r\nmed rader", case_numbers__0="E1")
    assert sent.status == 302
    login = sent.answer.headers["Location"]
    assert login.startswith("/logga-in?next=")
    assert count(session) == 0
    told = browser.get(login)
    assert "Du hade blivit utloggad" in told.text
    signed_in = browser.post(login, data={"email": "manager@prov.se", "password": PASSWORD})
    back = signed_in.headers["Location"]
    assert back.startswith("/projekt/ny?utkast=")
    restored = read_page(browser.get(back))
    for name, value in page.fields.items():
        if name not in (*VALID, "description_public", "case_numbers-0", "csrf_token", "form_pass", "version"):
            assert restored.fields[name] == value, name
    assert {name: restored.fields[name] for name in VALID} == VALID
    assert restored.fields["description_public"].split() == ["En", "lång", "text", "med", "rader"]
    assert restored.fields["case_numbers-0"] == "E1"
    assert send(browser, NEW, restored).answer.headers["Location"] == "/projekt/A1"
    assert drafts_of(session, manager.id, None) == []


def test_case_40_somebody_else_who_logs_in_does_not_get_the_draft(session: Session, sign_in: SignIn) -> None:
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, NEW)
    browser.delete_cookie(browser.application.config["SESSION_COOKIE_NAME"])
    login = send(browser, NEW, page, **VALID).answer.headers["Location"]
    back = browser.post(login, data={"email": "controller@prov.se", "password": PASSWORD}).headers["Location"]
    assert "Kajen" not in browser.get(back).text


def test_case_40_without_a_login_and_without_a_mark_nothing_is_written(session: Session, client: FlaskClient) -> None:
    for address in (NEW, KEEP):
        assert client.post(address, data=VALID).status_code == 401
    assert session.scalar(select(func.count(Draft.token))) == 0


def test_a_closed_account_keeps_no_more_drafts(session: Session, sign_in: SignIn, manager: User) -> None:
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, NEW)
    update_user(session, "manager@prov.se", None, None, close=True)
    session.commit()
    assert browser.post(KEEP, data=page.fields).status_code == 401
    assert send(browser, NEW, page, **VALID).status == 401


def test_typing_goes_on_being_kept_after_the_login_has_ended(session: Session, sign_in: SignIn, manager: User) -> None:
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, NEW)
    browser.delete_cookie(browser.application.config["SESSION_COOKIE_NAME"])
    told = keep(browser, page, name="Utan inloggning")
    assert "Du är utloggad" in told["text"]
    assert [one.title for one in drafts_of(session, manager.id, None)] == ["Utan inloggning"]


def test_a_token_of_another_session_shows_the_form_again_and_saves_at_the_second_press(
    app: Flask, session: Session, sign_in: SignIn, manager: User
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, NEW)
    newer = sign_in(Role.MANAGER)
    forget_token()
    refused = send(newer, NEW, page, **VALID)
    forget_token()
    assert refused.status == 400
    assert "Tryck på spara en gång till" in refused.text
    assert {name: refused.fields[name] for name in VALID} == VALID
    assert count(session) == 0
    assert [one.title for one in drafts_of(session, manager.id, None)] == ["Kajen"]
    saved = send(newer, NEW, refused)
    assert (saved.status, saved.answer.headers.get("Location")) == (302, "/projekt/A1"), saved.text[:3000]


def test_forged_requests_write_nothing(app: Flask, session: Session, sign_in: SignIn) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    browser = sign_in(Role.MANAGER)
    assert browser.post(NEW, data=VALID).status_code == 400
    assert browser.post(KEEP, data=VALID).status_code == 400
    assert browser.post(f"{KEEP}/x/slang").status_code == 400
    assert count(session) == 0


def test_a_draft_that_arrives_after_the_save_does_not_rise_from_the_dead(
    session: Session, sign_in: SignIn, manager: User
) -> None:
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, NEW)
    assert send(browser, NEW, page, **VALID).status == 302
    assert keep(browser, page, **VALID)["state"] == "sent"
    assert drafts_of(session, manager.id, None) == []
    # Back to the page and on with the typing: that is newer than what was saved.
    assert keep(browser, page, **VALID, again="ja")["state"] == "kept"
    assert len(drafts_of(session, manager.id, None)) == 1


def test_drafts_are_bounded_in_number_and_size_and_age(session: Session, manager: User) -> None:
    for number in range(MOST_DRAFTS + 3):
        at = NOW + timedelta(minutes=number)
        keep_draft(session, f"t{number}", manager.id, None, 0, [("name", f"N{number}")], at)
    titles = [one.title for one in list_drafts(session, manager.id)]
    assert len(titles) == MOST_DRAFTS
    assert (titles[0], titles[-1]) == (f"N{MOST_DRAFTS + 2}", "N3")
    with pytest.raises(DomainError, match="för stort"):
        keep_draft(session, "stor", manager.id, None, 0, [("geometry", "x" * 16_000_001)], NOW)
    keep_draft(session, "ny", manager.id, None, 0, [("name", "Ny")], NOW + timedelta(days=31))
    assert [one.title for one in list_drafts(session, manager.id)] == ["Ny"]


def test_a_project_that_is_not_seen_any_more_is_not_named_in_the_list(session: Session, manager: User) -> None:
    project = make_project(session, "HEMLIG-1", name="Hemligt projekt", confidential=True)
    keep_draft(session, "t1", manager.id, project.id, 1, [("name", "Min text")], NOW)
    (row,) = list_drafts(session, manager.id, Viewer(drafts=True, user_id=manager.id))
    assert (row.title, row.code, row.name, row.of_new) == ("Min text", "", "", False)


def test_a_draft_with_strange_content_opens(session: Session, sign_in: SignIn, manager: User) -> None:
    odd = [("name", "x\x00y"), ("goals-7-weight", "åtta"), ("version", "abc"), ("geometry", '{"type":"Nix"}')]
    keep_draft(session, "t1", manager.id, None, 0, odd, datetime.now(UTC))
    session.commit()
    page = open_form(sign_in(Role.MANAGER), f"{NEW}?utkast=t1")
    assert (page.status, page.fields["name"]) == (200, "xy")
