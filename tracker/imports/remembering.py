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
    """The remembered columns, words, units and text for codes where this file has not been asked about them yet."""
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
        code_prefix=kept.code_prefix if choices.columns is None else choices.code_prefix,
    )


def remember(session: Session, headers: Iterable[str], choices: Choices, name: str, user: str, now: datetime) -> None:
    """Keep the columns, words, units and text for codes; nothing of the rows, nothing that only this file decides."""
    listed = list(headers)
    found = find_remembered(session, listed)
    if found is None:
        found = RememberedSource(key=key_of(listed))
        session.add(found)
    found.name, found.user_name, found.updated_at = name[:300], user[:200], now
    kept = Choices(columns=choices.columns, values=choices.values, units=choices.units, code_prefix=choices.code_prefix)
    found.choices = kept.to_json()
