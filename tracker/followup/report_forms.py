"""The form of a project's own report, and what it shares with the grid. What may not be seen is no field at all."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice

from tracker.errors import Problem
from tracker.followup.checks_money import deviates
from tracker.followup.report_inputs import (
    CountInput,
    ForecastInput,
    ReportInput,
    count_field,
    forecast_field,
)
from tracker.followup.sheets import MoneyRow, Sheet, deviation
from tracker.followup.vocabulary import Light
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import Flow
from tracker.web.fields import AmountField, CountField, DayField, TypedField
from tracker.web.forms import BaseForm

COUNTS = {"planned": _l("planerat"), "started": _l("påbörjat"), "completed": _l("färdigställt")}
LIGHTS = [SelectChoice(light.value, light.label) for light in Light]


class ReportForm(BaseForm):
    """The judgement; amounts, counts and days are added for each project."""

    light = RadioField(_l("Status"), choices=LIGHTS, validate_choice=False)
    light_text = TextAreaField(_l("Text till status"))
    comment = TextAreaField(_l("Kommentar till avvikelsen"))
    version = HiddenField()
    seen = HiddenField()


def report_form(sheet: Sheet, typed: MultiDict[str, str] | None = None) -> ReportForm:
    """The form of a project with what stands, or with what was sent, or with what was typed before."""
    kind, data = _report(sheet)
    given: dict[str, Any] = {} if typed is None else {"formdata": typed}
    form = kind(data=data, **given)
    sent = request.form if typed is None and form.is_submitted() else typed
    if sent is not None:
        _keep_unsent(form, data, sent)
    return form


def stored_form(sheet: Sheet) -> ReportForm:
    """The form of a project with what stands, whatever was sent."""
    kind, data = _report(sheet)
    return kind(formdata=None, data=data)


def _report(sheet: Sheet) -> tuple[type[ReportForm], dict[str, Any]]:
    fields: dict[str, Any] = {}
    data: dict[str, Any] = {
        "light": sheet.light.value if sheet.light else None,
        "light_text": sheet.light_text,
        "comment": sheet.comment,
        "version": str(sheet.version),
        "seen": sheet.sign,
    }
    if not sheet.hides_figures:
        for row in sheet.money:
            name = forecast_field(row.year, row.flow)
            fields[name] = AmountField(_l("Prognos %(year)s, %(flow)s", year=row.year, flow=row.flow.label.lower()))
            data[name] = row.forecast_ore
    for count in sheet.counts:
        for column, word in COUNTS.items():
            name = count_field(count.measure_id, column)
            fields[name] = CountField(_l("%(measure)s, %(word)s", measure=count.name, word=word))
            data[name] = count.position if column == "planned" else getattr(count, column)
    if Secret.DATES not in sheet.hidden:
        for name, label in (("start_forecast", _l("Bedömd start")), ("end_forecast", _l("Bedömt slut"))):
            fields[name] = DayField(label)
            data[name] = getattr(sheet, name)
    return type("ProjectReportForm", (ReportForm,), fields), data


def _keep_unsent(form: ReportForm, data: dict[str, Any], sent: MultiDict[str, str]) -> None:
    """A field that came after the page was shown was not sent: it says what stands, and not nothing."""
    for name in data:
        if isinstance(form[name], TypedField) and name not in sent:
            form[name].typed = None
            form[name].process(None, data[name])


def to_input(form: ReportForm, sheet: Sheet) -> ReportInput:
    """What the valid form says; what is no field of it says what stands."""
    stands = sheet.as_given()
    return ReportInput(
        forecasts=tuple(
            ForecastInput(one.year, one.flow, form[one.field].data) for one in stands.forecasts if one.field in form
        ),
        counts=tuple(
            CountInput(one.measure_id, *(form[count_field(one.measure_id, column)].data for column in COUNTS))
            for one in stands.counts
        ),
        start_forecast=form["start_forecast"].data if "start_forecast" in form else stands.start_forecast,
        end_forecast=form["end_forecast"].data if "end_forecast" in form else stands.end_forecast,
        light=read_light(form.light.data),
        light_text=form.light_text.data or "",
        comment=form.comment.data or "",
    )


def read_light(word: str | None) -> Light | None:
    """The judgement of that word; None for none and for what is no judgement."""
    return next((light for light in Light if light.value == word), None)


def typed(form: BaseForm, row: MoneyRow, year: int) -> int | None:
    """The forecast that stands in the form for a year and flow, whole öre; None where it is none or unreadable."""
    cells = {Flow.OUTLAY: "outlay", Flow.INCOME: "income"} if row.year == year else {}
    names = (forecast_field(row.year, row.flow), cells.get(row.flow, ""))
    found: int | None = next((form[name].data for name in names if name and name in form), None)
    return found


def typed_deviation(form: BaseForm, row: MoneyRow, year: int) -> int | None:
    """Budget less the forecast in the form."""
    return deviation(row.budget_ore, typed(form, row, year))


def needs_comment(form: BaseForm, sheet: Sheet, percent: int, ore: int) -> bool:
    """Whether the forecasts in the form are so far from the year's budget that a comment is asked for."""
    rows = (sheet.row(flow) for flow in Flow)
    return any(deviates(row.budget_ore, typed(form, row, sheet.year), percent, ore) for row in rows)


def refuse(form: BaseForm, problems: list[Problem], year: int) -> None:
    """Put each problem beside its field; the year's forecasts are called otherwise in the grid."""
    names = {forecast_field(year, Flow.OUTLAY): "outlay", forecast_field(year, Flow.INCOME): "income"}
    for problem in problems:
        name = next((one for one in (problem.field, names.get(problem.field, "")) if one and one in form), "")
        if name:
            form[name].errors = [*form[name].errors, problem.reason]
        else:
            form.form_errors.append(problem.reason)
