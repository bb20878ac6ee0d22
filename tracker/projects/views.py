"""Pages of the register: overview, list, detail, form."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission

bp = Blueprint("projects", __name__)


@bp.get("/")
@requires(Permission.VIEW_PUBLIC)
def overview() -> ResponseReturnValue:
    """What the portfolio holds."""
    return render_template("projects/overview.html")


@bp.get("/projekt")
@requires(Permission.VIEW_PUBLIC)
def list_projects() -> ResponseReturnValue:
    """The filtered list."""
    return render_template("projects/list_projects.html")
