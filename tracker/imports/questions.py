"""What must be asked before a table can become a plan: places, columns, words. The answers are a `Choices`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from tracker.imports.amounts import amount_column, of_field
from tracker.imports.candidates import headers_of
from tracker.imports.cells import EMPTY
from tracker.imports.choices import Choices
from tracker.imports.columns import ALIASES, Headers, label_of
from tracker.imports.contents import shown
from tracker.imports.place_questions import PlaceQuestion, place_question
from tracker.imports.sources import Table
from tracker.imports.words import WordQuestion, word_questions
from tracker.messages import message

SAMPLES = 4

FIELDS: tuple[tuple[str, str], ...] = tuple((field, label_of(field)) for field in ALIASES)
"""Every field that a column can be matched to, with the word for it; amounts come on top, by their headers."""


@dataclass(frozen=True, slots=True)
class ColumnQuestion:
    """A column of the file and the field that it is taken for."""

    header: str
    field: str | None
    """None: nothing is read from it."""
    label: str
    samples: tuple[str, ...]
    filled: int
    """Rows in which it says something."""
    asks_unit: bool = False
    """Amounts whose unit the header does not say."""


@dataclass(frozen=True, slots=True)
class Questions:
    """Everything to show and ask about one table."""

    rows: int
    place: PlaceQuestion
    columns: tuple[ColumnQuestion, ...]
    words: tuple[WordQuestion, ...]
    missing_key: str
    """One sentence when no column tells the projects apart; empty when one does."""

    @property
    def unmatched(self) -> tuple[ColumnQuestion, ...]:
        """Columns that nothing is read from."""
        return tuple(one for one in self.columns if one.field is None)

    @property
    def settled(self) -> bool:
        """Whether a plan can be made without another answer."""
        unknown = any(word.unknown and question.blocking for question in self.words for word in question.words)
        asked = self.missing_key or self.place.asks_system or self.place.asks_order
        return not (asked or unknown or any(one.asks_unit for one in self.columns))


def questions(session: Session, table: Table, choices: Choices) -> Questions:
    """What is still open about a table with the answers given so far. Reads the catalogues, writes nothing."""
    headers = headers_of(table, choices)
    place = place_question(table, choices)
    has_key = bool(choices.code_prefix) or bool(headers.of.keys() & {"code", "case_numbers"})
    return Questions(
        rows=len(table.rows),
        place=place,
        columns=tuple(_columns(table, headers, choices)),
        words=word_questions(session, table, headers, choices),
        missing_key=""
        if has_key
        else message(
            "Filen har ingen kolumn med projektens koder (till exempel Projektnr eller Kod) eller diarienummer. Välj "
            "kolumnen som har dem, eller skapa koder av en text och radens nummer."
        ),
    )


def _columns(table: Table, headers: Headers, choices: Choices) -> list[ColumnQuestion]:
    field_of = {header: field for field, header in headers.of.items()}
    return [_column(header, cells, field_of.get(header), choices) for header, cells in table.columns.items()]


def _column(header: str, cells: Sequence[Any], field: str | None, choices: Choices) -> ColumnQuestion:
    filled = [cell for cell in cells if cell not in EMPTY]
    seen = Counter(shown(cell) for cell in filled[:200])
    return ColumnQuestion(
        header=header,
        field=field,
        label=label_of(field) if field else "",
        samples=tuple(text for text, _ in seen.most_common(SAMPLES)),
        filled=len(filled),
        asks_unit=_asks_unit(header, field, filled, choices),
    )


def _asks_unit(header: str, field: str | None, cells: Sequence[Any], choices: Choices) -> bool:
    if field is None or of_field(field) is None or header in choices.units:
        return False
    stated = amount_column(header)
    if stated is not None and stated.unit is not None:
        return False
    return any(not isinstance(cell, str) or not any(letter.isalpha() for letter in cell) for cell in cells)
