"""The words of follow-up: stored values in Swedish ASCII, labels for the screen."""

from __future__ import annotations

from enum import StrEnum


class PeriodKind(StrEnum):
    """What is reported: the plan, a month, a third of the year, or the year."""

    PLAN = "vp"
    MONTH = "manad"
    TERTIAL = "tertial"
    YEAR = "vb"

    @property
    def label(self) -> str:
        return {
            "vp": "Verksamhetsplan", "manad": "Månadsuppföljning", "tertial": "Tertialrapport",
            "vb": "Verksamhetsberättelse",
        }[self.value]  # fmt: skip


class PeriodState(StrEnum):
    """An open period takes reports; a closed one never changes and never opens again."""

    OPEN = "oppen"
    CLOSED = "stangd"

    @property
    def label(self) -> str:
        return {"oppen": "Öppen", "stangd": "Stängd"}[self.value]


class Light(StrEnum):
    """How a project goes, in the manager's judgement; always shown with the word."""

    GREEN = "gron"
    YELLOW = "gul"
    RED = "rod"

    @property
    def label(self) -> str:
        return {"gron": "Grön – enligt plan", "gul": "Gul – risk för avvikelse", "rod": "Röd – avviker"}[self.value]


class ReportState(StrEnum):
    """Whether a project has reported; `UNCHANGED` is "inget nytt", confirmed.

    `NOT_ASKED` is of a project that has no report in the period: a programme, one that is ended without money in the
    year, one registered since. It is told in reports and stands in no row.
    """

    WAITING = "vantar"
    REPORTED = "rapporterad"
    UNCHANGED = "inget-nytt"
    NOT_ASKED = "ombeds-inte"

    @property
    def label(self) -> str:
        return {
            "vantar": "Inte rapporterat", "rapporterad": "Rapporterat", "inget-nytt": "Inget nytt",
            "ombeds-inte": "Ombeds inte rapportera",
        }[self.value]  # fmt: skip


class Target(StrEnum):
    """What the portfolio's sums are reconciled against."""

    LEDGER = "huvudbok"
    BUDGET = "budget"

    @property
    def label(self) -> str:
        return {"huvudbok": "Huvudboken", "budget": "Budgetens total"}[self.value]
