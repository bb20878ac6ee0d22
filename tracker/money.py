"""Amounts in whole öre: reading what people write and writing what people read.

Sources for the notation: Swedish writing rules (decimal comma, thousands in threes with a no-break space,
minus sign U+2212) and the city's units kronor, tkr (1 000 kr) and mnkr (1 000 000 kr).
"""

from __future__ import annotations

import re
from decimal import Decimal

from tracker.errors import DomainError
from tracker.messages import message

NO_BREAK_SPACE = "\u00a0"
MINUS = "\u2212"
ORE_PER_KRONA = 100
LIMIT_ORE = 10**15
"""Amounts are kept under ten thousand billion kronor, so that the exact arithmetic stays inside 64 bits."""

_UNITS = {"": 1, "kr": 1, "kronor": 1, "sek": 1, "tkr": 1_000, "kkr": 1_000}
_UNITS |= dict.fromkeys(("mnkr", "mkr", "mn kr", "milj", "miljoner", "miljoner kr", "miljoner kronor"), 1_000_000)
_UNITS |= dict.fromkeys(("mdkr", "miljarder", "miljarder kr", "mdr"), 1_000_000_000)
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")
_AMOUNT = re.compile(r"(?P<sign>[-+])?(?P<number>[\d.,  ']*\d[\d.,  ']*?)(?:[  ]*(?P<unit>[a-z][a-z ]*))?")
_GROUPED = re.compile(r"\d{1,3}( \d{3})+(,\d+)?")
_PLAIN = re.compile(r"\d+([.,]\d+)?")
_DOTTED_THOUSANDS = re.compile(r"\d{1,3}(\.\d{3})+")


LONGEST_AMOUNT = 100
"""Letters of an amount with its unit; a pattern that looks from both ends takes the square of the length."""


class AmountError(DomainError):
    """The text is no amount, or could be two different ones. The message asks or explains in Swedish."""


def parse_amount(text: str, default_unit: str = "kr") -> int:
    """Whole öre from text such as "1 842,5 mnkr", "12 500 tkr", "−3,50" or "34000000000".

    `default_unit` is used where the text names none. Raises AmountError for text that is no amount,
    that has fractions of an öre, or that could be read in two ways ("12.500").
    """
    if len(text) > LONGEST_AMOUNT:
        raise AmountError(_no_amount(f"{text.strip()[:40]}…"))
    plain = _SPACES.sub(" ", text).strip().casefold().replace(MINUS, "-").replace("–", "-")
    match = _AMOUNT.fullmatch(plain)
    if match is None:
        raise AmountError(_no_amount(text.strip()))
    unit = (match["unit"] or default_unit).strip()
    if unit not in _UNITS:
        raise AmountError(message("Enheten ”%(unit)s” är okänd. Använd kr, tkr, mnkr eller mdkr.", unit=unit))
    ore = _number(match["number"].strip(), text) * _UNITS[unit] * ORE_PER_KRONA
    if ore != ore.to_integral_value():
        refusal = message(
            "”%(text)s” har delar av ett öre. Skriv beloppet med högst två decimaler i kronor.", text=text.strip()
        )
        raise AmountError(refusal)
    if abs(ore) >= LIMIT_ORE:
        raise AmountError(message("”%(text)s” är för stort. Är enheten rätt?", text=text.strip()))
    return -int(ore) if match["sign"] == "-" else int(ore)


def _number(number: str, original: str) -> Decimal:
    if _DOTTED_THOUSANDS.fullmatch(number):
        whole = number.replace(".", "")
        decimal = f"{number.split('.')[0]},{number.split('.')[-1]}"
        raise AmountError(
            message(
                "”%(text)s” kan läsas på två sätt: %(whole)s eller %(decimal)s. "
                "Skriv tusental med mellanslag och decimaler med komma.",
                text=original.strip(),
                whole=whole,
                decimal=decimal,
            )
        )
    if _GROUPED.fullmatch(number) or _PLAIN.fullmatch(number):
        return Decimal(number.replace(" ", "").replace(",", "."))
    refusal = message(
        "”%(text)s” går inte att läsa som ett belopp. Skriv tusental med mellanslag.", text=original.strip()
    )
    raise AmountError(refusal)


def _no_amount(text: str) -> str:
    return message("”%(text)s” är inget belopp. Skriv till exempel 1 842,5 mnkr eller 12 500 tkr.", text=text)


def format_kronor(ore: int, decimals: int = 0) -> str:
    """ "12 500" or "12 500,75": kronor with no-break spaces, a decimal comma and a real minus sign."""
    return _swedish(Decimal(ore) / ORE_PER_KRONA, decimals)


def format_mnkr(ore: int, decimals: int = 1) -> str:
    """ "1 842,5": million kronor, rounded half away from zero, without the unit."""
    return _swedish(Decimal(ore) / (ORE_PER_KRONA * 1_000_000), decimals)


def format_exact_mnkr(ore: int) -> str:
    """Million kronor with as many decimals as it takes to say it exactly, for form fields; at least none."""
    number = (Decimal(ore) / (ORE_PER_KRONA * 1_000_000)).normalize()
    exponent = number.as_tuple().exponent
    return _swedish(number, max(0, -exponent) if isinstance(exponent, int) else 0)


def format_count(count: int) -> str:
    """A whole number with no-break spaces between thousands."""
    return _swedish(Decimal(count), 0)


def kronor_text(ore: int) -> str:
    """Kronor for files: ASCII minus, no thousands mark, decimal comma, always two decimals."""
    sign = "-" if ore < 0 else ""
    kronor, rest = divmod(abs(ore), ORE_PER_KRONA)
    return f"{sign}{kronor},{rest:02d}"


def _swedish(number: Decimal, decimals: int) -> str:
    step = Decimal(1).scaleb(-decimals)
    rounded = number.quantize(step, rounding="ROUND_HALF_UP")
    whole, _, fraction = f"{abs(rounded):,.{decimals}f}".partition(".")
    body = whole.replace(",", NO_BREAK_SPACE) + (f",{fraction}" if fraction else "")
    return f"{MINUS}{body}" if rounded < 0 else body
