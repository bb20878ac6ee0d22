"""Packages of OC4IDS for tests, and a publisher to say in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from tests.exports.reading import register_file
from tracker.exports.audience import Audience
from tracker.projects.filters import ProjectFilter

Json = dict[str, Any]
PUBLISHER = {
    "PUBLISHER_NAME": "Gatu- och fastighetskontoret",
    "PUBLISHER_URI": "https://exempel.se/kontoret",
    "PUBLISHER_SCHEME": "SE-ORG",
    "PUBLISHER_ID": "555555-5555",
    "OC4IDS_PREFIX": "oc4ids-abc123",
    "CONTACT_NAME": "Kontoret",
    "CONTACT_EMAIL": "kontoret@exempel.se",
    "CONTACT_PHONE": "+46 8 123 45",
    "PUBLIC_URL": "https://karta.exempel.se",
}  # fmt: skip


def package(session: Session, folder: Path, audience: Audience = Audience.PUBLIC, **wanted: Any) -> Json:
    """The package of a filter, as a file has it."""
    path = register_file(session, "oc4ids", folder, ProjectFilter(**wanted), audience)
    found: Json = json.loads(path.read_bytes())
    return found


def only(session: Session, folder: Path, audience: Audience = Audience.PUBLIC, code: str = "P-1") -> Json:
    """One project of the package."""
    projects = package(session, folder, audience)["projects"]
    found: Json = next(one for one in projects if one["id"].endswith(f"-{code}"))
    return found
