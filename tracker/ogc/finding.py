"""The collections for whoever asks."""

from __future__ import annotations

from datetime import UTC, datetime

from tracker.extensions import db
from tracker.ogc.collections import Collection, get_collection, list_collections
from tracker.projects.viewing import viewer


def all_collections() -> list[Collection]:
    """In order of reading."""
    return list_collections(db.session(), viewer(), datetime.now(UTC))


def collection_named(name: str) -> Collection:
    """Raises NotFoundError."""
    return get_collection(db.session(), name, viewer(), datetime.now(UTC))
