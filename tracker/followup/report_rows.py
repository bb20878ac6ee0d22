"""The form of a row of the reporting grid. What may not be seen is no field at all."""

from __future__ import annotations

from typing import Any

import orjson
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Field, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from tracker.followup.report_forms import read_light
from tracker.followup.report_inputs import ForecastInput, ReportInput
from tracker.followup.sheets import Sheet
from tracker.followup.vocabulary import Light
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import Flow
from tracker.web.fields import AmountField, DayField
from tracker.web.forms import BaseForm

SHORT_LIGHTS = [
    SelectChoice("", "–"),
    SelectChoice(Light.GREEN.value, _l("Grön")),
    SelectChoice(Light.YELLOW.value, _l("Gul")),
    SelectChoice(Light.RED.value, _l("Röd")),
]
CELLS = ("outlay", "income", "end_forecast", "light", "light_text", "comment")
"""The columns of the grid that are filled in, in their order."""


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


def one_line(text: str) -> str:
    """A text as a cell of a table shows it."""
    return " ".join(text.split())


def _lines(given: str, stands: str) -> str:
    return stands if one_line(given) == one_line(stands) else given
