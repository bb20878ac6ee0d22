"""A report of a project in a period as JSON, both ways; the form "Rapportera" reads and judges it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType, field

from tracker.api.project_document import Kronor, Text, Whole, Word
from tracker.api.project_fields import Fields, kronor_text, number_text
from tracker.api.project_told import kronor
from tracker.errors import InvalidInputError, Problem
from tracker.followup.report_inputs import count_field, forecast_field
from tracker.followup.sheets import Sheet
from tracker.projects.secrecy import Secret, sign
from tracker.projects.vocabulary import Flow

READ_ONLY = frozenset(
    {"period", "project", "state", "reported_at", "reported_by", "money"}
    | {"start_decided", "end_decided", "hidden", "links"}
)
SIDES = {Flow.OUTLAY: "outlay", Flow.INCOME: "income"}
_COLUMNS = ("planned", "started", "completed")


class ForecastLine(Struct, forbid_unknown_fields=True):
    """The forecast of one year in kronor; null is not given."""

    year: Whole
    outlay: Kronor | None = None
    income: Kronor | None = None


class CountLine(Struct, forbid_unknown_fields=True):
    """The counts of one measure in the period's year."""

    measure: Word
    planned: Whole | None = None
    started: Whole | None = None
    completed: Whole | None = None


class ReportDocument(Struct, forbid_unknown_fields=True):
    """What a manager reports. Days, years and measures that are not named stay as they are."""

    light: Word | None = None
    light_text: Text = ""
    comment: Text = ""
    start_forecast: Word | UnsetType | None = UNSET
    end_forecast: Word | UnsetType | None = UNSET
    forecasts: Annotated[list[ForecastLine], Meta(max_length=200)] = field(default_factory=list)
    counts: Annotated[list[CountLine], Meta(max_length=200)] = field(default_factory=list)


def told_report(sheet: Sheet, period: str, measures: Mapping[int, str]) -> dict[str, Any]:
    """The report as it stands; what is hidden from whoever asks is left out."""
    told: dict[str, Any] = {
        "period": period,
        "project": sheet.code,
        "state": sheet.state.value,
        "reported_at": sheet.reported_at.isoformat() if sheet.reported_at else None,
        "reported_by": sheet.reported_by,
        "light": sheet.light.value if sheet.light else None,
        "light_text": sheet.light_text,
        "comment": sheet.comment,
        "counts": [
            {"measure": measures[row.measure_id], "planned": row.position, "started": row.started,
             "completed": row.completed}
            for row in sheet.counts
        ],
        "hidden": {one.value: sign(ground) for one, ground in sheet.hidden.items()},
    }  # fmt: skip
    if Secret.DATES not in sheet.hidden:
        for name in ("start_decided", "start_forecast", "end_decided", "end_forecast"):
            day = getattr(sheet, name)
            told[name] = day.isoformat() if day else None
    if not sheet.hides_figures:
        told["forecasts"] = [_forecast(sheet, year) for year in sheet.years]
        told["money"] = [_money(sheet, year) for year in sheet.years]
    return told


def _forecast(sheet: Sheet, year: int) -> dict[str, Any]:
    return {"year": year} | {side: kronor(sheet.row(flow, year).forecast_ore) for flow, side in SIDES.items()}


def _money(sheet: Sheet, year: int) -> dict[str, Any]:
    rows = {side: sheet.row(flow, year) for flow, side in SIDES.items()}
    return {"year": year} | {
        side: {"budget": kronor(row.budget_ore), "outcome": kronor(row.outcome_ore), "before": kronor(row.before_ore)}
        for side, row in rows.items()
    }


def report_fields(document: ReportDocument, sheet: Sheet, measures: Mapping[int, str]) -> Fields:
    """As the page would have sent it. Raises InvalidInputError for a year or a measure that the page has no field for.

    A field that is not sent says what stands.
    """
    fields: Fields = [("light", document.light or "")]
    fields += [(name, getattr(document, name)) for name in ("light_text", "comment")]
    found = list(_unknown(document, sheet, measures))
    if found:
        raise InvalidInputError(found)
    for name in ("start_forecast", "end_forecast"):
        if getattr(document, name) is not UNSET:
            fields.append((name, getattr(document, name) or ""))
    for line in document.forecasts:
        fields += [(forecast_field(line.year, flow), kronor_text(getattr(line, side))) for flow, side in SIDES.items()]
    codes = {code: measure_id for measure_id, code in measures.items()}
    for count in document.counts:
        names = ((name, count_field(codes[count.measure], name)) for name in _COLUMNS)
        fields += [(field_name, number_text(getattr(count, name))) for name, field_name in names]
    return fields


def _unknown(document: ReportDocument, sheet: Sheet, measures: Mapping[int, str]) -> Iterable[Problem]:
    hidden = "Uppgiften är sekretessbelagd för dig och kan inte ändras. Utelämna den."
    if sheet.hides_figures and document.forecasts:
        yield Problem("forecasts", hidden)
    if Secret.DATES in sheet.hidden and {document.start_forecast, document.end_forecast} != {UNSET}:
        yield Problem("start_forecast", hidden)
    asked = {measures[row.measure_id] for row in sheet.counts}
    years = [line.year for line in document.forecasts]
    counts = [line.measure for line in document.counts]
    for place, year in enumerate(years):
        if year not in sheet.years and not sheet.hides_figures:
            yield Problem(f"forecasts.{place}.year", "Perioden frågar inte efter året.", str(year))
        if year in years[:place]:
            yield Problem(f"forecasts.{place}.year", "Samma år finns två gånger i ekonomin.", str(year))
    for place, code in enumerate(counts):
        if code not in asked:
            yield Problem(f"counts.{place}.measure", "Perioden frågar inte efter måttet.", code)
        if code in counts[:place]:
            yield Problem(f"counts.{place}.measure", "Samma mått och år finns två gånger.", code)


def place_in_report(name: str, document: ReportDocument, measures: Mapping[int, str]) -> str:
    """Where in the document a field of the form stands: "prognos-2005-utgift" is forecasts.0.outlay."""
    for place, line in enumerate(document.forecasts):
        for flow, side in SIDES.items():
            if name == forecast_field(line.year, flow):
                return f"forecasts.{place}.{side}"
    codes = {code: measure_id for measure_id, code in measures.items()}
    for place, count in enumerate(document.counts):
        for column in _COLUMNS:
            if name == count_field(codes[count.measure], column):
                return f"counts.{place}.{column}"
    return "forecasts" if name.startswith("prognos-") else "counts" if name.startswith("matt-") else name
