"""The pages and the data of areas that everyone may see."""

from __future__ import annotations

import orjson
from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission
from tracker.areas import presenters, queries
from tracker.areas.blueprint import bp
from tracker.areas.edit_views import edit_area
from tracker.areas.policies import is_open
from tracker.areas.web_outlines import web_outlines
from tracker.extensions import db
from tracker.messages import told

__all__ = ["bp", "edit_area"]  # the import hangs the forms on the blueprint


@bp.get("/omraden")
@requires(Permission.VIEW_PUBLIC)
def list_areas() -> ResponseReturnValue:
    """An edition with its areas: `edition` in the address, else the newest. `namn` searches all editions."""
    session = db.session()
    code = request.args.get("edition")
    area_set = queries.get_area_set(session, code) if code else queries.newest_set(session)
    name = request.args.get("namn", "")[:100].strip()
    return render_template(
        "areas/list_areas.html",
        page=presenters.edition_page(session, area_set),
        name=name,
        found=queries.find_areas(session, name) if name else [],
        open_edition=is_open(session, area_set),
    )


@bp.get("/omraden/<edition>/granser.geojson")
@requires(Permission.VIEW_PUBLIC)
def outlines(edition: str) -> ResponseReturnValue:
    """The outlines of an edition for maps: a FeatureCollection in EPSG:4326, checked by ETag."""
    session = db.session()
    found = web_outlines(session, queries.get_area_set(session, edition))
    response = Response(mimetype="application/geo+json")
    response.set_etag(found.mark())
    response.cache_control.public = True
    # Asked about each time: official outlines must be seen as soon as they are imported.
    response.cache_control.no_cache = True
    response.make_conditional(request)
    if response.status_code != 304:
        response.set_data(found.text())
    return response


@bp.get("/omraden/sok")
@requires(Permission.VIEW_PUBLIC)
def search() -> ResponseReturnValue:
    """Areas and stadsdelar whose name or alias holds `q`, as a JSON list for the form."""
    found = queries.find_areas(db.session(), request.args.get("q", "")[:100])
    rows = [
        {"id": area.id, "code": area.code, "set": area.set_code, "name": area.name, "label": told(area.label)}
        for area in found
    ]
    return Response(orjson.dumps(rows), mimetype="application/json")
