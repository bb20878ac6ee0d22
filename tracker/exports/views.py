"""Pages of exports."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission
from tracker.errors import NotFoundError

bp = Blueprint("exports", __name__)


@bp.get("/uppfoljning/bidrag")
@requires(Permission.VIEW_DRAFTS)
def contribution() -> ResponseReturnValue:
    """Contribution to the goals."""
    return render_template("exports/contribution.html")


@bp.get("/projekt/export")
@requires(Permission.VIEW_PUBLIC)
def projects() -> ResponseReturnValue:
    """The filtered list as a file."""
    raise NotFoundError("Exporten finns inte än.")
