"""Pages of goals."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission

bp = Blueprint("goals", __name__)


@bp.get("/mal")
@requires(Permission.VIEW_PUBLIC)
def list_goals() -> ResponseReturnValue:
    """The goal catalogue."""
    return render_template("goals/list_goals.html")
