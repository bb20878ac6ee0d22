"""What was answered about a file, kept for the next one with the same headers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.errors import RefusedFileError
from tracker.imports.choices import Choices
from tracker.imports.models import RememberedSource
from tracker.text import slug


def key_of(headers: Iterable[str]) -> str:
    """The digest of a file's headers; their order and their case are nobody's intention."""
    return hashlib.sha256("\n".join(sorted(slug(header) for header in headers)).encode()).hexdigest()


def find_remembered(session: Session, headers: Iterable[str]) -> RememberedSource | None:
    """What was answered last time for such a file."""
    return session.get(RememberedSource, key_of(headers))


def as_last_time(session: Session, headers: Iterable[str], choices: Choices) -> Choices:
    """The remembered columns, words and units where this file has not been asked about them yet."""
    found = find_remembered(session, headers)
    if found is None:
        return choices
    try:
        kept = Choices.from_json(found.choices)
    except RefusedFileError:
        return choices
    return replace(
        choices,
        columns=kept.columns if choices.columns is None else choices.columns,
        values=choices.values or kept.values,
        units=choices.units or kept.units,
    )


def remember(session: Session, headers: Iterable[str], choices: Choices, name: str, user: str, now: datetime) -> None:
    """Keep the columns, words and units; nothing of the rows, and nothing that only this file decides."""
    listed = list(headers)
    found = find_remembered(session, listed)
    if found is None:
        found = RememberedSource(key=key_of(listed))
        session.add(found)
    found.name, found.user_name, found.updated_at = name[:300], user[:200], now
    found.choices = Choices(columns=choices.columns, values=choices.values, units=choices.units).to_json()
