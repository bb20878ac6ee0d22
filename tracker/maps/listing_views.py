"""The list beside the map by itself: fetched anew when the map has moved, and as a file."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission
from tracker.errors import NotFoundError
from tracker.exports.delivery import REGISTER_FORMATS, save_register
from tracker.exports.register import choose
from tracker.exports.views import audience, send_file
from tracker.extensions import db
from tracker.maps.blueprint import bp
from tracker.maps.choices import choices_from
from tracker.maps.listing import Asked, choice_conditions, in_view
from tracker.maps.listing_page import list_context, list_words
from tracker.messages import message
from tracker.projects.filters import filter_from
from tracker.projects.viewing import viewer


@bp.get("/karta/lista")
@requires(Permission.VIEW_PUBLIC)
def listing() -> ResponseReturnValue:
    """The table of the map's page for the same address."""
    asked = Asked(filter_from(request.args), choices_from(request.args), viewer(), datetime.now(UTC))
    context = list_context(db.session(), asked, request.args.get("page"))
    page = render_template("maps/_list.html", **context, address_with=_page_address)
    return page, 200, {"Cache-Control": "private, no-store"}


def _page_address(**changes: object) -> str:
    """The address of the map's page with some parameters changed: what the table's own links lead to."""
    values: dict[str, Any] = {key: request.args.getlist(key) for key in request.args} | changes
    return url_for("maps.map_page", **{key: value for key, value in values.items() if value not in (None, "", [])})


@bp.get("/karta/lista/export")
@requires(Permission.VIEW_PUBLIC)
def listing_file() -> ResponseReturnValue:
    """The same projects as a file of the register, in order of code."""
    form = request.args.get("format", "")
    if form not in REGISTER_FORMATS:
        known = ", ".join(REGISTER_FORMATS)
        raise NotFoundError(message("Formatet ”%(form)s” finns inte. Välj något av %(known)s.", form=form, known=known))
    session, whose = db.session(), audience()
    asked = Asked(filter_from(request.args), choices_from(request.args), whose.viewer, datetime.now(UTC))
    further = choice_conditions(session, asked) + (in_view(asked) if asked.choices.view else [])
    extract = choose(session, asked.wanted, whose, asked.now, further, list_words(session, asked))
    return send_file(f"{extract.file_stem}.{form}", lambda path: save_register(session, extract, form, path))
