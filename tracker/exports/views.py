"""Pages of exports."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission

bp = Blueprint("exports", __name__)


@bp.get("/uppfoljning/bidrag")
@requires(Permission.VIEW_DRAFTS)
def contribution() -> ResponseReturnValue:
    """Contribution to the goals."""
    return render_template("exports/contribution.html")
