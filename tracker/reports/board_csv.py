"""The report as tidy lines: one for each goal row × column × amount, with what it is a report of in every line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from tracker.contribution.amounts import AMOUNTS
from tracker.exports.csv import write_lines
from tracker.exports.tables import Cell, Field, Line, cell, column_words, level_of, row_words
from tracker.reports.counted import PLACES, Counted
from tracker.web.content import format_moment

ABOUT = (
    "Period", "Version", "Läge", "Uppgifter per", "Räkneregel", "Målutgåva", "Områdesindelning", "Omfattning",
    "Framställd", "Underlag (SHA-256)",
)  # fmt: skip
LABELS = (
    "Rad", "Mål", "Aspekt", "Del av staden", "Region", "Område", "Antal projekt", "Mått", "Enhet", "Belopp", *ABOUT,
)  # fmt: skip


def write_board_csv(counted: Counted, file: TextIO) -> None:
    """The cells that any project touches and that have the amount, exact. Opened with csv.ENCODING and newline=""."""
    about = _about(counted)
    write_lines([Field(label, 20) for label in LABELS], _lines(counted, about), file)


def _about(counted: Counted) -> tuple[Cell, ...]:
    said = dict(counted.report.heading)
    period = counted.period
    return (
        period.key, period.version, "PRELIMINÄR" if period.closed_at is None else "Stängd", period.as_of.isoformat(),
        counted.rule.term, said["Målutgåva"], said["Områdesindelning"], said["Omfattning"],
        format_moment(counted.facts.produced), said.get("Underlag (SHA-256)", ""),
    )  # fmt: skip


def _lines(counted: Counted, about: tuple[Cell, ...]) -> Iterator[Line]:
    for node, row in enumerate(counted.reckoning.rows.rows):
        for at, column in enumerate(counted.reckoning.places.columns):
            level, number = level_of(row, column), counted.project_count(node, at)
            words = (level.value, *row_words(row), *column_words(column), number)
            for amount in AMOUNTS:
                if counted.has(node, at, amount.key):
                    value = cell(amount, counted.reckoning.cube.amount(node, at, PLACES[amount.key]))
                    yield Line(level, (*words, amount.label, amount.unit, value, *about))
