"""What reading and planning have to say of single rows and of the whole file."""

from __future__ import annotations

from dataclasses import dataclass


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
    return f"{count} rad" if count == 1 else f"{count} rader"
