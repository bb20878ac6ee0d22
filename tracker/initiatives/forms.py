"""The form of an initiative."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Regexp

from tracker.accounts.models import User
from tracker.followup.picking import Picking
from tracker.initiatives.inputs import InitiativeInput
from tracker.initiatives.models import Perspective
from tracker.web.fields import DayField
from tracker.web.forms import BaseForm

LONG_TEXT = 8000
CODE = Regexp(
    r"^(?!ny$)[A-Za-z0-9][A-Za-z0-9_.-]*$",
    message=_l("Använd bara bokstäver a–z, siffror, punkt och bindestreck, till exempel INS-007."),
)


def at_most(characters: int) -> Length:
    """A text that fits its column."""
    return Length(max=characters, message=_l("Texten får ha högst %(max)d tecken."))


class InitiativeForm(BaseForm):
    """An initiative that exists: its code is fixed. `offer` must be called before it is validated or shown."""

    version = HiddenField()
    name = StringField(_l("Namn"), [DataRequired(_l("Ange vad insatsen heter.")), at_most(300)])
    description = TextAreaField(_l("Vad som görs"), [at_most(LONG_TEXT)])
    for_whom = TextAreaField(_l("För vem"), [at_most(LONG_TEXT)])
    start_date = DayField(_l("Start"))
    end_date = DayField(_l("Slut"))
    owner_id = SelectField(_l("Ansvarig"), coerce=int)
    confidential = BooleanField(_l("Sekretessmarkerad"))
    confidentiality_ground = StringField(_l("Lagrum enligt OSL"), [at_most(100)])
    goals = SelectMultipleField(_l("Mål och aspekter"), coerce=int)
    assignments = SelectMultipleField(_l("Uppdrag"), coerce=int)
    areas = SelectMultipleField(_l("Områden"), coerce=int)

    def offer(self, goals: Sequence[int], assignments: Sequence[int], areas: Sequence[int], owners: list[User]) -> None:
        """Ids that can be chosen."""
        for field, ids in ((self.goals, goals), (self.assignments, assignments), (self.areas, areas)):
            field.choices = [SelectChoice(one, str(one)) for one in ids]
        people = [SelectChoice(one.id, one.name or one.email) for one in owners]
        self.owner_id.choices = [SelectChoice(0, "–"), *people]

    def to_input(self, picking: Picking, perspectives: Sequence[Perspective], texts: dict[int, str]) -> InitiativeInput:
        """What was sent; `texts` are the answers by the perspective's id."""
        return InitiativeInput(
            code=self["code"].data if "code" in self else "",
            name=self.name.data or "",
            description=self.description.data or "",
            for_whom=self.for_whom.data or "",
            start_date=self.start_date.data,
            end_date=self.end_date.data,
            owner_id=self.owner_id.data or None,
            confidential=bool(self.confidential.data),
            confidentiality_ground=self.confidentiality_ground.data or "",
            goal_ids=frozenset(self.goals.data or ()),
            assignment_ids=frozenset(self.assignments.data or ()),
            area_ids=frozenset(self.areas.data or ()),
            project_ids=picking.ids,
            answers={one.id: texts.get(one.id, "") for one in perspectives},
        )

    def fill(self, given: InitiativeInput, fields: Sequence[str] = ()) -> None:
        """Show what is stored, or of it only some fields as the history names them."""
        values = {
            "name": given.name, "description": given.description, "for_whom": given.for_whom,
            "start_date": given.start_date, "end_date": given.end_date, "owner_id": given.owner_id or 0,
            "confidential": given.confidential, "confidentiality_ground": given.confidentiality_ground,
            "goals": sorted(given.goal_ids), "assignments": sorted(given.assignment_ids),
            "areas": sorted(given.area_ids),
        }  # fmt: skip
        for name, value in values.items():
            if not fields or name.removesuffix("_id") in fields or name in fields:
                self[name].process_data(value)
                if isinstance(self[name], DayField):
                    self[name].typed = None


class NewInitiativeForm(InitiativeForm):
    """A new initiative."""

    code = StringField(_l("Kod"), [DataRequired(_l("Ange en kod.")), at_most(60), CODE])
