"""Pages of measures."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission

bp = Blueprint("measures", __name__)


@bp.get("/matt")
@requires(Permission.VIEW_DRAFTS)
def list_measures() -> ResponseReturnValue:
    """The catalogue of measures."""
    return render_template("measures/list_measures.html")
