"""The lines from projects to the areas that they serve, as data for the map."""

from __future__ import annotations

import hashlib

import orjson
from flask import Response, request
from flask.typing import ResponseReturnValue

from tracker.accounts.login import person, requires
from tracker.accounts.roles import Permission
from tracker.areas.queries import get_area_set, newest_set
from tracker.extensions import db
from tracker.maps.blueprint import bp
from tracker.maps.theme_lines import list_serving
from tracker.projects.filters import conditions, filter_from
from tracker.projects.models import Project
from tracker.projects.policies import visible_to
from tracker.projects.viewing import viewer


@bp.get("/karta/betjanar")
@requires(Permission.VIEW_PUBLIC)
def served() -> ResponseReturnValue:
    """Project code → its place and the areas that it serves in the edition `areas`, of the filter or of one project."""
    session, reader, wanted = db.session(), viewer(), filter_from(request.args)
    area_set = get_area_set(session, wanted.areas) if wanted.areas else newest_set(session)
    code = request.args.get("kod", "")
    chosen = [*visible_to(reader), Project.code == code] if code else conditions(session, wanted, reader)
    found = list_serving(session, chosen, reader, area_set)
    body = orjson.dumps(
        {
            "edition": area_set.code,
            "complete": found is not None,
            "projects": {
                one.code: {"at": one.at, "areas": one.areas, "elsewhere": one.elsewhere} for one in found or []
            },
        }
    )
    response = Response(body, mimetype="application/json")
    response.set_etag(hashlib.blake2b(body, digest_size=16).hexdigest())
    # Asked about each time, as the projects themselves are.
    response.cache_control.no_cache = True
    if person() is None:
        response.cache_control.public = True
    else:
        response.cache_control.private = True
    return response.make_conditional(request)
