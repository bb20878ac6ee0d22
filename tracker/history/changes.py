"""Setting the fields of a thing while noting what changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date


def assign(thing: object, values: Mapping[str, object]) -> dict[str, list[object]]:
    """Set the attributes and give {field: [old, new]} of those that differ, ready for `record`."""
    changes: dict[str, list[object]] = {}
    for field, new in values.items():
        old = getattr(thing, field)
        if old != new:
            setattr(thing, field, new)
            changes[field] = [_plain(old), _plain(new)]
    return changes


def created(values: Mapping[str, object]) -> dict[str, list[object]]:
    """The same for something new: every field that has a value, from nothing."""
    return {field: [None, _plain(value)] for field, value in values.items() if value not in (None, "")}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
