"""The rows of the project form: what can be added and removed. A row that says nothing is passed over."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from tracker.messages import joined
from tracker.projects.vocabulary import WEIGHTS, Flow, Gate, Scope
from tracker.web.fields import AmountField, CountField, DayField, NumberedList, ShareField, TypedField, YearField
from tracker.web.forms import BaseForm

COLUMNS = ("budget", "outcome", "forecast")
"""The three amounts of a year and flow, in the order of the page."""


def whole_or_none(text: object) -> int | None:
    """An id from a form, or None for anything that is no id."""
    plain = str(text or "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else None


def options(pairs: Iterable[tuple[str, object]]) -> list[SelectChoice]:
    """The options of a list from (value, text)."""
    return [SelectChoice(value, text) for value, text in pairs]


class Rows(NumberedList):
    """A list of rows that keeps the numbers the page gave them, so that the page finds its rows in the answers."""

    def _compact_indices(self) -> None:
        pass


class RowForm(BaseForm):
    """A form inside the form; the outer one carries the CSRF token."""

    class Meta(BaseForm.Meta):
        csrf = False

    def refuse_field(self, name: str, reason: str) -> None:
        """Put a reason on a field once."""
        field = self[name]
        if reason not in field.errors:
            field.errors = [*field.errors, reason]


class GoalRow(RowForm):
    """One goal or aspect of the edition: how strongly the project contributes, and why."""

    goal_id = HiddenField()
    weight = SelectField(
        _l("Bidrag"),
        coerce=whole_or_none,
        choices=options(
            [
                ("", _l("Inget")),
                *((str(weight), joined(" · ", (str(weight), text))) for weight, text in WEIGHTS.items()),
            ]
        ),
        validate_choice=False,
    )
    motivation = StringField(_l("Motivering"))


class AnswerRow(RowForm):
    """The answer to one strategic question."""

    question_id = HiddenField()
    answer = TextAreaField(_l("Svar"))


class ServedRow(RowForm):
    """An area that the project serves, by name, with its share. `scope` and `area_id` are set when it is found."""

    area = StringField(_l("Område"))
    share = ShareField(_l("Andel, %"))
    scope: Scope | None = None
    area_id: int | None = None
    reading: str = ""

    @property
    def in_use(self) -> bool:
        return bool(self.area.data) or self.share.given


class VolumeRow(RowForm):
    """A count of one measure in one year."""

    measure_id = SelectField(_l("Mått"), coerce=whole_or_none, validate_choice=False, choices=[])
    year = YearField(_l("År"))
    planned = CountField(_l("Planerat"))
    started = CountField(_l("Påbörjat"))
    completed = CountField(_l("Färdigställt"))

    @property
    def counts(self) -> tuple[CountField, CountField, CountField]:
        return self.planned, self.started, self.completed

    @property
    def in_use(self) -> bool:
        """A year alone is only what the form proposed."""
        return self.measure_id.data is not None or any(field.given for field in self.counts)


class FigureRow(RowForm):
    """One year's money: outlay and income, each with budget, outcome and forecast."""

    year = YearField(_l("År"))
    outlay_budget = AmountField(_l("Utgift, budget"))
    outlay_outcome = AmountField(_l("Utgift, utfall"))
    outlay_forecast = AmountField(_l("Utgift, prognos"))
    income_budget = AmountField(_l("Inkomst, budget"))
    income_outcome = AmountField(_l("Inkomst, utfall"))
    income_forecast = AmountField(_l("Inkomst, prognos"))

    def amount(self, flow: Flow, column: str) -> AmountField:
        """The field of a flow and one of COLUMNS."""
        field: AmountField = self[f"{'outlay' if flow is Flow.OUTLAY else 'income'}_{column}"]
        return field

    @property
    def amounts(self) -> list[AmountField]:
        return [self.amount(flow, column) for flow in Flow for column in COLUMNS]

    @property
    def in_use(self) -> bool:
        """A year alone is only what the form proposed."""
        return any(field.given for field in self.amounts)

    def net(self, column: str) -> int | None:
        """Outlay less income in öre; None when neither is given."""
        outlay, income = (self.amount(flow, column).data for flow in (Flow.OUTLAY, Flow.INCOME))
        return None if outlay is None and income is None else (outlay or 0) - (income or 0)


def _gate(text: object) -> Gate | None:
    return next((gate for gate in Gate if gate.value == text), None)


class DecisionRow(RowForm):
    """A decision at a gate. `decision_id` is that of a stored row, so that it is corrected and not doubled."""

    decision_id = HiddenField()
    gate = SelectField(
        _l("Beslut"),
        coerce=_gate,
        choices=options([("", _l("Välj beslut")), *((gate.value, gate.label) for gate in Gate)]),
        validate_choice=False,
    )
    date = DayField(_l("Datum"))
    body = StringField(_l("Instans"))
    case_number = StringField(_l("Diarienummer"))
    paragraph = StringField(_l("§"))
    outlay = AmountField(_l("Beslutad utgift, mnkr"))
    income = AmountField(_l("Beslutad inkomst, mnkr"))
    price_level = StringField(_l("Prisnivå"))
    note = StringField(_l("Anteckning"))

    @property
    def amounts(self) -> tuple[AmountField, AmountField]:
        return self.outlay, self.income

    @property
    def in_use(self) -> bool:
        """A row of a stored decision is in use even when every field was emptied: then its gate is asked for."""
        texts = (self.decision_id, self.body, self.case_number, self.paragraph, self.price_level, self.note)
        given = self.date.given or any(field.given for field in self.amounts)
        return self.gate.data is not None or given or any(field.data for field in texts)


def require(row: RowForm, field: TypedField, reason: str) -> None:
    """Refuse an empty field; one that could not be read has its reason already."""
    if field.data is None and not field.errors:
        row.refuse_field(field.short_name, reason)
