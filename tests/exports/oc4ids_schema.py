"""The published schema of OC4IDS 0.9.5 beside the checkout, and what is asked of a package beyond it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator, FormatChecker  # type: ignore[import-untyped]
from referencing import Registry
from referencing.jsonschema import DRAFT4

Json = dict[str, Any]
Check = Callable[[Json], list[str]]
STOCKHOLM = (17.4, 59.0, 18.7, 59.7)


def checker(shared_data: Path) -> Check:
    """A function that tells what is wrong with a package."""
    return _checker(shared_data / "oc4ids")


@cache
def _checker(folder: Path) -> Check:
    package, project = (
        json.loads((folder / f"{name}-schema.json").read_text()) for name in ("project-package", "project")
    )
    schemas = [(one["id"], DRAFT4.create_resource(one)) for one in (package, project)]
    registry: Any = Registry().with_resources(schemas)
    validator = Draft4Validator(package, registry=registry, format_checker=FormatChecker(("date-time", "uri", "email")))

    def check(found: Json) -> list[str]:
        errors = [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(found)]
        strange = [*_strange(found, package, project, "$"), *_doubled(found)]
        return errors + strange + [fault for one in found["projects"] for fault in _faults(one)]

    return check


def _strange(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any], path: str) -> Iterator[str]:
    """Fields that the schema does not know; it would let them pass."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        schema = root["definitions"][name] if schema["$ref"].startswith("#") else root
    if isinstance(value, list):
        for one in value:
            yield from _strange(one, schema.get("items", {}), root, f"{path}[]")
    if isinstance(value, dict) and "properties" in schema:
        for name, inner in value.items():
            if name in schema["properties"]:
                yield from _strange(inner, schema["properties"][name], root, f"{path}.{name}")
            else:
                yield f"{path}.{name}: the schema knows no such field"


def _doubled(package: Json) -> Iterator[str]:
    ids = [one["id"] for one in package["projects"]]
    if len(set(ids)) < len(ids):
        yield "two projects have one identifier"


def _faults(project: Json) -> Iterator[str]:
    """What the standard asks in words: local identifiers, references to parties, parents of sub-sectors, places."""
    for name in ("locations", "forecasts", "metrics", "milestones", "documents", "relatedProjects"):
        ids = [one["id"] for one in project.get(name, [])]
        if len(set(ids)) < len(ids):
            yield f"{project['id']}: identifiers in {name} are not unique"
    parties = {one["id"] for one in project.get("parties", [])}
    if "publicAuthority" in project and project["publicAuthority"]["id"] not in parties:
        yield f"{project['id']}: the public authority is no party"
    for sector in project.get("sector", []):
        if "." in sector and sector.partition(".")[0] not in project["sector"]:
            yield f"{project['id']}: {sector} without its sector"
    yield from _empty(project, project["id"])


def _empty(value: Any, path: str) -> Iterator[str]:
    if (
        value is None
        or (isinstance(value, str | list | dict) and not value)
        or (isinstance(value, str) and not value.strip())
    ):
        yield f"{path} is empty"
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inner:
        yield from _empty(one, f"{path}.{name}")


def pairs_of(coordinates: Any) -> Iterator[tuple[float, float]]:
    """Every pair of coordinates of a geometry."""
    if isinstance(coordinates[0], int | float):
        yield coordinates[0], coordinates[1]
    else:
        for one in coordinates:
            yield from pairs_of(one)
