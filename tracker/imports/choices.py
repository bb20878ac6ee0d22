"""What a person has answered about a file. Frozen, and JSON on its way between the steps of the wizard."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

from tracker.errors import RefusedFileError
from tracker.messages import message

IGNORED = ""
"""A column that is not read, a word that means nothing."""


@dataclass(frozen=True, slots=True)
class Choices:
    """The answers; what is None or missing is left to the file's own word and to the aliases."""

    layer: str | None = None
    header_row: int | None = None
    """Row of the file, counted from 1, that holds the headers."""
    srid: int | None = None
    """The EPSG code of coordinates that state no system; a stated one wins."""
    northing_first: bool | None = None
    """The first number of a pair is the northing, where the numbers cannot tell; None is unanswered."""
    columns: Mapping[str, str] | None = None
    """Field → header; "" is not to be read. A field that is not here goes by its aliases."""
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Field → word of the file → value of the catalogue; "" is to be left empty."""
    units: Mapping[str, str] = field(default_factory=dict)
    """Header of amounts → kr, tkr or mnkr, where the header does not say it."""
    code_prefix: str = ""
    """Rows without a code get this and their row number (TVB-012), for files that have no codes; "" is not to."""
    year: int | None = None
    """The year that numbers of dwellings are the position of."""
    publish: bool = False
    on_conflict: str = ""
    """"fil" or "register": whose value stands where both changed the same field; "" is to ask."""
    conflicts: Mapping[str, str] = field(default_factory=dict)
    """Row of the file → "fil:7" or "register:7", chosen when the register had that version."""

    def to_json(self) -> str:
        """Text that `from_json` takes back."""
        return json.dumps({one.name: _plain(getattr(self, one.name)) for one in fields(self)}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The answers again. Raises RefusedFileError for text that is none of ours; unknown names are left out."""
        try:
            given = json.loads(text or "{}")
            names = {one.name for one in fields(cls)}
            kept = {name: value for name, value in given.items() if name in names}
        except (ValueError, AttributeError) as error:
            raise RefusedFileError(message("Svaren om filen går inte att läsa. Börja om med filen.")) from error
        wrong = [name for name, value in kept.items() if not isinstance(value, _TYPES[name])]
        if wrong:
            raise RefusedFileError(message("Svaren om filen går inte att läsa. Börja om med filen."))
        return cls(**kept)

    def meaning(self, field_name: str, word: str) -> str | None:
        """The chosen value of a word, "" to leave it empty, None when nothing was chosen."""
        return self.values.get(field_name, {}).get(word)


_NOTHING = type(None)
_TYPES: dict[str, tuple[type, ...]] = {
    "layer": (str, _NOTHING),
    "header_row": (int, _NOTHING),
    "srid": (int, _NOTHING),
    "northing_first": (bool, _NOTHING),
    "columns": (dict, _NOTHING),
    "values": (dict,),
    "units": (dict,),
    "code_prefix": (str,),
    "year": (int, _NOTHING),
    "publish": (bool,),
    "on_conflict": (str,),
    "conflicts": (dict,),
}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return value
