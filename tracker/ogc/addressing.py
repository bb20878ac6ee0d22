"""Links between the pages, as whole addresses that the asker can reach."""

from __future__ import annotations

from typing import Any

from flask import current_app, request

from tracker.ogc.formats import HTML, JSON
from tracker.web.addresses import whole_address

GEOJSON = "application/geo+json"
JSON_TYPE = "application/json"
HTML_TYPE = "text/html"
SCHEMA_TYPE = "application/schema+json"
OPENAPI_TYPE = "application/vnd.oai.openapi+json;version=3.0"
_OGC = "http://www.opengis.net/def/rel/ogc/1.0/"
QUERYABLES, SORTABLES = f"{_OGC}queryables", f"{_OGC}sortables"
Links = list[dict[str, Any]]


def link(href: str, rel: str, media_type: str, title: str) -> dict[str, Any]:
    """A link object."""
    return {"href": href, "rel": rel, "type": media_type, "title": title}


def here(**changes: str) -> str:
    """This page's address with its question, some of it changed; "" leaves a parameter out."""
    values: dict[str, Any] = dict(request.view_args or {}) | request.args.to_dict() | changes
    return whole_address(str(request.endpoint), **values)


def own_links(media_type: str, form: str) -> Links:
    """To this page itself, and to it as a page for people or for programs."""
    both = {JSON: (media_type, "Som JSON"), HTML: (HTML_TYPE, "Som webbsida")}
    other = HTML if form == JSON else JSON
    return [
        link(here(), "self", both[form][0], "Det här"),
        link(here(f=other), "alternate", *both[other]),
    ]


def licence_links() -> Links:
    """To the licence of the data, where the installation names one."""
    licence = str(current_app.config.get("DATA_LICENCE") or "")
    return [link(licence, "license", HTML_TYPE, "Licens")] if licence else []


def of_collection(name: str) -> Links:
    """From a collection to its features and what can be asked of them."""
    items = whole_address("ogc.items", collection_id=name)
    return [
        link(f"{items}?f=json", "items", GEOJSON, "Objekten som GeoJSON"),
        link(f"{items}?f=html", "items", HTML_TYPE, "Objekten som webbsida"),
        link(
            whole_address("ogc.queryables", collection_id=name), QUERYABLES, SCHEMA_TYPE, "Egenskaper att fråga efter"
        ),
        link(whole_address("ogc.sortables", collection_id=name), SORTABLES, SCHEMA_TYPE, "Egenskaper att ordna efter"),
    ]
