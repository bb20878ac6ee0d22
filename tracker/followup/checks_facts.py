"""What the checks look at: a project's report in a period and what it said before. Frozen; money in whole öre.

What a viewer may not see is not in the facts: a hidden amount is a row that is not there, a hidden date None.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.followup.facts import YearMoney
from tracker.followup.vocabulary import Light, ReportState
from tracker.projects.vocabulary import Flow, Phase


@dataclass(frozen=True, slots=True)
class PeriodRules:
    """What a period asks: its year, as-of date and last day, and the deviation of at least both that needs a comment.

    `today` None: whether the last day has passed is not judged.
    """

    year: int
    as_of: date
    deadline: date
    deviation_percent: int
    deviation_ore: int
    today: date | None = None


@dataclass(frozen=True, slots=True)
class PastReport:
    """What a project said in an earlier period, by the period's key."""

    key: str
    state: ReportState = ReportState.WAITING
    light: Light | None = None
    light_text: str = ""
    end_forecast: date | None = None
    money: tuple[YearMoney, ...] = ()

    def row(self, year: int, flow: Flow) -> YearMoney | None:
        """The amounts of a year and flow."""
        return next((one for one in self.money if (one.year, one.flow) == (year, flow)), None)


@dataclass(frozen=True, slots=True)
class CountFacts:
    """A measure up to the period's year: the newest planned, and all that was completed."""

    name: str
    planned: int | None
    completed: int


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """A project's report in the period; `past` are the last earlier periods that it was in, the newest first."""

    state: ReportState = ReportState.WAITING
    phase: Phase = Phase.IMPLEMENTATION
    light: Light | None = None
    light_text: str = ""
    comment: str = ""
    end_decided: date | None = None
    end_forecast: date | None = None
    money: tuple[YearMoney, ...] = ()
    decided_outlay_ore: int | None = None
    decided_income_ore: int | None = None
    counts: tuple[CountFacts, ...] = ()
    past: tuple[PastReport, ...] = ()
    money_seen: bool = True
    """Whether the viewer may see the amounts: without them nobody is told that a forecast never changes."""

    def decided(self, flow: Flow) -> int | None:
        """The latest decided budget of the whole project."""
        return self.decided_outlay_ore if flow is Flow.OUTLAY else self.decided_income_ore
