"""Checks of what is said besides money: the report itself, status, schedule, counts, and what never changes. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.followup.checks_facts import CountFacts, PeriodRules, ReportFacts
from tracker.followup.checks_words import Check, Finding, Severity, found
from tracker.followup.facts import YearMoney
from tracker.followup.vocabulary import Light, ReportState
from tracker.messages import message, plural_message
from tracker.money import format_count
from tracker.projects.vocabulary import Flow, Phase

MOVED_DAYS = 30
"""An end that moves by less is not asked about."""
ENDED = frozenset({Phase.FINAL_REPORT, Phase.CLOSED, Phase.ABORTED, Phase.DORMANT})
"""Phases in which nothing is being built, so that an end in the past is as it should be."""
STILL = frozenset({Phase.CLOSED, Phase.ABORTED, Phase.DORMANT})
"""Phases in which nothing is expected to change."""
PERIODS = 3
LONG_AGO = 90
"""Days after which their number says nothing more."""


def status_findings(facts: ReportFacts, rules: PeriodRules) -> Iterator[Finding]:
    """Every finding besides those on amounts."""
    yield from _light(facts)
    yield from _end_passed(facts, rules)
    yield from _end_moved(facts)
    yield from _completed(facts)
    yield from _unchanged(facts)


def not_reported(facts: ReportFacts, rules: PeriodRules) -> Iterator[Finding]:
    """The report is missing: a note before the last day, an error after it."""
    if facts.state is not ReportState.WAITING:
        return
    late = (rules.today - rules.deadline).days if rules.today is not None else 0
    if late > 0:
        ago = plural_message(", för %(num)s dag sedan", ", för %(num)s dagar sedan", late) if late <= LONG_AGO else ""
        text = message("Rapporten saknas. Sista dag var %(day)s%(ago)s.", day=rules.deadline.isoformat(), ago=ago)
    else:
        text = message("Rapporten saknas. Sista dag är %(day)s.", day=rules.deadline.isoformat())
    severity = Severity.ERROR if late > 0 else Severity.NOTE
    text = message("%(text)s Rapportera, eller bekräfta att inget är nytt.", text=text)
    yield Finding(Check.NOT_REPORTED, severity, text)


def _light(facts: ReportFacts) -> Iterator[Finding]:
    if facts.light in (Light.YELLOW, Light.RED) and not facts.light_text.strip():
        word = message("gul") if facts.light is Light.YELLOW else message("röd")
        text = message(
            "Status är %(word)s men har ingen text. Skriv vad som avviker och vad som görs åt det.", word=word
        )
        yield found(Check.LIGHT, text)


def _end_passed(facts: ReportFacts, rules: PeriodRules) -> Iterator[Finding]:
    end = facts.end_forecast or facts.end_decided
    if end is None or facts.phase in ENDED or end >= rules.as_of:
        return
    text = message(
        "Projektets %(which)s slut %(end)s har passerat (%(as_of)s), men skedet är "
        "%(phase)s. Ange ett nytt bedömt slut, eller ändra skedet.",
        which=message("bedömda") if facts.end_forecast else message("beslutade"),
        end=end.isoformat(), as_of=rules.as_of.isoformat(), phase=facts.phase.label.lower(),
    )  # fmt: skip
    yield found(Check.END_PASSED, text)


def _end_moved(facts: ReportFacts) -> Iterator[Finding]:
    before = next((one for one in facts.past if one.end_forecast is not None), None)
    if before is None or before.end_forecast is None or facts.end_forecast is None:
        return
    days = (facts.end_forecast - before.end_forecast).days
    if abs(days) < MOVED_DAYS or facts.comment.strip() or facts.light_text.strip():
        return
    text = message(
        "Bedömt slut är flyttat från %(before)s (i %(key)s) till "
        "%(end)s, %(days)s dagar %(word)s. Skriv i kommentaren varför.",
        before=before.end_forecast.isoformat(), key=before.key, end=facts.end_forecast.isoformat(),
        days=format_count(abs(days)), word=message("senare") if days > 0 else message("tidigare"),
    )  # fmt: skip
    yield found(Check.END_MOVED, text)


def over_planned(one: CountFacts) -> bool:
    """Whether more is completed than planned."""
    return one.planned is not None and one.completed > max(one.planned, 0)


def _completed(facts: ReportFacts) -> Iterator[Finding]:
    for one in facts.counts:
        if one.planned is not None and over_planned(one):
            text = message(
                "%(name)s: %(completed)s är färdigställda men %(planned)s "
                "planerade. Rätta antalet, eller höj det planerade.",
                name=one.name, completed=format_count(one.completed), planned=format_count(one.planned),
            )  # fmt: skip
            yield found(Check.COMPLETED, text)


def _unchanged(facts: ReportFacts) -> Iterator[Finding]:
    """Reported three times in a row with the same forecast, status and text, though the project goes on."""
    before = facts.past[: PERIODS - 1]
    reported = [facts.state, *(one.state for one in before)]
    if not facts.money_seen or len(before) < PERIODS - 1 or ReportState.WAITING in reported or facts.phase in STILL:
        return
    said = (facts.light, facts.light_text, _forecasts(facts.money))
    if all(said == (one.light, one.light_text, _forecasts(one.money)) for one in before):
        text = message(
            "Prognos, status och text är desamma som i %(last)s och %(before)s. Stämmer de fortfarande? "
            "Skriv annars vad som har hänt.",
            last=before[0].key, before=before[1].key,
        )  # fmt: skip
        yield found(Check.UNCHANGED, text)


def _forecasts(money: tuple[YearMoney, ...]) -> frozenset[tuple[int, Flow, int]]:
    return frozenset((row.year, row.flow, row.forecast_ore) for row in money if row.forecast_ore is not None)
