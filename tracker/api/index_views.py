"""The way in: what stands below /api/v1."""

from __future__ import annotations

from flask import jsonify
from flask.typing import ResponseReturnValue

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission
from tracker.api.blueprint import bp
from tracker.web.addresses import whole_address


@bp.get("", strict_slashes=False)
@requires(Permission.VIEW_PUBLIC)
def index() -> ResponseReturnValue:
    """Addresses, each with what it is."""
    links = [{"rel": "self", "href": whole_address("api.index"), "title": "Portföljkartan för program"}]
    return jsonify(title="Portföljkartan", links=links)
