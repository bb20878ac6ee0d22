"""What happens at a place, as the part of the page that says so."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission
from tracker.errors import InvalidInputError, Problem
from tracker.extensions import db
from tracker.maps.blueprint import bp
from tracker.maps.choices import RADII, choices_from
from tracker.maps.here_told import here_context
from tracker.messages import message
from tracker.projects.viewing import viewer


@bp.get("/karta/har")
@requires(Permission.VIEW_PUBLIC)
def here() -> ResponseReturnValue:
    """Areas and projects around `lon`, `lat` in degrees, within `radius` metres (250, 500 or 1 000)."""
    place = f"{request.args.get('lon', '')},{request.args.get('lat', '')}"
    choices = choices_from(MultiDict({"here": place, "radius": request.args.get("radius", "")}))
    if not choices.here:
        reason = message("Platsen ska vara två tal i grader: lon (longitud) och lat (latitud).")
        raise InvalidInputError([Problem("lon", reason, place[:80])])
    context = here_context(db.session(), choices, viewer(), datetime.now(UTC))
    page = render_template("maps/_here.html", choices=choices, radii=RADII, **context)
    return page, 200, {"Cache-Control": "private, no-store"}
