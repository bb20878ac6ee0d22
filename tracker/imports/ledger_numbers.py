"""Amounts of a ledger in whole öre: Swedish and English notation, and what can be read in two ways asked about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tracker.errors import DomainError
from tracker.imports.ledger_columns import AmountColumn
from tracker.messages import message
from tracker.money import LONGEST_AMOUNT, parse_amount

THOUSANDS, DECIMAL = "tusental", "decimal"
_SIGNED = r"(?P<sign>[-+−–]?)\s*"
_ENGLISH = re.compile(_SIGNED + r"(?P<whole>\d{1,3}(,\d{3})+)(?P<part>\.\d+)?(?P<unit>\s*[a-z ]*)", re.IGNORECASE)
_DOTTED = re.compile(_SIGNED + r"(?P<whole>\d{1,3}(\.\d{3})+)(?P<part>,\d+)?(?P<unit>\s*[a-z ]*)", re.IGNORECASE)
_BRACKETS = re.compile(r"\(\s*([\d.,\s\u00a0\u202f]*\d)\s*\)")
_TRAILING = re.compile(r"([\d.,\s\u00a0\u202f]*\d)\s*[-−–]")
_ENGLISH_SURE = re.compile(r"\d{1,3}(,\d{3})+\.\d+|\d{1,3}(,\d{3}){2,}")
_SWEDISH_SURE = re.compile(r"\d+,\d{1,2}|\d{4,},\d+|\d{1,3}(\s\d{3})+,\d+|\d{1,3}(\.\d{3})+,\d+")
_FIGURES = re.compile(r"\d{1,3}[.,]\d{3}")
_DIGITS = 15
"""A spreadsheet keeps fifteen digits of a number; what comes after them is no part of the amount."""


@dataclass(frozen=True, slots=True)
class Doubts:
    """Cells that can be read in two ways: a dot or a comma before three digits."""

    dots: tuple[str, ...] = ()
    commas: tuple[str, ...] = ()


def find_doubts(columns: Sequence[tuple[AmountColumn, Sequence[Any]]]) -> Doubts:
    """What a person must say of the notation before the amounts can be read.

    A comma before three digits is a decimal comma in mnkr and tkr; in kronor, which have two decimals, only when other
    cells of the file show a decimal comma.
    """
    dots, commas = dict[str, None](), dict[str, None]()
    for column, cells in columns:
        texts = {cell.strip() for cell in cells if isinstance(cell, str) and len(cell) <= LONGEST_AMOUNT}
        swedish = any(_SWEDISH_SURE.fullmatch(_bare(text)) for text in texts)
        english = _is_english(texts)
        for text in sorted(texts):
            bare = _bare(text)
            if _FIGURES.fullmatch(bare) and "." in bare:
                dots[text] = None
            elif _FIGURES.fullmatch(bare) and (column.unit or "kr") == "kr" and not (swedish or english):
                commas[text] = None
    return Doubts(tuple(dots), tuple(commas))


def _is_english(texts: Iterable[str]) -> bool:
    """Whether commas stand between thousands somewhere, beyond doubt."""
    return any(_ENGLISH_SURE.fullmatch(_bare(text)) for text in texts)


def _bare(text: str) -> str:
    """Without sign and unit."""
    return re.sub(r"^[-+−–]\s*|\s*[a-zA-Z ]+$|^\(|\)$", "", text.strip())


class AmountReader:
    """Reads the cells of one column; a cell that comes again is not read again."""

    def __init__(self, column: AmountColumn, cells: Sequence[Any], answers: Mapping[str, str]) -> None:
        self._unit = column.unit or "kr"
        texts = [cell for cell in cells if isinstance(cell, str) and len(cell) <= LONGEST_AMOUNT]
        self._dots = answers.get("dots")
        self._commas = answers.get("commas")
        if self._commas is None:
            self._commas = THOUSANDS if _is_english(texts) else DECIMAL
        self._known: dict[Any, tuple[int | None, str]] = {None: (None, ""), "": (None, "")}

    def read(self, cell: Any) -> tuple[int | None, str]:
        """Whole öre, or None and the reason; None and no reason for an empty cell."""
        key = (type(cell), cell) if isinstance(cell, bool) else cell
        found = self._known.get(key)
        if found is None:
            try:
                found = (self._amount(cell), "")
            except (DomainError, ArithmeticError) as error:
                found = (
                    None,
                    str(error) if isinstance(error, DomainError) else message("”%(cell)s” är inget belopp.", cell=cell),
                )
            self._known[key] = found
        return found

    def _amount(self, cell: Any) -> int:
        if isinstance(cell, bool) or not isinstance(cell, str | int | float):
            raise DomainError(message("Det är inget belopp."))
        if isinstance(cell, str) and len(cell) > LONGEST_AMOUNT:
            raise DomainError(message("Det är inget belopp: texten är för lång."))
        if isinstance(cell, int | float):
            if cell != cell or cell in (float("inf"), float("-inf")):
                raise DomainError(message("Det är inget belopp."))
            return parse_amount(format(Decimal(f"{cell:.{_DIGITS}g}"), "f"), self._unit)
        return parse_amount(self._plain(cell.strip()), self._unit)

    def _plain(self, text: str) -> str:
        """The text as `parse_amount` reads it: no marks of thousands that could be decimals; minus in front."""
        if match := _BRACKETS.fullmatch(text) or _TRAILING.fullmatch(text):
            text = f"-{match[1]}"
        for pattern, mark, answer in ((_ENGLISH, ",", self._commas), (_DOTTED, ".", self._dots)):
            match = pattern.fullmatch(text)
            if match is None:
                continue
            doubtful = match["whole"].count(mark) == 1 and not match["part"]
            if not doubtful or answer == THOUSANDS:
                part = (match["part"] or "").replace(",", ".")
                return f"{match['sign']}{match['whole'].replace(mark, '')}{part}{match['unit']}"
            if answer == DECIMAL:
                return text.replace(mark, ",")
        return text
