"""The form for new and edited projects: one page in sections, every refusal beside its field."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import CheckboxInput, ListWidget

from tracker.errors import InvalidInputError, Problem
from tracker.geo.crs import KNOWN
from tracker.measures.models import MainKind
from tracker.projects.form_choices import Choices
from tracker.projects.form_rows import (
    AnswerRow,
    DecisionRow,
    FigureRow,
    GoalRow,
    RowForm,
    Rows,
    ServedRow,
    VolumeRow,
    options,
    whole_or_none,
)
from tracker.projects.form_secrecy import SecretRow, every_secret
from tracker.projects.pasting import Order, Shape
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import SUBTYPES, Phase
from tracker.web.fields import DayField, ShareField
from tracker.web.forms import BaseForm, GeometryField

MAX_ROWS = 2000
LISTS = ("case_numbers", "goals", "answers", "serves", "volumes", "figures", "decisions", "secret_fields")
ELSEWHERE = {"parent_id": "parent_code"}
"""Where the rules name a value and the form has another field for it."""


class Assessment(StrEnum):
    """What has been judged within the goal edition."""

    NOT_YET = "ej-bedomt"
    CONTRIBUTES = "bidrar"
    NOTHING = "inget-bidrag"

    @property
    def label(self) -> str:
        words = {
            "ej-bedomt": _("Inte bedömt än"),
            "bidrar": _("Bidrar till mål"),
            "inget-bidrag": _("Inget bidrag"),
        }
        return str(words[self.value])


def _kind(text: object) -> MainKind | None:
    return next((kind for kind in MainKind if kind.value == text), None)


def _phase(text: object) -> Phase:
    return next((phase for phase in Phase if phase.value == text), Phase.IDEA)


class ProjectForm(BaseForm):
    """Everything that a manager says of a project. `choices` must be set before it is validated or shown."""

    version = HiddenField()
    code = StringField(_l("Projektkod"))
    code_offered = HiddenField()
    name = StringField(_l("Namn"))
    main_kind = RadioField(_l("Huvudslag"), coerce=_kind, validate_choice=False, choices=[])
    secondary_kinds = SelectMultipleField(
        _l("Ytterligare slag"),
        choices=options((kind.value, kind.label) for kind in MainKind),
        validate_choice=False,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    subtype = SelectField(_l("Undertyp"), validate_choice=False, choices=[])
    phase = SelectField(
        _l("Skede"),
        coerce=_phase,
        choices=options((phase.value, phase.label) for phase in Phase),
        validate_choice=False,
    )
    case_numbers = Rows(StringField(_l("Diarienummer")), _l("Diarienummer"), max_entries=MAX_ROWS)
    manager_id = SelectField(_l("Projektledare"), coerce=whole_or_none, validate_choice=False, choices=[])
    deputy_id = SelectField(_l("Ersättare"), coerce=whole_or_none, validate_choice=False, choices=[])
    start_decided = DayField(_l("Start, beslutad"))
    end_decided = DayField(_l("Slut, beslutat"))
    start_forecast = DayField(_l("Start, prognos"))
    end_forecast = DayField(_l("Slut, prognos"))
    description_public = TextAreaField(_l("Beskrivning för alla"))
    description_internal = TextAreaField(_l("Intern beskrivning"))
    link = StringField(_l("Länk till mer information"))
    city_share = ShareField(_l("Stadens andel av finansieringen, %"))
    confidential = BooleanField(_l("Sekretessmarkerat"))
    confidentiality_ground = StringField(_l("Lagrum enligt OSL"))
    parent_code = StringField(_l("Ingår i program"))
    geometry = GeometryField(_l("Läge på kartan"))
    location_approximate = BooleanField(_l("Läget är ungefärligt"))
    located_outer = HiddenField()
    """"ja" or "nej": whether the shape on the page lies in the outer city; the page's script keeps it."""
    pasted = TextAreaField(_l("Koordinater"))
    pasted_srid = SelectField(_l("System"), validate_choice=False, choices=[])
    pasted_order = SelectField(_l("Ordning"), validate_choice=False, choices=[])
    pasted_shape = SelectField(_l("Form"), validate_choice=False, choices=[])
    goal_set = HiddenField()
    assessment = RadioField(
        _l("Bedömning"), choices=options((one.value, one.value) for one in Assessment), validate_choice=False
    )
    goals = Rows(FormField(GoalRow), _l("Mål"), max_entries=MAX_ROWS)
    no_contribution_reason = TextAreaField(_l("Varför projektet inte bidrar"))
    answers = Rows(FormField(AnswerRow), _l("Svar på strategiska frågor"), max_entries=MAX_ROWS)
    serves = Rows(FormField(ServedRow), _l("Betjänar"), max_entries=MAX_ROWS)
    serves_motivation = TextAreaField(_l("Motivering"))
    volumes = Rows(FormField(VolumeRow), _l("Mått"), max_entries=MAX_ROWS)
    figures = Rows(FormField(FigureRow), _l("Ekonomi"), max_entries=MAX_ROWS)
    decisions = Rows(FormField(DecisionRow), _l("Beslut"), max_entries=MAX_ROWS)
    secrecy_sent = HiddenField()
    secret_fields = Rows(FormField(SecretRow), _l("Sekretess för enskilda uppgifter"), max_entries=MAX_ROWS)

    choices: Choices
    parent_id: int | None = None
    """The programme that `parent_code` names, found before the rules are asked."""
    shut: frozenset[Secret] = frozenset()
    """What is hidden from whoever fills in the form: it is not missing."""

    def offer(self, choices: Choices) -> None:
        """Fill the lists."""
        self.choices = choices
        people = options([("", _("Ingen vald")), *((str(user_id), name) for user_id, name in choices.managers)])
        self.manager_id.choices = self.deputy_id.choices = people
        self.main_kind.choices = options((kind.value, kind.label) for kind in MainKind)
        self._pasting_choices()
        subtypes = dict(SUBTYPES)
        if self.subtype.data:
            subtypes.setdefault(self.subtype.data, self.subtype.data)
        self.subtype.choices = options([("", _("Ingen vald")), *subtypes.items()])
        if choices.edition is not None:
            self.goal_set.data = str(choices.edition.id)
        self._every_goal()
        every_secret(self)

    def _pasting_choices(self) -> None:
        found = ("", _("Känn igen"))
        self.pasted_srid.choices = options([found, *((str(known.srid), known.name) for known in KNOWN)])
        orders = {Order.NORTH_FIRST: _("Nord (N) först"), Order.EAST_FIRST: _("Öst (E) först")}
        self.pasted_order.choices = options([found, *((order.value, text) for order, text in orders.items())])
        shapes = {Shape.POINTS: _("Punkter"), Shape.LINE: _("En linje"), Shape.AREA: _("En yta")}
        self.pasted_shape.choices = options([("", _("Välj")), *((shape.value, text) for shape, text in shapes.items())])

    def _every_goal(self) -> None:
        """A row for each goal and question of the edition, whatever was sent."""
        present = {whole_or_none(row.goal_id.data) for row in self.rows("goals")}
        asked = {whole_or_none(row.question_id.data) for row in self.rows("answers")}
        for goal in self.choices.goals.values():
            if goal.id not in present:
                self.goals.append_entry({"goal_id": str(goal.id)})
            for question in goal.questions:
                if question.id not in asked:
                    self.answers.append_entry({"question_id": str(question.id)})

    def rows(self, name: str) -> list[Any]:
        """The inner forms of a list of rows."""
        return [entry.form for entry in self[name]]

    def used(self, name: str) -> list[Any]:
        """The rows that say something."""
        return [row for row in self.rows(name) if row.in_use]

    @property
    def goal_rows(self) -> dict[int, GoalRow]:
        """The row of each goal of the edition on the page."""
        rows = {whole_or_none(row.goal_id.data): row for row in self.rows("goals")}
        return {goal_id: rows[goal_id] for goal_id in self.choices.goals}

    @property
    def other_goal_rows(self) -> list[GoalRow]:
        """What was filled in for goals of another edition; sent along so that switching back loses nothing."""
        goals = self.choices.goals
        return [row for row in self.rows("goals") if whole_or_none(row.goal_id.data) not in goals]

    @property
    def other_answer_rows(self) -> list[AnswerRow]:
        """The same for the answers."""
        asked = {question.id for goal in self.choices.goals.values() for question in goal.questions}
        return [row for row in self.rows("answers") if whole_or_none(row.question_id.data) not in asked]

    @property
    def answer_rows(self) -> dict[int, AnswerRow]:
        """Every answer's row by question."""
        return {whole_or_none(row.question_id.data) or 0: row for row in self.rows("answers")}

    def blank_row(self, name: str) -> Field:
        """A row whose number is `__i__`, for the page to copy."""
        listed = self[name]
        options = {"name": f"{name}-__i__", "id": f"{name}-__i__", "_meta": self.meta}
        row = self.meta.bind_field(self, listed.unbound_field, options)
        row.process(None)
        return row

    def refuse(self, error: InvalidInputError) -> None:
        """Put each problem beside the field that it names."""
        for problem in error.problems:
            self.place(problem)

    def place(self, problem: Problem) -> None:
        """Put a problem on its field unless that has it, or has one that explains it, already."""
        name = ELSEWHERE.get(problem.field, problem.field)
        if name == "year":
            self._place_year(problem)
        elif name not in self:
            self.form_errors.append(problem.reason)
        elif not (list(self._row_faults(self[name])) if name in LISTS else self[name].errors):
            said = [reason for reason in self[name].errors if isinstance(reason, str)]
            self[name].errors = list(dict.fromkeys([*said, problem.reason]))

    def _place_year(self, problem: Problem) -> None:
        for row in (*self.used("figures"), *self.used("volumes")):
            if str(row.year.data) == problem.value:
                row.refuse_field("year", problem.reason)

    def faults(self) -> Iterator[tuple[Field, str]]:
        """(field, reason) of everything refused, in the order of the page."""
        for field in self:
            yield from ((field, str(reason)) for reason in field.errors if not isinstance(reason, (dict, list)))
            if isinstance(field, FieldList):
                yield from self._row_faults(field)

    def _row_faults(self, listed: FieldList) -> Iterator[tuple[Field, str]]:
        for entry in listed:
            inner = getattr(entry, "form", None)
            for field in inner if isinstance(inner, RowForm) else [entry]:
                yield from ((field, str(reason)) for reason in field.errors)
