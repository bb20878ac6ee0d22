"""A planted word is searched for in every exit: every address that can be fetched, as page, as data and as file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.exports.planted import CODE, PERIODS, WORD, open_and_close, planted, put, told, traces
from tests.projects.form_page import open_form, send
from tracker.accounts.login import PERMISSION_MARK
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Permission, Role
from tracker.accounts.services import create_user
from tracker.database import begin_writing
from tracker.errors import NotFoundError
from tracker.exports.audience import Audience
from tracker.exports.delivery import REGISTER_FORMATS, save_register
from tracker.exports.register import choose
from tracker.history.services import Actor
from tracker.imports.candidates import interpret
from tracker.imports.plan import make_plan
from tracker.imports.sources import read_table
from tracker.projects.filters import ProjectFilter
from tracker.projects.models import Project
from tracker.projects.policies import INTERNAL, SHELL, SYSTEM_RIGHTS, Viewer
from tracker.projects.queries import get_project
from tracker.projects.reviewing import publish_project
from tracker.projects.services import change_project, register_project
from tracker.projects.snapshots import describe
from tracker.projects.vocabulary import Publication

SignIn = Callable[[Role], FlaskClient]
QUERIES = ("", "?q=Zebra", f"?q={WORD.lower()}", "?format=csv", "?format=xlsx", "?format=geojson", "?format=gpkg",
           "?format=oc4ids",
           "?year=2005&format=csv&counting=beror", "?year=2005&format=xlsx", f"?kod={CODE}", "?missing=lage",
           f"?q={CODE}", "?bbox=17.7,59.2,18.3,59.5&zoom=12", "?year=2005&shown=utgift-budget&row=alla&column=alla",
           "?datum=2005-06-01", f"?ids={CODE}", "?area=rinkeby", "?goal=G1",
           "?med=2005-VP&shown=utgift-budget&axis=omraden", "?shown=bostader-planerade&counting=beror",
           "?theme=utgift-budget&theme_year=2005&theme_as=andel&served=ja",
           "?theme=bostader-planerade&theme_year=2005&theme_period=2005-VP")  # fmt: skip


def addresses(app: Flask, permission: frozenset[Permission]) -> Iterator[str]:
    """Every address that can be fetched, with each of QUERIES."""
    for rule in app.url_map.iter_rules():
        asked = getattr(app.view_functions[rule.endpoint], PERMISSION_MARK, None)
        if "GET" not in (rule.methods or ()) or asked not in permission or "logga" in rule.rule:
            continue
        for period in PERIODS if "key" in rule.arguments else PERIODS[:1]:
            named = {"version": 1, "key": period, "collection_id": "projects-unlocated"}
            values: dict[str, Any] = {name: named.get(name, CODE) for name in rule.arguments}
            with app.test_request_context():
                yield from (app.url_for(rule.endpoint, **values) + query for query in QUERIES)


def leaks(app: Flask, browser: FlaskClient, permission: frozenset[Permission]) -> list[tuple[str, str]]:
    found = []
    for address in addresses(app, permission):
        # What was asked for comes back in the page's own fields and links.
        asked = address.partition("?")[2].lower()
        body = told(browser.get(address).data)
        found += [(address, trace) for trace in traces() if trace in body and trace not in asked]
    return found


@pytest.fixture
def project(session: Session, actor: Actor) -> Project:
    return put(session, actor)


@pytest.fixture
def periods(session: Session, project: Project, actor: Actor) -> None:
    open_and_close(session, project, actor)


@pytest.fixture
def other(app: Flask, session: Session) -> FlaskClient:
    """A manager who is not the project's."""
    user = create_user(session, "annan@prov.se", "Annan Prov", Role.MANAGER, "ett långt lösenord")
    session.commit()
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = user.fs_uniquifier, True
    return browser


EDITORS = frozenset({Permission.VIEW_PUBLIC, Permission.VIEW_DRAFTS, Permission.EDIT_PROJECT})


@pytest.mark.usefixtures("periods")
def test_no_exit_tells_the_planted_word(app: Flask, client: FlaskClient, sign_in: SignIn, other: FlaskClient) -> None:
    assert leaks(app, client, frozenset({Permission.VIEW_PUBLIC})) == []
    assert leaks(app, sign_in(Role.READER), frozenset({Permission.VIEW_PUBLIC, Permission.VIEW_DRAFTS})) == []
    assert leaks(app, other, EDITORS) == []
    assert "sekretess (osl 19:3)" in told(client.get(f"/projekt/{CODE}").data)


@pytest.mark.usefixtures("project")
def test_the_word_is_there_for_those_who_may_see_it(sign_in: SignIn) -> None:
    """Else the test above would look for something that is nowhere."""
    for role in (Role.CONTROLLER, Role.MANAGER):
        page = told(sign_in(role).get(f"/projekt/{CODE}").data)
        assert page.count(WORD.lower()) >= 7
        assert "77712" in page
        assert "7771,2" in page
        assert "sekretess (osl 19:3)" in page
        assert WORD.lower() in told(sign_in(role).get(f"/projekt/{CODE}/redigera").data)
        assert WORD.lower() in told(sign_in(role).get(f"/projekt/{CODE}/historik/1").data)
    file = sign_in(Role.CONTROLLER).get("/projekt/export?format=csv").data
    assert WORD.lower() in told(file)
    assert "läge (osl 19:3)" in told(file)
    assert WORD.lower() not in told(sign_in(Role.MANAGER).get("/projekt/export?format=csv").data)


def test_another_manager_saves_without_seeing_or_losing_anything(
    session: Session, project: Project, other: FlaskClient
) -> None:
    before = describe(project)
    page = open_form(other, f"/projekt/{CODE}/redigera")
    assert page.status == 200
    assert "sekretess (osl 19:3)" in told(page.answer.data)
    sent = send(other, f"/projekt/{CODE}/redigera", page, name="Nytt namn")
    assert sent.status == 302, sent.summary
    session.expire_all()
    after = describe(session.get_one(Project, project.id))
    assert {name for name in after if after[name] != before[name]} <= {"name", "publication"}
    assert after["name"] == "Nytt namn"


def test_no_refusal_tells_the_planted_word(
    session: Session, actor: Actor, project: Project, other: FlaskClient
) -> None:
    page = open_form(other, f"/projekt/{CODE}/redigera")
    refused = send(other, f"/projekt/{CODE}/redigera", page, name="")
    assert refused.status == 422
    checked = other.post(f"/projekt/kontrollera?kod={CODE}", data=page.fields)
    given = replace(planted(session), decisions=None, name="Någon annans namn")
    change_project(session, session.get_one(Project, project.id), given, project.version, actor, SYSTEM_RIGHTS)
    session.commit()
    stale = send(other, f"/projekt/{CODE}/redigera", page, name="Mitt namn")
    assert stale.status == 409
    for answer in (refused.answer, checked, stale.answer):
        assert [trace for trace in traces() if trace in told(answer.data)] == []


def test_a_mark_is_set_in_the_form_and_needs_its_ground(
    session: Session, actor: Actor, sign_in: SignIn, client: FlaskClient
) -> None:
    given = replace(planted(session), secret_fields=None, stated_area="")
    project = register_project(session, given, actor, SYSTEM_RIGHTS)
    publish_project(session, project, Publication.PUBLISHED, actor, SYSTEM_RIGHTS)
    session.commit()
    manager = sign_in(Role.MANAGER)
    page = open_form(manager, f"/projekt/{CODE}/redigera")
    row = page.row("secret_fields", "field", "case_numbers")
    refused = send(manager, f"/projekt/{CODE}/redigera", page, **{f"{row}-on": "y", f"{row}-ground": ""})
    assert refused.status == 422
    assert "Skriv lagrummet i OSL" in refused.summary
    saved = send(manager, f"/projekt/{CODE}/redigera", refused, **{f"{row}-ground": "19:1"})
    assert saved.status == 302, saved.summary
    session.expire_all()
    assert [(one.field, one.ground) for one in project.secret_fields] == [("case_numbers", "OSL 19 kap. 1 §")]
    public = told(client.get(f"/projekt/{CODE}").data)
    assert "sekretess (osl 19:1)" in public
    assert client.get(f"/projekt?q={WORD}").text.count("Kv Åkern") == 0
    again = open_form(manager, f"/projekt/{CODE}/redigera")
    assert again.fields[f"{again.row('secret_fields', 'field', 'case_numbers')}-on"] == "y"
    opened = again.row("secret_fields", "field", "case_numbers")
    assert send(manager, f"/projekt/{CODE}/redigera", again, **{f"{opened}-on": None}).status == 302
    assert "sekretess" not in told(client.get(f"/projekt/{CODE}").data)


def test_nobody_hides_a_field_from_themselves(session: Session, actor: Actor, other: FlaskClient) -> None:
    register_project(session, replace(planted(session), secret_fields=None), actor, SYSTEM_RIGHTS)
    session.commit()
    page = open_form(other, f"/projekt/{CODE}/redigera")
    row = page.row("secret_fields", "field", "link")
    refused = send(other, f"/projekt/{CODE}/redigera", page, **{f"{row}-on": "y", f"{row}-ground": "19:1"})
    assert refused.status == 422
    assert "annars kan du inte se uppgiften efteråt" in refused.summary


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.OPEN])
@pytest.mark.parametrize("form", ["csv", "xlsx", "geojson", "gpkg", "shp", "fgb", "kml", "oc4ids"])
def test_the_shells_files_hold_the_mark_and_not_the_value(
    session: Session, tmp_path: Path, audience: Audience, form: str, actor: Actor
) -> None:
    path = tmp_path / f"projekt.{form}"
    save_register(session, choose(session, ProjectFilter(), audience, actor.at), form, path)
    body = told(path.read_bytes())
    assert [trace for trace in traces() if trace in body] == []
    assert "läge (osl 19:3)" in body
    if form == "gpkg":
        layers = set(pyogrio.list_layers(path)[:, 0])
        assert layers == {"utan_lage", "mal", "omraden", "ekonomi", "matt", "layer_styles"}
        assert all(pyogrio.read_info(path, layer=name)["features"] == 0 for name in layers - {"utan_lage"})


def test_a_hidden_place_is_not_to_be_fetched(session: Session, project: Project, other: FlaskClient) -> None:
    assert other.get(f"/projekt/{CODE}/geometri.geojson").status_code == 404
    assert get_project(session, CODE, INTERNAL).geom is not None
    with pytest.raises(NotFoundError):
        get_project(session, "finns-inte", INTERNAL)
    assert find_user(session, "manager@prov.se") is not None


@pytest.mark.parametrize("form", REGISTER_FORMATS)
@pytest.mark.parametrize("viewer", [INTERNAL, SHELL])
def test_a_file_without_the_hidden_values_leaves_them_when_it_is_read_back(
    session: Session, actor: Actor, project: Project, tmp_path: Path, form: str, viewer: Viewer
) -> None:
    before = describe(project)
    path = tmp_path / f"projekt.{form}"
    save_register(session, choose(session, ProjectFilter(), Audience.OPEN, actor.at), form, path)
    for layer in ("utan_lage",) if form == "gpkg" else (None,):
        candidates = interpret(read_table(path, layer))
        begin_writing(session)
        plan = make_plan(session, candidates, 2005, publish=False, viewer=viewer)
        assert (plan.changes, plan.refused, plan.additions) == ((), (), ())
        assert len(plan.unchanged) == 1
        session.commit()
    session.expire_all()
    assert describe(session.get_one(Project, project.id)) == before


def test_an_import_does_not_overwrite_what_its_reader_may_not_see(
    session: Session, actor: Actor, project: Project, tmp_path: Path
) -> None:
    """Matching by a hidden case number would tell it, and so would the old value of a change."""
    path = tmp_path / "in.csv"
    path.write_text(f"Kod;Namn;Diarienummer;Länk\n{CODE};Nytt namn;Ny-1;https://annat.se\n", encoding="utf-8")
    begin_writing(session)
    plan = make_plan(session, interpret(read_table(path)), 2005, publish=False, viewer=SHELL)
    assert [dict(one.fields) for one in plan.changes] == [{"name": ("Kv Åkern, norra", "Nytt namn")}]
    session.rollback()
    path.write_text(f"Namn;Huvudslag;Diarienummer\nNågot annat;Bostad;{WORD}\n", encoding="utf-8")
    begin_writing(session)
    plan = make_plan(session, interpret(read_table(path)), 2005, publish=False, viewer=SHELL)
    assert plan.changes == ()
    assert CODE not in repr((plan.refused, plan.remarks, plan.notes))
    assert project.code == CODE
