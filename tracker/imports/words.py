"""The words of a file's list columns, counted, with what each is taken to mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.areas.gazetteer import Gazetteer
from tracker.areas.models import Area, AreaSet
from tracker.imports.catalogues import Catalogues
from tracker.imports.cells import EMPTY, ITEMS, READERS, meaning_of
from tracker.imports.choices import Choices
from tracker.imports.columns import Headers, label_of
from tracker.imports.lists import read_subtype
from tracker.imports.sources import Table
from tracker.imports.values import UnreadableError, read_text
from tracker.measures.models import MainKind
from tracker.projects.policies import INTERNAL
from tracker.projects.vocabulary import SUBTYPES, Phase, Scope

_ENUMS: dict[str, type[Phase] | type[MainKind]] = {"phase": Phase, "main_kind": MainKind}
_NAMED = ("subtype", "goals", "serves", "manager", "deputy")

Options = tuple[tuple[str, str], ...]
"""(value, label)"""


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
    options: Options
    """To choose among; nothing where any name of an area will do."""
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
    fields = [field for field in _NAMED if field in headers.of]
    if fields:
        found += _named_questions(session, table, headers, choices, fields)
    return tuple(found)


def _named_questions(
    session: Session, table: Table, headers: Headers, choices: Choices, fields: Sequence[str]
) -> list[WordQuestion]:
    """Words of the register's own catalogues."""
    year = choices.year or datetime.now(UTC).year
    catalogues = Catalogues.load(session, year, INTERNAL, set(fields))
    people = tuple(sorted(((email, name) for email, name in catalogues.accounts), key=lambda one: one[1]))
    sources: dict[str, tuple[Options, Callable[[str], str]]] = {
        "subtype": (tuple(SUBTYPES.items()), read_subtype),
        "goals": (catalogues.goal_options, lambda word: catalogues.goal(word)[0].code),
        "serves": (_area_options(session), lambda word: _served_value(catalogues, word)),
        "manager": (people, catalogues.address),
        "deputy": (people, catalogues.address),
    }
    found = []
    for field in fields:
        options, read = sources[field]
        labels = dict(options)
        words = [_of_name(field, word, rows, choices, read, labels) for word, rows in _count(table, headers, field)]
        found.append(_question(field, headers, words, options, blocking=True))
    return found


def _served_value(catalogues: Catalogues, word: str) -> str:
    scope, areas = catalogues.served(word)
    return scope.value if scope is not Scope.AREA else catalogues.area_names[areas[0]]


def _area_options(session: Session) -> Options:
    """Areas as "edition:code", the newest edition first, after the whole city and outside it."""
    rows = session.execute(
        select(AreaSet.code, Area.code, Area.name, AreaSet.name)
        .join(AreaSet, Area.area_set_id == AreaSet.id)
        .order_by(AreaSet.valid_from.desc(), Area.sort_key)
    )
    areas = ((f"{edition}:{code}", f"{name} ({title})") for edition, code, name, title in rows)
    return (*((one.value, one.label) for one in Scope if one is not Scope.AREA), *areas)


def _question(field: str, headers: Headers, words: Iterable[Word], options: Options, *, blocking: bool) -> WordQuestion:
    ordered = tuple(sorted(words, key=lambda one: (not one.unknown, -one.rows, one.word)))
    return WordQuestion(field, label_of(field), headers.of[field], ordered, options, blocking)


def _count(table: Table, headers: Headers, field: str) -> list[tuple[str, int]]:
    """The words of a column; of a list, each of its words. A cell that is no list at all is a fault of its row."""
    cells = Counter(read_text(cell) for cell in table.columns[headers.of[field]] if cell not in EMPTY)
    if field not in ITEMS:
        return [(word, rows) for word, rows in cells.items() if word]
    found: Counter[str] = Counter()
    for cell, rows in cells.items():
        for word in _items(field, cell):
            found[word] += rows
    return list(found.items())


def _items(field: str, cell: Any) -> list[str]:
    try:
        return [str(item[0]) for item in READERS[field](cell)]
    except UnreadableError:
        return []


def _of_enum(field: str, word: str, rows: int, choices: Choices, options: Options) -> Word:
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


def _of_name(
    field: str, word: str, rows: int, choices: Choices, read: Callable[[str], str], labels: dict[str, str]
) -> Word:
    chosen = choices.meaning(field, word)
    text = word if chosen is None else chosen
    try:
        value = read(text) if text else ""
    except UnreadableError:
        return Word(word, rows, "", "", unknown=True, chosen=chosen is not None)
    return Word(word, rows, value, labels.get(value, value), unknown=False, chosen=chosen is not None)
