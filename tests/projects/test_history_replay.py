"""A project as it stood: the history gives back every version, forwards from nothing and backwards from the present."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import NOW
from tests.factories import find_area, make_project
from tests.geometries import RINKEBY, line, square
from tracker.goals.models import Goal, GoalSet
from tracker.history.models import HistoryEntry, Origin
from tracker.history.services import Actor
from tracker.measures.models import MainKind
from tracker.measures.queries import measures_by_code
from tracker.projects.history_parts import contents_of, filled, parts_of
from tracker.projects.history_replay import (
    contents_after,
    entries_of,
    replayed,
    standing_after,
    standing_at,
)
from tracker.projects.inputs import FigureInput, GoalsInput, ProjectInput, ServedInput, TagInput, VolumeInput
from tracker.projects.policies import SYSTEM_RIGHTS
from tracker.projects.reviewing import publish_project
from tracker.projects.services import change_project, register_project
from tracker.projects.snapshots import describe
from tracker.projects.vocabulary import Flow, Phase, Publication, Scope

SHAPES = [None, RINKEBY, square(145_900, 6_585_700, 200), line((145_900.125, 6_585_700), (146_100, 6_585_903.7))]
AMOUNTS = st.one_of(st.none(), st.integers(-(10**12), 10**12))
COUNTS = st.one_of(st.none(), st.integers(0, 5_000))


def by(second: int) -> Actor:
    return Actor(name="Prov", origin=Origin.FORM, at=NOW + timedelta(seconds=second))


@st.composite
def figures(draw: st.DrawFn) -> tuple[FigureInput, ...]:
    keys = draw(st.sets(st.tuples(st.integers(2004, 2006), st.sampled_from(list(Flow))), max_size=3))
    return tuple(FigureInput(*key, draw(AMOUNTS), draw(AMOUNTS), draw(AMOUNTS)) for key in sorted(keys))


@st.composite
def edits(draw: st.DrawFn) -> dict[str, Any]:
    """What one save says, the catalogues' rows by their place in a list."""
    areas = draw(st.lists(st.sampled_from(range(3)), unique=True, max_size=2))
    secret = draw(st.booleans())
    return {
        "name": draw(st.text("Kv åäö'\"1\n:", min_size=1, max_size=12).filter(str.strip)),
        "main_kind": draw(st.sampled_from(list(MainKind))),
        "phase": draw(st.sampled_from(list(Phase))),
        "city_share": draw(st.sampled_from([0, 1, 6_250, 10_000])),
        "start_decided": draw(st.sampled_from([None, date(2005, 4, 30)])),
        "confidential": secret,
        "confidentiality_ground": "OSL 19 kap. 3 §" if secret else "",
        "description_public": draw(st.sampled_from(["", "En rad", "Två\r\nrader"])),
        "case_numbers": tuple(draw(st.lists(st.sampled_from(["E1", "E 2:3", "04-311"]), unique=True))),
        "geometry": draw(st.sampled_from(SHAPES)),
        "areas": areas,
        "goals": draw(st.dictionaries(st.integers(0, 4), st.integers(1, 3), max_size=3)),
        "nothing": draw(st.booleans()),
        "volumes": draw(st.dictionaries(st.integers(2004, 2006), st.tuples(COUNTS, COUNTS, COUNTS), max_size=2)),
        "figures": draw(figures()),
    }


class Catalogue:
    """The rows that edits point at."""

    def __init__(self, session: Session) -> None:
        self.goal_set_id = session.scalars(select(GoalSet.id).where(GoalSet.code == "policy-2004")).one()
        goals = select(Goal.id).where(Goal.goal_set_id == self.goal_set_id).order_by(Goal.code)
        self.goals = list(session.scalars(goals.limit(5)))
        self.areas = [find_area(session, name).id for name in ("Rinkeby", "Kista", "Tensta")]
        self.measure = measures_by_code(session)["arbetsplatser"].id

    def input(self, code: str, edit: dict[str, Any]) -> ProjectInput:
        same = {name: edit[name] for name in edit if name not in ("areas", "goals", "nothing", "volumes")}
        shares = {0: (), 1: (10_000,), 2: (3_333, 6_667)}[len(edit["areas"])]
        nothing = edit["nothing"] and not edit["goals"]
        return ProjectInput(
            code=code,
            **same,
            serves=tuple(
                ServedInput(Scope.AREA, share, self.areas[place])
                for place, share in zip(edit["areas"], shares, strict=True)
            ),
            serves_motivation="För dem." if shares else "",
            goals=GoalsInput(
                self.goal_set_id,
                tuple(TagInput(self.goals[place], weight, "Så") for place, weight in sorted(edit["goals"].items())),
                "Inget" if nothing else None,
            ),
            volumes=tuple(VolumeInput(self.measure, year, *counts) for year, counts in sorted(edit["volumes"].items())),
        )


def plain(contents: object) -> Any:
    """As JSON gives it back."""
    return json.loads(json.dumps(contents))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(edits(), min_size=1, max_size=5))
def test_every_version_is_given_back_both_ways(session: Session, made: list[dict[str, Any]]) -> None:
    """Replaying the changes from creation up to version n gives what the project was at n, for any edits."""
    session.rollback()
    catalogue = Catalogue(session)
    project = register_project(session, catalogue.input("H1", made[0]), by(0), SYSTEM_RIGHTS)
    stood = {project.version: plain(describe(project))}
    for second, edit in enumerate(made[1:], start=1):
        change_project(session, project, catalogue.input("H1", edit), project.version, by(second), SYSTEM_RIGHTS)
        stood[project.version] = plain(describe(project))
    session.flush()
    session.expire_all()
    entries = list(session.scalars(entries_of(project).order_by(HistoryEntry.id)))
    for version, contents in stood.items():
        assert plain(contents_after(session, project, version)) == filled({}) | contents
        forward = replayed(entry for entry in entries if entry.subject_version <= version)
        assert {name: forward.get(name) for name in contents} == contents
        assert contents_of(parts_of(contents), contents) == filled(contents)


@pytest.fixture
def told(session: Session) -> tuple[Session, Any]:
    """Three versions around the night when summer time began in 2005, and around midnight."""
    given_ = ProjectInput("A1", "Ett", MainKind.HOUSING)

    def at(day: int, hour: int, minute: int) -> Actor:
        return Actor("Prov", Origin.FORM, datetime(2005, 3, day, hour, minute, tzinfo=UTC))

    project = register_project(session, given_, at(26, 22, 30), SYSTEM_RIGHTS)
    change_project(session, project, replace(given_, name="Två"), 1, at(27, 21, 59), SYSTEM_RIGHTS)
    change_project(session, project, replace(given_, name="Tre"), 2, at(27, 22, 0), SYSTEM_RIGHTS)
    return session, project


def test_the_standing_at_a_moment_and_after_a_version(told: tuple[Session, Any]) -> None:
    session, project = told
    names = {}
    for hour in (22, 23):
        standing = standing_at(session, project, datetime(2005, 3, 26, hour, 0, tzinfo=UTC))
        names[hour] = standing.contents["name"] if standing else None
    assert names == {22: None, 23: "Ett"}
    evening = standing_at(session, project, datetime(2005, 3, 27, 22, 0, tzinfo=UTC))
    assert evening is not None
    assert (evening.version, evening.contents["name"]) == (2, "Två")
    second = standing_after(session, project, 2)
    assert second is not None
    assert second.contents["name"] == "Två"
    assert standing_after(session, project, 4) is None


def test_a_project_from_before_the_history_stands_as_it_is(session: Session) -> None:
    project = make_project(session, "A1", name="Gammalt")
    standing = standing_at(session, project, NOW + timedelta(days=1))
    assert standing is not None
    assert standing.contents["name"] == "Gammalt"
    assert standing_at(session, project, NOW - timedelta(days=1)) is None


def test_a_publication_is_a_version_too(session: Session) -> None:
    project = register_project(session, ProjectInput("A1", "Ett", MainKind.HOUSING), by(0), SYSTEM_RIGHTS)
    publish_project(session, project, Publication.PUBLISHED, by(1), SYSTEM_RIGHTS)
    assert contents_after(session, project, 1)["publication"] == "utkast"
    assert contents_after(session, project, 2)["publication"] == "publicerad"


def test_an_amount_is_a_part_and_areas_are_one(session: Session) -> None:
    contents = {
        "name": "Å", "figures": [["lopande", 2005, "utgift", 100, None, 0, True]], "serves": [["omrade", 7, 10_000]],
        "case_numbers": ["E:1", "E2"], "volumes": [["lopande", 3, 2005, 1, None, 0]], "confidential": False,
        "decisions": [["plan", None, "", "", "", None, None, "", ""], ["plan", None, "Nämnd", "", "", 5, None, "", ""]],
    }  # fmt: skip
    assert parts_of(contents) == {
        "name": "Å",
        "figures:lopande:2005:utgift:budget": [100, True],
        "figures:lopande:2005:utgift:forecast": 0,
        "serves": [["omrade", 7, 10_000]],
        "case_numbers:E:1": True,
        "case_numbers:E2": True,
        "volumes:lopande:3:2005": [1, None, 0],
        "decisions:plan::1": ["", "", "", None, None, "", ""],
        "decisions:plan::2": ["Nämnd", "", "", 5, None, "", ""],
    }
    assert contents_of(parts_of(contents), contents) == filled(contents)
