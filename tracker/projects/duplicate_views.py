"""The question that the form asks while one types: is this project here already?"""

from __future__ import annotations

from typing import Any

import orjson
import shapely
from flask import request, url_for
from flask.typing import ResponseReturnValue
from shapely.geometry.base import BaseGeometry
from werkzeug.exceptions import BadRequest
from wtforms import ValidationError

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission
from tracker.extensions import db
from tracker.projects.answering import json_answer
from tracker.projects.duplicates import MOST_NUMBERS, Sought, find_alike, told
from tracker.projects.viewing import viewer
from tracker.projects.views import bp
from tracker.web.forms import read_web_text
from tracker.web.reading import reads_only

MOST_VERTICES = 2_000
"""A finer shape is compared by its bounding box."""


@bp.post("/projekt/lika")
@requires(Permission.EDIT_PROJECT)
@reads_only
def alike() -> ResponseReturnValue:
    """Projects that may be the same: [{code, name, why, address}], at most five, of those this person may see."""
    try:
        sent = request.get_json(silent=True)
    except RecursionError as error:
        raise BadRequest from error
    if not isinstance(sent, dict):
        raise BadRequest
    found = told(find_alike(db.session(), _sought(sent), viewer()))
    for one in found:
        one["address"] = url_for(".detail", kod=one["code"])
    return json_answer(found)


def _sought(sent: dict[str, Any]) -> Sought:
    numbers = sent.get("case_numbers")
    listed = numbers[:MOST_NUMBERS] if isinstance(numbers, list) else []
    return Sought(
        name=str(sent.get("name") or "")[:300],
        case_numbers=tuple(str(number)[:100] for number in listed),
        geometry=_shape(sent.get("geometry")),
        code=str(sent.get("code") or "")[:60],
    )


def _shape(geometry: object) -> BaseGeometry | None:
    """The drawn shape in EPSG:3011; one that cannot be read is no place, for another answer says what is wrong."""
    if not isinstance(geometry, dict):
        return None
    try:
        shape = read_web_text(orjson.dumps(geometry).decode())
    except (ValidationError, orjson.JSONEncodeError, RecursionError):
        return None
    if shape.is_empty or not bool(shapely.is_valid(shape)):
        return None
    return shape if shapely.get_num_coordinates(shape) <= MOST_VERTICES else shapely.box(*shape.bounds)
