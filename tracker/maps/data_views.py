"""What the map draws, at a documented public address."""

from __future__ import annotations

import hashlib

import orjson
from flask import Response, request
from flask.typing import ResponseReturnValue

from tracker.accounts.login import person, requires
from tracker.accounts.roles import Permission
from tracker.errors import DomainError, NotFoundError
from tracker.extensions import db
from tracker.maps.answers import answer_map
from tracker.maps.blueprint import bp
from tracker.maps.windows import window_from
from tracker.projects.filters import filter_from
from tracker.projects.viewing import viewer


@bp.get("/karta/data")
@requires(Permission.VIEW_PUBLIC)
def data() -> ResponseReturnValue:
    """The projects that a filter means as GeoJSON, EPSG:4326; see answers.py for how it is bounded."""
    try:
        window = window_from(request.args)
        answer = answer_map(db.session(), filter_from(request.args), viewer(), window)
    except DomainError as error:
        return _refusal(error)
    body = answer.text().encode()
    response = Response(body, mimetype="application/geo+json")
    response.set_etag(hashlib.blake2b(body, digest_size=16).hexdigest())
    # Asked about each time: a project that became confidential a second ago must not come out of a cache.
    response.cache_control.no_cache = True
    if person() is None:
        response.cache_control.public = True
    else:
        response.cache_control.private = True
    return response.make_conditional(request)


def _refusal(error: DomainError) -> Response:
    status = 404 if isinstance(error, NotFoundError) else 400
    problem = {"type": "about:blank", "title": "Adressen går inte att använda", "status": status, "detail": str(error)}
    return Response(orjson.dumps(problem), status=status, mimetype="application/problem+json")
