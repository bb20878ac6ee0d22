"""The blueprint that the view modules of the areas hang their pages on."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("areas", __name__)
