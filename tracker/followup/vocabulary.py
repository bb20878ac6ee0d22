"""The words of follow-up: stored values in Swedish ASCII, labels for the screen."""

from __future__ import annotations

from enum import StrEnum

from tracker.messages import message


class PeriodKind(StrEnum):
    """What is reported: the plan, a month, a third of the year, or the year."""

    PLAN = "vp"
    MONTH = "manad"
    TERTIAL = "tertial"
    YEAR = "vb"

    @property
    def label(self) -> str:
        return {
            "vp": message("Verksamhetsplan"), "manad": message("Månadsuppföljning"),
            "tertial": message("Tertialrapport"), "vb": message("Verksamhetsberättelse"),
        }[self.value]  # fmt: skip


class PeriodState(StrEnum):
    """An open period takes reports; a closed one never changes and never opens again."""

    OPEN = "oppen"
    CLOSED = "stangd"

    @property
    def label(self) -> str:
        return {"oppen": message("Öppen"), "stangd": message("Stängd")}[self.value]


class Light(StrEnum):
    """How a project goes, in the manager's judgement; always shown with the word."""

    GREEN = "gron"
    YELLOW = "gul"
    RED = "rod"

    @property
    def label(self) -> str:
        return {
            "gron": message("Grön – enligt plan"), "gul": message("Gul – risk för avvikelse"),
            "rod": message("Röd – avviker"),
        }[self.value]  # fmt: skip


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
            "vantar": message("Inte rapporterat"), "rapporterad": message("Rapporterat"),
            "inget-nytt": message("Inget nytt"), "ombeds-inte": message("Ombeds inte rapportera"),
        }[self.value]  # fmt: skip


class Target(StrEnum):
    """What the portfolio's sums are reconciled against."""

    LEDGER = "huvudbok"
    BUDGET = "budget"

    @property
    def label(self) -> str:
        return {"huvudbok": message("Huvudboken"), "budget": message("Budgetens total")}[self.value]
