"""The one rule of rounding: every printed amount is rounded by itself from whole öre, half away from zero.

Printed sums are never sums of printed numbers, so they may differ in the last decimal, and every page says so.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from tracker.money import MINUS, NO_BREAK_SPACE, format_count, format_mnkr

NOTE = "Avrundat till mnkr med en decimal, varje tal för sig; summor kan därför avvika i sista siffran."
DEVIATION_RULE = "avvikelse = budget − prognos; minus betyder överskridande"
NOT_GIVEN = "–"


def mnkr(ore: int | None) -> str:
    """ "1 842,5 mnkr" for running text, or "–"."""
    return NOT_GIVEN if ore is None else f"{format_mnkr(ore)}{NO_BREAK_SPACE}mnkr"


def bare_mnkr(ore: int | None) -> str:
    """ "1 842,5" for a table whose header gives the unit, or "–"."""
    return NOT_GIVEN if ore is None else format_mnkr(ore)


def count_text(number: int | None) -> str:
    """ "1 240", or "–"."""
    return NOT_GIVEN if number is None else format_count(number)


def percent(part: int, whole: int) -> str:
    """ "37 %": a whole percent of something that is not 0, rounded half away from zero."""
    rounded = (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    sign = MINUS if rounded < 0 else ""
    return f"{sign}{format_count(abs(int(rounded)))}{NO_BREAK_SPACE}%"


def scaled(number: int | None, decimals: int) -> str:
    """A whole number of 10^-decimals with a decimal comma, exactly: 725 with one decimal is "72,5"."""
    if number is None:
        return NOT_GIVEN
    whole, rest = divmod(abs(number), 10**decimals)
    body = format_count(whole) + (f",{rest:0{decimals}d}" if decimals else "")
    return f"{MINUS}{body}" if number < 0 else body
