"""The blueprint; routes.py brings its pages."""

from __future__ import annotations

from flask import Blueprint, Response, session

from tracker.extensions import csrf

bp = Blueprint("api", __name__, url_prefix="/api/v1")
# Changes are made with a token in a header and with nothing that a browser sends by itself (accounts/token_bearing.py).
csrf.exempt(bp)


@bp.after_request
def keep_no_session(response: Response) -> Response:
    """The forms that judge what is sent are made for browsers and begin a session; a program has none."""
    session.modified = False
    return response
