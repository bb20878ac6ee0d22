"""The blueprint of the map and of what is published around it; routes.py brings its pages."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("maps", __name__)
