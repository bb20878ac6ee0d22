"""Suggestions for the map's search box, as JSON."""

from __future__ import annotations

from urllib.parse import urlencode

import orjson
from flask import Response, request
from flask.typing import ResponseReturnValue

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission
from tracker.extensions import db
from tracker.maps.blueprint import bp
from tracker.maps.find import Suggestion, suggest
from tracker.messages import told
from tracker.projects.viewing import viewer


@bp.get("/karta/sok")
@requires(Permission.VIEW_PUBLIC)
def suggestions() -> ResponseReturnValue:
    """What `q` may mean: {"suggestions": [{"sort", "label", "detail", "query", …}]}."""
    asked = request.args.get("q", "")
    found = [_plain(one) for one in suggest(db.session(), asked, viewer())]
    answer = Response(orjson.dumps({"suggestions": found}), mimetype="application/json")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _plain(one: Suggestion) -> dict[str, str]:
    return {
        "sort": one.sort.value,
        "label": told(one.label),
        "detail": told(one.detail),
        "query": urlencode(one.query),
        "code": one.code,
        "kind": one.kind,
        "place": one.place,
    }
