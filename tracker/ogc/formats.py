"""In which form an answer is wanted, and what every answer carries."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
from flask import Response, request

from tracker.exports.standing import code_sign
from tracker.ogc.blueprint import bp
from tracker.ogc.refusing import refuse
from tracker.projects.policies import Viewer

JSON, HTML = "json", "html"
_TYPES = {
    "application/json": JSON, "application/geo+json": JSON, "application/schema+json": JSON,
    "application/vnd.oai.openapi+json": JSON, "text/html": HTML, "application/xhtml+xml": HTML,
}  # fmt: skip


def wanted_form() -> str:
    """By `f`, else by what the asker accepts; JSON when it says nothing that is known."""
    said = request.args.get("f")
    if said is not None:
        if said not in (JSON, HTML):
            refuse("f", "ska vara json eller html", said)
        return said
    best = request.accept_mimetypes.best_match(list(_TYPES))
    return _TYPES[best] if best else JSON


def json_answer(content: Any, media_type: str = "application/json") -> Response:
    """Content as JSON."""
    return Response(orjson.dumps(content), content_type=media_type)


def mark_of(viewer: Viewer, revision: int) -> str:
    """The same as long as the answer is: of the register's revision, the audience, the address and the program."""
    told = (revision, code_sign(), viewer, wanted_form(), request.host_url, request.path, request.query_string)
    return hashlib.blake2b(repr(told).encode(), digest_size=16).hexdigest()


@bp.after_request
def _for_programs(response: Response) -> Response:
    """Pages of other sites may read what everybody may; a cookie is never sent along to them."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Headers"] = "Accept, Authorization, If-None-Match"
    response.headers["Access-Control-Expose-Headers"] = "Content-Crs, ETag"
    response.vary.add("Accept")
    return response
