"""What periods are called, and when they are: VP, the months, T1, T2 and VB of a year. Pure.

April is reported as T1, August as T2 and December as VB: rounds with one as-of date are one.
Source: the city's follow-up calendar (tertial reports per 30 April and 31 August since 2003, accounts per 31 December).
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.errors import InvalidInputError, Problem
from tracker.followup.vocabulary import PeriodKind
from tracker.messages import Message, message
from tracker.projects.rules import YEARS

ROUND_OF_MONTH = {4: "T1", 8: "T2", 12: "VB"}
MONTH_OF_ROUND = {ending: month for month, ending in ROUND_OF_MONTH.items()}
MONTHS = (
    message("januari"), message("februari"), message("mars"), message("april"), message("maj"), message("juni"),
    message("juli"), message("augusti"), message("september"), message("oktober"), message("november"),
    message("december"),
)  # fmt: skip
DAYS_TO_REPORT = 15
_CODE = re.compile(r"(?P<year>\d{4})-(?P<round>VP|VB|T1|T2|0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True)
class PeriodCode:
    """A round of a year: `ending` is VP, T1, T2, VB, or a month of two digits that has no other name."""

    year: int
    ending: str

    @classmethod
    def read(cls, text: str) -> PeriodCode:
        """ "2005-T1" or its other name "2005-04". Raises InvalidInputError."""
        match = _CODE.fullmatch(text.strip().upper())
        if match is None or int(match["year"]) not in YEARS:
            reason = message(
                "”%(text)s” är ingen period. Skriv till exempel 2005-VP, 2005-03, 2005-T1, 2005-T2 eller 2005-VB.",
                text=text,
            )
            raise InvalidInputError([Problem("period", reason, text)])
        ending = match["round"]
        return cls(int(match["year"]), ROUND_OF_MONTH.get(int(ending), ending) if ending.isdigit() else ending)

    def __str__(self) -> str:
        return f"{self.year}-{self.ending}"

    @property
    def month(self) -> int | None:
        """The month whose end it is as of; the plan has none."""
        return None if self.ending == "VP" else MONTH_OF_ROUND.get(self.ending) or int(self.ending)

    @property
    def kind(self) -> PeriodKind:
        """What is reported."""
        kinds = {"VP": PeriodKind.PLAN, "VB": PeriodKind.YEAR, "T1": PeriodKind.TERTIAL, "T2": PeriodKind.TERTIAL}
        return kinds.get(self.ending, PeriodKind.MONTH)

    @property
    def as_of(self) -> date:
        """The day that the figures stand at: the last of the month; for the plan, the first of the year."""
        if self.month is None:
            return date(self.year, 1, 1)
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    @property
    def deadline(self) -> date:
        """When reports are due, if nothing else is said: fifteen days after; the plan on 15 December before."""
        return date(self.year - 1, 12, 15) if self.month is None else self.as_of + timedelta(days=DAYS_TO_REPORT)

    @property
    def name(self) -> Message:
        """ "Tertialrapport 1 2005 (april)"."""
        if self.month is None:
            return message("Verksamhetsplan %(year)s", year=self.year)
        month = MONTHS[self.month - 1]
        if self.kind is PeriodKind.MONTH:
            return message("Uppföljning %(month)s %(year)s", month=month, year=self.year)
        if self.kind is PeriodKind.YEAR:
            return message("Verksamhetsberättelse %(year)s (%(month)s)", year=self.year, month=month)
        return message(
            "Tertialrapport %(number)s %(year)s (%(month)s)", number=self.ending[1], year=self.year, month=month
        )


def codes_of(year: int) -> tuple[PeriodCode, ...]:
    """The rounds of a year in order of time."""
    months = (ROUND_OF_MONTH.get(month, f"{month:02d}") for month in range(1, 13))
    return tuple(PeriodCode(year, ending) for ending in ("VP", *months))


def key_of(code: PeriodCode, version: int) -> str:
    """How a version of a period stands in addresses and beside its figures."""
    return str(code) if version == 1 else f"{code}-v{version}"


def name_of(code: str, version: int) -> Message:
    """ "Tertialrapport 1 2005 (april), rättad version 2"."""
    name = PeriodCode.read(code).name
    return name if version == 1 else message("%(name)s, rättad version %(version)s", name=name, version=version)
