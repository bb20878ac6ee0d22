"""The change feed (Atom, RFC 4287; pages by RFC 5005) at /data/handelser.atom (docs/oppna-data.md)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission
from tracker.areas.queries import list_area_sets, lowest_set
from tracker.extensions import db, limiter
from tracker.opendata.answering import text_answer
from tracker.opendata.blueprint import bp
from tracker.opendata.feed import Kind
from tracker.opendata.feed_pages import page_of, public_events
from tracker.projects.choosing import filter_heading
from tracker.projects.filters import ProjectFilter, filter_from
from tracker.web.addresses import whole_address
from tracker.web.problems import ProblemError

MEDIA_TYPE = "application/atom+xml; charset=utf-8"


@bp.get("/data/handelser.atom")
@limiter.limit(lambda: current_app.config["API_LIMIT"])
@requires(Permission.VIEW_PUBLIC)
def feed() -> ResponseReturnValue:
    """The newest public events, the same whoever asks; with the list's filter, and of one sort by `event`."""
    session, wanted, sort = db.session(), _wanted(), _sort()
    events = [one for one in public_events(session, wanted, datetime.now(UTC)) if sort is None or one.kind is sort]
    with force_locale("sv"):
        page = page_of(events, request.args.get("page", "1"))
        if page is None:
            raise ProblemError(404, "Flödet har inte så många sidor.")
        words = wanted.to_query() | ({"event": [sort.value]} if sort else {})
        text = render_template(
            "opendata/feed.xml",
            page=page,
            kinds=Kind,
            heading=filter_heading(session, wanted),
            address=lambda number: whole_address(".feed", **words, page=number if number > 1 else None),
            project=lambda code: whole_address(".project_id", kod=code),
            home=whole_address(".data_page"),
            publisher=current_app.config["PUBLISHER_NAME"] or "Portföljkartan",
            licence=current_app.config["DATA_LICENCE"],
        )
    return text_answer(text.encode(), MEDIA_TYPE)


def _wanted() -> ProjectFilter:
    """The list's filter without what is not for subscribing to. Raises ProblemError for an unknown edition."""
    wanted = replace(filter_from(request.args), q="", year=None, missing="")
    if wanted.areas and wanted.areas not in {
        one.code for one in (*list_area_sets(db.session()), lowest_set(db.session()))
    }:
        raise ProblemError(404, f"Det finns ingen områdesindelning {wanted.areas!r}.")
    return wanted


def _sort() -> Kind | None:
    asked = request.args.get("event", "")
    try:
        return Kind(asked) if asked else None
    except ValueError as error:
        words = ", ".join(one.value for one in Kind)
        raise ProblemError(400, f"event är {asked!r} men ska vara något av {words}.") from error
