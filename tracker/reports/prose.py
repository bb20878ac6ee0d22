"""Swedish sentences from whole numbers: pure. A sentence is never written that the numbers do not hold.

Amounts come in whole öre and are printed by rounding.py; a comparison is made on the öre, and where the printed
numbers would look alike the sentence says so instead of naming a difference.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from enum import Enum

from tracker.followup.codes import MONTHS
from tracker.followup.vocabulary import PeriodKind
from tracker.money import NO_BREAK_SPACE, format_count, format_mnkr
from tracker.reports.rounding import mnkr
from tracker.text import harmless

_SPACES = re.compile(r"[ \t\r\n\v\f\u2028\u2029]+")
LONGEST = 600
"""What is longer is cut where it is quoted; the register holds all of it."""


class Tense(Enum):
    """The plan speaks of what is planned, a report during the year of how it goes, the annual report of what was."""

    PLANNED = "planeras"
    ONGOING = "pågår"
    DONE = "gjordes"

    @classmethod
    def of(cls, kind: PeriodKind) -> Tense:
        """The tense of a kind of period."""
        return {PeriodKind.PLAN: cls.PLANNED, PeriodKind.YEAR: cls.DONE}.get(kind, cls.ONGOING)


def told(text: str) -> str:
    """What somebody wrote, on one line: no control characters, cut if it is very long."""
    plain = _SPACES.sub(" ", harmless(text)).strip()
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1].rstrip()}…"


def sentence(text: str) -> str:
    """What somebody wrote, ended as a sentence; nothing for nothing."""
    plain = told(text)
    return plain if not plain or plain[-1] in ".!?…:" else f"{plain}."


def listing(words: Sequence[str]) -> str:
    """ "a", "a och b", "a, b och c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} och {words[-1]}" if words else ""


def plural(number: int, one: str, many: str) -> str:
    """ "1 bostad", "1 240 bostäder" with no-break spaces."""
    return f"{format_count(number)}{NO_BREAK_SPACE}{one if number == 1 else many}"


def projects(number: int) -> str:
    """ "1 projekt", "12 projekt"."""
    return plural(number, "projekt", "projekt")


def day_text(day: date) -> str:
    """ "den 30 april 2005" with no-break spaces."""
    return NO_BREAK_SPACE.join(("den", str(day.day), MONTHS[day.month - 1], str(day.year)))


def outlay_sentences(tense: Tense, budget: int | None, outcome: int | None, forecast: int | None) -> list[str]:
    """Budget, outcome and forecast of outlays, each named only where it is given."""
    found = []
    if tense is Tense.PLANNED:
        if budget is not None:
            found.append(f"Utgifter på {mnkr(budget)} är budgeterade.")
    elif outcome is not None:
        against = f" av budgeterade {mnkr(budget)}" if budget is not None else ""
        verb = "Utfallet för året är" if tense is Tense.DONE else "Utfallet hittills i år är"
        found.append(f"{verb} {mnkr(outcome)}{against}.")
    elif budget is not None:
        found.append(f"Budgeten är {mnkr(budget)}; inget utfall är registrerat.")
    if forecast is not None and tense is not Tense.DONE:
        found.append(f"Prognosen för helåret är {mnkr(forecast)}.")
    return found


def deviation_sentence(ore: int | None, of_all: bool = True, what: str = "Prognosen") -> str:
    """Budget less forecast in words; nothing where neither is given. `of_all`: every project has both."""
    if ore is None:
        return ""
    scope = "" if of_all else " för de projekt som har både budget och prognos"
    if ore == 0:
        return f"{what} är lika med budgeten{scope}."
    way = "högre" if ore < 0 else "lägre"
    if format_mnkr(abs(ore)) == format_mnkr(0):
        return f"{what} är obetydligt {way} än budgeten{scope}."
    return f"{what} är {mnkr(abs(ore))} {way} än budgeten{scope}."


def change_sentence(what: str, earlier: str, before: int | None, now: int | None) -> str:
    """How an amount changed since an earlier period; nothing where one of them is missing."""
    if before is None or now is None:
        return ""
    if before == now:
        return f"{what} är oförändrad sedan {earlier}: {mnkr(now)}."
    way = "höjts" if now > before else "sänkts"
    if format_mnkr(before) == format_mnkr(now):
        return f"{what} har {way} obetydligt sedan {earlier} och är {mnkr(now)}."
    return f"{what} har {way} sedan {earlier}, från {mnkr(before)} till {mnkr(now)}."


def volume_sentence(what: str, planned: int | None, started: int | None, completed: int | None, tense: Tense) -> str:
    """Planned, started and completed beside each other, never added; nothing where none is given."""
    parts = []
    if planned:
        parts.append(f"{format_count(planned)} planeras")
    if tense is not Tense.PLANNED and started:
        parts.append(f"{format_count(started)} har påbörjats under året")
    if tense is not Tense.PLANNED and completed:
        parts.append(f"{format_count(completed)} har färdigställts under året")
    return f"{what}: {listing(parts)}." if parts else ""


def gap_sentence(before: int | None, now: int, year: str, printed_before: str) -> str:
    """Whether a gap to the city has grown, from the numbers themselves; nothing where it has no earlier value."""
    if before is None:
        return ""
    if abs(before) == abs(now):
        return f"Gapet är lika stort som {year}."
    way = "minskat" if abs(now) < abs(before) else "ökat"
    return f"Gapet har {way} sedan {year}, då det var {printed_before}."
