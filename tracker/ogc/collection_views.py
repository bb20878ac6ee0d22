"""The collections, each of them, and what can be asked of it."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from tracker.accounts.freshness import fresh
from tracker.accounts.login import requires
from tracker.accounts.roles import Permission
from tracker.extensions import db
from tracker.maps.reading import read_revision
from tracker.ogc.addressing import (
    HTML_TYPE,
    JSON_TYPE,
    SCHEMA_TYPE,
    here,
    licence_links,
    link,
    of_collection,
    own_links,
)
from tracker.ogc.asking import check_known
from tracker.ogc.blueprint import bp
from tracker.ogc.collections import Collection
from tracker.ogc.crs import SUPPORTED
from tracker.ogc.describing import described, schema_of
from tracker.ogc.finding import all_collections, collection_named
from tracker.ogc.formats import HTML, json_answer, mark_of, wanted_form
from tracker.ogc.properties import Property
from tracker.projects.viewing import viewer
from tracker.web.addresses import whole_address


@bp.get("/collections")
@requires(Permission.VIEW_PUBLIC)
def collections() -> ResponseReturnValue:
    """All of them."""
    check_known(request.args, ("f",))
    form, mark = wanted_form(), mark_of(viewer(), read_revision(db.engine))
    found = [_with_links(one) for one in all_collections()]
    if form == HTML:
        return render_template("ogc/collections.html", collections=found)
    content = {
        "links": [*own_links(JSON_TYPE, form), *licence_links()],
        "crs": [one.uri for one in SUPPORTED],
        "collections": found,
    }
    return fresh(json_answer(content), mark)


def _with_links(collection: Collection) -> dict[str, Any]:
    """As the list has it."""
    own = whole_address("ogc.collection", collection_id=collection.id)
    links = [
        link(f"{own}?f=json", "self", JSON_TYPE, "Det här"),
        link(f"{own}?f=html", "alternate", HTML_TYPE, "Som webbsida"),
    ]
    content = described(db.session(), collection, viewer())
    return content | {"links": [*links, *of_collection(collection.id), *licence_links()]}


@bp.get("/collections/<collection_id>")
@requires(Permission.VIEW_PUBLIC)
def collection(collection_id: str) -> ResponseReturnValue:
    """One of them."""
    check_known(request.args, ("f",))
    form, mark = wanted_form(), mark_of(viewer(), read_revision(db.engine))
    found = collection_named(collection_id)
    content = described(db.session(), found, viewer())
    content["links"] = [*own_links(JSON_TYPE, form), *of_collection(collection_id), *licence_links()]
    if form == HTML:
        return render_template("ogc/collection.html", content=content, properties=found.properties)
    return fresh(json_answer(content), mark)


@bp.get("/collections/<collection_id>/queryables")
@requires(Permission.VIEW_PUBLIC)
def queryables(collection_id: str) -> ResponseReturnValue:
    """What a filter may name."""
    found = collection_named(collection_id)
    return _schema(found, list(found.properties), shape=True)


@bp.get("/collections/<collection_id>/sortables")
@requires(Permission.VIEW_PUBLIC)
def sortables(collection_id: str) -> ResponseReturnValue:
    """What the order may go by."""
    found = collection_named(collection_id)
    return _schema(found, [one for one in found.properties if one.sortable], shape=False)


def _schema(found: Collection, properties: list[Property], *, shape: bool) -> ResponseReturnValue:
    check_known(request.args, ("f",))
    if wanted_form() == HTML:
        return render_template("ogc/properties.html", collection=found, properties=properties, shape=shape)
    content = schema_of(found, properties, here(f=""), shape=shape)
    answer: Response = json_answer(content, SCHEMA_TYPE)
    return answer
