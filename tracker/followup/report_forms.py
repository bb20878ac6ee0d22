"""The forms of reporting: a project's own page, and a row of the grid. What may not be seen is no field at all."""

from __future__ import annotations

from typing import Any

import orjson
from flask import request
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Field, HiddenField, RadioField, SelectField, StringField, TextAreaField
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
SHORT_LIGHTS = [
    SelectChoice("", "–"),
    SelectChoice(Light.GREEN.value, _l("Grön")),
    SelectChoice(Light.YELLOW.value, _l("Gul")),
    SelectChoice(Light.RED.value, _l("Röd")),
]
CELLS = ("outlay", "income", "end_forecast", "light", "light_text", "comment")
"""The columns of the grid that are filled in, in their order."""


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
            fields[name] = CountField(f"{count.name}, {word}")
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


class RowForm(BaseForm):
    """A row of the grid. `was` is what the page showed, so that only what was changed is saved."""

    class Meta(BaseForm.Meta):
        csrf = False

    light = SelectField(_l("Status"), choices=SHORT_LIGHTS, validate_choice=False)
    light_text = StringField(_l("Text till status"))
    comment = StringField(_l("Kommentar"))
    version = HiddenField()
    was = HiddenField()


class MoneyRowForm(RowForm):
    """With the amounts, for whoever may see them."""

    outlay = AmountField(_l("Prognos utgifter"))
    income = AmountField(_l("Prognos inkomster"))


class _Days:
    end_forecast = DayField(_l("Bedömt slut"))


class DaysRowForm(_Days, RowForm):
    """With the end, but without the amounts."""


class WholeRowForm(_Days, MoneyRowForm):
    """With all of it."""


def row_form(sheet: Sheet, typed: MultiDict[str, str] | None = None) -> RowForm:
    """The row of a project with what stands, or with what was sent, or with what was typed before."""
    kind, data = _row(sheet)
    given: dict[str, Any] = {} if typed is None else {"formdata": typed}
    form = kind(data=data, prefix=row_prefix(sheet.project_id), **given)
    if not (form.is_submitted() or typed) or not form.was.data:
        form.was.data = shown(stored_row(sheet))
    return form


def stored_row(sheet: Sheet) -> RowForm:
    """The row of a project with what stands, whatever was sent."""
    kind, data = _row(sheet)
    return kind(formdata=None, data=data)


def row_prefix(project_id: int) -> str:
    """How the names of a row's fields begin."""
    return f"p{project_id}-"


def _row(sheet: Sheet) -> tuple[type[RowForm], dict[str, Any]]:
    days = Secret.DATES not in sheet.hidden
    kind: type[RowForm] = DaysRowForm if days else RowForm
    if not sheet.hides_figures:
        kind = WholeRowForm if days else MoneyRowForm
    return kind, {
        "outlay": sheet.row(Flow.OUTLAY).forecast_ore,
        "income": sheet.row(Flow.INCOME).forecast_ore,
        "end_forecast": sheet.end_forecast,
        "light": sheet.light.value if sheet.light else "",
        "light_text": one_line(sheet.light_text),
        "comment": one_line(sheet.comment),
        "version": str(sheet.version),
    }


def shown(form: RowForm) -> str:
    """The cells of a row as text."""
    return orjson.dumps([written(form[name]) for name in CELLS if name in form]).decode()


def written(field: Field) -> str:
    """What stands in a field as text."""
    return str(field.data or "") if field.short_name == "light" else field._value()


def is_changed(form: RowForm) -> bool:
    """Whether anything stands in the row that the page did not show."""
    return shown(form) != str(form.was.data)


def is_overtaken(form: RowForm, sheet: Sheet) -> bool:
    """Whether something else stands now than the page showed: the register's figures may change without a report."""
    return str(form.was.data) != shown(stored_row(sheet))


def row_input(form: RowForm, sheet: Sheet) -> ReportInput:
    """What the valid row says, completed with what stands. A text of several lines that was left alone keeps them."""
    stands = sheet.as_given()
    forecasts = {(one.year, one.flow): one for one in stands.forecasts}
    for name, flow in (("outlay", Flow.OUTLAY), ("income", Flow.INCOME)):
        if name in form:
            forecasts[sheet.year, flow] = ForecastInput(sheet.year, flow, form[name].data)
    return ReportInput(
        forecasts=tuple(forecasts.values()),
        counts=stands.counts,
        start_forecast=stands.start_forecast,
        end_forecast=form["end_forecast"].data if "end_forecast" in form else stands.end_forecast,
        light=read_light(form.light.data),
        light_text=_lines(form.light_text.data or "", sheet.light_text),
        comment=_lines(form.comment.data or "", sheet.comment),
    )


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


def one_line(text: str) -> str:
    """A text as a cell of a table shows it."""
    return " ".join(text.split())


def _lines(given: str, stands: str) -> str:
    return stands if one_line(given) == one_line(stands) else given


def refuse(form: BaseForm, problems: list[Problem], year: int) -> None:
    """Put each problem beside its field; the year's forecasts are called otherwise in the grid."""
    names = {forecast_field(year, Flow.OUTLAY): "outlay", forecast_field(year, Flow.INCOME): "income"}
    for problem in problems:
        name = next((one for one in (problem.field, names.get(problem.field, "")) if one and one in form), "")
        if name:
            form[name].errors = [*form[name].errors, problem.reason]
        else:
            form.form_errors.append(problem.reason)
