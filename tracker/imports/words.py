"""The words of a file's list columns, counted, with what each is taken to mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from tracker.areas.gazetteer import Gazetteer
from tracker.imports.cells import EMPTY, meaning_of
from tracker.imports.choices import Choices
from tracker.imports.columns import Headers, label_of
from tracker.imports.sources import Table
from tracker.imports.values import read_text
from tracker.measures.models import MainKind
from tracker.projects.vocabulary import Phase

_ENUMS: dict[str, type[Phase] | type[MainKind]] = {"phase": Phase, "main_kind": MainKind}


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the file: in how many rows, and its meaning."""

    word: str
    rows: int
    value: str
    """The value of the catalogue, as `Choices.values` takes it; empty when unknown or left empty."""
    label: str
    """The meaning for people."""
    unknown: bool
    chosen: bool = False
    """A person said so."""


@dataclass(frozen=True, slots=True)
class WordQuestion:
    """The words of one column, those that are not understood first, then the most frequent."""

    field: str
    label: str
    header: str
    words: tuple[Word, ...]
    options: tuple[tuple[str, str], ...]
    """(value, label) to choose among."""
    blocking: bool
    """Rows with an unknown word are refused; else such a word is only left as it is."""


def word_questions(session: Session, table: Table, headers: Headers, choices: Choices) -> tuple[WordQuestion, ...]:
    """One question for each list column that the table has."""
    found = []
    for field, members in _ENUMS.items():
        if field in headers.of:
            options = tuple((one.value, one.label) for one in members)
            words = [_of_enum(field, word, rows, choices, options) for word, rows in _count(table, headers, field)]
            found.append(_question(field, headers, words, options, blocking=field == "phase"))
    if "stated_area" in headers.of:
        gazetteer = Gazetteer.load(session)
        words = [_of_area(word, rows, choices, gazetteer) for word, rows in _count(table, headers, "stated_area")]
        found.append(_question("stated_area", headers, words, (), blocking=False))
    return tuple(found)


def _question(
    field: str, headers: Headers, words: Iterable[Word], options: tuple[tuple[str, str], ...], *, blocking: bool
) -> WordQuestion:
    ordered = tuple(sorted(words, key=lambda one: (not one.unknown, -one.rows, one.word)))
    return WordQuestion(field, label_of(field), headers.of[field], ordered, options, blocking)


def _count(table: Table, headers: Headers, field: str) -> list[tuple[str, int]]:
    cells = Counter(read_text(cell) for cell in table.columns[headers.of[field]] if cell not in EMPTY)
    return [(word, rows) for word, rows in cells.items() if word]


def _of_enum(field: str, word: str, rows: int, choices: Choices, options: tuple[tuple[str, str], ...]) -> Word:
    chosen = choices.meaning(field, word)
    label = meaning_of(field, word, choices)
    value = next((one for one, text in options if text == label), "")
    return Word(word, rows, value, label, unknown=not label and chosen != "", chosen=chosen is not None)


def _of_area(word: str, rows: int, choices: Choices, gazetteer: Gazetteer) -> Word:
    chosen = choices.meaning("stated_area", word)
    text = word if chosen is None else chosen
    covered = gazetteer.covered(text) if text else None
    known = covered is not None and bool(covered.districts) and not covered.unknown
    return Word(word, rows, text if known else "", text if known else "", not known and text != "", chosen is not None)
