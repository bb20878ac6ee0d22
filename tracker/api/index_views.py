"""The way in: what stands below /api/v1, and its description."""

from __future__ import annotations

from flask import jsonify
from flask.typing import ResponseReturnValue

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission
from tracker.api.blueprint import bp
from tracker.api.openapi import describe
from tracker.web.addresses import whole_address


@bp.get("", strict_slashes=False)
@bp.get("/", strict_slashes=False)
@requires(Permission.VIEW_PUBLIC)
def index() -> ResponseReturnValue:
    """Addresses, each with what it is."""
    titles = {
        "api.index": ("self", "Den här sidan"),
        "api.openapi": ("service-desc", "Beskrivning (OpenAPI 3.0)"),
        "api.projects": ("projects", "Projekt"),
        "api.periods": ("periods", "Uppföljningsperioder"),
        "tokens.own_tokens": ("tokens", "Nycklar för program"),
    }
    links = [{"rel": rel, "href": whole_address(endpoint), "title": title} for endpoint, (rel, title) in titles.items()]
    return jsonify(title="Portföljkartan", links=links)


@bp.get("/openapi.json")
@requires(Permission.VIEW_PUBLIC)
def openapi() -> ResponseReturnValue:
    """The description in OpenAPI 3.0."""
    return jsonify(describe(whole_address("api.index").rstrip("/")))
