"""What is stored comes back byte for byte, and the envelope filter uses the index."""

from __future__ import annotations

import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.factories import make_project
from tests.geometries import CITY_HALL, RINKEBY, square
from tracker.geo.envelope import InEnvelope
from tracker.geo.stored import from_stored
from tracker.projects.models import Project

coordinate = st.tuples(st.floats(130_000, 170_000), st.floats(6_560_000, 6_600_000))


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(coordinate, min_size=2, max_size=6, unique=True))
def test_stored_geometry_keeps_every_bit(session: Session, corners: list[tuple[float, float]]) -> None:
    shape = shapely.LineString(corners)
    project = make_project(session, f"P{hash(tuple(corners)) % 10**9}", shape)
    session.expire(project)
    back = from_stored(project.geom)
    assert back is not None
    assert shapely.to_wkb(back) == shapely.to_wkb(shape)
    session.rollback()


def test_the_envelope_filter_finds_what_meets_the_box_through_the_index(session: Session) -> None:
    make_project(session, "A", CITY_HALL)
    make_project(session, "B", RINKEBY)
    make_project(session, "C", square(153_000, 6_579_000, 50))
    make_project(session, "D", None)
    near = InEnvelope(Project.geom, Project.id, (152_900, 6_578_900, 153_200, 6_579_200))
    assert list(session.scalars(select(Project.code).where(near).order_by(Project.code))) == ["A", "C"]
    plan = session.connection().engine.dialect.name
    if plan == "sqlite":
        compiled = str(
            select(Project.id).where(near).compile(session.connection(), compile_kwargs={"literal_binds": True})
        )
        rows = session.execute(text("EXPLAIN QUERY PLAN " + compiled)).all()
        assert any("idx_project_geom" in str(row) for row in rows)
