"""The blueprint of the pages here; routes.py imports the modules that fill it."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("reports", __name__)
