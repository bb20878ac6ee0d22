"""Confidential fields: who sees them, what hides together, and that nobody overwrites what they may not see."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import find_area
from tests.geometries import CITY_HALL, RINKEBY
from tracker.accounts.models import User
from tracker.accounts.queries import find_user
from tracker.errors import InvalidInputError
from tracker.goals.models import Goal, GoalSet
from tracker.history.models import HistoryEntry
from tracker.history.services import Actor
from tracker.maps.answers import answer_map
from tracker.maps.windows import Window
from tracker.measures.models import MainKind
from tracker.measures.queries import measures_by_code
from tracker.projects.filters import ProjectFilter, select_ids
from tracker.projects.inputs import (
    DecisionInput,
    FigureInput,
    GoalsInput,
    ProjectInput,
    SecretInput,
    ServedInput,
    TagInput,
    VolumeInput,
)
from tracker.projects.masking import hidden_from, marks, shown_to, told_changes, without_hidden
from tracker.projects.models import Project, ProjectDisplay
from tracker.projects.policies import INTERNAL, PUBLIC, SHELL, SYSTEM_RIGHTS, Rights, Viewer
from tracker.projects.queries import get_project
from tracker.projects.restoring import restore_version
from tracker.projects.reviewing import publish_project
from tracker.projects.secrecy import VALUES, Secret, hidden_values, read_ground, sign, with_brought
from tracker.projects.services import change_project, register_project
from tracker.projects.snapshots import describe
from tracker.projects.vocabulary import Flow, Gate, Phase, Publication, Scope

GROUND = "OSL 19 kap. 3 §"
OTHER = Rights(viewer=Viewer(drafts=True, user_id=987_654))


def full(session: Session, *secrets: Secret) -> ProjectInput:
    goal_set = session.scalars(select(GoalSet).where(GoalSet.code == "policy-2004")).one()
    goal = session.scalars(select(Goal).where(Goal.goal_set_id == goal_set.id, Goal.code == "G1a")).one()
    manager = find_user(session, "manager@prov.se")
    return ProjectInput(
        code="H-1",
        name="Kv Åkern",
        main_kind=MainKind.HOUSING,
        phase=Phase.PLANNING,
        case_numbers=("E2005-99",),
        manager_id=manager.id if manager else None,
        start_forecast=date(2005, 1, 1),
        description_public="Öppet",
        description_internal="Inåt",
        link="https://exempel.se",
        stated_area="Zebradalen",
        city_share=5_000,
        geometry=RINKEBY,
        location_approximate=True,
        goals=GoalsInput(goal_set.id, (TagInput(goal.id, 3, "För att"),), answers={goal.questions[0].id: "Svar"}),
        serves=(ServedInput(Scope.AREA, 10_000, find_area(session, "Kista", "1999").id),),
        serves_motivation="Nära.",
        volumes=(VolumeInput(measures_by_code(session)["bostader-hyresratt"].id, 2005, 120),),
        figures=(FigureInput(2005, Flow.OUTLAY, 100, None, 101),),
        decisions=(DecisionInput(Gate.DIRECTION, date=date(2004, 3, 1), outlay_ore=100, case_number="E2005-99"),),
        secret_fields=tuple(SecretInput(one.value, GROUND) for one in secrets),
    )


def somebody_else(session: Session) -> User:
    found = find_user(session, "controller@prov.se")
    assert found is not None
    return found


def emptied(given: ProjectInput) -> ProjectInput:
    """What comes back of a form that shows nothing of what is hidden."""
    assert given.goals is not None
    return ProjectInput(
        code=given.code,
        name="Kv Åkern 2",
        main_kind=given.main_kind,
        phase=given.phase,
        manager_id=given.manager_id,
        goals=GoalsInput(given.goals.goal_set_id),
        decisions=(),
        secret_fields=(),
    )


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("OSL 19 kap. 3 §", "OSL 19 kap. 3 §"),
        ("19:3", "OSL 19 kap. 3 §"),
        ("osl 19 kap 3 a §", "OSL 19 kap. 3 a §"),
        (" OSL 31:16 ", "OSL 31 kap. 16 §"),
        ("OSL 19 kap. 3 § första stycket", "OSL 19 kap. 3 § första stycket"),
        ("hemligt", None),
        ("OSL", None),
        ("OSL 99:1", None),
        ("19", None),
        ("", None),
    ],
)
def test_the_ground_is_a_paragraph_of_the_act(text: str, ground: str | None) -> None:
    assert read_ground(text) == ground


def test_the_sign_is_short() -> None:
    assert sign("OSL 19 kap. 3 a § första stycket") == "Sekretess (OSL 19:3 a)"


def test_what_would_tell_it_hides_with_it() -> None:
    assert set(with_brought({"figures": "a"})) == {Secret.FIGURES, Secret.DECISIONS}
    assert set(with_brought({"case_numbers": "a"})) == {Secret.CASE_NUMBERS, Secret.DECISIONS}
    assert with_brought({"goals": "a", "answers": "b"}) == {Secret.GOALS: "a", Secret.ANSWERS: "b"}
    assert {"city_share", "figures", "decisions"} <= hidden_values(with_brought({"figures": "a"}))


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (SecretInput("geometry", ""), "Läge: skriv lagrummet"),
        (SecretInput("geometry", "hemligt"), "inget lagrum"),
        (SecretInput("name", GROUND), "kan inte sekretessmarkeras"),
    ],
)
def test_a_mark_without_a_true_ground_is_refused(
    session: Session, actor: Actor, given: SecretInput, reason: str
) -> None:
    with pytest.raises(InvalidInputError, match=reason):
        register_project(session, replace(full(session), secret_fields=(given,)), actor, OTHER)


def test_the_controller_and_its_own_people_see_it_and_nobody_else(session: Session, actor: Actor) -> None:
    project = register_project(session, full(session, *Secret), actor, SYSTEM_RIGHTS)
    project.deputy_id = None
    own = Viewer(drafts=True, user_id=project.manager_id)
    assert hidden_from(project, INTERNAL) == hidden_from(project, own) == {}
    assert shown_to(project, own) is project
    for viewer in (PUBLIC, SHELL, OTHER.viewer):
        assert set(hidden_from(project, viewer)) == set(Secret)
        shown = shown_to(project, viewer)
        assert shown not in session
        told = describe(shown)
        open_values = {name: value for name, value in told.items() if value not in (None, "", [], False)}
        assert set(open_values) == {
            "code", "name", "main_kind", "phase", "publication", "city_share", "secret_fields",
        }  # fmt: skip
        assert told["city_share"] == 10_000


def test_every_value_of_a_project_hides_somewhere_or_is_open_on_purpose(session: Session, actor: Actor) -> None:
    project = register_project(session, full(session), actor, SYSTEM_RIGHTS)
    named = {name for names in VALUES.values() for name in names}
    assert set(describe(project)) - named == {
        "code", "name", "main_kind", "secondary_kinds", "subtype", "phase", "confidential", "confidentiality_ground",
        "publication", "parent_id", "example_values", "secret_fields",
    }  # fmt: skip


def test_saving_without_seeing_changes_nothing_that_is_hidden(session: Session, actor: Actor) -> None:
    given = full(session, *Secret)
    project = register_project(session, given, actor, SYSTEM_RIGHTS)
    session.commit()
    before = describe(project)
    change_project(session, project, emptied(given), 1, actor, OTHER)
    session.commit()
    session.expire_all()
    after = describe(project)
    assert {name for name in after if after[name] != before[name]} == {"name"}
    (_, entry) = session.scalars(select(HistoryEntry).where(HistoryEntry.subject_id == project.id)).all()
    assert entry.changes == {"name": ["Kv Åkern", "Kv Åkern 2"]}


@pytest.mark.parametrize("secret", Secret)
def test_one_hidden_field_stays_and_the_rest_is_written(session: Session, actor: Actor, secret: Secret) -> None:
    given = full(session, secret)
    project = register_project(session, given, actor, SYSTEM_RIGHTS)
    before = describe(project)
    hidden = hidden_values(marks(project))
    change_project(session, project, emptied(given), 1, actor, Rights(budget=True, viewer=SHELL))
    session.expire_all()
    after = describe(project)
    assert {name: after[name] for name in hidden if name in after} == {
        name: before[name] for name in hidden if name in before
    }
    assert after["secret_fields"] == [[secret.value, GROUND]]
    kept = {name for name in after if after[name] == before[name]}
    assert not kept & {"case_numbers", "figures", "serves", "volumes", "geometry", "decisions"} - hidden


@pytest.mark.parametrize("name", VALUES[Secret.PEOPLE])
def test_nobody_makes_themselves_manager_or_deputy_to_see_it(session: Session, actor: Actor, name: str) -> None:
    given = full(session, Secret.FIGURES)
    project = register_project(session, given, actor, SYSTEM_RIGHTS)
    somebody = somebody_else(session)
    named: dict[str, Any] = {name: somebody.id}
    mine = replace(emptied(given), **named)
    theirs = Rights(budget=True, viewer=Viewer(drafts=True, user_id=somebody.id))
    with pytest.raises(InvalidInputError, match="Bara den som ser dem byter projektledare") as refused:
        change_project(session, project, mine, 1, actor, theirs)
    assert [one.field for one in refused.value.problems] == [name]
    change_project(session, project, mine, 1, actor, Rights(budget=True, viewer=INTERNAL))
    assert hidden_from(project, theirs.viewer) == {}


def test_no_old_version_makes_an_earlier_manager_see_it_again(session: Session, actor: Actor) -> None:
    former = somebody_else(session)
    given = replace(full(session), manager_id=former.id)
    project = register_project(session, given, actor, SYSTEM_RIGHTS)
    handed_over = replace(emptied(given), manager_id=None, secret_fields=(SecretInput("link", GROUND),))
    change_project(session, project, handed_over, 1, actor, SYSTEM_RIGHTS)
    rights = Rights(budget=True, viewer=Viewer(drafts=True, user_id=former.id))
    restore_version(session, project, 1, 2, actor, rights)
    assert (project.name, project.manager_id) == ("Kv Åkern", None)
    assert Secret.LINK in hidden_from(project, rights.viewer)
    restore_version(session, project, 1, 3, actor, Rights(budget=True, viewer=INTERNAL))
    assert project.manager_id == former.id


def test_whoever_sees_it_opens_it_again(session: Session, actor: Actor) -> None:
    given = full(session, Secret.FIGURES, Secret.GEOMETRY)
    project = register_project(session, given, actor, SYSTEM_RIGHTS)
    opened = replace(given, secret_fields=(SecretInput("geometry", "19:1"),), decisions=None)
    change_project(session, project, opened, 1, actor, Rights(budget=True, viewer=INTERNAL))
    session.commit()
    assert [(row.field, row.ground) for row in project.secret_fields] == [("geometry", "OSL 19 kap. 1 §")]
    unknowing = replace(given, secret_fields=None, decisions=None, name="Nytt namn")
    change_project(session, project, unknowing, project.version, actor, Rights(budget=True, viewer=INTERNAL))
    assert [row.field for row in project.secret_fields] == ["geometry"]


def test_a_search_finds_by_hidden_words_only_for_those_who_see_them(session: Session, actor: Actor) -> None:
    project = register_project(session, full(session, Secret.CASE_NUMBERS, Secret.GEOMETRY), actor, SYSTEM_RIGHTS)
    publish_project(session, project, Publication.PUBLISHED, actor, SYSTEM_RIGHTS)
    own = Viewer(drafts=True, user_id=project.manager_id)

    def found(text: str, viewer: Viewer) -> list[int]:
        return list(session.scalars(select_ids(session, ProjectFilter(q=text), viewer)))

    for word in ("E2005-99", "zebradalen", "åkern zebradalen"):
        assert [found(word, viewer) for viewer in (PUBLIC, SHELL, OTHER.viewer)] == [[], [], []]
        assert found(word, own) == found(word, INTERNAL) == [project.id]
    assert found("åkern", PUBLIC) == [project.id]
    assert found("Rinkeby", PUBLIC) == []
    assert found("Kista", PUBLIC) == [project.id]


def test_the_map_has_the_shape_for_those_who_may_see_it(session: Session, actor: Actor) -> None:
    given = full(session, Secret.GEOMETRY, Secret.GOALS)
    project = register_project(session, given, actor, SYSTEM_RIGHTS)
    publish_project(session, project, Publication.PUBLISHED, actor, SYSTEM_RIGHTS)

    def drawn(viewer: Viewer) -> tuple[int, int]:
        answer = answer_map(session, ProjectFilter(), viewer, Window())
        return answer.shown, answer.count.unlocated

    assert [drawn(viewer) for viewer in (PUBLIC, SHELL, OTHER.viewer)] == [(0, 1)] * 3
    assert drawn(INTERNAL) == drawn(Viewer(drafts=True, user_id=project.manager_id)) == (1, 0)
    text = session.scalars(select(ProjectDisplay.feature)).one()
    assert '"goals":[]' in text
    assert "Rinkeby" not in text
    opened = replace(given, secret_fields=(), decisions=None)
    change_project(session, project, opened, project.version, actor, Rights(budget=True, viewer=INTERNAL))
    assert drawn(PUBLIC) == (1, 0)
    assert '"goals":["G1a"]' in session.scalars(select(ProjectDisplay.feature)).one()


def test_of_old_values_what_is_hidden_now_is_hidden_too(session: Session, actor: Actor) -> None:
    given = full(session)
    project = register_project(session, given, actor, SYSTEM_RIGHTS)
    moved = replace(given, geometry=CITY_HALL, name="Nytt", secret_fields=(SecretInput("geometry", GROUND),))
    change_project(session, project, replace(moved, decisions=None), 1, actor, SYSTEM_RIGHTS)
    entries = session.scalars(select(HistoryEntry).where(HistoryEntry.subject_id == project.id)).all()
    hidden = hidden_from(get_project(session, "H-1", SHELL), SHELL)
    told = [told_changes(entry.changes, hidden) for entry in entries]
    assert all("POINT" not in repr(one) and "Zebradalen" not in repr(one) for one in told)
    assert told[0]["geometry"] == ["Sekretess (OSL 19:3)", "Sekretess (OSL 19:3)"]
    assert told[1]["name"] == ["Kv Åkern", "Nytt"]
    assert "geometry" not in without_hidden(describe(project), hidden)


def test_marks_are_gone_with_their_project(session: Session, actor: Actor) -> None:
    project = register_project(session, full(session, Secret.LINK), actor, SYSTEM_RIGHTS)
    session.commit()
    session.delete(session.get_one(Project, project.id))
    session.commit()
    assert session.scalars(select(Project)).all() == []
