"""What a person has answered about a ledger file, and what is remembered of it for the next with the same headers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Self

from sqlalchemy.orm import Session

from tracker.errors import RefusedFileError
from tracker.imports.models import RememberedSource
from tracker.imports.remembering import key_of
from tracker.messages import message

_APART = "portfoljkartan-huvudbok"
"""A header that no file has: the answers about a ledger are not those about projects with the same headers."""
_BROKEN = message("Svaren om filen går inte att läsa. Börja om med filen.")


@dataclass(frozen=True, slots=True)
class LedgerChoices:
    """The answers; what is None or missing is left to the file's own word."""

    layer: str | None = None
    header_row: int | None = None
    """Row of the file, counted from 1, that holds the headers."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Field → header; "" is not to be read. A field that is not here goes by its aliases."""
    units: Mapping[str, str] = field(default_factory=dict)
    """Header of amounts → kr, tkr or mnkr, where the header does not say it."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """Name of a question → the chosen answer."""

    def to_json(self) -> str:
        """Text that `from_json` takes back."""
        given = {one.name: getattr(self, one.name) for one in fields(self)}
        return json.dumps({name: dict(one) if isinstance(one, Mapping) else one for name, one in given.items()})

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The answers again. Raises RefusedFileError for text that is none of ours."""
        try:
            given = dict(json.loads(text or "{}"))
            kept = {name: given[name] for name in (one.name for one in fields(cls)) if name in given}
        except (ValueError, TypeError) as error:
            raise RefusedFileError(_BROKEN) from error
        maps = all(isinstance(kept.get(name, {}), dict) for name in ("columns", "units", "answers"))
        layer, row = kept.get("layer"), kept.get("header_row")
        if not maps or not isinstance(layer, str | None) or not isinstance(row, int | None):
            raise RefusedFileError(_BROKEN)
        return cls(**kept)


def as_last_time(session: Session, headers: Iterable[str], choices: LedgerChoices) -> LedgerChoices:
    """What was answered for the last ledger with these headers, where this one has not been asked about it yet."""
    found = session.get(RememberedSource, key_of([_APART, *headers]))
    if found is None:
        return choices
    try:
        kept = LedgerChoices.from_json(found.choices)
    except RefusedFileError:
        return choices
    return replace(
        choices,
        columns={**kept.columns, **choices.columns},
        units={**kept.units, **choices.units},
        answers={**kept.answers, **choices.answers},
    )


def remember(
    session: Session, headers: Iterable[str], choices: LedgerChoices, name: str, user: str, now: datetime
) -> None:
    """Keep columns, units and answers; nothing of the rows."""
    key = key_of([_APART, *headers])
    found = session.get(RememberedSource, key)
    if found is None:
        found = RememberedSource(key=key)
        session.add(found)
    found.name, found.user_name, found.updated_at = name[:300], user[:200], now
    found.choices = replace(choices, layer=None, header_row=None).to_json()
