"""Pages of areas."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission

bp = Blueprint("areas", __name__)


@bp.get("/omraden")
@requires(Permission.VIEW_PUBLIC)
def list_areas() -> ResponseReturnValue:
    """The area editions."""
    return render_template("areas/list_areas.html")
