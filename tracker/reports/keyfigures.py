"""The few figures that a board asks for first, for this period beside those before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from tracker.contribution.amounts import AMOUNTS, Money
from tracker.projects.vocabulary import Flow
from tracker.reports.counted import Counted, CountedPeriod


class Unit(StrEnum):
    """What a figure is counted in; MNKR is held in whole öre."""

    MNKR = "mnkr"
    COUNT = "st"


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure of each period in order of time; None where no project has it."""

    label: str
    unit: Unit
    values: tuple[int | None, ...]


def key_figures(counted: Counted, row: int | None = None) -> tuple[KeyFigure, ...]:
    """The figures of the whole portfolio, or of a row; those that no period has are left out."""
    found = (
        KeyFigure(label, unit, tuple(read(one, one.every_row if row is None else row) for one in counted.periods))
        for label, unit, read in _wanted()
    )
    return tuple(one for one in found if any(value is not None for value in one.values))


_Read = Callable[[CountedPeriod, int], int | None]


def _wanted() -> Iterator[tuple[str, Unit, _Read]]:
    yield "Antal projekt", Unit.COUNT, lambda one, row: one.project_count(row, one.every_column)
    for flow, word in ((Flow.OUTLAY, "Utgifter"), (Flow.INCOME, "Inkomster")):
        for amount in AMOUNTS:
            if isinstance(amount, Money) and amount.flow is flow:
                yield f"{word}, {amount.label.split()[-1]}", Unit.MNKR, _reader(amount.key)
        yield f"{word}, avvikelse", Unit.MNKR, _deviation(flow)
    yield "Utgifter i ytterstaden, budget", Unit.MNKR, _outer("utgift-budget")
    yield "Utgifter i ytterstaden, utfall", Unit.MNKR, _outer("utgift-utfall")
    for amount in AMOUNTS:
        if not isinstance(amount, Money):
            yield amount.label, Unit.COUNT, _reader(amount.key)


def _reader(key: str) -> _Read:
    return lambda one, row: one.amount(row, one.every_column, key)


def _outer(key: str) -> _Read:
    return lambda one, row: one.amount(row, one.column_of("ytterstaden"), key)


def _deviation(flow: Flow) -> _Read:
    return lambda one, row: one.deviation(row, one.every_column, flow)
