"""What the description says of every collection alike: parameters, answers and their schemas."""

from __future__ import annotations

from typing import Any

from tracker.messages import message
from tracker.ogc.asking import DEFAULT_LIMIT, MOST_LIMIT
from tracker.ogc.cql_reading import JSON, MOST_CHARACTERS, TEXT
from tracker.ogc.crs import SUPPORTED

_STRING = {"type": "string"}
_URIS = [one.uri for one in SUPPORTED]


def _parameter(name: str, description: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema, **more}


FORM = _parameter(
    "f", message("Form: json eller html; annars efter Accept"), {"type": "string", "enum": ["json", "html"]}
)
CHECKED = (
    {
        "name": "If-None-Match", "in": "header", "required": False, "schema": _STRING,
        "description": message("ETag från ett tidigare svar; är inget ändrat blir svaret 304"),
    },
)  # fmt: skip
_CRS = _parameter("crs", message("Koordinatsystem för svaret, i systemets egen axelordning"), {
    "type": "string", "enum": _URIS, "default": _URIS[0]})  # fmt: skip
ITEM_PARAMETERS = (FORM, _CRS, *CHECKED)
ITEMS_PARAMETERS = (
    *ITEM_PARAMETERS,
    _parameter("limit", message("Så många objekt på en sida"), {
        "type": "integer", "minimum": 1, "maximum": MOST_LIMIT, "default": DEFAULT_LIMIT}),
    _parameter("cursor", message("Märket i länken till nästa sida"), _STRING),
    _parameter("bbox", message("Bara det vars läge når in i rutan; i ordningen för bbox-crs"), {
        "type": "array", "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
        "items": {"type": "number"}}, style="form", explode=False),
    _parameter("bbox-crs", message("Koordinatsystem för bbox"), {"type": "string", "enum": _URIS}),
    _parameter("datetime", message("Tid eller intervall (2005-01-01/..) som objektets tid möter"), _STRING,
               style="form", explode=False),
    _parameter("filter", message("Filter i CQL2"), {"type": "string", "maxLength": MOST_CHARACTERS}),
    _parameter("filter-lang", message("Hur filtret är skrivet"), {
        "type": "string", "enum": [TEXT, JSON], "default": TEXT}),
    _parameter("filter-crs", message("Koordinatsystem för filtrets geometrier"), {"type": "string", "enum": _URIS}),
)  # fmt: skip


def answers(schema: str, *, media: str = "application/json", conditional: bool = True, missing: bool = False) -> Any:
    """The answers that an address may give."""
    content = {
        media: {"schema": {"$ref": f"#/components/schemas/{schema}"}},
        "text/html": {"schema": _STRING},
    }
    found: dict[str, Any] = {
        "200": {"description": message("Svaret"), "content": content},
        "400": _refused(message("Frågan går inte att läsa")),
    }
    if conditional:
        found["304"] = {"description": message("Inget är ändrat")}
    if missing:
        found["404"] = _refused(message("Finns inte, eller inte för den som frågar"))
    for status, words in (
        ("401", message("Nyckeln gäller inte")),
        ("403", message("Nyckeln får inte läsa")),
        ("429", message("För många frågor")),
    ):
        found[status] = _refused(words)
    return found


def _refused(words: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": words, "content": {"application/problem+json": {"schema": schema}}}


def _object(*required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": properties}


def _many(name: str) -> dict[str, Any]:
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}


_NUMBER = {"type": "integer", "minimum": 0}
_GEOMETRY = _object("type", type=_STRING) | {"nullable": True}
_FEATURE = {
    "type": {"type": "string", "enum": ["Feature"]}, "id": _STRING, "properties": {"type": "object"},
    "geometry": _GEOMETRY, "point": {"type": "array", "items": {"type": "number"}}, "links": _many("Link"),
}  # fmt: skip
SCHEMAS: dict[str, Any] = {
    "Link": _object("href", "rel", href=_STRING, rel=_STRING, type=_STRING, title=_STRING),
    "Landing": _object("title", "links", title=_STRING, description=_STRING, links=_many("Link")),
    "Conformance": _object("conformsTo", conformsTo={"type": "array", "items": _STRING}, links=_many("Link")),
    "Api": _object("openapi", "info", "paths", openapi=_STRING, info={"type": "object"}, paths={"type": "object"}),
    "Collections": _object("links", "collections", links=_many("Link"), collections=_many("Collection"),
                           crs={"type": "array", "items": _STRING}),
    "Collection": _object(
        "id", "links", id=_STRING, title=_STRING, description=_STRING, itemType=_STRING, extent={"type": "object"},
        links=_many("Link"), crs={"type": "array", "items": _STRING}, storageCrs=_STRING,
    ),
    "Schema": _object("type", "properties", "$id", type=_STRING, properties={"type": "object"}),
    "FeatureCollection": _object(
        "type", "features", "links", "timeStamp", "numberReturned", "numberMatched",
        type={"type": "string", "enum": ["FeatureCollection"]}, features=_many("Feature"), links=_many("Link"),
        timeStamp={"type": "string", "format": "date-time"}, numberReturned=_NUMBER, numberMatched=_NUMBER,
    ),
    "Feature": _object("type", "id", "properties", "geometry", **_FEATURE),
    "Problem": _object("title", "status", "detail", type=_STRING, title=_STRING, status=_NUMBER, detail=_STRING),
}  # fmt: skip
