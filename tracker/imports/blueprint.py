"""The blueprint that the wizard's views hang on."""

from flask import Blueprint

bp = Blueprint("imports", __name__)
