"""The form of an indicator."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Regexp

from tracker.goals.presenters import GoalGroup
from tracker.messages import message
from tracker.steering.inputs import IndicatorInput
from tracker.steering.numbers import MAX_DECIMALS
from tracker.steering.vocabulary import Direction
from tracker.web.forms import BaseForm

CODE = Regexp(
    r"^(?!ny$)[A-Za-z0-9][A-Za-z0-9_.-]*$",
    message=_l("Använd bara bokstäver a–z, siffror, punkt och bindestreck, till exempel SYS-1."),
)

DECIMALS = [SelectChoice(number, str(number)) for number in range(MAX_DECIMALS + 1)]


def at_most(characters: int) -> Length:
    """A text that fits its column."""
    return Length(max=characters, message=_l("Texten får ha högst %(max)d tecken."))


class IndicatorForm(BaseForm):
    """An indicator that exists: its code is fixed."""

    name = StringField(_l("Namn"), [DataRequired(_l("Ange vad indikatorn heter.")), at_most(200)])
    unit = StringField(
        _l("Enhet"),
        [DataRequired(_l("Ange enheten, till exempel %(sign)s eller antal.", sign="%")), at_most(40)],
    )
    decimals = SelectField(_l("Decimaler"), coerce=int, choices=DECIMALS)
    direction = SelectField(_l("Riktning"), choices=[SelectChoice(one.value, one.label) for one in Direction])
    goal_id = SelectField(_l("Mål eller aspekt"), coerce=int)
    description = TextAreaField(_l("Vad den mäter"), [at_most(4000)])
    source = StringField(_l("Källa"), [at_most(300)])

    def offer_goals(self, groups: Sequence[GoalGroup]) -> None:
        """Goals and aspects by edition."""
        self.goal_id.choices = {
            group.edition.name: [
                (goal.id, message("%(code)s %(name)s", code=goal.code, name=goal.name_sv)) for goal in group.goals
            ]
            for group in groups
            if group.goals
        }

    def to_input(self) -> IndicatorInput:
        """What was sent."""
        return IndicatorInput(
            code=self["code"].data if "code" in self else "",
            name=self.name.data,
            unit=self.unit.data,
            decimals=self.decimals.data,
            direction=Direction(self.direction.data),
            goal_id=self.goal_id.data,
            description=self.description.data or "",
            source=self.source.data or "",
        )


class NewIndicatorForm(IndicatorForm):
    """A new indicator."""

    code = StringField(_l("Kod"), [DataRequired(_l("Ange en kod.")), at_most(40), CODE])
