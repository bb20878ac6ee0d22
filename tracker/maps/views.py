"""The page of the public map."""

from __future__ import annotations

from flask import render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from tracker.accounts.login import can, requires
from tracker.accounts.roles import Permission
from tracker.extensions import db
from tracker.maps.answers import tally
from tracker.maps.blueprint import bp
from tracker.maps.choices import choices_from
from tracker.maps.presenters import TWIN_SIZE, goal_names, script_words, twin_rows
from tracker.maps.render import page_map
from tracker.maps.words import frame_words
from tracker.projects.choosing import filter_choices
from tracker.projects.filters import ProjectFilter, conditions, filter_from
from tracker.projects.queries import count_projects, list_rows
from tracker.projects.viewing import viewer
from tracker.web.paging import page_number


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
        choices=choices_from(request.args),
        total=count.total,
        everything=count.total if not wanted.in_force else count_projects(session, ProjectFilter(), reader),
        unlocated=count.unlocated,
        secret=count.secret,
        page=page,
        words=script_words(goal_names(session)) | frame_words(),
        **filter_choices(session, wanted, worklists=can(Permission.VIEW_DRAFTS)),
    )
