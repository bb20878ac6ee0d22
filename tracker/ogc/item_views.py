"""The features of a collection: a page of them, and one."""

from __future__ import annotations

from datetime import UTC, datetime

import orjson
from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from tracker.accounts.freshness import fresh
from tracker.accounts.login import requires
from tracker.accounts.roles import Permission
from tracker.errors import NotFoundError
from tracker.extensions import db
from tracker.maps.data_views import map_keeper
from tracker.maps.keeping import Asking, Keeping
from tracker.maps.reading import read_revision, reading
from tracker.ogc.addressing import GEOJSON, JSON_TYPE, Links, here, licence_links, link, own_links
from tracker.ogc.answering import Page, read_page
from tracker.ogc.asking import ItemsAsked, check_known, items_asked
from tracker.ogc.blueprint import bp
from tracker.ogc.collections import Collection
from tracker.ogc.crs import Crs
from tracker.ogc.finding import collection_named
from tracker.ogc.formats import HTML, mark_of, wanted_form
from tracker.ogc.properties import named
from tracker.ogc.ready import read_ready
from tracker.projects.policies import PUBLIC
from tracker.projects.viewing import viewer
from tracker.web.addresses import whole_address

_COUNTS: Keeping[int] = Keeping(500)
NOT_COUNTED = ("f", "limit", "cursor", "crs", "properties", "sortby")
"""What a question may say without meaning more or fewer features."""
ONE = ("f", "crs", "properties")


@bp.get("/collections/<collection_id>/items")
@requires(Permission.VIEW_PUBLIC)
def items(collection_id: str) -> ResponseReturnValue:
    """A page of those that the question means."""
    form, number = wanted_form(), read_revision(db.engine)
    found = collection_named(collection_id)
    asked = items_asked(request.args, named(found.properties))
    response = fresh(Response(status=304, content_type=GEOJSON), mark_of(viewer(), number))
    if form != HTML and request.if_none_match.contains_weak(response.get_etag()[0] or ""):
        return response
    page = _page(found, asked, number)
    links = _links(found, form, page)
    if form == HTML:
        told = [orjson.loads(one) for one in page.features]
        return render_template("ogc/items.html", collection=found, features=told, page=page, links=links)
    response.status_code = 200
    response.set_data(_body(page, links))
    return _in(response, asked.shaping.crs)


def _page(found: Collection, asked: ItemsAsked, number: int) -> Page:
    """From the map's memory where it can, else from the database; the revision was read before anything else."""
    who = viewer()
    if who == PUBLIC and asked.plain and found.ready_part is not None:
        model = map_keeper().at(number)
        if model is not None:
            with reading(db.engine) as session:
                return read_ready(session, model, found.ready_part, asked)
    question = tuple(sorted((key, text) for key, text in request.args.items() if key not in NOT_COUNTED))
    counting = Asking(str(db.engine.url), number, (found.id, who, question))
    session = db.session()
    page = read_page(session, found.opened(session, who), asked, named(found.properties), _COUNTS.find(counting))
    _COUNTS.keep(counting, page.matched)
    return page


def _links(found: Collection, form: str, page: Page) -> Links:
    links = own_links(GEOJSON, form)
    if page.following:
        links.append(link(here(cursor=page.following), "next", links[0]["type"], "Nästa sida"))
    own = whole_address("ogc.collection", collection_id=found.id)
    return [*links, link(own, "collection", JSON_TYPE, found.title), *licence_links()]


def _body(page: Page, links: Links) -> bytes:
    head = {
        "type": "FeatureCollection",
        "links": links,
        "timeStamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "numberMatched": page.matched,
        "numberReturned": len(page.features),
    }
    return b"".join((orjson.dumps(head)[:-1], b',"features":[', b",".join(page.features), b"]}"))


def _in(response: Response, crs: Crs) -> Response:
    response.headers["Content-Crs"] = f"<{crs.uri}>"
    return response


@bp.get("/collections/<collection_id>/items/<feature_id>")
@requires(Permission.VIEW_PUBLIC)
def item(collection_id: str, feature_id: str) -> ResponseReturnValue:
    """One feature."""
    form, number = wanted_form(), read_revision(db.engine)
    found = collection_named(collection_id)
    check_known(request.args, ONE)
    asked = items_asked(request.args, named(found.properties))
    response = fresh(Response(status=304, content_type=GEOJSON), mark_of(viewer(), number))
    session = db.session()
    rows = found.opened(session, viewer())
    there = session.scalar(rows.chosen(rows.key).where(rows.key == feature_id))
    features = [] if there is None else rows.features([there], asked.shaping)
    if not features:
        raise NotFoundError(f"Samlingen ”{collection_id}” har inget objekt ”{feature_id}” för den som frågar.")
    if form != HTML and request.if_none_match.contains_weak(response.get_etag()[0] or ""):
        return response
    own = whole_address("ogc.collection", collection_id=collection_id)
    links = [*own_links(GEOJSON, form), link(own, "collection", JSON_TYPE, found.title), *licence_links()]
    if form == HTML:
        return render_template("ogc/item.html", collection=found, feature=orjson.loads(features[0]), links=links)
    response.status_code = 200
    response.set_data(b'%b,"links":%b}' % (features[0][:-1], orjson.dumps(links)))
    return _in(response, asked.shaping.crs)
