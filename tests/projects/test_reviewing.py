"""Draft → reviewed → published: who may, whose names stand there, and what a change after it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import make_project
from tests.projects.form_page import open_form, send
from tests.projects.test_form import NEW, stored
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role
from tracker.errors import ConflictError, DomainError, InvalidInputError
from tracker.extensions import db
from tracker.history.models import HistoryEntry, Origin
from tracker.history.services import Actor
from tracker.measures.models import MainKind
from tracker.projects.inputs import ProjectInput
from tracker.projects.models import Project
from tracker.projects.policies import SYSTEM_RIGHTS, Rights
from tracker.projects.reviewing import changed_since_review, is_reviewed, lose_reviews, publish_project
from tracker.projects.services import change_project, register_project
from tracker.projects.vocabulary import Publication

SignIn = Callable[[Role], FlaskClient]
AT = datetime(2005, 5, 2, 8, 30, tzinfo=UTC)
CONTROLLER = Rights(budget=True, publish=True)
GIVEN = ProjectInput(code="A1", name="Kaj", main_kind=MainKind.TRAFFIC)


def actor_of(session: Session, role: Role, minutes: int = 0) -> Actor:
    user = find_user(session, f"{role.value}@prov.se")
    assert user is not None
    return Actor(name=user.name or "", origin=Origin.FORM, at=AT + timedelta(minutes=minutes), user_id=user.id)


@pytest.fixture
def project(session: Session) -> Project:
    """A manager's draft."""
    made = register_project(session, GIVEN, actor_of(session, Role.MANAGER), Rights())
    session.commit()
    return made


def published(session: Session, project: Project) -> None:
    controller = actor_of(session, Role.CONTROLLER, 1)
    publish_project(session, project, Publication.REVIEWED, controller, CONTROLLER, project.version)
    publish_project(session, project, Publication.PUBLISHED, actor_of(session, Role.ADMIN, 2), SYSTEM_RIGHTS)
    session.commit()


def test_names_and_times_of_review_and_publishing_stand_on_the_project(session: Session, project: Project) -> None:
    published(session, project)
    assert (project.publication, project.reviewed_by) == (Publication.PUBLISHED, "Controller Prov")
    assert (project.reviewed_at, project.published_by) == (AT + timedelta(minutes=1), "Administratör Prov")
    assert project.published_at == AT + timedelta(minutes=2)
    entry = session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
    assert entry is not None
    assert entry.changes == {
        "publication": ["granskad", "publicerad"],
        "published_by": ["", "Administratör Prov"],
    }


def test_a_managers_change_leaves_a_published_project_published_and_marked(session: Session, project: Project) -> None:
    published(session, project)
    given = replace(GIVEN, name="Kajen")
    change_project(session, project, given, project.version, actor_of(session, Role.MANAGER, 3), Rights())
    session.commit()
    assert (project.publication, project.reviewed_by, project.reviewed_at) == (Publication.PUBLISHED, "", None)
    assert changed_since_review(project)
    entry = session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
    assert entry is not None
    assert entry.note == "Ändrad efter granskning"
    assert entry.changes == {"name": ["Kaj", "Kajen"], "reviewed_by": ["Controller Prov", ""]}
    controller = actor_of(session, Role.CONTROLLER, 4)
    publish_project(session, project, Publication.PUBLISHED, controller, CONTROLLER)
    assert (is_reviewed(project), project.published_by) == (True, "Administratör Prov")


def test_a_managers_change_makes_a_reviewed_project_a_draft_again(session: Session, project: Project) -> None:
    publish_project(session, project, Publication.REVIEWED, actor_of(session, Role.CONTROLLER, 1), CONTROLLER)
    session.commit()
    given = replace(GIVEN, name="Kajen")
    change_project(session, project, given, project.version, actor_of(session, Role.MANAGER, 2), Rights())
    assert (project.publication, project.reviewed_at) == (Publication.DRAFT, None)


def test_a_controllers_change_and_an_unchanged_save_keep_the_review(session: Session, project: Project) -> None:
    published(session, project)
    manager, controller = actor_of(session, Role.MANAGER, 3), actor_of(session, Role.CONTROLLER, 3)
    change_project(session, project, GIVEN, project.version, manager, Rights())
    change_project(session, project, replace(GIVEN, name="Kajen"), project.version, controller, CONTROLLER)
    assert project.reviewed_by == "Controller Prov"


def test_nobody_reviews_their_own_last_change_but_an_administrator_with_a_reason(
    session: Session, project: Project
) -> None:
    controller, admin = actor_of(session, Role.CONTROLLER, 1), actor_of(session, Role.ADMIN, 2)
    change_project(session, project, replace(GIVEN, name="Kajen"), project.version, controller, CONTROLLER)
    for state in (Publication.REVIEWED, Publication.PUBLISHED):
        with pytest.raises(DomainError, match="Du gjorde själv den senaste ändringen"):
            publish_project(session, project, state, controller, CONTROLLER)
    publish_project(session, project, Publication.REVIEWED, admin, SYSTEM_RIGHTS)
    change_project(
        session, project, replace(GIVEN, name="Kaj 2"), project.version, admin, replace(CONTROLLER, publish=False)
    )
    with pytest.raises(InvalidInputError, match="Skriv varför"):
        publish_project(session, project, Publication.PUBLISHED, admin, SYSTEM_RIGHTS)
    publish_project(session, project, Publication.PUBLISHED, admin, SYSTEM_RIGHTS, reason="Ensam på kontoret i juli")
    session.flush()
    entry = session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
    assert entry is not None
    assert entry.note == "Ensam på kontoret i juli"


def test_a_project_that_has_moved_is_not_published(session: Session, project: Project) -> None:
    controller = actor_of(session, Role.CONTROLLER, 1)
    with pytest.raises(ConflictError, match="har ändrats sedan du läste det"):
        publish_project(session, project, Publication.PUBLISHED, controller, CONTROLLER, project.version - 1)


@pytest.mark.usefixtures("session")
def test_case_39_the_button_carries_the_version_and_answers_with_the_page_as_it_is(sign_in: SignIn) -> None:
    manager, controller = sign_in(Role.MANAGER), sign_in(Role.CONTROLLER)
    assert send(manager, NEW, open_form(manager, NEW), name="Kaj", main_kind="trafik", code="A1").status == 302
    page = controller.get("/projekt/A1").text
    version = page.split('name="version" value="')[1].split('"')[0]
    edit = "/projekt/A1/redigera"
    assert send(manager, edit, open_form(manager, edit), name="Kajen i hamnen").status == 302
    answer = controller.post("/projekt/A1/publicering", data={"publication": "publicerad", "version": version})
    assert answer.status_code == 409
    assert "Projektet har ändrats sedan du öppnade sidan" in answer.text
    assert "ändrat av Projektledare Prov" in answer.text
    assert "Kajen i hamnen" in answer.text
    assert stored("A1").publication is Publication.DRAFT
    again = answer.text.split('name="version" value="')[1].split('"')[0]
    assert (
        controller.post("/projekt/A1/publicering", data={"publication": "publicerad", "version": again}).status_code
        == 302
    )
    assert stored("A1").publication is Publication.PUBLISHED


@pytest.mark.usefixtures("session")
def test_the_page_offers_each_person_the_steps_that_are_theirs(sign_in: SignIn) -> None:
    manager, controller, admin = sign_in(Role.MANAGER), sign_in(Role.CONTROLLER), sign_in(Role.ADMIN)
    send(controller, NEW, open_form(controller, NEW), name="Kaj", main_kind="trafik", code="A1", manager_id="")
    own = controller.get("/projekt/A1").text
    assert "Någon annan behöver granska den." in own
    assert "Granska och publicera" not in own
    assert "Granska och publicera" in admin.get("/projekt/A1").text
    theirs = manager.get("/projekt/A1").text
    assert 'name="publication"' not in theirs
    assert "Du är inte projektledare eller ersättare" in theirs
    version = str(stored("A1").version)
    assert (
        admin.post("/projekt/A1/publicering", data={"publication": "publicerad", "version": version}).status_code == 302
    )
    db.session.expire_all()
    edit = "/projekt/A1/redigera"
    assert send(manager, edit, open_form(manager, edit), name="Kajen").status == 302
    page = controller.get("/projekt/A1").text
    assert "Ändrad efter granskning" in page
    assert "Ändrad efter granskning" not in manager.application.test_client().get("/projekt/A1").text


def test_many_projects_lose_their_reviews_at_once_as_one_does(session: Session, actor: Actor) -> None:
    made = {
        code: make_project(session, code, publication=state, reviewed_at=at, reviewed_by="C" if at else "")
        for code, state, at in (
            ("P", Publication.PUBLISHED, AT),
            ("G", Publication.REVIEWED, AT),
            ("U", Publication.DRAFT, None),
            ("I", Publication.PUBLISHED, None),
        )
    }
    ids = [project.id for project in made.values()]
    session.commit()
    assert lose_reviews(session, ids, CONTROLLER) == {}
    assert lose_reviews(session, ids, Rights()) == {
        made["P"].id: {"reviewed_by": ["C", ""]},
        made["G"].id: {"reviewed_by": ["C", ""], "publication": ["granskad", "utkast"]},
    }
    session.commit()
    states = [Publication.PUBLISHED, Publication.DRAFT, Publication.DRAFT, Publication.PUBLISHED]
    assert [project.publication for project in made.values()] == states
    assert all(project.reviewed_at is None for project in made.values())
