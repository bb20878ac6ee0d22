"""Shapes of a filter that are more work than they look."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize("kind", ["LINESTRING({})", "POLYGON(({}))", "MULTILINESTRING(({}))"])
def test_a_shape_that_crosses_itself_everywhere_is_refused(client: FlaskClient, kind: str) -> None:
    """What is cut at the edge of the north would take work for each crossing."""
    corners = [f"{(-80, 80)[n % 2]} {n * 37 % 80}.{n}" for n in range(240)]
    text = f"S_INTERSECTS(geometry, {kind.format(','.join([*corners, corners[0]]))})"
    answer = client.get("/ogc/collections/projects/items", query_string={"filter": text})
    assert answer.status_code == 400
    assert "korsar sig" in answer.text
