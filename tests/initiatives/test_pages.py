"""The pages of initiatives: list, form, two tabs, publication, history, and who may do what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import find_area, make_project
from tests.initiatives.making import make_initiative
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role
from tracker.goals.queries import get_goal, get_goal_set
from tracker.initiatives.models import Initiative
from tracker.initiatives.queries import list_perspectives
from tracker.projects.vocabulary import Publication

SignIn = Callable[[Role], FlaskClient]
LIST = "/uppfoljning/insatser"
NEW = f"{LIST}/ny"


def stored(session: Session, code: str) -> Initiative:
    session.rollback()
    session.expire_all()
    return session.scalars(select(Initiative).where(Initiative.code == code)).one()


def fields(**changes: Any) -> dict[str, Any]:
    return {"code": "I-1", "name": "Samråd", "description": "Möten.", "for_whom": "Boende", "owner_id": "0"} | changes


def filled(one: Initiative, **changes: Any) -> dict[str, Any]:
    """What the form of a stored one sends."""
    return {
        "version": str(one.version),
        "name": one.name,
        "description": one.description,
        "for_whom": one.for_whom,
        "owner_id": str(one.owner_id or 0),
        "goals": [str(goal.id) for goal in one.goals],
    } | changes


def test_an_empty_list_says_what_to_do(sign_in: SignIn) -> None:
    assert "Inga insatser är registrerade än." in sign_in(Role.READER).get(LIST).text
    assert "Lägg till den första insatsen" in sign_in(Role.MANAGER).get(LIST).text
    assert "Lägg till den första insatsen" not in sign_in(Role.READER).get(LIST).text


def test_a_manager_writes_a_draft_with_all_that_it_hangs_on(session: Session, sign_in: SignIn) -> None:
    goal = get_goal(session, get_goal_set(session, "policy-2004"), "G2d")
    area, project = find_area(session, "Rinkeby", "1999"), make_project(session, "P1")
    children = next(one for one in list_perspectives(session) if one.code == "barn")
    session.commit()
    sent = fields(
        start_date="2005-02-01", goals=[goal.id], areas=[area.id], projects=[project.id],
        **{f"answer-{children.id}": "Barn tillfrågas."},
    )  # fmt: skip
    answer = sign_in(Role.MANAGER).post(NEW, data=sent)
    assert answer.headers["Location"] == f"{LIST}/I-1"
    made = stored(session, "I-1")
    assert made.publication is Publication.DRAFT
    assert [one.code for one in made.goals] == ["G2d"]
    assert [one.name for one in made.areas] == ["Rinkeby"]
    assert [one.code for one in made.projects] == ["P1"]
    assert [one.answer for one in made.answers] == ["Barn tillfrågas."]
    page = sign_in(Role.READER).get(f"{LIST}/I-1").text
    assert "Barn tillfrågas." in page
    assert "policy-2004:G2d" in page  # the history tells it


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"name": ""}, "Ange vad insatsen heter."),
        ({"code": "ny"}, "Använd bara bokstäver"),
        ({"start_date": "våren"}, "är inget datum"),
        ({"start_date": "2005-05-01", "end_date": "2005-04-01"}, "Slutet ligger före starten."),
        ({"confidential": "y"}, "Ange lagrummet (OSL)"),
        ({"goals": ["999999"]}, "one or more of the choices"),
    ],
)
def test_what_is_refused_is_said_and_nothing_typed_is_lost(
    sign_in: SignIn, changes: dict[str, Any], reason: str
) -> None:
    answer = sign_in(Role.MANAGER).post(NEW, data=fields(description="Lång text som inte får gå förlorad.") | changes)
    assert answer.status_code == 422
    if "goals" not in changes:
        assert reason in answer.text
    assert "Lång text som inte får gå förlorad." in answer.text


def test_a_taken_code_is_refused(session: Session, sign_in: SignIn) -> None:
    make_initiative(session, "I-1")
    session.commit()
    answer = sign_in(Role.MANAGER).post(NEW, data=fields())
    assert answer.status_code == 422
    assert "Koden I-1 används redan" in answer.text


def test_projects_are_found_by_search_without_saving_and_without_losing_text(session: Session, sign_in: SignIn) -> None:
    seen = make_project(session, "P1", name="Tensta torg")
    make_project(session, "P2", name="Tensta hemligt", confidential=True)
    session.commit()
    manager = sign_in(Role.MANAGER)
    answer = manager.post(NEW, data=fields(project_query="tensta", action="search"))
    assert answer.status_code == 200
    assert "En träff på ”tensta”" in answer.text
    assert f'value="{seen.id}"' in answer.text
    assert "hemligt" not in answer.text
    assert "Möten." in answer.text
    # A search that was typed but not pressed is made first; nothing is saved behind one's back.
    again = manager.post(NEW, data=fields(project_query="tensta", action="save"))
    assert "En träff på" in again.text
    session.rollback()
    assert session.scalar(select(Initiative.id)) is None


def test_a_link_to_a_project_that_one_may_not_see_survives_the_save(session: Session, sign_in: SignIn) -> None:
    made = make_initiative(session, "I-1")
    made.projects = [make_project(session, "OPEN"), make_project(session, "SECRET", confidential=True)]
    hidden = made.projects[1].id
    session.commit()
    manager = sign_in(Role.MANAGER)
    for address in (f"{LIST}/I-1", f"{LIST}/I-1/andra"):
        assert "SECRET" not in manager.get(address).text
    sent = filled(made, name="Nytt namn", projects=[str(hidden)])
    assert manager.post(f"{LIST}/I-1/andra", data=sent).status_code == 302
    assert [one.code for one in stored(session, "I-1").projects] == ["SECRET"]
    assert "SECRET" not in manager.get(f"{LIST}/I-1").text
    assert "SECRET" in sign_in(Role.CONTROLLER).get(f"{LIST}/I-1").text


def test_two_tabs_are_shown_both_versions_and_nothing_is_overwritten(session: Session, sign_in: SignIn) -> None:
    made = make_initiative(session, "I-1", publication=Publication.DRAFT, for_whom="Alla")
    session.commit()
    first, opened = sign_in(Role.MANAGER), filled(made)
    assert first.post(f"{LIST}/I-1/andra", data=opened | {"name": "Deras namn", "for_whom": "Barn"}).status_code == 302
    crossed = first.post(f"{LIST}/I-1/andra", data=opened | {"name": "Mitt namn", "description": "Min text."})
    assert crossed.status_code == 409
    for text in (
        "Någon annan sparade insatsen",
        "Deras namn",
        "Mitt namn",
        "Insats I-1",
        "Min text.",
        "Alla → Barn",
        "Senast sparad av Projektledare Prov",
    ):
        assert text in crossed.text
    kept = stored(session, "I-1")
    assert (kept.name, kept.description) == ("Deras namn", "Vad I-1 är.")
    # The form holds what only the others changed, and the version that it may be saved over.
    merged = opened | {
        "version": str(kept.version),
        "name": "Mitt namn",
        "description": "Min text.",
        "for_whom": "Barn",
    }
    assert f'value="{kept.version}"' in crossed.text
    assert first.post(f"{LIST}/I-1/andra", data=merged).status_code == 302
    assert (stored(session, "I-1").name, stored(session, "I-1").for_whom) == ("Mitt namn", "Barn")


def test_a_manager_does_not_change_what_another_answers_for(session: Session, sign_in: SignIn) -> None:
    other = find_user(session, "controller@prov.se")
    assert other is not None
    made = make_initiative(session, "I-1", owner_id=other.id)
    session.commit()
    assert sign_in(Role.MANAGER).get(f"{LIST}/I-1/andra").status_code == 403
    assert sign_in(Role.MANAGER).post(f"{LIST}/I-1/andra", data=filled(made, name="Nej")).status_code == 403
    assert f"{LIST}/I-1/andra" not in sign_in(Role.MANAGER).get(f"{LIST}/I-1").text


def test_only_a_controller_publishes_and_a_managers_change_makes_it_a_draft_again(
    session: Session, sign_in: SignIn
) -> None:
    made = make_initiative(session, "I-1", publication=Publication.DRAFT)
    session.commit()
    sent = {"version": str(made.version), "publication": "publicerad"}
    assert sign_in(Role.MANAGER).post(f"{LIST}/I-1/publicering", data=sent).status_code == 403
    assert sign_in(Role.CONTROLLER).post(f"{LIST}/I-1/publicering", data=sent).status_code == 302
    assert "Insats I-1" in sign_in(Role.MANAGER).get("/insatser").text
    made = stored(session, "I-1")
    assert sign_in(Role.CONTROLLER).post(f"{LIST}/I-1/publicering", data=sent).status_code == 302  # nothing to do
    sign_in(Role.MANAGER).post(f"{LIST}/I-1/andra", data=filled(made, name="Ändrad"))
    assert stored(session, "I-1").publication is Publication.DRAFT
    assert "Ändrad" not in sign_in(Role.CONTROLLER).get("/insatser").text


def test_what_is_confidential_is_not_published_and_not_found_by_others(
    session: Session, client: FlaskClient, sign_in: SignIn
) -> None:
    make_initiative(session, "OPEN")
    make_initiative(session, "DRAFT", name="Zebraväg", publication=Publication.DRAFT)
    secret = make_initiative(session, "SECRET", name="Zebraplan", confidential=True)
    session.commit()
    sent = {"version": str(secret.version), "publication": "publicerad"}
    secret_draft = sign_in(Role.CONTROLLER)
    assert secret_draft.post(f"{LIST}/SECRET/publicering", data=sent).status_code == 422
    assert "Zebra" not in client.get("/insatser").text
    assert "Zebra" not in sign_in(Role.CONTROLLER).get("/insatser").text
    for address in (LIST, f"{LIST}?q=zebraplan", f"{LIST}/SECRET", f"{LIST}/SECRET/andra"):
        assert "Zebraplan</a>" not in sign_in(Role.MANAGER).get(address).text
    assert sign_in(Role.MANAGER).get(f"{LIST}/SECRET").status_code == 404
    assert "Zebraplan" in secret_draft.get(f"{LIST}/SECRET").text


def test_the_list_is_narrowed_by_goal_area_year_and_words(session: Session, sign_in: SignIn) -> None:
    goals = get_goal_set(session, "policy-2004")
    one = make_initiative(session, "I-1", name="Ängen åt alla")
    one.goals, one.areas = [get_goal(session, goals, "G2d")], [find_area(session, "Bromma", "2023")]
    two = make_initiative(session, "I-2", name="Praktik")
    two.goals, two.areas = [get_goal(session, goals, "G1")], [find_area(session, "Farsta", "2023")]
    session.commit()
    reader = sign_in(Role.READER)

    def shown(query: str) -> list[str]:
        text = reader.get(f"{LIST}?{query}").text
        return [code for code in ("I-1", "I-2") if f'{LIST}/{code}"' in text]

    assert shown("") == ["I-1", "I-2"]
    assert shown("goal=G2") == ["I-1"]
    assert shown("goal=G1") == ["I-2"]
    assert shown("area=farsta") == ["I-2"]
    assert shown("q=ÄNGEN ÅT") == ["I-1"]
    assert shown("year=2005") == ["I-1", "I-2"]
    assert "Ingen insats stämmer" in reader.get(f"{LIST}?q=finns-inte").text
