"""The blueprint; routes.py brings its pages."""

from __future__ import annotations

from flask import Blueprint

from tracker.extensions import csrf

bp = Blueprint("api", __name__, url_prefix="/api/v1")
# Changes are made with a token in a header and with nothing that a browser sends by itself (accounts/token_bearing.py).
csrf.exempt(bp)
