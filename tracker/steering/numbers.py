"""Numbers of indicators: whole numbers of 10^-decimals of the unit, as people write them. Pure and exact."""

from __future__ import annotations

import re
from decimal import Decimal

from tracker.errors import InvalidInputError, Problem
from tracker.messages import message, plural_message
from tracker.money import MINUS, NO_BREAK_SPACE

MAX_DECIMALS = 6
LARGEST = 10**15
"""No stored number is larger: a BIGINT holds it, and so does a spreadsheet, exactly."""
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")


def read_number(text: str, decimals: int) -> int:
    """A number with at most so many decimals; never rounded. Raises InvalidInputError with the reason."""
    plain = _SPACES.sub("", text).replace(MINUS, "-").removesuffix("%")
    if len(plain) > 40 or not plain.isascii() or not _NUMBER.fullmatch(plain):
        raise _refused(message("”%(text)s” är inget tal. Skriv till exempel 76,3.", text=text), text)
    whole, _, fraction = plain.replace(",", ".").partition(".")
    kept = fraction.rstrip("0")
    if len(kept) > decimals:
        allowed = message("inga decimaler")
        if decimals:
            allowed = plural_message("högst en decimal", "högst %(num)s decimaler", decimals)
        reason = message(
            "”%(text)s” har fler decimaler än indikatorn: %(allowed)s tas emot.", text=text, allowed=allowed
        )
        raise _refused(reason, text)
    number = int(whole.lstrip("-") + kept.ljust(decimals, "0"))
    if number > LARGEST:
        raise _refused(message("”%(text)s” är för stort.", text=text), text)
    return -number if whole.startswith("-") else number


def read_cell(cell: object, decimals: int) -> int | None:
    """A cell of a file: None when it is empty. A float is taken by its shortest text (76.3, never 76.2999…)."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    if isinstance(cell, bool) or not isinstance(cell, str | int | float | Decimal):
        raise _refused(message("”%(text)s” är inget tal. Skriv till exempel 76,3.", text=str(cell)), str(cell))
    return read_number(cell if isinstance(cell, str) else _plain(cell), decimals)


def _plain(cell: int | float | Decimal) -> str:
    return f"{Decimal(str(cell)):f}"


def number_text(number: int | None, decimals: int, *, signed: bool = False) -> str:
    """ "76,3", with a no-break space between thousands; nothing given is a dash. `signed` shows a plus too."""
    if number is None:
        return "–"
    digits = str(abs(number)).rjust(decimals + 1, "0")
    whole, fraction = digits[: len(digits) - decimals], digits[len(digits) - decimals :]
    grouped = f"{int(whole):,}".replace(",", NO_BREAK_SPACE)
    sign = MINUS if number < 0 else "+" if signed and number > 0 else ""
    return f"{sign}{grouped},{fraction}" if fraction else f"{sign}{grouped}"


def _refused(reason: str, value: str) -> InvalidInputError:
    return InvalidInputError([Problem("value", reason, value)])
