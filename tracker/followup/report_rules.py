"""What keeps a report from being saved. Pure; every refusal names the field and the reason in Swedish."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tracker.errors import Problem
from tracker.followup.checks_money import deviates
from tracker.followup.checks_spelling import FLOWS
from tracker.followup.report_inputs import ReportInput, forecast_field
from tracker.followup.sheets import Sheet
from tracker.followup.vocabulary import Light
from tracker.messages import joined, message
from tracker.money import LIMIT_ORE, NO_BREAK_SPACE, format_exact_mnkr
from tracker.projects.rules import YEARS
from tracker.projects.vocabulary import Flow
from tracker.text import clean

LONGEST = {"light_text": 2_000, "comment": 4_000}
_YEARS_ASKED = message("Året ska vara mellan %(first)s och %(last)s.", first=YEARS[0], last=YEARS[-1])


@dataclass(frozen=True, slots=True)
class Limits:
    """A forecast that deviates from the year's budget by at least both needs a comment: whole percent, whole öre."""

    percent: int
    ore: int


def report_problems(given: ReportInput, sheet: Sheet, limits: Limits) -> list[Problem]:
    """Everything that is wrong; `sheet` is what stands, with the budget that the forecast is measured by."""
    return [*_amounts(given, sheet), *_counts(given), *_days(given), *_words(given), *_comment(given, sheet, limits)]


def unchanged_problems(sheet: Sheet, limits: Limits) -> list[Problem]:
    """What keeps "inget nytt" from being confirmed. Without a judgement from before, nothing new means green."""
    given = sheet.as_given()
    if sheet.hides_figures:
        return list(_words(given))
    missing = []
    if all(sheet.row(flow).forecast_ore is None for flow in Flow):
        reason = message("Prognos för %(year)s saknas.", year=sheet.year)
        missing.append(Problem(forecast_field(sheet.year, Flow.OUTLAY), reason))
    words = [one for one in _words(given) if one.field != "light"]
    return [*missing, *words, *_comment(given, sheet, limits)]


def _amounts(given: ReportInput, sheet: Sheet) -> Iterator[Problem]:
    if sheet.hides_figures:
        return
    said = {(row.year, row.flow): row.forecast_ore for row in given.forecasts}
    said = {(sheet.year, flow): sheet.row(flow).forecast_ore for flow in Flow} | said
    if all(said[sheet.year, flow] is None for flow in Flow):
        reason = message(
            "Ange prognosen för %(year)s. Väntas varken utgifter eller inkomster, skriv 0.", year=sheet.year
        )
        yield Problem(forecast_field(sheet.year, Flow.OUTLAY), reason)
    for row in given.forecasts:
        if row.year not in YEARS:
            yield Problem(row.field, _YEARS_ASKED, str(row.year))
        elif row.forecast_ore is not None and abs(row.forecast_ore) >= LIMIT_ORE:
            yield Problem(row.field, message("Beloppet är för stort. Är enheten rätt?"))


def _counts(given: ReportInput) -> Iterator[Problem]:
    for row in given.counts:
        for column in ("planned", "started", "completed"):
            if (getattr(row, column) or 0) < 0:
                yield Problem(f"matt-{row.measure_id}-{column}", message("Antalet får inte vara negativt."))


def _days(given: ReportInput) -> Iterator[Problem]:
    for field in ("start_forecast", "end_forecast"):
        day = getattr(given, field)
        if day is not None and day.year not in YEARS:
            yield Problem(field, _YEARS_ASKED, day.isoformat())
    if given.start_forecast and given.end_forecast and given.end_forecast < given.start_forecast:
        reason = message("Slutet ligger före starten (%(day)s).", day=given.start_forecast.isoformat())
        yield Problem("end_forecast", reason, given.end_forecast.isoformat())


def _words(given: ReportInput) -> Iterator[Problem]:
    if given.light is None:
        yield Problem("light", message("Välj status: grön, gul eller röd."))
    elif given.light is not Light.GREEN and not clean(given.light_text):
        word = message("gul") if given.light is Light.YELLOW else message("röd")
        reason = message("Status är %(word)s: skriv vad som avviker och vad som görs åt det.", word=word)
        yield Problem("light_text", reason)
    for field, longest in LONGEST.items():
        if len(clean(getattr(given, field))) > longest:
            yield Problem(field, message("Texten får ha högst %(most)s tecken.", most=longest))


def _comment(given: ReportInput, sheet: Sheet, limits: Limits) -> Iterator[Problem]:
    if sheet.hides_figures or clean(given.comment):
        return
    said = {row.flow: row.forecast_ore for row in given.forecasts if row.year == sheet.year}
    told = []
    for flow in Flow:
        budget, forecast = sheet.row(flow).budget_ore, said.get(flow, sheet.row(flow).forecast_ore)
        if budget is not None and forecast is not None and deviates(budget, forecast, limits.percent, limits.ore):
            amount = f"{format_exact_mnkr(budget - forecast)}{NO_BREAK_SPACE}mnkr"
            told.append(message("%(flow)s %(year)s %(amount)s", flow=FLOWS[flow], year=sheet.year, amount=amount))
    if told:
        what = joined(", ", told)
        yield Problem("comment", message("Skriv varför prognosen avviker från budgeten (%(what)s).", what=what))
