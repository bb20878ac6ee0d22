"""The public map and the data that it draws."""

from __future__ import annotations

import hashlib

import orjson
from flask import Blueprint, Response, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from tracker.accounts.login import can, person, requires
from tracker.accounts.roles import Permission
from tracker.errors import DomainError, NotFoundError
from tracker.extensions import db
from tracker.maps.answers import answer_map, tally
from tracker.maps.presenters import TWIN_SIZE, goal_names, script_words, twin_rows
from tracker.maps.render import page_map
from tracker.maps.windows import window_from
from tracker.projects.choosing import filter_choices
from tracker.projects.filters import ProjectFilter, conditions, filter_from
from tracker.projects.queries import count_projects, list_rows
from tracker.projects.viewing import viewer
from tracker.web.paging import page_number

bp = Blueprint("maps", __name__)


@bp.record_once
def _build_map(_state: BlueprintSetupState) -> None:
    """Build the map at start, so that an asset that is missing stops the start and not a reader."""
    page_map()


@bp.get("/karta")
@requires(Permission.VIEW_PUBLIC)
def map_page() -> ResponseReturnValue:
    """The map and its table twin; filter and page stand in the address, the view after the number sign."""
    session, reader = db.session(), viewer()
    wanted = filter_from(request.args)
    count = tally(session, conditions(session, wanted, reader), reader)
    page = page_number(request.args.get("page"), count.total, TWIN_SIZE)
    rows = list_rows(session, wanted, reader, "namn", page.offset, page.size)
    return render_template(
        "maps/map_page.html",
        map=page_map(),
        rows=twin_rows(session, rows, reader),
        wanted=wanted,
        total=count.total,
        everything=count.total if not wanted.in_force else count_projects(session, ProjectFilter(), reader),
        unlocated=count.unlocated,
        secret=count.secret,
        page=page,
        words=script_words(goal_names(session)),
        **filter_choices(session, wanted, worklists=can(Permission.VIEW_DRAFTS)),
    )


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
