"""What a controller says of a period: the last day to report, and the deviation that needs a comment. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tracker.errors import InvalidInputError, Problem
from tracker.messages import message

MOST_PERCENT = 1_000
FURTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class PeriodTerms:
    """The last day to report, and the deviation of at least both that needs a comment (whole percent, whole öre)."""

    deadline: date
    deviation_percent: int
    deviation_ore: int


def check_terms(as_of: date, terms: PeriodTerms) -> None:
    """Raises InvalidInputError with every problem."""
    found = []
    if abs(terms.deadline - as_of) > FURTHEST:
        reason = message(
            "Sista dag ska ligga inom ett år från den dag som siffrorna avser, %(day)s.", day=as_of.isoformat()
        )
        found.append(Problem("deadline", reason, terms.deadline.isoformat()))
    if not 0 <= terms.deviation_percent <= MOST_PERCENT:
        reason = message("Gränsen ska vara mellan 0 och %(most)s procent.", most=MOST_PERCENT)
        found.append(Problem("deviation_percent", reason, str(terms.deviation_percent)))
    if terms.deviation_ore < 0:
        reason = message("Gränsen kan inte vara ett negativt belopp.")
        found.append(Problem("deviation_ore", reason, str(terms.deviation_ore)))
    if found:
        raise InvalidInputError(found)
