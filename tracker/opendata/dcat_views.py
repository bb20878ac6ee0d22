"""The catalogue of the open data at /data/dcat, for harvesting by Sveriges dataportal (DCAT-AP-SE)."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Response, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission
from tracker.extensions import db
from tracker.opendata.answering import text_answer
from tracker.opendata.blueprint import bp
from tracker.opendata.datasets import list_data_sets
from tracker.opendata.publishing import Publisher


@bp.get("/data/dcat")
@requires(Permission.VIEW_PUBLIC)
def dcat() -> ResponseReturnValue:
    """In the form that Accept asks for; RDF/XML, which the portal reads, when it asks for none of them."""
    from tracker.opendata.dcat import MEDIA_TYPES

    words = {media_type: form for form, media_type in MEDIA_TYPES.items()}
    best = request.accept_mimetypes.best_match(list(words), default=MEDIA_TYPES["rdf"])
    answer = _answer(words[str(best)])
    answer.vary.add("Accept")
    return answer


@bp.get("/data/dcat.rdf")
@requires(Permission.VIEW_PUBLIC)
def dcat_rdf() -> ResponseReturnValue:
    """As RDF/XML."""
    return _answer("rdf")


@bp.get("/data/dcat.ttl")
@requires(Permission.VIEW_PUBLIC)
def dcat_ttl() -> ResponseReturnValue:
    """As Turtle."""
    return _answer("ttl")


@bp.get("/data/dcat.jsonld")
@requires(Permission.VIEW_PUBLIC)
def dcat_jsonld() -> ResponseReturnValue:
    """As JSON-LD."""
    return _answer("jsonld")


@bp.get("/.well-known/dcat")
@requires(Permission.VIEW_PUBLIC)
def well_known() -> ResponseReturnValue:
    """Where harvesters look first."""
    return redirect(url_for(".dcat"), 307)


def _answer(form: str) -> Response:
    # rdflib takes a third of a second to load, which nobody else should wait for.
    from tracker.opendata.dcat import MEDIA_TYPES, catalogue, serialise

    graph = catalogue(list_data_sets(db.session(), datetime.now(UTC)), Publisher.of(current_app.config))
    return text_answer(serialise(graph, form), f"{MEDIA_TYPES[form]}; charset=utf-8")
