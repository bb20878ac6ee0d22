"""The blueprint that the view modules of the goal catalogue hang their pages on."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("goals", __name__)
