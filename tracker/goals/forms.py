"""Forms of the goal catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import (
    BooleanField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Regexp, StopValidation

from tracker.goals.inputs import AssignmentInput, ConceptInput, EditionInput, GoalInput, QuestionInput
from tracker.goals.models import AssignmentStatus, Goal
from tracker.goals.tree import GoalNode
from tracker.web.fields import DayField, YearField
from tracker.web.forms import BaseForm

FIRST_YEAR, LAST_YEAR = 1990, 2100
LONG_TEXT = 4000
# "nytt" is taken by the address of the form for a new assignment.
EDITION_CODE = Regexp(
    r"^(?!nytt$)[a-z0-9][a-z0-9-]*$",
    message=_l("Använd bara små bokstäver a–z, siffror och bindestreck, till exempel policy-2006."),
)
GOAL_CODE = Regexp(
    r"^[A-Za-z0-9][A-Za-z0-9.-]*$",
    message=_l("Använd bara bokstäver a–z, siffror, punkt och bindestreck, till exempel G4 eller G4a."),
)


def filled(message: Any) -> DataRequired:
    """The field must hold more than white space."""
    return DataRequired(message=message)


def at_most(characters: int) -> Length:
    """A text that fits its column."""
    return Length(max=characters, message=_l("Texten får ha högst %(max)d tecken."))


def goal_choices(goals: Sequence[Goal]) -> list[SelectChoice]:
    """Goals as the choices of a field, by id."""
    shown = Markup('<span class="goal-code">{}</span> <span>{}</span>')
    return [SelectChoice(goal.id, shown.format(goal.code, goal.name_sv)) for goal in goals]


class PossibleYear:
    """A year must be given and lie within what the register can hold; an unreadable one has its own error."""

    field_flags: ClassVar = {"required": True}

    def __call__(self, _form: BaseForm, field: YearField) -> None:
        if field.errors:
            raise StopValidation
        if field.data is None:
            raise StopValidation(gettext("Ange ett år."))
        if not FIRST_YEAR <= field.data <= LAST_YEAR:
            span = gettext("Ange ett år mellan %(first)s och %(last)s.", first=FIRST_YEAR, last=LAST_YEAR)
            raise StopValidation(span)


class EditionForm(BaseForm):
    """The own fields of an unlocked edition."""

    name = StringField(_l("Namn"), [filled(_l("Ange ett namn.")), at_most(200)])
    valid_from_year = YearField(_l("Gäller från år"), [PossibleYear()])
    note = TextAreaField(_l("Anmärkning"), [at_most(LONG_TEXT)])

    def to_input(self) -> EditionInput:
        """What was sent; the code is empty when the form has no field for it."""
        code = self["code"].data if "code" in self else ""
        return EditionInput(
            code=code,
            name=self.name.data,
            valid_from_year=self.valid_from_year.data,
            note=self.note.data or "",
        )


class NewEditionForm(EditionForm):
    """A new edition from an old one."""

    code = StringField(_l("Kod"), [filled(_l("Ange en kod.")), at_most(40), EDITION_CODE])


class LockForm(BaseForm):
    """The step that cannot be undone."""

    understood = BooleanField(
        _l("Jag förstår att utgåvan inte kan ändras eller tas bort efter detta"),
        [DataRequired(_l("Kryssa i rutan för att fastställa utgåvan."))],
    )


class GoalForm(BaseForm):
    """A goal or an aspect that exists: its code and its place in the tree are fixed."""

    name_sv = StringField(_l("Namn"), [filled(_l("Ange ett namn.")), at_most(200)])
    name_en = StringField(_l("Namn på engelska"), [at_most(200)])
    text_sv = TextAreaField(_l("Måltext"), [at_most(LONG_TEXT)])
    text_en = TextAreaField(_l("Måltext på engelska"), [at_most(LONG_TEXT)])
    outer_city_measures = BooleanField(_l("Målet gäller insatser i ytterstaden"))
    budget_goals = SelectMultipleField(_l("Budgetmål som målet preciserar"), coerce=int)

    def offer_budget_goals(self, goals: Sequence[Goal]) -> None:
        """What can be linked to."""
        self.budget_goals.choices = goal_choices(goals)

    def to_input(self) -> GoalInput:
        """What was sent."""
        return GoalInput(
            code=self["code"].data if "code" in self else "",
            parent_code=self["parent_code"].data if "parent_code" in self else "",
            name_sv=self.name_sv.data,
            name_en=self.name_en.data or "",
            text_sv=self.text_sv.data or "",
            text_en=self.text_en.data or "",
            outer_city_measures=self.outer_city_measures.data,
            budget_goal_ids=frozenset(self.budget_goals.data or ()),
        )


class NewGoalForm(GoalForm):
    """A new goal, or an aspect of one."""

    code = StringField(_l("Kod"), [filled(_l("Ange en kod.")), at_most(20), GOAL_CODE])
    parent_code = SelectField(_l("Hör till"))

    def offer_parents(self, tree: Sequence[GoalNode]) -> None:
        """A goal of its own, or an aspect of one of these."""
        aspects = [
            SelectChoice(goal.code, gettext("Aspekt av %(goal)s", goal=f"{goal.code} {goal.name_sv}")) for goal in tree
        ]
        self.parent_code.choices = [SelectChoice("", gettext("Eget mål")), *aspects]


class QuestionForm(BaseForm):
    """A strategic question."""

    text_sv = TextAreaField(_l("Fråga"), [filled(_l("Skriv frågan.")), at_most(LONG_TEXT)])
    text_en = TextAreaField(_l("Frågan på engelska"), [at_most(LONG_TEXT)])
    proposed = BooleanField(_l("Föreslagen formulering"), default=True)

    def to_input(self) -> QuestionInput:
        """What was sent."""
        return QuestionInput(self.text_sv.data, self.text_en.data or "", self.proposed.data)


class ConceptForm(BaseForm):
    """A defined term."""

    term = StringField(_l("Begrepp"), [filled(_l("Ange begreppet.")), at_most(120)])
    definition = TextAreaField(_l("Definition"), [filled(_l("Skriv en definition.")), at_most(LONG_TEXT)])
    proposed = BooleanField(_l("Föreslagen formulering"), default=True)

    def to_input(self) -> ConceptInput:
        """What was sent."""
        return ConceptInput(self.term.data, self.definition.data, self.proposed.data)


class AssignmentForm(BaseForm):
    """An assignment that exists: its code is fixed."""

    text = TextAreaField(_l("Uppdrag"), [filled(_l("Skriv vad uppdraget är.")), at_most(LONG_TEXT)])
    owner_board = StringField(_l("Ansvarig nämnd"), [filled(_l("Ange vem som ansvarar.")), at_most(200)])
    budget_year = YearField(_l("Budgetår"), [PossibleYear()])
    due = DayField(_l("Klart senast"))
    status = SelectField(
        _l("Status"), choices=[SelectChoice(status.value, status.label) for status in AssignmentStatus]
    )
    source = StringField(_l("Källa"), [at_most(300)])
    goals = SelectMultipleField(_l("Mål som uppdraget gäller"), coerce=int)

    def to_input(self) -> AssignmentInput:
        """What was sent."""
        return AssignmentInput(
            code=self["code"].data if "code" in self else "",
            text=self.text.data,
            owner_board=self.owner_board.data,
            budget_year=self.budget_year.data,
            due=self.due.data,
            status=AssignmentStatus(self.status.data),
            source=self.source.data or "",
            goal_ids=frozenset(self.goals.data or ()),
        )


class NewAssignmentForm(AssignmentForm):
    """A new assignment."""

    code = StringField(_l("Kod"), [filled(_l("Ange en kod.")), at_most(40), EDITION_CODE])
