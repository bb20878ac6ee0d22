"""Stable identifiers: to the page, to data, by former codes; and nothing of what is not public."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.maps.projects import RINKEBY, square
from tracker.accounts.roles import Role
from tracker.history.services import Actor
from tracker.measures.models import MainKind
from tracker.projects.inputs import ProjectInput
from tracker.projects.models import Project, SecretField
from tracker.projects.policies import SYSTEM_RIGHTS
from tracker.projects.reviewing import publish_project
from tracker.projects.services import change_project, register_project
from tracker.projects.vocabulary import Publication

SignIn = Callable[[Role], FlaskClient]
JSON = {"Accept": "application/json"}


def put(session: Session, actor: Actor, code: str = "P-1", *, published: bool = True) -> Project:
    given = ProjectInput(code, "Kv Åkern", MainKind.HOUSING, geometry=square(RINKEBY))
    project = register_project(session, given, actor, SYSTEM_RIGHTS)
    if published:
        publish_project(session, project, Publication.PUBLISHED, actor, SYSTEM_RIGHTS)
    session.commit()
    return project


def rename(session: Session, actor: Actor, project: Project, code: str) -> None:
    given = ProjectInput(code, "Kv Åkern", MainKind.HOUSING, geometry=square(RINKEBY))
    change_project(session, project, given, project.version, replace(actor, at=actor.at + timedelta(1)), SYSTEM_RIGHTS)
    session.commit()


def test_a_project_leads_to_its_page_or_to_data(session: Session, actor: Actor, client: FlaskClient) -> None:
    project = put(session, actor)
    page, data = client.get("/id/projekt/P-1"), client.get("/id/projekt/P-1", headers=JSON)
    assert (page.status_code, page.headers["Location"]) == (303, "/projekt/P-1")
    assert data.status_code == 303
    assert {"Accept", "Cookie"} <= {one.strip() for one in data.headers["Vary"].split(",")}
    feature = client.get(data.headers["Location"]).json
    assert feature is not None
    assert (feature["type"], feature["geometry"]["type"]) == ("Feature", "Polygon")
    assert client.get("/id/projekt/P-1?f=json").headers["Location"] == data.headers["Location"]
    session.add(SecretField(project_id=project.id, field="geometry", ground="OSL 19 kap. 3 §"))
    session.commit()
    hidden = client.get(client.get("/id/projekt/P-1", headers=JSON).headers["Location"]).json
    assert hidden is not None
    assert hidden["geometry"] is None


def test_a_former_code_that_was_public_goes_on_leading_to_the_project(
    session: Session, actor: Actor, client: FlaskClient
) -> None:
    project = put(session, actor)
    rename(session, actor, project, "P-2")
    rename(session, actor, project, "P-3")
    for code in ("P-1", "P-2", "P-3"):
        assert client.get(f"/id/projekt/{code}").headers["Location"] == "/projekt/P-3"
    session.rollback()
    put(session, actor, "P-1")
    assert client.get("/id/projekt/P-1").headers["Location"] == "/projekt/P-1"


def test_a_code_from_before_it_was_published_tells_nothing(session: Session, actor: Actor, client: FlaskClient) -> None:
    project = put(session, actor, "HEMLIGT-1", published=False)
    rename(session, actor, project, "P-2")
    publish_project(session, project, Publication.PUBLISHED, actor, SYSTEM_RIGHTS)
    session.commit()
    assert client.get("/id/projekt/HEMLIGT-1").status_code == 404
    assert client.get("/id/projekt/P-2").status_code == 303


@pytest.mark.parametrize("how", ["utkast", "sekretess", "aldrig"])
def test_what_is_not_public_answers_as_if_it_had_never_been(
    session: Session, actor: Actor, client: FlaskClient, sign_in: SignIn, how: str
) -> None:
    project = put(session, actor, "P-1" if how != "aldrig" else "P-0")
    rename(session, actor, project, "P-2" if how != "aldrig" else "P-02")
    if how == "utkast":
        publish_project(session, project, Publication.DRAFT, actor, SYSTEM_RIGHTS)
    elif how == "sekretess":
        project.confidential, project.confidentiality_ground = True, "OSL 19 kap. 3 §"
    session.commit()
    for code in ("P-1", "P-2"):
        for headers in ({}, JSON):
            answer = client.get(f"/id/projekt/{code}", headers=headers)
            assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
            assert answer.json == {
                "type": "about:blank", "title": "Finns inte", "status": 404,
                "detail": f"Det finns inget publicerat projekt med koden {code}.",
            }  # fmt: skip
    inside = sign_in(Role.CONTROLLER).get("/id/projekt/P-2")
    assert inside.status_code == (404 if how == "aldrig" else 303)


def test_areas_and_goals_lead_to_page_and_data(client: FlaskClient) -> None:
    expected = {
        "/id/omrade/1999/rinkeby": "/omraden/rinkeby?areas=1999",
        "/id/omrade/2023/jarva": "/omraden/jarva?areas=2023",
        "/id/omrade/stadsdelar/rinkeby": "/omraden/rinkeby?areas=stadsdelar",
        "/id/mal/integration-2004/G1a": "/mal/G1a?edition=integration-2004",
    }
    editions = client.get("/data/mal.json").json
    assert editions is not None
    code = next(one["edition"] for one in editions if one["kind"] == "integration" or "integration" in one["edition"])
    for address, page in expected.items():
        asked, leads = (text.replace("integration-2004", code) for text in (address, page))
        assert client.get(asked).headers["Location"] == leads
        assert client.get(leads).status_code == 200
        data = client.get(asked, headers=JSON)
        assert (data.status_code, client.get(data.headers["Location"]).status_code) == (303, 200)
    for wrong in ("/id/omrade/1999/jarva", "/id/omrade/1066/rinkeby", "/id/mal/1066/G1", f"/id/mal/{code}/G99"):
        answer = client.get(wrong)
        assert (answer.status_code, answer.content_type) == (404, "application/problem+json"), wrong


def test_the_goal_catalogue_names_its_identifiers(session: Session, client: FlaskClient) -> None:
    editions = client.get("/data/mal.json").json
    assert editions is not None
    goals = [goal for one in editions for goal in one["goals"]]
    assert len({one["id"] for one in goals}) == len(goals) > 20
    for one in goals:
        answer = client.get(one["id"].removeprefix("http://localhost"), headers=JSON, follow_redirects=True)
        assert answer.json == one
    aspect = next(one for one in goals if one["code"] == "G1a")
    assert aspect["parent"] in {one["id"] for one in goals}
    assert session.scalar(select(Project.id)) is None
