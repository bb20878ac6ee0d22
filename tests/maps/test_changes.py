"""What has changed since a day: in words, for whom, and never by what is hidden; on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import find_area, make_project
from tests.maps.projects import RINKEBY, square
from tracker.followup.codes import PeriodCode
from tracker.followup.opening import open_period
from tracker.followup.vocabulary import PeriodState
from tracker.goals.models import Goal
from tracker.history.services import Actor
from tracker.maps.changes import changed_since, find_differences, find_since, list_since
from tracker.maps.changes_told import tell_differences
from tracker.measures.models import MainKind
from tracker.projects.inputs import DecisionInput, GoalsInput, ProjectInput, SecretInput, ServedInput, TagInput
from tracker.projects.models import Project
from tracker.projects.policies import INTERNAL, PUBLIC, SYSTEM_RIGHTS, Viewer, visible_to
from tracker.projects.queries import get_project
from tracker.projects.reviewing import publish_project
from tracker.projects.services import change_project, register_project
from tracker.projects.vocabulary import Gate, Phase, Publication, Scope

DAY = "2005-04-30"
EARLY = datetime(2005, 3, 1, 9, tzinfo=UTC)
LATE = datetime(2005, 6, 1, 9, tzinfo=UTC)
NOW = datetime(2005, 7, 1, 9, tzinfo=UTC)
READER = Viewer(drafts=True)


def given(**values: object) -> ProjectInput:
    plain = ProjectInput("P-1", "Kv Åkern", MainKind.HOUSING, phase=Phase.PLANNING, geometry=square(RINKEBY))
    return replace(plain, **values)  # type: ignore[arg-type]


def put(session: Session, actor: Actor, first: ProjectInput, *, published: bool = True) -> Project:
    """Registered, and published if so, before the day."""
    early = replace(actor, at=EARLY)
    project = register_project(session, first, early, SYSTEM_RIGHTS)
    if published:
        publish_project(session, project, Publication.PUBLISHED, early, SYSTEM_RIGHTS)
    return project


def change(session: Session, actor: Actor, project: Project, now: ProjectInput) -> None:
    late = replace(actor, at=LATE)
    change_project(session, project, now, project.version, late, replace(SYSTEM_RIGHTS, viewer=INTERNAL))


def codes(session: Session, viewer: Viewer = PUBLIC, key: str = DAY) -> list[str]:
    """Of the projects that the condition leaves."""
    session.flush()
    chosen = [*visible_to(viewer), changed_since(session, key, viewer, NOW)]
    return sorted(session.scalars(select(Project.code).where(*chosen)))


def lines(session: Session, project: Project, viewer: Viewer = PUBLIC) -> list[str]:
    session.flush()
    found = find_differences(session, DAY, [project.id], viewer)
    return tell_differences(session, found).get(project.id, [])


def test_nothing_has_changed(session: Session, actor: Actor) -> None:
    project = put(session, actor, given())
    assert codes(session) == []
    assert lines(session, project) == []


def test_what_changed_is_said_old_and_new(session: Session, actor: Actor) -> None:
    first = given(start_decided=date(2005, 1, 1), serves=(served(session, "Rinkeby"),), serves_motivation="Nära")
    project = put(session, actor, first)
    other = put(session, actor, replace(first, code="P-2", geometry=square(RINKEBY, 300)))
    goal = session.scalars(select(Goal).where(Goal.code == "G1a")).first()
    assert goal is not None
    change(
        session,
        actor,
        project,
        replace(
            first,
            name="Kv Åkern, norra",
            phase=Phase.IMPLEMENTATION,
            start_forecast=date(2005, 9, 1),
            end_decided=date(2008, 6, 30),
            geometry=square(RINKEBY, 400),
            serves=(served(session, "Tensta"),),
            goals=GoalsInput(goal.goal_set_id, tags=(TagInput(goal.id, 2, "Hemlig tanke"),)),
            decisions=(decided(date(2005, 5, 10), 120_000_000_00),),
        ),
    )
    assert codes(session) == ["P-1"]
    told = lines(session, project)
    assert told == [
        "Namn: Kv Åkern → Kv Åkern, norra",
        "Skede: Planering → Genomförande",
        "Start: 2005-01-01 → 2005-09-01",
        "Slut: – → 2008-06-30",
        "Läget är ändrat",
        f"Nytt mål: G1a {goal.name_sv}",
        "Betjänade områden: Rinkeby (stadsdel) → Tensta (stadsdel)",
        "Nytt beslut: Genomförandebeslut 2005-05-10",
        "Beslutad utgift: – → 120\u00a0mnkr",
    ]
    assert lines(session, other) == []
    assert not any("tanke" in line for line in told)


def served(session: Session, name: str) -> ServedInput:
    return ServedInput(Scope.AREA, 10_000, find_area(session, name).id)


def decided(day: date, ore: int, level: str = "2005 års priser") -> DecisionInput:
    return DecisionInput(Gate.IMPLEMENTATION, "Marknämnden", day, "E2005-1", "§ 1", ore, None, level, "Intern not")


def test_a_budget_that_was_revised(session: Session, actor: Actor) -> None:
    first = given(decisions=(decided(date(2005, 2, 1), 100_000_000_00),))
    project = put(session, actor, first)
    revised = replace(decided(date(2005, 5, 20), 135_500_000_00, "2006 års priser"), gate=Gate.IMPLEMENTATION_REVISED)
    change(session, actor, project, replace(first, decisions=(decided(date(2005, 2, 1), 100_000_000_00), revised)))
    assert lines(session, project) == [
        "Nytt beslut: Reviderat genomförandebeslut 2005-05-20",
        "Beslutad utgift: 100\u00a0mnkr (2005 års priser) → 135,5\u00a0mnkr (2006 års priser)",
    ]


def test_there_and_back_again_is_no_change(session: Session, actor: Actor) -> None:
    project = put(session, actor, given())
    change(session, actor, project, given(name="Ett annat namn"))
    change(session, actor, project, given())
    assert codes(session) == []


def test_internal_facts_are_no_public_change(session: Session, actor: Actor) -> None:
    project = put(session, actor, given())
    change(session, actor, project, given(description_internal="Nytt", city_share=5_000, subtype="smahus"))
    assert codes(session) == codes(session, INTERNAL) == []
    assert lines(session, project, INTERNAL) == []


def test_new_since_then(session: Session, actor: Actor) -> None:
    late = replace(actor, at=LATE)
    project = register_project(session, given(), late, SYSTEM_RIGHTS)
    publish_project(session, project, Publication.PUBLISHED, late, SYSTEM_RIGHTS)
    assert codes(session) == ["P-1"]
    assert lines(session, project) == ["Nytt på kartan"]


def test_a_draft_then_published_since_tells_nothing_of_the_draft(session: Session, actor: Actor) -> None:
    project = put(session, actor, given(name="Arbetsnamn"), published=False)
    change(session, actor, project, given(phase=Phase.IMPLEMENTATION))
    publish_project(session, project, Publication.PUBLISHED, replace(actor, at=LATE), SYSTEM_RIGHTS)
    assert codes(session) == ["P-1"]
    assert lines(session, project) == ["Nytt på kartan"]
    assert "Namn: Arbetsnamn → Kv Åkern" in lines(session, project, READER)


def test_what_was_confidential_then_is_new_and_nothing_more(session: Session, actor: Actor) -> None:
    secret = given(name="Hemligt namn", confidential=True, confidentiality_ground="OSL 19 kap. 3 §")
    project = put(session, actor, given())
    early = replace(actor, at=EARLY)
    change_project(session, project, secret, project.version, early, replace(SYSTEM_RIGHTS, viewer=INTERNAL))
    change(session, actor, project, given())
    for viewer in (PUBLIC, READER):
        assert lines(session, project, viewer) == ["Nytt på kartan"]
    assert "Namn: Hemligt namn → Kv Åkern" in lines(session, project, INTERNAL)


def test_what_became_confidential_is_gone(session: Session, actor: Actor) -> None:
    project = put(session, actor, given())
    change(session, actor, project, given(name="Nytt", confidential=True, confidentiality_ground="OSL 19 kap. 3 §"))
    assert codes(session) == codes(session, READER) == []
    assert lines(session, project) == lines(session, project, READER) == []
    assert codes(session, INTERNAL) == ["P-1"]


MARK = (SecretInput("dates", "OSL 19 kap. 3 §"),)


@pytest.mark.parametrize("end", [date(2008, 1, 1), date(2009, 1, 1), None])
def test_a_hidden_change_never_shows(session: Session, actor: Actor, end: date | None) -> None:
    """Whatever is changed behind the mark, those who may not see it get the same."""
    first = given(start_decided=date(2005, 1, 1), secret_fields=MARK)
    project = put(session, actor, first)
    change(session, actor, project, replace(first, end_decided=end))
    assert codes(session) == codes(session, READER) == []
    assert lines(session, project) == []
    assert (codes(session, INTERNAL) == ["P-1"]) is (end is not None)


def test_what_was_hidden_then_shows_nothing_of_that_time(session: Session, actor: Actor) -> None:
    first = given(start_decided=date(1991, 1, 1), secret_fields=MARK)
    project = put(session, actor, first)
    change(session, actor, project, replace(first, start_decided=date(2006, 1, 1), secret_fields=()))
    assert lines(session, project) == ["Visas nu: tider"]
    assert lines(session, project, INTERNAL) == ["Start: 1991-01-01 → 2006-01-01"]


def test_what_is_hidden_since_then_is_told_of_no_time(session: Session, actor: Actor) -> None:
    first = given(start_decided=date(2005, 1, 1))
    project = put(session, actor, first)
    change(session, actor, project, replace(first, start_decided=date(2006, 1, 1), secret_fields=MARK))
    assert codes(session) == []
    assert lines(session, project) == []


def test_a_decision_is_hidden_with_the_money(session: Session, actor: Actor) -> None:
    first = given(secret_fields=(SecretInput("figures", "OSL 19 kap. 3 §"),))
    project = put(session, actor, first)
    change(session, actor, project, replace(first, decisions=(decided(date(2005, 5, 10), 77_700),)))
    assert codes(session) == []
    assert lines(session, project) == []


def test_the_day_ends_at_midnight_in_stockholm(session: Session, actor: Actor) -> None:
    project = put(session, actor, given())
    within = replace(actor, at=datetime(2005, 4, 30, 21, 59, tzinfo=UTC))
    change_project(session, project, given(name="Samma dag"), project.version, within, SYSTEM_RIGHTS)
    assert codes(session) == []
    after = replace(actor, at=datetime(2005, 4, 30, 22, 0, tzinfo=UTC))
    change_project(session, project, given(name="Dagen efter"), project.version, after, SYSTEM_RIGHTS)
    assert lines(session, project) == ["Namn: Samma dag → Dagen efter"]


def test_periods_that_are_offered(session: Session, actor: Actor) -> None:
    periods = [open_period(session, PeriodCode.read(code), actor, 15) for code in ("2005-VP", "2005-T1", "2005-VB")]
    assert [one.key for one in list_since(session, READER, NOW)] == ["2005-T1", "2005-VP"]
    assert list_since(session, PUBLIC, NOW) == []
    periods[1].state = PeriodState.CLOSED
    periods[1].closed_at = NOW
    session.flush()
    assert [one.words for one in list_since(session, PUBLIC, NOW)] == ["T1 2005 (2005-04-30)"]


def test_a_period_and_its_day_say_the_same(session: Session, actor: Actor) -> None:
    project = put(session, actor, given())
    open_period(session, PeriodCode.read("2005-T1"), replace(actor, at=EARLY), 15)
    change(session, actor, project, given(name="Nytt namn"))
    session.commit()
    assert codes(session, key="2005-T1") == codes(session, key=DAY) == ["P-1"]
    session.commit()
    change(session, actor, project, given())
    session.commit()
    assert codes(session, key="2005-T1") == []  # what was kept is not shown after a write


@pytest.mark.parametrize("key", ["", "2005-XX", "2005-02-31", "x"])
def test_a_key_that_means_nothing_leaves_everything(session: Session, key: str) -> None:
    make_project(session, "A", shapely.Point(RINKEBY))
    assert find_since(session, key) is None
    assert codes(session, key=key) == ["A"]


def test_many_ids_stand_in_one_statement(session: Session, actor: Actor) -> None:
    for number in range(600):
        make_project(session, f"M-{number:03}", created_at=EARLY)
    project = put(session, actor, given())
    change(session, actor, project, given(name="Nytt namn"))
    assert codes(session) == ["P-1"]
    assert get_project(session, "P-1", PUBLIC).name == "Nytt namn"
