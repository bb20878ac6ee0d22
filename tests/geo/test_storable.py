"""What is stored comes back byte for byte from both databases."""

from __future__ import annotations

import pytest
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from tests.factories import make_project
from tests.geometries import square
from tracker.geo.stored import from_stored, storable
from tracker.projects.models import Project

POINT, OTHER = shapely.Point(146_300.1234567, 6_585_800.7654321), shapely.Point(146_301, 6_585_800)
LINE = shapely.LineString([(146_300.1, 6_585_800), (146_300.2, 6_585_800.000_000_1), (146_301, 6_585_801)])
AREA = square(145_900, 6_585_700, 200).difference(square(145_950, 6_585_750, 50))


@pytest.mark.parametrize(
    "shape",
    [
        POINT,
        LINE,
        AREA,
        shapely.MultiPoint([POINT, OTHER]),
        shapely.MultiLineString([LINE]),
        shapely.MultiPolygon([AREA]),
        shapely.GeometryCollection([POINT, LINE, AREA]),
        shapely.GeometryCollection([AREA, LINE, POINT]),
        shapely.GeometryCollection([shapely.MultiPoint([POINT, OTHER]), shapely.GeometryCollection([LINE])]),
    ],
)
def test_every_kind_of_shape_is_stored_as_it_is(session: Session, shape: BaseGeometry) -> None:
    project = make_project(session, "A1", shape)
    session.commit()
    session.expire_all()
    stored = from_stored(session.get_one(Project, project.id).geom)
    assert shapely.to_wkb(stored) == shapely.to_wkb(storable(shape))


def test_a_collection_is_flat_and_in_one_order() -> None:
    given = shapely.GeometryCollection([AREA, shapely.GeometryCollection([shapely.MultiPoint([POINT, OTHER]), LINE])])
    assert [part.geom_type for part in storable(given).geoms] == ["Point", "Point", "LineString", "Polygon"]
    assert storable(storable(given)).equals_exact(storable(given), 0)
    assert storable(AREA) is AREA
