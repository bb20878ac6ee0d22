"""The checks of what is reported in a period: their names, how grave each is, and what a finding says. Pure words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tracker.messages import message


class Severity(StrEnum):
    """How grave a finding is; always shown with the word."""

    ERROR = "fel"
    WARNING = "varning"
    NOTE = "upplysning"

    @property
    def label(self) -> str:
        return {"fel": message("Fel"), "varning": message("Kontrollera"), "upplysning": message("Upplysning")}[
            self.value
        ]

    @property
    def weight(self) -> int:
        """For order: the gravest first."""
        return _WEIGHTS[self]


_WEIGHTS = {Severity.ERROR: 3, Severity.WARNING: 2, Severity.NOTE: 1}


class Group(StrEnum):
    """What kind of thing a check is about."""

    REPORT = "rapport"
    MISSING = "saknas"
    DOUBT = "rimlighet"

    @property
    def label(self) -> str:
        return {
            "rapport": message("Rapportering"), "saknas": message("Ofullständigt"), "rimlighet": message("Ser fel ut"),
        }[self.value]  # fmt: skip


class Check(StrEnum):
    """What is looked for; the values stand in addresses."""

    NOT_REPORTED = "ej-rapporterad"
    GOALS = "mal"
    PLACE = "lage"
    SERVES = "omraden"
    ECONOMY = "ekonomi"
    DECISION = "beslut"
    UNIT = "enhet"
    SIGN = "tecken"
    OVER_BUDGET = "over-budget"
    UNDER_OUTCOME = "under-utfall"
    NO_BUDGET = "utan-budget"
    DEVIATION = "avvikelse"
    LIGHT = "status-utan-text"
    END_PASSED = "slut-passerat"
    END_MOVED = "slut-flyttat"
    COMPLETED = "fardigstallda"
    UNCHANGED = "oforandrat"

    @property
    def label(self) -> str:
        """What is found, for a list of checks."""
        return _LABELS[self]

    @property
    def group(self) -> Group:
        """What kind of thing it is about."""
        if self is Check.NOT_REPORTED:
            return Group.REPORT
        return Group.MISSING if self in _MISSING else Group.DOUBT

    @property
    def severity(self) -> Severity:
        """How grave it is; that a report is missing is graver once the last day has passed."""
        return _SEVERITIES.get(self, Severity.WARNING)


_MISSING = frozenset({Check.GOALS, Check.PLACE, Check.SERVES, Check.ECONOMY, Check.DECISION})
_SEVERITIES = {
    Check.UNIT: Severity.ERROR,
    Check.SIGN: Severity.ERROR,
    Check.DEVIATION: Severity.ERROR,
    Check.LIGHT: Severity.ERROR,
    Check.UNCHANGED: Severity.NOTE,
    Check.GOALS: Severity.NOTE,
    Check.PLACE: Severity.NOTE,
    Check.SERVES: Severity.NOTE,
    Check.ECONOMY: Severity.NOTE,
    Check.DECISION: Severity.NOTE,
}
_LABELS = {
    Check.NOT_REPORTED: message("Inte rapporterat"),
    Check.GOALS: message("Saknar bedömning mot mål"),
    Check.PLACE: message("Saknar läge"),
    Check.SERVES: message("Saknar valda områden"),
    Check.ECONOMY: message("Saknar ekonomi"),
    Check.DECISION: message("Saknar beslut för skedet"),
    Check.UNIT: message("Kan vara fel enhet (tkr/mnkr)"),
    Check.SIGN: message("Negativt belopp"),
    Check.OVER_BUDGET: message("Utfall över årets budget"),
    Check.UNDER_OUTCOME: message("Prognos under utfall"),
    Check.NO_BUDGET: message("Belopp utan budget"),
    Check.DEVIATION: message("Avvikelse utan kommentar"),
    Check.LIGHT: message("Gul eller röd utan text"),
    Check.END_PASSED: message("Slutdatum har passerat"),
    Check.END_MOVED: message("Slutdatum flyttat utan kommentar"),
    Check.COMPLETED: message("Fler färdigställda än planerade"),
    Check.UNCHANGED: message("Oförändrat i tre perioder"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was found on a project: the text is a sentence of what, how much and what to do."""

    check: Check
    severity: Severity
    text: str

    @property
    def code(self) -> str:
        """The check's value in addresses."""
        return self.check.value


def found(check: Check, text: str) -> Finding:
    """A finding as grave as its check."""
    return Finding(check, check.severity, text)
