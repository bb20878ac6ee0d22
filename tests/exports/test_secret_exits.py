"""A planted word is searched for in every exit: every address that can be fetched, as page, as data and as file."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.projects.form_page import open_form, send
from tests.projects.test_secrecy import full
from tests.reports.closed import nothing
from tracker.accounts.login import PERMISSION_MARK
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Permission, Role
from tracker.accounts.services import create_user
from tracker.database import begin_writing
from tracker.errors import NotFoundError
from tracker.exports.audience import Audience
from tracker.exports.delivery import REGISTER_FORMATS, save_register
from tracker.exports.register import choose
from tracker.followup.codes import PeriodCode
from tracker.followup.opening import open_period
from tracker.geo.crs import STORAGE_SRID, WEB_SRID, reproject_one
from tracker.history.services import Actor
from tracker.imports.candidates import interpret
from tracker.imports.plan import make_plan
from tracker.imports.sources import read_table
from tracker.projects.figures import Figure
from tracker.projects.filters import ProjectFilter
from tracker.projects.inputs import FigureInput, ProjectInput, ServedInput
from tracker.projects.models import Project
from tracker.projects.policies import INTERNAL, SHELL, SYSTEM_RIGHTS, Rights, Viewer
from tracker.projects.queries import get_project
from tracker.projects.reviewing import publish_project
from tracker.projects.secrecy import Secret
from tracker.projects.services import change_project, register_project
from tracker.projects.snapshots import describe
from tracker.projects.vocabulary import Flow, Publication, Scope
from tracker.reports.closing import close_period

SignIn = Callable[[Role], FlaskClient]
WORD = "Zebraplanteringen"
PLACE = shapely.Point(146_123.4, 6_585_987.6)
CODE = "H-1"
QUERIES = ("", "?q=Zebra", f"?q={WORD.lower()}", "?format=csv", "?format=xlsx", "?format=geojson", "?format=gpkg",
           "?format=oc4ids",
           "?year=2005&format=csv&counting=beror", "?year=2005&format=xlsx", f"?kod={CODE}", "?missing=lage",
           f"?q={CODE}", "?bbox=17.7,59.2,18.3,59.5&zoom=12", "?year=2005&shown=utgift-budget&row=alla&column=alla",
           "?datum=2005-06-01", f"?ids={CODE}", "?area=rinkeby", "?goal=G1",
           "?med=2005-VP&shown=utgift-budget&axis=omraden", "?shown=bostader-planerade&counting=beror",
           "?theme=utgift-budget&theme_year=2005&theme_as=andel&served=ja",
           "?theme=bostader-planerade&theme_year=2005&theme_period=2005-VP")  # fmt: skip
PERIODS = ("2005-T1", "2005-VP")
"""An open one, and a closed one, whose snapshot holds all that the office has."""


def planted(session: Session) -> ProjectInput:
    """A project whose every field that can be hidden holds the word, or a number or place that is known again."""
    given = full(session, *Secret)
    assert given.goals is not None
    assert given.decisions is not None
    return replace(
        given,
        name="Kv Åkern",
        case_numbers=(WORD,),
        description_public=WORD,
        description_internal=WORD,
        link=f"https://exempel.se/{WORD}",
        stated_area=WORD,
        geometry=PLACE,
        goals=replace(
            given.goals,
            tags=(replace(given.goals.tags[0], motivation=WORD),),
            answers=dict.fromkeys(given.goals.answers or {}, WORD),
        ),
        serves=(ServedInput(Scope.WHOLE_CITY, 10_000),),
        serves_motivation=WORD,
        figures=(FigureInput(2005, Flow.OUTLAY, 777_123_456_700, None, 777_123_456_700),),
        decisions=(replace(given.decisions[0], note=WORD, case_number=WORD, outlay_ore=777_123_456_700),),
        volumes=(replace(given.volumes[0], planned=77_712),),
    )


def put(session: Session, actor: Actor) -> Project:
    """The project, published; before it was marked it was changed once, so that there is an old version."""
    given = planted(session)
    project = register_project(session, replace(given, secret_fields=()), actor, SYSTEM_RIGHTS)
    marked = replace(given, decisions=None, name="Kv Åkern, norra")
    change_project(session, project, marked, 1, actor, Rights(budget=True, viewer=INTERNAL))
    publish_project(session, project, Publication.PUBLISHED, actor, SYSTEM_RIGHTS)
    session.commit()
    return project


def traces() -> list[str]:
    """What would tell a hidden value, in any way that it is written."""
    web = reproject_one(PLACE, STORAGE_SRID, WEB_SRID)
    return [
        WORD.lower(), "77712", "777123", "7771,2", "146123", "6585987", f"{web.x:.4f}", f"{web.y:.4f}",
    ]  # fmt: skip


def told(body: bytes) -> str:
    """An answer as text: a workbook and a database unpacked, spaces between thousands taken away."""
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"".join(packed.read(name) for name in packed.namelist())
    text = unescape(body.decode("utf-8", "ignore")).replace("\u00a0", "").replace("\u202f", "")
    return re.sub(r"(?<=\d) (?=\d)", "", text).lower()


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
    """The plan, closed, and the first third of the year, open; both hold the project's figures."""
    plan = open_period(session, PeriodCode.read("2005-VP"), actor, percent=15)
    session.commit()
    close_period(session, plan.key, actor, 0, nothing)
    session.commit()
    open_period(session, PeriodCode.read("2005-T1"), actor, percent=15)
    session.commit()
    assert session.scalar(select(func.count()).where(Figure.period == "2005-T1", Figure.project_id == project.id)) == 1


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
