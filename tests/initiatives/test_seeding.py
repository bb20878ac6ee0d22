"""What is there from the start: perspectives with our proposed wording, and examples that say what they are."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.followup.queries import list_periods
from tracker.history.services import Actor
from tracker.initiatives.examples import MARK, seed_example_initiatives
from tracker.initiatives.models import Initiative, Perspective
from tracker.initiatives.queries import list_perspectives
from tracker.initiatives.seeding import seed_perspectives


def test_the_boards_perspectives_are_there_and_say_that_the_wording_is_ours(session: Session) -> None:
    found = list_perspectives(session)
    assert [one.name for one in found] == ["Tillgänglighet", "Jämställdhet", "Barn"]
    assert all("(föreslagen formulering)" in one.question for one in found)


def test_seeding_again_leaves_what_stands(session: Session) -> None:
    first = list_perspectives(session)[0]
    first.question = "Vår egen fråga?"
    seed_perspectives(session)
    session.expire_all()
    assert (
        session.scalars(select(Perspective.question).where(Perspective.code == first.code)).one() == "Vår egen fråga?"
    )
    assert len(list_perspectives(session)) == 3


def test_examples_say_that_they_are_examples_and_open_no_period(session: Session, actor: Actor) -> None:
    assert seed_example_initiatives(session, actor) == 3
    assert seed_example_initiatives(session, actor) == 0
    found = session.scalars(select(Initiative)).all()
    assert all(one.description.startswith(MARK) for one in found)
    assert all(one.goals for one in found)
    assert list_periods(session) == []


def test_the_page_of_goals_leads_to_their_published_initiatives(
    session: Session, actor: Actor, client: FlaskClient
) -> None:
    seed_example_initiatives(session, actor)
    session.commit()
    assert "/insatser?goal=G2" in client.get("/mal").text
    shown = client.get("/insatser?goal=G2").text
    assert "Trygghetsvandringar" in shown
    assert "Trygghetsvandringar" not in client.get("/insatser?goal=G3").text
