"""What reading and planning have to say of single rows and of the whole file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.messages import joined, message, plural_message


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about one row: where in the file, what stands there, and why it is refused or worth a look."""

    row: int
    """As a person counts in the file."""
    code: str
    name: str
    column: str
    value: str
    reason: str

    def sentence(self) -> str:
        """ "Rad 12, SV-0012, Skede ”Okänd”: Skedet är okänt." """
        parts = [f"rad {self.row}", self.code, f"{self.column} ”{self.value}”" if self.value else self.column]
        return f"{', '.join(part for part in parts if part)}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Reading:
    """How a word of the file was understood, and in how many rows."""

    column: str
    value: str
    meaning: str
    rows: int


def rows_in_words(count: int) -> str:
    """ "1 rad", "12 rader"."""
    return plural_message("%(num)s rad", "%(num)s rader", count)


def all_of(names: Sequence[str]) -> str:
    """ "år", "område och år"; there is at least one."""
    if len(names) == 1:
        return names[0]
    return message("%(names)s och %(last)s", names=joined(", ", names[:-1]), last=names[-1])
