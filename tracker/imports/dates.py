"""Reading dates: a day, or a month, quarter or year that a day is taken from when nothing better is known."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tracker.imports.values import UnreadableError, read_text
from tracker.messages import message
from tracker.projects.rules import YEARS

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ][\d:.].*)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})")
_QUARTER = re.compile(r"(?:kv(?:artal)?|q)\.?\s*([1-4])[\s,-]+(\d{4})|(\d{4})[\s,-]*(?:kv(?:artal)?|q)\.?\s*([1-4])")
_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./ -]+(\d{4})")
_LONGEST = 100
"""Letters of a date in words, with the time of day that a database writes after it."""
_NAMED = re.compile(r"(?:(\d{1,2})[.: ]*(?:e|a)?\s+)?([a-zåäö]{3,9})\.?\s+(\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_ENGLISH = {"may": 5, "oct": 10}
RANGE = "–"
_NO_DATE = message("Det är inget datum. Skriv datumet som 2005-04-30.")


@dataclass(frozen=True, slots=True)
class Span:
    """The first and last day that a cell can mean; one day for a date."""

    first: date
    last: date

    def holds(self, day: date | None) -> bool:
        """Whether a day is one of these: then the cell says nothing new."""
        return day is not None and self.first <= day <= self.last

    @property
    def label(self) -> str:
        """ "2005-04-01" or "2005-04-01–2005-04-30"."""
        return self.first.isoformat() if self.first == self.last else f"{self.first}{RANGE}{self.last}"


def read_span(cell: Any) -> Span:
    """A date the Swedish way, a date of a spreadsheet, "2005-04", "kv 2 2005", "april 2005" or a year.

    Raises UnreadableError for what can be two dates, such as 04/05/2005.
    """
    if isinstance(cell, datetime):
        return _within(Span(cell.date(), cell.date()))
    if isinstance(cell, date):
        return _within(Span(cell, cell))
    if isinstance(cell, bool | timedelta):
        raise UnreadableError(_NO_DATE)
    text = read_text(cell)
    if len(text) > _LONGEST:
        raise UnreadableError(_NO_DATE)
    try:
        return _within(_read(text.casefold()))
    except ValueError as error:
        raise UnreadableError(message("Datumet finns inte. Skriv datumet som 2005-04-30.")) from error


def _read(text: str) -> Span:
    if (found := _ISO.fullmatch(text)) or (found := _COMPACT.fullmatch(text)):
        day = date(*map(int, found.groups()))
        return Span(day, day)
    if found := _MONTH.fullmatch(text):
        return _months(int(found[1]), int(found[2]), 1)
    if found := _QUARTER.fullmatch(text):
        year, quarter = (found[2], found[1]) if found[1] else (found[3], found[4])
        return _months(int(year), int(quarter) * 3 - 2, 3)
    if re.fullmatch(r"\d{4}", text):
        return _months(int(text), 1, 12)
    if found := _DAY_FIRST.fullmatch(text):
        return _day_first(*map(int, found.groups()))
    if found := _NAMED.fullmatch(text):
        return _named(*found.groups())
    if re.fullmatch(r"\d+([.,]\d+)?", text):
        raise UnreadableError(message("Talet kan vara kalkylbladets eget dagnummer. Skriv datumet som 2005-04-30."))
    raise UnreadableError(_NO_DATE)


def _day_first(day: int, month: int, year: int) -> Span:
    if day <= 12 and month <= 12 and day != month:
        raise UnreadableError(
            message(
                "Datumet kan läsas på två sätt: %(first)s eller %(second)s. Skriv datumet som 2005-04-30.",
                first=f"{year}-{month:02}-{day:02}",
                second=f"{year}-{day:02}-{month:02}",
            )
        )
    if month > 12:
        day, month = month, day
    return Span(date(year, month, day), date(year, month, day))


def _named(day: str | None, word: str, year: str) -> Span:
    month = _ENGLISH.get(word[:3]) or next((n for n, name in enumerate(_MONTHS, 1) if word.startswith(name)), None)
    if month is None:
        raise UnreadableError(_NO_DATE)
    if day is None:
        return _months(int(year), month, 1)
    return Span(date(int(year), month, int(day)), date(int(year), month, int(day)))


def _months(year: int, month: int, count: int) -> Span:
    last = month + count - 1
    return Span(date(year, month, 1), date(year, last, calendar.monthrange(year, last)[1]))


def _within(span: Span) -> Span:
    if span.first.year not in YEARS:
        raise UnreadableError(
            message(
                "Året ska vara mellan %(first)s och %(last)s. Skriv datumet som 2005-04-30.",
                first=YEARS[0],
                last=YEARS[-1],
            )
        )
    return span
