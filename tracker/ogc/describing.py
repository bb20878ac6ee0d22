"""A collection, and what can be asked of it, as the standards describe them."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from tracker.ogc.collections import Collection
from tracker.ogc.crs import STORAGE, SUPPORTED
from tracker.ogc.extents import extent_of
from tracker.ogc.properties import Property
from tracker.ogc.rows import GEOMETRY
from tracker.projects.policies import Viewer

DRAFT = "https://json-schema.org/draft/2019-09/schema"


def described(session: Session, collection: Collection, viewer: Viewer) -> dict[str, Any]:
    """Without its links."""
    found: dict[str, Any] = {
        "id": collection.id,
        "title": collection.title,
        "description": collection.description,
        "itemType": "feature",
        "extent": extent_of(session, collection, viewer),
    }
    if not collection.located:
        return found
    return found | {"crs": [one.uri for one in SUPPORTED], "storageCrs": STORAGE.uri}


def schema_of(collection: Collection, properties: list[Property], address: str, *, shape: bool) -> dict[str, Any]:
    """Properties as a JSON Schema at an address, with the shape or without."""
    told = {one.name: one.schema for one in properties}
    if shape and collection.located:
        form = f"geometry-{collection.shape.lower() or 'any'}"
        told[GEOMETRY] = {"title": "Läge", "format": form, "x-ogc-role": "primary-geometry"}
    return {
        "$schema": DRAFT,
        "$id": address,
        "type": "object",
        "title": collection.title,
        "properties": told,
        "additionalProperties": False,
    }
