"""Fields that read what people write: amounts, shares, counts, years, days. What was typed is shown again as typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from wtforms import Field, FieldList, ValidationError
from wtforms.widgets import TextInput

from tracker.messages import message
from tracker.money import MINUS, ORE_PER_KRONA, AmountError, format_exact_mnkr, parse_amount

BARE_KRONOR = 100_000
"""A number without a unit above this is kronor, even where mnkr is the unit: no project costs 100 billion."""
MAX_COUNT = 10**9
LONGEST = 100
"""Characters in a field that holds a number or a date."""
_ROW = re.compile(r"[0-9]{1,6}")
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")
_SHARE = re.compile(r"-?\d+(?:[.,]\d{1,2})?")


class NumberedList(FieldList):  # type: ignore[misc]
    """A list of fields by their numbers; what anybody else put in a number's place in a name is no row."""

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        # The library takes every digit of Unicode for a number, and int() then fails on "²" and on five thousand nines.
        start = f"{prefix}{self._separator}"
        for name in formdata:
            if name.startswith(start):
                number = name[len(start) :].split(self._field_separator, 1)[0]
                if _ROW.fullmatch(number):
                    yield int(number)


class TypedField(Field):  # type: ignore[misc]
    """A text field whose `data` is a typed value or None; `typed` is the text as it was written."""

    widget = TextInput()
    typed: str | None = None
    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = valuelist[0] if valuelist else ""
        self.data = None
        if len(self.typed) > LONGEST:
            raise ValidationError(message("Texten är för lång: högst %(most)s tecken.", most=LONGEST))
        if self.typed.strip():
            self.data = self.read(self.typed.strip())

    def read(self, text: str) -> Any:
        """The value of a text that is not empty; raises ValidationError in Swedish."""
        raise NotImplementedError

    def write(self, value: Any) -> str:
        """The text that reads back as the value."""
        return str(value)

    @property
    def given(self) -> bool:
        """Whether anything stands in the field, readable or not."""
        return bool(self.typed.strip()) if self.typed is not None else self.data is not None

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        return "" if self.data is None else self.write(self.data)


class AmountField(TypedField):
    """An amount as people write it, in mnkr unless they say otherwise; `data` is whole öre."""

    def read(self, text: str) -> int:
        try:
            return read_amount(text)
        except AmountError as error:
            raise ValidationError(str(error)) from error

    def write(self, value: int) -> str:
        return amount_text(value)

    @property
    def reading(self) -> str:
        """How the text was read ("= 34 000 mnkr"), where that is not what stands in the field."""
        if self.data is None or not self.typed:
            return ""
        exact = format_exact_mnkr(self.data)
        return "" if _bare(self.typed) == _bare(exact) else f"= {exact} mnkr"


def read_amount(text: str) -> int:
    """Whole öre from an amount in mnkr; a bare number over 100 000 is kronor. Raises AmountError."""
    if any(sign.isalpha() for sign in text):
        return parse_amount(text, "mnkr")
    try:
        kronor = parse_amount(text, "kr")
    except AmountError:
        kronor = 0
    if abs(kronor) > BARE_KRONOR * ORE_PER_KRONA:
        return kronor
    ore = parse_amount(text, "mnkr")
    if abs(ore) > BARE_KRONOR * 1_000_000 * ORE_PER_KRONA:
        raise AmountError(message("Är ”%(text)s” kronor eller mnkr? Skriv enheten efter talet.", text=text))
    return ore


def amount_text(ore: int) -> str:
    """The exact amount in mnkr so that `read_amount` gives it back."""
    unit = " mnkr" if abs(ore) > BARE_KRONOR * 1_000_000 * ORE_PER_KRONA else ""
    return format_exact_mnkr(ore) + unit


def _bare(text: str) -> str:
    return _SPACES.sub("", text).replace("-", MINUS).removesuffix("mnkr").rstrip(",")


class ShareField(TypedField):
    """A percentage with at most two decimals ("33,33" or "12,5 %"); `data` is hundredths of a percent."""

    def read(self, text: str) -> int:
        number = _SPACES.sub("", text).removesuffix("%").replace(MINUS, "-")
        if not _SHARE.fullmatch(number):
            raise ValidationError(
                message(
                    "”%(text)s” är ingen andel. Skriv procent med högst två decimaler, till exempel 33,33.", text=text
                )
            )
        whole, _, decimals = number.replace(",", ".").partition(".")
        share = int(whole.lstrip("-")) * 100 + int(decimals.ljust(2, "0"))
        if number.startswith("-") or share > 10_000:
            raise ValidationError(message("Andelen ska vara mellan 0 och 100 %."))
        return share

    def write(self, value: int) -> str:
        return f"{value / 100:.2f}".rstrip("0").rstrip(".").replace(".", ",")


class CountField(TypedField):
    """A whole number, not negative, with or without spaces between thousands."""

    def read(self, text: str) -> int:
        number = _SPACES.sub("", text)
        if re.fullmatch(rf"[-{MINUS}]\d+", number):
            raise ValidationError(message("Antalet får inte vara negativt."))
        if not (number.isascii() and number.isdigit()):
            raise ValidationError(
                message("”%(text)s” är inget antal. Skriv ett heltal, till exempel 1 200.", text=text)
            )
        if int(number) > MAX_COUNT:
            raise ValidationError(message("”%(text)s” är för stort.", text=text))
        return int(number)


class YearField(TypedField):
    """A year with four digits; which years are possible is a rule of the feature."""

    def read(self, text: str) -> int:
        if not re.fullmatch(r"[0-9]{4}", text):
            raise ValidationError(message("”%(text)s” är inget år. Skriv fyra siffror, till exempel 2005.", text=text))
        return int(text)


class DayField(TypedField):
    """A date written 2005-04-30."""

    def read(self, text: str) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            refusal = message("”%(text)s” är inget datum. Skriv år-månad-dag, till exempel 2005-04-30.", text=text)
            raise ValidationError(refusal) from error

    def write(self, value: date) -> str:
        return value.isoformat()
