"""Pages of maps."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission

bp = Blueprint("maps", __name__)


@bp.get("/karta")
@requires(Permission.VIEW_PUBLIC)
def map_page() -> ResponseReturnValue:
    """The interactive map."""
    return render_template("maps/map_page.html")
