"""What goes out comes in again unchanged: any project, in every format that can be read back, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import Phase as Phase_
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.conftest import NOW
from tests.contribution.register import goal_id
from tests.exports.reading import register_file
from tracker.exports.audience import Audience
from tracker.exports.register_formats import FORMATS
from tracker.geo.crs import STORAGE_SRID
from tracker.geo.stored import from_stored
from tracker.geo.validity import find_fault
from tracker.goals.models import Goal
from tracker.history.models import Origin
from tracker.history.services import Actor
from tracker.imports.apply import apply_plan
from tracker.imports.candidates import interpret
from tracker.imports.choices import Choices
from tracker.imports.plan import Plan, make_plan
from tracker.imports.sources import read_table
from tracker.measures.models import MainKind
from tracker.projects.inputs import GoalsInput, ProjectInput, TagInput
from tracker.projects.models import Project
from tracker.projects.policies import Rights
from tracker.projects.services import register_project
from tracker.projects.vocabulary import SUBTYPES, Phase

ACTOR = Actor(name="Prov", origin=Origin.IMPORT, at=NOW)
FORMS = [form for form in ("gpkg", "geojson", "csv", "xlsx", "fgb", "kml", "shp") if form in FORMATS]
WHOLE = [form for form in FORMS if form not in ("shp",)]
"""Those that keep every text and every type of geometry."""
CHUNKS = (
    "Å", "ä", "ö ", "é", "😀", '"', "'", "\t", "\n", ";", ",", "=", "+", "-", "@", "<", ">", "&", "{", "}", "|", "\\",
    "%", "_x0041_", "Kv ", "7", "0,5", "2005-04-30", "2005/04/30", "null", "NaN", " ", "12.0",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(CHUNKS), max_size=30).map("".join).map(lambda text: text.strip().lstrip("'").strip())
LONG = st.sampled_from(("Lång text. ", "=1+1 ", "å\n")).map(lambda text: (text * 900).strip())
X, Y = st.floats(100_500, 204_500), st.floats(6_541_000, 6_619_000)
SIZES = st.floats(1, 900)
DAYS = st.dates(date(1950, 1, 1), date(2100, 12, 31))


def _usable(shape: BaseGeometry) -> bool:
    return find_fault(shape) is None


@st.composite
def polygons(draw: st.DrawFn) -> shapely.Polygon:
    """A box, perhaps with a hole."""
    x, y, side = draw(X), draw(Y), draw(SIZES)
    hole = shapely.box(x + side / 4, y + side / 4, x + side / 2, y + side / 2).exterior.coords
    return shapely.Polygon(shapely.box(x, y, x + side, y + side).exterior.coords, [hole] if draw(st.booleans()) else [])


POINTS = st.tuples(X, Y).map(shapely.Point)
LINES = st.lists(st.tuples(X, Y), min_size=2, max_size=6, unique=True).map(shapely.LineString)
SINGLE = st.one_of(POINTS, LINES, polygons())
SHAPES = st.one_of(
    st.none(), SINGLE,
    st.lists(POINTS, min_size=2, max_size=4).map(shapely.MultiPoint),
    st.lists(LINES, min_size=2, max_size=3).map(shapely.MultiLineString),
    st.lists(polygons(), min_size=2, max_size=3).map(shapely.MultiPolygon),
    st.lists(SINGLE, min_size=2, max_size=3).map(shapely.GeometryCollection),
).filter(lambda shape: shape is None or _usable(shape))  # fmt: skip


@st.composite
def projects(draw: st.DrawFn) -> dict[str, Any]:
    """What a person can have typed; the code and the goals come later."""
    kind = draw(st.sampled_from(list(MainKind)))
    start, end = sorted([draw(DAYS), draw(DAYS)])
    secret = draw(st.booleans())
    other = [one for one in MainKind if one is not kind]
    return {
        "name": draw(TEXTS.filter(bool).map(lambda text: text[:300].strip())),
        "main_kind": kind,
        "secondary_kinds": tuple(draw(st.lists(st.sampled_from(other), unique=True))),
        "subtype": draw(st.sampled_from(["", *SUBTYPES])),
        "phase": draw(st.sampled_from(list(Phase))),
        "case_numbers": tuple(draw(st.lists(st.sampled_from(["E 1", "2004-07 Ä:1", "=9", "007", "1,5"]), unique=True))),
        "start_forecast": draw(st.sampled_from([None, start])),
        "end_forecast": draw(st.sampled_from([None, end])),
        "stated_area": draw(st.sampled_from(["", "Rinkeby", "=Kista", "Tensta, Hjulsta"])),
        "description_public": draw(st.one_of(TEXTS, LONG)),
        "link": draw(st.sampled_from(["", "https://exempel.se/å?a=1&b='2'#c"])),
        "location_approximate": draw(st.booleans()),
        "example_values": draw(st.booleans()),
        "confidential": secret,
        "confidentiality_ground": "OSL 19 kap. 3 §" if secret else "",
        "geometry": draw(SHAPES),
        "goals": draw(st.sets(st.sampled_from(["G1a", "G2d"]))),
    }


def fill(session: Session, drawn: list[dict[str, Any]], prefix: str) -> None:
    """Register them under codes that begin with a prefix."""
    rights = Rights()
    for number, values in enumerate(drawn, start=1):
        ids = [goal_id(session, code) for code in sorted(values["goals"])]
        edition = session.get_one(Goal, ids[0]).goal_set_id if ids else None
        goals = GoalsInput(edition, tuple(TagInput(one, 2, "") for one in ids), None, {}) if edition else None
        given_ = ProjectInput(code=f"{prefix}{number}", **(values | {"goals": goals}))
        register_project(session, given_, ACTOR, rights)
    session.flush()


def plan_of(session: Session, path: Path) -> Plan:
    return make_plan(session, interpret(read_table(path), Choices(srid=STORAGE_SRID)), 2005, publish=False)


def contents(session: Session) -> dict[str, dict[str, Any]]:
    """Code → what our files hold of the project."""
    session.expire_all()
    names = (
        "name", "main_kind", "secondary_kinds", "subtype", "phase", "start_forecast", "end_forecast", "stated_area",
        "description_public", "link", "location_approximate", "example_values", "confidential",
        "confidentiality_ground",
    )  # fmt: skip
    return {
        one.code: {name: getattr(one, name) for name in names}
        | {
            "case_numbers": [row.number for row in one.case_numbers],
            "goals": sorted(tag.goal.code for tag in one.goal_tags),
        }
        for one in session.scalars(select(Project).order_by(Project.code))
    }


def shapes(session: Session) -> dict[str, BaseGeometry | None]:
    return {one.code: from_stored(one.geom) for one in session.scalars(select(Project))}


def assert_unchanged(plan: Plan, count: int) -> None:
    assert [one.sentence() for one in plan.refused] == []
    assert [dict(one.fields) for one in plan.changes] == []
    assert (len(plan.additions), len(plan.conflicts), len(plan.unchanged)) == (0, 0, count)


@pytest.fixture
def out(session: Session, tmp_path: Path) -> Callable[[str], Path]:
    """The register as a file for those who may see all of it."""
    return lambda form: register_file(session, form, tmp_path, audience=Audience.INTERNAL)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=5, phases=[Phase_.explicit, Phase_.reuse, Phase_.generate])
@given(drawn=st.lists(projects(), min_size=1, max_size=4), prefix=st.sampled_from(["P-", "Å", "=", "0", "-"]))
def test_what_goes_out_is_unchanged_when_it_comes_in(
    session: Session, out: Callable[[str], Path], form: str, drawn: list[dict[str, Any]], prefix: str
) -> None:
    session.rollback()
    fill(session, drawn, prefix)
    assert_unchanged(plan_of(session, out(form)), len(drawn))


@pytest.mark.parametrize("form", WHOLE)
@settings(max_examples=5, phases=[Phase_.explicit, Phase_.reuse, Phase_.generate])
@given(drawn=st.lists(projects(), min_size=1, max_size=4), prefix=st.sampled_from(["P-", "Å", "=", "0", "-"]))
def test_an_empty_register_gets_the_same_contents(
    session: Session, out: Callable[[str], Path], form: str, drawn: list[dict[str, Any]], prefix: str
) -> None:
    session.rollback()
    fill(session, drawn, prefix)
    told, drawn_shapes, path = contents(session), shapes(session), out(form)
    for project in session.scalars(select(Project)):
        session.delete(project)
    session.flush()
    plan = plan_of(session, path)
    assert [one.sentence() for one in plan.refused] == []
    assert len(plan.additions) == len(drawn)
    apply_plan(session, plan, ACTOR)
    assert contents(session) == told
    for code, shape in shapes(session).items():
        assert_same_shape(form, shape, drawn_shapes[code])


def assert_same_shape(form: str, found: BaseGeometry | None, wanted: BaseGeometry | None) -> None:
    """Of the same type and within a millimetre."""
    assert (found is None) == (wanted is None)
    if found is not None and wanted is not None:
        parts = [shapely.GeometryCollection(list(shapely.get_parts(one))) for one in (found, wanted)]
        if form != "kml":  # which makes a group of a collection of one kind
            assert found.geom_type == wanted.geom_type
        assert shapely.equals_exact(*parts, tolerance=0.001)


@pytest.mark.parametrize("form", WHOLE)
@settings(max_examples=3, phases=[Phase_.explicit, Phase_.reuse, Phase_.generate])
@given(drawn=st.lists(projects(), min_size=1, max_size=3))
def test_what_was_spoiled_behind_the_registers_back_comes_back(
    session: Session, out: Callable[[str], Path], form: str, drawn: list[dict[str, Any]]
) -> None:
    session.rollback()
    fill(session, drawn, "P-")
    told, path = contents(session), out(form)
    spoiled = {"name": "Fel namn", "phase": Phase.ABORTED, "geom": None, "start_forecast": date(1951, 1, 1)}
    session.execute(update(Project).values(**spoiled))
    session.expire_all()
    plan = plan_of(session, path)
    assert plan.refused == ()
    apply_plan(session, plan, ACTOR)
    again = contents(session)
    for code, values in told.items():
        kept = values | ({} if values["start_forecast"] else {"start_forecast": date(1951, 1, 1)})
        assert again[code] == kept  # an empty cell changes nothing


@pytest.mark.parametrize("form", FORMS)
def test_what_no_format_keeps_is_no_change(session: Session, out: Callable[[str], Path], form: str) -> None:
    """Two kinds of line break, marks that turn the text, tags, the guard of a formula, a text beyond a Shapefile."""
    texts = ["Ett\r\ntvå", "Vänd\u202etext", "<p>Ett</p><b class='x'>två</b>", "'=1+1", "''-1", "å" * 290]
    for number, text in enumerate(texts):
        given_ = ProjectInput(f"P-{number}", text, MainKind.TRAFFIC, description_public=text * 2)
        register_project(session, given_, ACTOR, Rights())
    session.flush()
    assert_unchanged(plan_of(session, out(form)), len(texts))
