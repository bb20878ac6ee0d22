"""The page "Mina projekt": what one is responsible for, and what waits for one's review."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from tracker.accounts.login import can, person, requires
from tracker.accounts.roles import Permission
from tracker.extensions import db
from tracker.projects.draft_store import list_drafts
from tracker.projects.my_projects import read_mine, read_queue
from tracker.projects.standing import limits, today
from tracker.projects.viewing import viewer
from tracker.projects.views import bp


@bp.get("/mina-projekt")
@requires(Permission.VIEW_DRAFTS)
def my_projects() -> ResponseReturnValue:
    """The projects, drafts and coming decisions of whoever is signed in; a reviewer's queue under them."""
    user = person()
    if user is None:
        abort(401)
    session, reader = db.session(), viewer()
    return render_template(
        "projects/my_projects.html",
        mine=read_mine(session, user.id, reader, today(), limits()),
        drafts=list_drafts(session, user.id, reader) if can(Permission.EDIT_PROJECT) else [],
        queue=read_queue(session, user.id, reader) if can(Permission.PUBLISH_PROJECT) else None,
    )
