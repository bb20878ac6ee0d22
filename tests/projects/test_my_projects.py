"""Mina projekt: one's own projects, what they lack, who changed them, what is ahead, and the reviewer's queue."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import make_project
from tests.projects.form_page import open_form, send
from tests.projects.test_form import NEW, SignIn
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role
from tracker.extensions import db
from tracker.projects.decisions import Limits
from tracker.projects.figures import Decision
from tracker.projects.my_projects import read_mine
from tracker.projects.policies import Viewer
from tracker.projects.vocabulary import Gate, Phase, Publication

TODAY = date(2005, 4, 30)


def user_id(session: Session, role: Role) -> int:
    user = find_user(session, f"{role.value}@prov.se")
    assert user is not None
    return user.id


def test_mine_are_those_i_lead_or_stand_in_for_also_confidential_ones(session: Session) -> None:
    me, other = user_id(session, Role.MANAGER), user_id(session, Role.ADMIN)
    make_project(session, "LEDER", manager_id=me, phase=Phase.IMPLEMENTATION, name="B")
    make_project(session, "ERSATTER", manager_id=other, deputy_id=me, phase=Phase.IDEA, name="A")
    make_project(session, "ANNANS", manager_id=other)
    make_project(session, "HEMLIG", manager_id=me, confidential=True, phase=Phase.IDEA, name="C")
    mine = read_mine(session, me, Viewer(drafts=True, user_id=me), TODAY, Limits())
    assert [(row.code, row.deputy, len(row.doubts)) for row in mine.projects] == [
        ("ERSATTER", True, 0),
        ("LEDER", False, 1),
        ("HEMLIG", False, 0),
    ]
    assert mine.total == 3


def test_coming_decisions_stand_in_order_of_their_days(session: Session) -> None:
    me = user_id(session, Role.MANAGER)
    for code, days in (("SEN", 40), ("SNAR", 1), ("FATTAT", 0)):
        project = make_project(session, code, manager_id=me, phase=Phase.IDEA)
        project.decisions = [Decision(gate=Gate.DIRECTION, date=TODAY + timedelta(days=days))]
    session.flush()
    mine = read_mine(session, me, Viewer(drafts=True, user_id=me), TODAY, Limits())
    assert [(one.code, one.gate, one.days) for one in mine.ahead] == [
        ("SNAR", "Inriktningsbeslut", 1),
        ("SEN", "Inriktningsbeslut", 40),
    ]


def test_the_page_tells_who_else_changed_it_and_leads_to_what_is_missing(sign_in: SignIn, session: Session) -> None:
    manager, controller = sign_in(Role.MANAGER), sign_in(Role.CONTROLLER)
    send(manager, NEW, open_form(manager, NEW), name="Kajen", main_kind="trafik", code="A1", phase="ide")
    page = manager.get("/mina-projekt").text
    assert "1 projekt där du är projektledare eller ersättare" in page
    assert "/projekt/A1/redigera#description_public" in page
    assert "Controller Prov" not in page
    edit = "/projekt/A1/redigera"
    assert send(controller, edit, open_form(controller, edit), link="https://stad.example").status == 302
    assert "Controller Prov" in manager.get("/mina-projekt").text
    assert "Att granska" not in manager.get("/mina-projekt").text


def test_the_queue_shows_first_what_everybody_sees_unreviewed(session: Session, sign_in: SignIn) -> None:
    at = datetime(2005, 5, 2, tzinfo=UTC)
    make_project(session, "U", publication=Publication.DRAFT)
    make_project(session, "G", publication=Publication.REVIEWED, reviewed_at=at)
    make_project(session, "P", published_at=at, reviewed_at=at)
    make_project(session, "A", published_at=at)
    session.commit()
    page = sign_in(Role.CONTROLLER).get("/mina-projekt").text
    assert "/projekt/P#granskning" not in page
    assert page.index("/projekt/A#granskning") < page.index("/projekt/G#granskning") < page.index("/projekt/U#")
    assert 'href="/projekt?missing=andrad">1 ändrade efter granskning' in page


def test_empty_pages_say_what_to_do(sign_in: SignIn, client: FlaskClient) -> None:
    assert "inte projektledare eller ersättare för något projekt än" in sign_in(Role.READER).get("/mina-projekt").text
    assert "Inget väntar på granskning." in sign_in(Role.CONTROLLER).get("/mina-projekt").text
    assert client.get("/mina-projekt").status_code == 302
    assert "/mina-projekt" in sign_in(Role.READER).get("/").text
    assert "/mina-projekt" not in client.get("/").text


def test_statements_do_not_grow_with_the_projects(session: Session) -> None:
    me = user_id(session, Role.MANAGER)
    viewer = Viewer(drafts=True, user_id=me)
    counts = []
    for number in (1, 6):
        for place in range(number):
            make_project(session, f"M{number}-{place}", manager_id=me)
        session.commit()
        session.expire_all()
        with counted_statements(db.engine) as statements:
            read_mine(session, me, viewer, TODAY, Limits())
        counts.append(len(statements))
    assert counts[0] == counts[1]
