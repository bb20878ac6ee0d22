"""Rows of sums in a ledger: found, used as a control of the rows, never counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.imports.ledger_columns import FLOW_WORDS
from tracker.projects.rules import YEARS
from tracker.projects.vocabulary import Flow
from tracker.text import slug

_SUM_WORDS = frozenset(
    ("summa", "summor", "total", "totalt", "totalsumma", "delsumma", "slutsumma", "subtotal", "sum", "grand", "netto",
     "nettosumma")
)  # fmt: skip
_STARTS = ("sum", "tot", "del", "slut", "sub", "grand", "net")
"""How every one of them begins: few rows of a hundred thousand are looked at further."""
_BESIDE = frozenset(("projekt", "alla", "ar", "for", "av", "i", "kr", "tkr", "mnkr", "utfall", *FLOW_WORDS))
"""Words that may stand beside those; any other makes the row a booking that is only called something like it."""


@dataclass(frozen=True, slots=True)
class Cells:
    """What stands in the rows of a file, all equally long; `amounts` by column of amounts in whole öre of the file."""

    rows: Sequence[int]
    codes: Sequence[str]
    cases: Sequence[str]
    texts: Sequence[str]
    years: Sequence[int | None]
    flows: Sequence[Flow | None]
    amounts: Sequence[Sequence[int | None]]
    headers: Sequence[str]


@dataclass(frozen=True, slots=True)
class Control:
    """A row of sums at the end of the file against the rows above it, with the file's own signs, in whole öre."""

    row: int
    label: str
    header: str
    stated_ore: int
    counted_ore: int

    @property
    def agrees(self) -> bool:
        """Whether the file holds what it says."""
        return self.stated_ore == self.counted_ore


def label_at(cells: Cells, index: int) -> str:
    """What a row is called: its first text."""
    return cells.codes[index] or cells.cases[index] or cells.texts[index]


def sum_rows(cells: Cells) -> frozenset[int]:
    """The indices of rows that only sum others: called so, or the last one without a reference that holds the sum."""
    likely = [index for index in range(len(cells.rows)) if label_at(cells, index).casefold().startswith(_STARTS)]
    names = {slug(name) for name in {*cells.codes, *cells.cases} if name} if likely else set()
    called = {index for index in likely if _is_called_sum(slug(label_at(cells, index)), names)}
    last = len(cells.rows) - 1
    if last > 0 and last not in called and not (cells.codes[last] or cells.cases[last]) and _sums(cells, last, called):
        called.add(last)
    return frozenset(called)


def _is_called_sum(label: str, names: set[str]) -> bool:
    """ "Summa", "Totalt utgifter 2005", or "Summa" of a reference that other rows have."""
    first, *rest = label.split("-")
    if first not in _SUM_WORDS:
        return False
    plain = all(word in _SUM_WORDS | _BESIDE or _is_year(word) for word in rest)
    return plain or "-".join(rest) in names


def _sums(cells: Cells, last: int, called: set[int]) -> bool:
    """Whether a row holds the sum of all above it in every column that it has an amount in."""
    given = [column for column in cells.amounts if column[last] is not None]
    above = [index for index in range(last) if index not in called]
    return (
        len(above) > 1
        and bool(given)
        and all(column[last] == sum(column[index] or 0 for index in above) for column in given)
    )


def controls_of(cells: Cells, sums: frozenset[int]) -> tuple[Control, ...]:
    """The sums below the last counted row against what they sum: the year and flow that they name, else everything."""
    counted = [index for index in range(len(cells.rows)) if index not in sums]
    end = counted[-1] if counted else -1
    return tuple(
        Control(cells.rows[index], label_at(cells, index), header, stated, _counted(cells, counted, index, column))
        for index in sorted(sums)
        if index > end
        for header, column in zip(cells.headers, cells.amounts, strict=True)
        if (stated := column[index]) is not None
    )


def _counted(cells: Cells, counted: Sequence[int], index: int, column: Sequence[int | None]) -> int:
    words = slug(label_at(cells, index)).split("-")
    named = next((int(word) for word in words if _is_year(word)), None)
    year = cells.years[index] or (named if named in set(cells.years) else None)
    flow = cells.flows[index] or next((FLOW_WORDS[word] for word in words if word in FLOW_WORDS), None)
    if flow not in set(cells.flows):
        flow = None
    return sum(
        column[one] or 0
        for one in counted
        if (year is None or cells.years[one] == year) and (flow is None or cells.flows[one] is flow)
    )


def _is_year(word: str) -> bool:
    """Four plain digits; "²" is a digit too, and Python makes no number of some thousand."""
    return word.isdecimal() and len(word) == 4 and int(word) in YEARS
