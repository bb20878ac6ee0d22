"""Case 48: tags are not made anew every plan year; a new goal edition carries them over by its crosswalk."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tests.contribution.register import add_no_contribution, add_project
from tests.geometries import RINKEBY
from tests.projects.test_form import SignIn
from tracker.accounts.roles import Role
from tracker.errors import DomainError
from tracker.goals.editions import copy_edition
from tracker.goals.inputs import EditionInput
from tracker.goals.models import Goal, GoalCrosswalk, GoalSet
from tracker.goals.queries import get_goal_set
from tracker.history.models import HistoryEntry
from tracker.history.services import Actor
from tracker.projects.carrying import carry_over, plan_carrying, waiting_count
from tracker.projects.display import refresh_display
from tracker.projects.models import GoalTag, Project, ProjectDisplay
from tracker.projects.snapshots import describe


@pytest.fixture
def edition(session: Session, actor: Actor) -> GoalSet:
    source = get_goal_set(session, "policy-2004")
    made = copy_edition(session, source, EditionInput("policy-2008", "Policy 2008", 2008, ""), actor)
    session.commit()
    return made


def tags(project: Project, edition: GoalSet) -> dict[str, tuple[int, str]]:
    return {
        tag.goal.code: (tag.weight, tag.motivation) for tag in project.goal_tags if tag.goal.goal_set_id == edition.id
    }


def goal(session: Session, edition: GoalSet, code: str) -> Goal:
    return session.scalars(select(Goal).where(Goal.goal_set_id == edition.id, Goal.code == code)).one()


def test_case_48_a_new_edition_carries_the_tags_over(session: Session, actor: Actor, edition: GoalSet) -> None:
    tagged = add_project(session, "A", RINKEBY, goals={"G1a": 3, "G2c": 1})
    tagged.goal_tags[0].motivation = "Bostäder"
    nothing = add_project(session, "B")
    add_no_contribution(session, nothing)
    unjudged = add_project(session, "C")
    session.commit()
    refresh_display(session, [tagged.id])
    assert waiting_count(session, edition) == 1
    plan = carry_over(session, edition, actor)
    session.commit()
    assert plan.projects == 2
    assert tags(tagged, edition) == {"G1a": (3, "Bostäder"), "G2c": (1, "")}
    assert tags(tagged, get_goal_set(session, "policy-2004")) == tags(tagged, edition)
    assert [row.reason for row in nothing.goal_assessments] == ["Prov", "Prov"]
    assert unjudged.goal_tags == []
    entry = session.scalars(select(HistoryEntry).where(HistoryEntry.subject_id == tagged.id)).one()
    assert (entry.subject_version, tagged.version) == (2, 2)
    assert entry.changes["goals"][1] == describe(tagged)["goals"]
    assert session.get_one(ProjectDisplay, tagged.id).feature.count("G1a") >= 1
    assert waiting_count(session, edition) == 0


def test_sent_twice_it_changes_nothing_and_what_is_judged_is_left(
    session: Session, actor: Actor, edition: GoalSet
) -> None:
    project = add_project(session, "A", goals={"G1a": 3})
    judged = add_project(session, "B", goals={"G1a": 3})
    judged.goal_tags.append(GoalTag(goal_id=goal(session, edition, "G3").id, weight=2))
    session.commit()
    assert carry_over(session, edition, actor).judged == 1
    session.commit()
    version = project.version
    assert carry_over(session, edition, actor).projects == 0
    assert project.version == version
    assert tags(judged, edition) == {"G3": (2, "")}


def test_goals_are_split_merged_and_ended_as_the_crosswalk_says(
    session: Session, actor: Actor, edition: GoalSet
) -> None:
    old = get_goal_set(session, "policy-2004")
    project = add_project(session, "A", goals={"G1a": 1, "G1b": 3, "G2a": 2})
    for tag in project.goal_tags:
        tag.motivation = tag.goal.code
    ended = add_project(session, "B", goals={"G2a": 2})
    merged, split, gone = (goal(session, old, code).id for code in ("G1a", "G1b", "G2a"))
    session.execute(delete(GoalCrosswalk).where(GoalCrosswalk.from_goal_id.in_((merged, split, gone))))
    session.add_all(
        GoalCrosswalk(from_goal_id=before, to_goal_id=goal(session, edition, after).id)
        for before, after in ((merged, "G1b"), (split, "G1b"), (split, "G1c"))
    )
    session.commit()
    plan = plan_carrying(session, edition)
    assert plan.ended == (("B", "Projekt B"),)
    assert {one.code: one.onto for one in plan.goals if one.code == "G2a"} == {"G2a": ()}
    carry_over(session, edition, actor)
    session.commit()
    assert tags(project, edition) == {"G1b": (3, "G1a\nG1b"), "G1c": (3, "G1b")}
    assert tags(ended, edition) == {}


def test_the_first_edition_has_nothing_to_carry(session: Session) -> None:
    first = session.scalars(select(GoalSet).where(GoalSet.predecessor_id.is_(None)).limit(1)).one()
    with pytest.raises(DomainError, match="ingen tidigare utgåva"):
        plan_carrying(session, first)


@pytest.mark.usefixtures("edition")
def test_the_page_shows_the_plan_before_anything_is_done(session: Session, sign_in: SignIn) -> None:
    project = add_project(session, "A", goals={"G1a": 3})
    session.commit()
    admin, address = sign_in(Role.ADMIN), "/mal/utgava/policy-2008/markningar"
    page = admin.get(address).text
    assert "1 projekt får märkningar." in page
    assert len(project.goal_tags) == 1
    assert admin.post(address).headers["Location"] == "/mal?edition=policy-2008"
    session.expire_all()
    assert len(project.goal_tags) == 2
    assert sign_in(Role.CONTROLLER).get(address).status_code == 403
