"""The map of a plan: what is new, what moves from where to where, what stays, what is refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import orjson
import shapely

from tracker.geo.crs import STORAGE_SRID, WEB_SRID, GeometryArray, reproject
from tracker.imports.plan import Plan

MOST_SHAPES = 20_000
"""More would only be heavier to look at; the tables hold every row."""
TOLERANCE_METRES = 2.0


def plan_shapes(plan: Plan) -> tuple[int, bytes]:
    """How many shapes there are, and a FeatureCollection in EPSG:4326.

    Properties: `what` (ny, andras, fran, oforandrad, avvisas), row, code, name.
    """
    listed = list(_listed(plan))
    chosen = listed[:MOST_SHAPES]
    shapes: GeometryArray = np.empty(len(chosen), dtype=object)
    shapes[:] = [shape for _what, _index, shape in chosen]
    simple = shapely.simplify(shapes, TOLERANCE_METRES)
    moved = shapely.transform(reproject(simple, STORAGE_SRID, WEB_SRID), lambda xy: xy.round(6)) if chosen else shapes
    texts: Sequence[str] = shapely.to_geojson(moved).tolist() if chosen else []
    features = [
        {"type": "Feature", "properties": _properties(plan, what, index), "geometry": orjson.Fragment(text)}
        for (what, index, _shape), text in zip(chosen, texts, strict=True)
    ]
    return len(listed), orjson.dumps({"type": "FeatureCollection", "features": features})


def _listed(plan: Plan) -> Iterator[tuple[str, int, Any]]:
    """What matters most first, should there be too many."""
    shapes = plan.candidates.geometries
    changed = [change.index for change in plan.changes]
    out = {finding.row for finding in plan.refused}
    refused = [index for index, row in enumerate(plan.candidates.rows) if row in out]
    groups = (
        ("andras", changed), ("ny", plan.additions), ("avvisas", refused),
        ("oforandrad", [index for index, _project in plan.unchanged]),
    )  # fmt: skip
    for change in plan.changes:
        old = change.fields.get("geometry", (None, None))[0]
        if isinstance(old, str) and old:
            yield "fran", change.index, shapely.from_wkt(old)
    for what, indices in groups:
        for index in indices:
            if shapes is not None and shapes[index] is not None:
                yield what, index, shapes[index]


def _properties(plan: Plan, what: str, index: int) -> dict[str, Any]:
    candidates = plan.candidates
    return {
        "what": what,
        "row": candidates.rows[index],
        "code": candidates.value("code", index) or "",
        "name": candidates.value("name", index) or "",
    }
