"""The description of /api/v1 in OpenAPI 3.0, made of the very documents that are read."""

from __future__ import annotations

from typing import Any

import msgspec

from tracker.api.json_reading import JSON, MERGE_PATCH
from tracker.api.list_views import LARGEST_PAGE, LAST_PAGE
from tracker.api.openapi_answers import ANSWERS
from tracker.api.project_document import ProjectDocument
from tracker.api.report_document import ReportDocument
from tracker.web.problems import MEDIA_TYPE

PROJECT, REPORT = "Project", "Report"
_READ = ("400", "401", "403", "404", "422", "429", "500")
_OPEN = ("400", "401", "429", "500")
_WRITE = (*_READ, "409", "412", "413", "415", "428")


def describe(server: str) -> dict[str, Any]:
    """The whole description; `server` is the address under which the paths stand."""
    return {
        "openapi": "3.0.3",
        "info": {"title": "Portföljkartan", "version": "1", "description": "Se docs/api.md för exempel."},
        "servers": [{"url": server}],
        "security": [{"bearer": []}],
        "paths": _paths(),
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "pfk_"}},
            "schemas": _schemas(),
            "responses": {status: _problem(text) for status, text in ANSWERS.items()},
        },
    }


def _paths() -> dict[str, Any]:
    code, key = _in_path("code", "Projektkoden"), _in_path("key", "Periodens nyckel, till exempel 2005-T1")
    match = {"name": "If-Match", "in": "header", "schema": {"type": "string"}, "description": "ETag som lästes"}
    sent_key = {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"}}
    crs = {"name": "Content-Crs", "in": "header", "schema": {"type": "string"}}
    written = [match, crs]
    state = {
        "type": "object", "required": ["publication"], "additionalProperties": False,
        "properties": {
            "publication": {"type": "string", "enum": ["utkast", "granskad", "publicerad"]},
            "reason": {"type": "string"},
        },
    }  # fmt: skip
    return {
        "/": {"get": _operation("index", "Vägar", _OBJECT, (), _OPEN)},
        "/openapi.json": {"get": _operation("openapi", "Den här beskrivningen", _OBJECT, (), _OPEN)},
        "/projects": {
            "get": _operation("projects", "Lista projekt", _OBJECT, _list_parameters(), _READ),
            "post": _operation("register", "Registrera ett projekt", _ref(PROJECT), [sent_key, crs], _WRITE, 201)
            | _body(_ref(PROJECT)),
        },
        "/projects/{code}": {
            "parameters": [code],
            "get": _operation("project", "Läs ett projekt", _OBJECT, _project_parameters(), _READ),
            "put": _operation("replace", "Ersätt ett projekt", _OBJECT, written, _WRITE) | _body(_ref(PROJECT)),
            "patch": _operation("patch", "Ändra uppgifter", _OBJECT, written, _WRITE) | _body(_OBJECT, MERGE_PATCH),
        },
        "/projects/{code}/publication": {
            "parameters": [code],
            "put": _operation("publication", "Granska, publicera eller dra tillbaka", _OBJECT, [match], _WRITE)
            | _body(state),
        },
        "/periods": {"get": _operation("periods", "Perioder", _OBJECT, (), _READ)},
        "/periods/{key}/projects/{code}/report": {
            "parameters": [key, code],
            "get": _operation("report", "Läs en rapport", _OBJECT, (), _READ),
            "put": _operation("saveReport", "Rapportera", _OBJECT, [match], _WRITE) | _body(_ref(REPORT)),
        },
    }


_OBJECT = {"type": "object"}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _in_path(name: str, text: str) -> dict[str, Any]:
    schema = {"type": "string", "minLength": 1, "maxLength": 60}
    return {"name": name, "in": "path", "required": True, "description": text, "schema": schema}


def _query(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema}


def _list_parameters() -> list[dict[str, Any]]:
    many = {"type": "array", "items": {"type": "string"}}
    texts = [_query(name, {"type": "string"}) for name in ("q", "edition", "areas", "missing", "year")]
    lists = [_query(name, many) for name in ("kind", "phase", "goal", "area", "region")]
    page = _query("page", {"type": "integer", "minimum": 1, "maximum": LAST_PAGE})
    return [*texts, *lists, page, _query("page_size", {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE})]


def _project_parameters() -> list[dict[str, Any]]:
    return [_query("crs", {"type": "string"}), _query("edition", {"type": "string"})]


def _operation(
    name: str, summary: str, schema: dict[str, Any], parameters: Any, refusals: tuple[str, ...], status: int = 200
) -> dict[str, Any]:
    done = {"description": summary, "content": {JSON: {"schema": _OBJECT if status == 201 else schema}}}
    responses: dict[str, Any] = {str(status): done}
    responses |= {one: {"$ref": f"#/components/responses/{one}"} for one in dict.fromkeys(refusals)}
    return {"operationId": name, "summary": summary, "parameters": list(parameters), "responses": responses}


def _body(schema: dict[str, Any], media_type: str = JSON) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {media_type: {"schema": schema}}}}


def _problem(text: str) -> dict[str, Any]:
    return {"description": text, "content": {MEDIA_TYPE: {"schema": _ref("Problem")}}}


def _schemas() -> dict[str, Any]:
    kinds = [ProjectDocument, ReportDocument]
    _found, parts = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/{name}")
    renamed = {"ProjectDocument": PROJECT, "ReportDocument": REPORT}
    made = {renamed.get(name, name): _older(part) for name, part in parts.items()}
    field = {"type": "object", "required": ["field", "detail"], "properties": {
        "field": {"type": "string"}, "detail": {"type": "string"}, "value": {"type": "string"},
    }}  # fmt: skip
    texts = {name: {"type": "string"} for name in ("type", "title", "detail", "reference", "etag")}
    members = texts | {"status": {"type": "integer"}, "errors": {"type": "array", "items": field}}
    made["Problem"] = {"type": "object", "required": ["type", "title", "status"], "properties": members}
    return made


def _older(schema: Any) -> Any:
    """A schema of JSON Schema 2020-12 as OpenAPI 3.0 has them: what may be null says so in a word of its own."""
    if isinstance(schema, list):
        return [_older(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _older(value) for name, value in schema.items() if name not in ("title", "default")}
    ways = made.get("anyOf")
    if isinstance(ways, list) and {"type": "null"} in ways:
        kept = [one for one in ways if one != {"type": "null"}]
        made = {name: value for name, value in made.items() if name != "anyOf"} | {"nullable": True}
        made |= kept[0] if len(kept) == 1 else {"anyOf": kept}
    return made
