"""Two reports of one project, part by part in words: what is stored now, and what somebody else wrote meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from tracker.followup.report_inputs import ReportInput
from tracker.followup.sheets import Sheet
from tracker.followup.vocabulary import Light
from tracker.money import NO_BREAK_SPACE, format_count, format_exact_mnkr
from tracker.web.content import NOT_GIVEN


@dataclass(frozen=True, slots=True)
class Difference:
    """What one part says in both."""

    label: str
    theirs: str
    mine: str


def differences(sheet: Sheet, mine: ReportInput) -> list[Difference]:
    """Every part in which what is stored and what was typed say different things."""
    return [one for one in _parts(sheet, mine) if one.theirs != one.mine]


def _parts(sheet: Sheet, mine: ReportInput) -> Iterator[Difference]:
    theirs = sheet.as_given()
    forecasts = {(one.year, one.flow): one.forecast_ore for one in theirs.forecasts}
    for row in mine.forecasts:
        label = _("Prognos %(year)s, %(flow)s", year=row.year, flow=row.flow.label.lower())
        yield Difference(label, _money(forecasts.get((row.year, row.flow))), _money(row.forecast_ore))
    counts = {one.measure_id: one for one in theirs.counts}
    names = {one.measure_id: one.name for one in sheet.counts}
    for one in mine.counts:
        stored = counts[one.measure_id]
        words = (("planned", _("planerat")), ("started", _("påbörjat")), ("completed", _("färdigställt")))
        for column, word in words:
            label = _("%(measure)s, %(word)s", measure=names[one.measure_id], word=word)
            yield Difference(label, _count(getattr(stored, column)), _count(getattr(one, column)))
    yield Difference(_("Bedömd start"), _day(theirs.start_forecast), _day(mine.start_forecast))
    yield Difference(_("Bedömt slut"), _day(theirs.end_forecast), _day(mine.end_forecast))
    yield Difference(_("Status"), _light(theirs.light), _light(mine.light))
    yield Difference(_("Text till status"), theirs.light_text or NOT_GIVEN, mine.light_text or NOT_GIVEN)
    yield Difference(_("Kommentar till avvikelsen"), theirs.comment or NOT_GIVEN, mine.comment or NOT_GIVEN)


def _money(ore: int | None) -> str:
    return NOT_GIVEN if ore is None else f"{format_exact_mnkr(ore)}{NO_BREAK_SPACE}mnkr"


def _count(number: int | None) -> str:
    return NOT_GIVEN if number is None else format_count(number)


def _day(day: date | None) -> str:
    return NOT_GIVEN if day is None else day.isoformat()


def _light(light: Light | None) -> str:
    return NOT_GIVEN if light is None else light.label
