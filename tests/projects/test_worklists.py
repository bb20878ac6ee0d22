"""Worklists and completeness on the pages: list, detail and form say the same and lead to the field."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.contribution.register import add_figure
from tests.factories import make_measure, make_project
from tests.projects.form_page import open_form, send
from tests.projects.test_form import NEW, SignIn
from tracker.accounts.roles import Role
from tracker.measures.models import MainKind
from tracker.projects.filters import ProjectFilter
from tracker.projects.policies import PUBLIC, SHELL
from tracker.projects.queries import list_rows
from tracker.projects.vocabulary import Phase, Publication

AT = datetime(2005, 5, 2, tzinfo=UTC)


def codes(session: Session, what: str) -> set[str]:
    return {row.code for row in list_rows(session, ProjectFilter(missing=what), SHELL, "kod", 0, 50)}


def test_each_worklist_holds_what_it_says(session: Session) -> None:
    values = {"publication": Publication.PUBLISHED, "published_at": AT, "phase": Phase.IDEA}
    make_project(session, "IDE", **values | {"reviewed_at": AT})
    make_project(session, "ANDRAD", **values)
    make_project(session, "IMPORTERAD", **values | {"published_at": None})
    make_project(session, "BYGGE", phase=Phase.IMPLEMENTATION, reviewed_at=AT, published_at=AT)
    make_project(session, "UTKAST", phase=Phase.IDEA, publication=Publication.DRAFT)
    make_project(session, "GRANSKAD", phase=Phase.IDEA, publication=Publication.REVIEWED, reviewed_at=AT)
    program = make_project(session, "PROGRAM", **values | {"reviewed_at": AT})
    add_figure(session, make_project(session, "DEL", **values, parent_id=program.id), 2005, budget=1)
    assert codes(session, "andrad") == {"ANDRAD", "DEL"}
    assert codes(session, "beslut") == {"BYGGE"}
    assert codes(session, "utkast") == {"UTKAST"}
    assert codes(session, "granskad") == {"GRANSKAD"}
    assert {"PROGRAM", "DEL"} & codes(session, "ekonomi") == set()
    assert len(codes(session, "ofullstandig")) == 8
    for what in ("andrad", "beslut", "ofullstandig"):
        assert list_rows(session, ProjectFilter(missing=what), PUBLIC, "kod", 0, 50) == []


def test_the_list_sorts_by_completeness_for_those_inside(
    session: Session, client: FlaskClient, sign_in: SignIn
) -> None:
    make_project(session, "A", name="Aaa", phase=Phase.IDEA, subtype="gata", description_public="Text")
    make_project(session, "B", name="Bbb", phase=Phase.IDEA)
    make_project(session, "C", name="Ccc", phase=Phase.IDEA, description_public="Text")
    session.commit()
    page = sign_in(Role.READER).get("/projekt?sort=komplett").text
    assert re.findall(r"(\d+)&nbsp;%</td>", page) == ["7", "20", "25"]
    assert page.index("Bbb") < page.index("Ccc") < page.index("Aaa")
    outside = client.get("/projekt?sort=komplett").text
    assert outside.index("Aaa") < outside.index("Bbb")
    assert "&nbsp;%" not in outside


def test_detail_and_form_say_the_same_and_lead_to_the_field(session: Session, sign_in: SignIn) -> None:
    make_project(session, "A1", phase=Phase.IDEA, main_kind=MainKind.TRAFFIC, subtype="gata", description_public="T")
    session.commit()
    manager = sign_in(Role.MANAGER)
    detail, form = manager.get("/projekt/A1").text, open_form(manager, "/projekt/A1/redigera").text
    for page in (detail, form):
        assert "Komplett till 25 %" in page
    assert 'href="/projekt/A1/redigera#manager_id">projektledare</a>' in detail
    assert 'href="#manager_id">projektledare</a>' in form
    for anchor in set(re.findall(r'redigera#([\w-]+)"', detail)):
        assert f'id="{anchor}"' in form, anchor


def test_the_form_scores_what_is_typed(sign_in: SignIn, session: Session) -> None:
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, NEW)
    assert "Komplett till 20 %" in page.text  # the manager is proposed, and without tags no motivation is missing
    again = send(browser, NEW, page, name="", description_public="Text", main_kind="bostad", phase="ide")
    assert "Komplett till 32 %" in again.text


def test_the_live_check_tells_score_sums_and_how_a_decided_amount_was_read(sign_in: SignIn, session: Session) -> None:
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, NEW)
    measure = make_measure(session, "arbetsplatser")
    fields = page.fields.to_dict() | {
        "main_kind": "bostad",
        "phase": "ide",
        "description_public": "T",
        "decisions-0-outlay": "12 500 tkr",
        "volumes-0-measure_id": str(measure.id),
        "volumes-0-year": "2005",
        "volumes-0-planned": "90",
        "volumes-0-started": "40",
        "volumes-1-measure_id": str(measure.id),
        "volumes-1-year": "2006",
        "volumes-1-started": "30",
        "volumes-1-completed": "80",
        "drawn": "ja",
    }
    state = browser.post("/projekt/kontrollera", data=fields).get_json()
    assert state["score"]["text"] == "Komplett till 56 %"
    assert {"text": "undertyp", "field": "subtype"} in state["score"]["missing"]
    assert state["readings"]["decisions-0-outlay"] == "= 12,5 mnkr"
    (told,) = state["counts"]
    assert told.endswith(": planerat 90 (läget 2005), påbörjat 70, färdigställt 80.")
    (warned,) = [one["warnings"] for one in state["sections"] if one["id"] == "matt"]
    assert any("fler färdigställda (80) än påbörjade (70)" in text for text in warned)
