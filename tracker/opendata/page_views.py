"""The page about the open data, for developers and the curious."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission
from tracker.opendata.blueprint import bp


@bp.get("/data")
@requires(Permission.VIEW_PUBLIC)
def data_page() -> ResponseReturnValue:
    """Which data sets there are, and how they are fetched."""
    return render_template("opendata/data_page.html")
