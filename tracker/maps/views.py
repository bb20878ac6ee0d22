"""The page of the public map."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import current_app, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from tracker.accounts.login import can, requires
from tracker.accounts.roles import Permission
from tracker.extensions import db
from tracker.maps.backgrounds import backgrounds_of
from tracker.maps.blueprint import bp
from tracker.maps.choices import choices_from
from tracker.maps.listing import Asked
from tracker.maps.listing_page import page_context
from tracker.maps.presenters import goal_names, script_words
from tracker.maps.render import page_map
from tracker.maps.words import frame_words
from tracker.projects.choosing import filter_choices
from tracker.projects.filters import filter_from
from tracker.projects.viewing import viewer


@bp.record_once
def _build_map(state: BlueprintSetupState) -> None:
    """Build the map at start, so that an asset that is missing stops the start and not a reader."""
    page_map(backgrounds_of(state.app.config))


@bp.get("/karta")
@requires(Permission.VIEW_PUBLIC)
def map_page() -> ResponseReturnValue:
    """The map and its table twin; filter and page stand in the address, the view after the number sign."""
    session = db.session()
    asked = Asked(filter_from(request.args), choices_from(request.args), viewer(), datetime.now(UTC))
    backgrounds = backgrounds_of(current_app.config)
    return render_template(
        "maps/map_page.html",
        map=page_map(backgrounds),
        backgrounds=backgrounds,
        **page_context(session, asked, request.args.get("page")),
        words=script_words(goal_names(session)) | frame_words(),
        **filter_choices(session, asked.wanted, worklists=can(Permission.VIEW_DRAFTS)),
    )
