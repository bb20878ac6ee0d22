"""The description of every address in OpenAPI 3.0, with the parameters that each collection takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracker.messages import message
from tracker.ogc.collections import Collection
from tracker.ogc.openapi_parts import CHECKED, FORM, ITEM_PARAMETERS, ITEMS_PARAMETERS, SCHEMAS, answers
from tracker.ogc.properties import Kind, Property

VERSION = "1.0.0"


def described_api(collections: Sequence[Collection], address: str, title: str, description: str) -> dict[str, Any]:
    """The whole document; `address` is that of the landing page."""
    paths = dict(_common([one.id for one in collections]))
    for one in collections:
        paths |= _items(one)
    return {
        "openapi": "3.0.3",
        "info": {"title": title, "description": description, "version": VERSION},
        "servers": [{"url": address}],
        "tags": [{"name": "service", "description": message("Tjänsten")}]
        + [{"name": one.id, "description": one.title} for one in collections],
        "paths": paths,
        "components": {"schemas": SCHEMAS, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{}, {"token": []}],
    }


def _get(name: str, tag: str, summary: str, parameters: Sequence[dict[str, Any]], found: dict[str, Any]) -> Any:
    told = {"operationId": name, "tags": [tag], "summary": summary, "parameters": list(parameters), "responses": found}
    return {"get": told}


def _common(names: Sequence[str]) -> dict[str, Any]:
    one = {
        "name": "collectionId", "in": "path", "required": True, "description": message("Samlingens namn"),
        "schema": {"type": "string", "enum": list(names)},
    }  # fmt: skip
    of_one = "/collections/{collectionId}"
    gone = answers("Collection", missing=True)
    schema = answers("Schema", media="application/schema+json", missing=True)
    return {
        "/": _get("getLandingPage", "service", message("Första sidan"), [FORM], answers("Landing")),
        "/conformance": _get(
            "getConformance", "service", message("Standarder som följs"), [FORM], answers("Conformance")),
        "/api": _get("getApi", "service", message("Den här beskrivningen"), [FORM, *CHECKED], answers(
            "Api", media="application/vnd.oai.openapi+json;version=3.0")),
        "/collections": _get("getCollections", "service", message("Samlingarna"), [FORM], answers("Collections")),
        of_one: _get("getCollection", "service", message("En samling"), [one, FORM], gone),
        f"{of_one}/queryables": _get(
            "getQueryables", "service", message("Egenskaper att fråga efter"), [one, FORM], schema),
        f"{of_one}/sortables": _get(
            "getSortables", "service", message("Egenskaper att ordna efter"), [one, FORM], schema),
    }  # fmt: skip


def _items(collection: Collection) -> dict[str, Any]:
    name = collection.id
    word = name.replace("-", "_")
    key = {
        "name": "featureId", "in": "path", "required": True, "description": message("Objektets kod"),
        "schema": {"type": "string"},
    }  # fmt: skip
    own = [_queryable(one) for one in collection.properties]
    found = answers("FeatureCollection", media="application/geo+json", conditional=True, missing=True)
    one = answers("Feature", media="application/geo+json", conditional=True, missing=True)
    told = [_chosen(collection.properties), _sort(collection.properties)]
    return {
        f"/collections/{name}/items": _get(
            f"get_{word}_items",
            name,
            message("Objekten i %(title)s", title=collection.title),
            [*ITEMS_PARAMETERS, *told, *own],
            found,
        ),
        f"/collections/{name}/items/{{featureId}}": _get(
            f"get_{word}_item",
            name,
            message("Ett objekt i %(title)s", title=collection.title),
            [key, *ITEM_PARAMETERS, told[0]],
            one,
        ),
    }


def _queryable(one: Property) -> dict[str, Any]:
    found = {
        "name": one.name, "in": "query", "required": False, "schema": dict(one.schema),
        "description": message("%(title)s: bara objekt med det värdet", title=one.title),
    }  # fmt: skip
    if one.kind is Kind.TEXTS:
        found |= {
            "style": "form",
            "explode": False,
            "description": message("%(title)s: bara objekt med alla de värdena", title=one.title),
        }
    return found


def _chosen(properties: Sequence[Property]) -> dict[str, Any]:
    names = [one.name for one in properties if one.told]
    return _list("properties", message("De egenskaper som objekten ska ha"), names)


def _sort(properties: Sequence[Property]) -> dict[str, Any]:
    names = [one.name for one in properties if one.sortable]
    return _list("sortby", message("Ordning; minus framför vänder den"), [*names, *(f"-{name}" for name in names)])


def _list(name: str, description: str, words: Sequence[str]) -> dict[str, Any]:
    items = {"type": "string", "enum": list(words)}
    return {
        "name": name, "in": "query", "required": False, "style": "form", "explode": False, "description": description,
        "schema": {"type": "array", "minItems": 1, "uniqueItems": True, "items": items},
    }  # fmt: skip
