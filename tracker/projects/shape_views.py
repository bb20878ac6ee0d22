"""Answers for whoever draws: what is near, and whose shape can be copied."""

from __future__ import annotations

import math

import orjson
import shapely
from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission
from tracker.extensions import db
from tracker.geo.crs import STORAGE_SRID, WEB_SRID, GeometryArray, transformer
from tracker.projects.answering import json_answer
from tracker.projects.shape_neighbours import Box, neighbours_in
from tracker.projects.shape_sources import find_sources
from tracker.projects.viewing import viewer
from tracker.projects.views import bp
from tracker.web.forms import web_text

AROUND = shapely.box(16.9, 58.8, 19.1, 60.0)
"""Longitude and latitude around everything that may be stored."""


@bp.get("/projekt/grannar")
@requires(Permission.EDIT_PROJECT)
def neighbours() -> ResponseReturnValue:
    """Borders in `bbox=minlon,minlat,maxlon,maxlat` as GeoJSON features, but not those of the project `kod`."""
    box = _box(request.args.get("bbox", ""))
    if box is None:
        return _json({"features": [], "cut": False})
    found = neighbours_in(db.session(), viewer(), box, request.args.get("kod", ""))
    features = [*_features(found.projects, area=False), *_features(found.areas, area=True)]
    return _json({"features": features, "cut": found.cut})


def _features(shapes: GeometryArray, *, area: bool) -> list[dict[str, object]]:
    return [
        {"type": "Feature", "properties": {"area": area}, "geometry": orjson.Fragment(web_text(shape))}
        for shape in shapes
    ]


def _box(text: str) -> Box | None:
    """The box in EPSG:3011, None when it lies elsewhere. Raises BadRequest for what is no box."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise BadRequest from error
    if not all(map(math.isfinite, (west, south, east, north))) or west >= east or south >= north:
        raise BadRequest
    common = shapely.box(west, south, east, north).intersection(AROUND)
    if common.area == 0:
        return None
    west, south, east, north = common.bounds
    bounds = transformer(WEB_SRID, STORAGE_SRID).transform_bounds(west, south, east, north)
    return bounds[0], bounds[1], bounds[2], bounds[3]


@bp.get("/projekt/former")
@requires(Permission.EDIT_PROJECT)
def shape_sources() -> ResponseReturnValue:
    """Projects that `q` means and whose shape can be fetched at `address`; never the project `kod` itself."""
    text = request.args.get("q", "").strip()[:200]
    found = find_sources(db.session(), viewer(), text, request.args.get("kod", "")) if text else []
    return _json(
        [
            {
                "code": one.code,
                "name": one.name,
                "extent": one.extent,
                "address": url_for("projects.geometry", kod=one.code),
            }
            for one in found
        ]
    )


def _json(content: object) -> Response:
    return json_answer(content, {"Cache-Control": "private, no-cache"})
