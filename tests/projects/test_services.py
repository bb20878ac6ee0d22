"""Registering and changing projects: what is saved, what is refused, what the history says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import find_area
from tests.geometries import CITY_HALL, RINKEBY
from tracker.errors import ConflictError, DomainError, InvalidInputError
from tracker.geo.stored import from_stored
from tracker.goals.models import Goal, GoalSet
from tracker.history.models import Action, HistoryEntry
from tracker.history.services import Actor
from tracker.measures.models import MainKind
from tracker.measures.queries import measures_by_code
from tracker.projects.inputs import FigureInput, GoalsInput, ProjectInput, ServedInput, TagInput, VolumeInput
from tracker.projects.models import Project, ProjectDisplay
from tracker.projects.policies import SHELL, SYSTEM_RIGHTS, Rights
from tracker.projects.reviewing import publish_project
from tracker.projects.services import change_project, register_project
from tracker.projects.sums import money_by_year
from tracker.projects.vocabulary import Flow, Phase, Publication, Scope

MANAGER = Rights()
MNKR = 100_000_000


def goals(session: Session, *codes: str) -> GoalsInput:
    goal_set = session.scalars(select(GoalSet).where(GoalSet.code == "policy-2004")).one()
    ids = dict(session.execute(select(Goal.code, Goal.id).where(Goal.goal_set_id == goal_set.id)).all())
    return GoalsInput(goal_set.id, tuple(TagInput(ids[code], 3) for code in codes))


def full(session: Session) -> ProjectInput:
    return ProjectInput(
        code="2005-1",
        name="Kv Åkern",
        main_kind=MainKind.HOUSING,
        phase=Phase.PLANNING,
        case_numbers=("E2005-00123", " E2005-00123 ", "04-311-1234:1"),
        geometry=RINKEBY,
        goals=goals(session, "G1a", "G2c"),
        serves=(
            ServedInput(Scope.AREA, 6_000, find_area(session, "Rinkeby", "1999").id),
            ServedInput(Scope.AREA, 4_000, find_area(session, "Kista", "1999").id),
        ),
        serves_motivation="Bostäderna byggs för båda.",
        volumes=(VolumeInput(measures_by_code(session)["bostader-hyresratt"].id, 2005, 120, 40, None),),
        figures=(
            FigureInput(2005, Flow.OUTLAY, 100 * MNKR, None, 101 * MNKR),
            FigureInput(2005, Flow.INCOME, 5 * MNKR),
        ),
    )


def entries(session: Session, project: Project) -> list[HistoryEntry]:
    mine = (HistoryEntry.subject_kind == "project") & (HistoryEntry.subject_id == project.id)
    return list(session.scalars(select(HistoryEntry).where(mine).order_by(HistoryEntry.id)))


def test_a_project_is_saved_whole_with_place_map_text_and_history(session: Session, actor: Actor) -> None:
    project = register_project(session, full(session), actor, MANAGER)
    session.commit()
    session.expire_all()
    assert project.publication is Publication.DRAFT
    assert [row.number for row in project.case_numbers] == ["E2005-00123", "04-311-1234:1"]
    assert {(row.area.name, row.share) for row in project.locations if row.area} == {("Rinkeby", 10_000)}
    assert [(row.share, row.area.name) for row in project.serves if row.area] == [(6_000, "Rinkeby"), (4_000, "Kista")]
    assert [(f.flow, f.budget_ore, f.budget_preliminary) for f in project.figures] == [
        (Flow.OUTLAY, 100 * MNKR, True),
        (Flow.INCOME, 5 * MNKR, True),
    ]
    display = session.get_one(ProjectDisplay, project.id)
    assert '"Kv Åkern"' in display.feature
    assert 17.7 < display.lon < 18.3
    assert [(entry.action, entry.actor_name) for entry in entries(session, project)] == [(Action.CREATED, "Prov")]


def test_every_problem_is_told_at_once(session: Session, actor: Actor) -> None:
    broken = replace(
        full(session),
        code="",
        name=" ",
        confidential=True,
        geometry=shapely.Polygon(
            [(146_000, 6_586_000), (146_100, 6_586_100), (146_100, 6_586_000), (146_000, 6_586_100)]
        ),
        serves=(ServedInput(Scope.WHOLE_CITY, 9_999),),
        end_decided=date(2004, 1, 1),
        start_decided=date(2005, 1, 1),
    )
    with pytest.raises(InvalidInputError) as refused:
        register_project(session, broken, actor, MANAGER)
    fields = {problem.field for problem in refused.value.problems}
    assert fields == {"code", "name", "confidentiality_ground", "geometry", "serves", "end_decided"}
    assert "99,99 %" in str(refused.value)


def test_a_code_is_taken_once(session: Session, actor: Actor) -> None:
    register_project(session, full(session), actor, MANAGER)
    with pytest.raises(InvalidInputError, match="används redan"):
        register_project(session, full(session), actor, MANAGER)


def test_a_change_writes_old_and_new_and_nothing_else(session: Session, actor: Actor) -> None:
    project = register_project(session, full(session), actor, SYSTEM_RIGHTS)
    session.commit()
    change_project(session, project, replace(full(session), name="Kv Ängen"), 1, actor, SYSTEM_RIGHTS)
    session.commit()
    last = entries(session, project)[-1]
    assert (last.action, last.subject_version) == (Action.CHANGED, 2)
    assert last.changes == {"name": ["Kv Åkern", "Kv Ängen"]}


def test_saving_unchanged_writes_nothing_and_keeps_the_geometry(session: Session, actor: Actor) -> None:
    project = register_project(session, full(session), actor, SYSTEM_RIGHTS)
    session.commit()
    before = shapely.to_wkb(from_stored(project.geom))
    change_project(session, project, full(session), 1, actor, SYSTEM_RIGHTS)
    session.commit()
    session.expire_all()
    assert (project.version, len(entries(session, project))) == (1, 1)
    assert shapely.to_wkb(from_stored(project.geom)) == before


def test_a_second_save_of_an_old_version_is_a_conflict(session: Session, actor: Actor) -> None:
    project = register_project(session, full(session), actor, SYSTEM_RIGHTS)
    session.commit()
    change_project(session, project, replace(full(session), name="Först"), 1, actor, SYSTEM_RIGHTS)
    session.commit()
    with pytest.raises(ConflictError):
        change_project(session, project, replace(full(session), name="Sedan"), 1, actor, SYSTEM_RIGHTS)
    assert project.name == "Först"


def test_geometry_that_moves_or_goes_takes_ligger_i_along(session: Session, actor: Actor) -> None:
    project = register_project(session, full(session), actor, SYSTEM_RIGHTS)
    session.commit()
    change_project(session, project, replace(full(session), geometry=CITY_HALL), 1, actor, SYSTEM_RIGHTS)
    session.commit()
    assert [row.area.name for row in project.locations if row.area] == ["Kungsholmen"]
    change_project(session, project, replace(full(session), geometry=None), 2, actor, SYSTEM_RIGHTS)
    session.commit()
    assert project.locations == []
    assert session.get(ProjectDisplay, project.id) is None


def test_budget_and_outcome_are_the_controllers(session: Session, actor: Actor) -> None:
    project = register_project(session, full(session), actor, MANAGER)
    settled = replace(full(session), figures=(FigureInput(2005, Flow.OUTLAY, 90 * MNKR, 10 * MNKR, 101 * MNKR),))
    with pytest.raises(InvalidInputError, match="Utfallet"):
        change_project(session, project, settled, 1, actor, MANAGER)
    session.rollback()
    project = register_project(session, full(session), actor, MANAGER)
    change_project(session, project, settled, 1, actor, SYSTEM_RIGHTS)
    assert project.figures[0].budget_preliminary is False
    version = project.version
    for figures in ((FigureInput(2005, Flow.OUTLAY, 95 * MNKR, 10 * MNKR, None),), ()):
        with pytest.raises(InvalidInputError, match="controller"):
            change_project(session, project, replace(settled, figures=figures), version, actor, MANAGER)
        session.refresh(project)
    forecast = replace(settled, figures=(FigureInput(2005, Flow.OUTLAY, 90 * MNKR, 10 * MNKR, 120 * MNKR),))
    change_project(session, project, forecast, version, actor, MANAGER)
    assert project.figures[0].forecast_ore == 120 * MNKR


def test_tags_or_no_contribution_but_not_both(session: Session, actor: Actor) -> None:
    both = replace(goals(session, "G1a"), no_contribution_reason="Bara intern ombyggnad")
    with pytest.raises(InvalidInputError, match="inte båda"):
        register_project(session, replace(full(session), goals=both), actor, MANAGER)
    none = replace(both, tags=())
    project = register_project(session, replace(full(session), goals=none), actor, MANAGER)
    assert [row.reason for row in project.goal_assessments] == ["Bara intern ombyggnad"]


def test_only_controllers_publish_and_never_a_secret(session: Session, actor: Actor) -> None:
    project = register_project(session, full(session), actor, MANAGER)
    with pytest.raises(DomainError, match="controller"):
        publish_project(session, project, Publication.PUBLISHED, actor, MANAGER)
    publish_project(session, project, Publication.PUBLISHED, actor, SYSTEM_RIGHTS)
    assert entries(session, project)[-1].changes == {
        "publication": ["utkast", "publicerad"],
        "reviewed_by": ["", "Prov"],
        "published_by": ["", "Prov"],
    }
    secret = replace(full(session), code="2005-2", confidential=True, confidentiality_ground="OSL 19:3")
    hidden = register_project(session, secret, actor, MANAGER)
    with pytest.raises(DomainError, match="sekretess"):
        publish_project(session, hidden, Publication.PUBLISHED, actor, SYSTEM_RIGHTS)


def test_34_billion_kronor_and_the_sum_of_two_are_kept(session: Session, actor: Actor) -> None:
    large = 34_000_000_000 * 100
    rows = (FigureInput(2005, Flow.OUTLAY, large), FigureInput(2006, Flow.OUTLAY, large))
    project = register_project(session, replace(full(session), figures=rows), actor, SYSTEM_RIGHTS)
    session.commit()
    session.expire_all()
    assert sum(row.budget_ore or 0 for row in project.figures) == 2 * large


def test_a_programme_below_itself_is_refused(session: Session, actor: Actor) -> None:
    above = register_project(session, replace(full(session), code="P-1"), actor, SYSTEM_RIGHTS)
    below = register_project(session, replace(full(session), code="P-2", parent_id=above.id), actor, SYSTEM_RIGHTS)
    for parent in (above.id, below.id):
        circle = replace(full(session), code="P-1", parent_id=parent)
        with pytest.raises(InvalidInputError, match="ingå i sig självt"):
            change_project(session, above, circle, above.version, actor, SYSTEM_RIGHTS)


def test_a_programmes_own_money_counts_nowhere_once_it_has_a_child(session: Session, actor: Actor) -> None:
    above = register_project(session, replace(full(session), code="P-1"), actor, SYSTEM_RIGHTS)
    own = FigureInput(2005, Flow.OUTLAY, 7 * MNKR)
    register_project(
        session, replace(full(session), code="P-2", parent_id=above.id, figures=(own,)), actor, SYSTEM_RIGHTS
    )
    sums = {money.year: money.outlay_ore for money in money_by_year(session, SHELL)}
    assert sums == {2005: 7 * MNKR}


def test_long_texts_and_far_years_are_refused_with_the_field(session: Session, actor: Actor) -> None:
    broken = replace(
        full(session), stated_area="Å" * 301, start_forecast=date(1, 1, 1), end_forecast=date(9999, 12, 31)
    )
    with pytest.raises(InvalidInputError) as refused:
        register_project(session, broken, actor, MANAGER)
    assert {problem.field for problem in refused.value.problems} == {"stated_area", "start_forecast", "end_forecast"}


def test_a_name_of_many_numbers_can_be_sorted_on_both_databases(session: Session, actor: Actor) -> None:
    name = "1 " * 149 + "å"
    project = register_project(session, replace(full(session), name=name), actor, MANAGER)
    session.commit()
    assert project.name == name
