"""One filter for list, map, exports and commands: what it means, and who sees what."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from tests.factories import find_area, make_project
from tests.geometries import CITY_HALL, RINKEBY
from tracker.accounts.models import User
from tracker.goals.models import Goal, GoalSet
from tracker.measures.models import MainKind
from tracker.projects.figures import Figure
from tracker.projects.filters import ProjectFilter, filter_from, select_ids
from tracker.projects.locating import locate_stored
from tracker.projects.models import GoalTag, Project, ServedArea
from tracker.projects.policies import INTERNAL, PUBLIC, SHELL, Viewer
from tracker.projects.queries import list_rows
from tracker.projects.vocabulary import Flow, Phase, Publication, Scope


@pytest.fixture
def portfolio(session: Session) -> None:
    """Four public projects, a draft and a secret one."""
    goals = select(Goal).join(GoalSet, Goal.goal_set_id == GoalSet.id).where(GoalSet.code == "policy-2004")
    aspect = session.scalars(goals.where(Goal.code == "G1a")).one()
    rinkeby = find_area(session, "Rinkeby", "1999")
    a = make_project(session, "A", RINKEBY, name="Ängens bostäder", main_kind=MainKind.HOUSING, phase=Phase.PLANNING)
    b = make_project(session, "B", CITY_HALL, name="Norr Mälarstrand", main_kind=MainKind.TRAFFIC)
    c = make_project(session, "C", None, name="Överdäckning", secondary_kinds=["trafik"])
    make_project(session, "D", CITY_HALL, name="100% park_en", main_kind=MainKind.WORKPLACE)
    make_project(session, "U", RINKEBY, name="Utkast", publication=Publication.DRAFT)
    make_project(session, "S", RINKEBY, name="Hemligt", confidential=True, confidentiality_ground="OSL 19:3")
    session.add(GoalTag(project_id=a.id, goal_id=aspect.id, weight=3))
    session.add(ServedArea(project_id=c.id, position=1, scope=Scope.AREA, area_id=rinkeby.id, share=10_000))
    session.add(Figure(project_id=b.id, year=2005, flow=Flow.OUTLAY, budget_ore=1))
    locate_stored(session, list(session.scalars(select(Project.id))))
    session.flush()


def codes(session: Session, wanted: ProjectFilter, viewer: Viewer = PUBLIC) -> list[str]:
    return list(
        session.scalars(
            select(Project.code).where(Project.id.in_(select_ids(session, wanted, viewer))).order_by(Project.code)
        )
    )


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (ProjectFilter(), ["A", "B", "C", "D"]),
        (ProjectFilter(kind=("trafik",)), ["B", "C"]),
        (ProjectFilter(phase=("planering",), kind=("bostad",)), ["A", "C", "D"][:2]),
        (ProjectFilter(goal=("G1",)), ["A"]),
        (ProjectFilter(goal=("G1a",), edition="policy-2004"), ["A"]),
        (ProjectFilter(goal=("G1a",), edition="program-1997"), []),
        (ProjectFilter(area=("rinkeby",), areas="1999"), ["A", "C"]),
        (ProjectFilter(area=("rinkeby-kista",), areas="2007"), ["A", "C"]),
        (ProjectFilter(area=("jarva",)), ["A", "C"]),
        (ProjectFilter(area=("rinkeby",), areas="stadsdelar"), ["A", "C"]),
        (ProjectFilter(region=("innerstad",)), ["B", "D"]),
        (ProjectFilter(year=2005), ["B"]),
        (ProjectFilter(q="ÄNGENS"), ["A"]),
        (ProjectFilter(q="a\u0308ngens bost"), ["A"]),
        (ProjectFilter(q="Rinkeby"), ["A", "C"]),
        (ProjectFilter(q="järva"), ["A", "C"]),
        (ProjectFilter(q="Kungsholmen"), ["B", "D"]),
        (ProjectFilter(area=("rinkeby",), areas="2023"), []),
        (ProjectFilter(q="100%"), ["D"]),
        (ProjectFilter(q="park_en"), ["D"]),
        (ProjectFilter(q="park-en"), []),
        (ProjectFilter(missing="lage"), ["C"]),
        (ProjectFilter(missing="omraden"), ["A", "B", "D"]),
        (ProjectFilter(missing="mal"), ["B", "C", "D"]),
        (ProjectFilter(missing="ekonomi"), ["A", "C", "D"]),
        (ProjectFilter(kind=("trafik",), area=("jarva",)), ["C"]),
    ],
)
@pytest.mark.usefixtures("portfolio")
def test_a_filter_finds(session: Session, wanted: ProjectFilter, found: list[str]) -> None:
    assert codes(session, wanted) == found


@pytest.mark.usefixtures("portfolio")
def test_drafts_and_secrets_are_seen_by_those_who_may(session: Session) -> None:
    assert codes(session, ProjectFilter(), PUBLIC) == ["A", "B", "C", "D"]
    assert codes(session, ProjectFilter(), SHELL) == ["A", "B", "C", "D", "U"]
    assert codes(session, ProjectFilter(), INTERNAL) == ["A", "B", "C", "D", "S", "U"]
    manager = session.scalars(select(User).where(User.email == "manager@prov.se")).one()
    session.scalars(select(Project).where(Project.code == "S")).one().manager_id = manager.id
    session.flush()
    assert codes(session, ProjectFilter(), Viewer(drafts=True, user_id=manager.id)) == ["A", "B", "C", "D", "S", "U"]


@pytest.mark.usefixtures("portfolio")
def test_the_list_is_in_swedish_order(session: Session) -> None:
    names = [row.name for row in list_rows(session, ProjectFilter(), PUBLIC, "namn", 0, 50)]
    assert names == ["100% park_en", "Norr Mälarstrand", "Ängens bostäder", "Överdäckning"]
    backwards = list_rows(session, ProjectFilter(), PUBLIC, "namn", 0, 50, descending=True)
    assert [row.name for row in backwards] == names[::-1]


def test_the_address_and_the_filter_are_the_same_thing() -> None:
    wanted = ProjectFilter(q="å", kind=("bostad", "trafik"), area=("jarva",), areas="2023", year=2005, missing="mal")
    assert filter_from(MultiDict(wanted.to_query())) == wanted
    assert not filter_from(MultiDict({"areas": "2007"})).in_force


def test_unknown_words_in_an_address_are_dropped() -> None:
    query = MultiDict([("kind", "rymdfart"), ("kind", "bostad"), ("year", "tjugo"), ("missing", "allt")])
    assert filter_from(query) == ProjectFilter(kind=("bostad",))
