"""Forms of the measures."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Regexp

from tracker.measures.inputs import MeasureInput
from tracker.measures.models import MainKind, Measure, MeasureGroup
from tracker.web.forms import BaseForm

# "nytt" is taken by the address of the form for a new one.
CODE = Regexp(
    r"^(?!nytt$)[a-z0-9][a-z0-9-]*$",
    message=_l("Använd bara små bokstäver a–z, siffror och bindestreck, till exempel cykelvag-m."),
)


def at_most(characters: int) -> Length:
    """A text that fits its column."""
    return Length(max=characters, message=_l("Texten får ha högst %(max)d tecken."))


class MeasureForm(BaseForm):
    """A measure that exists: its code and its group are fixed."""

    name_sv = StringField(_l("Namn"), [DataRequired(_l("Ange ett namn.")), at_most(200)])
    name_en = StringField(_l("Namn på engelska"), [at_most(200)])
    unit = StringField(_l("Enhet"), [DataRequired(_l("Ange en enhet, till exempel st, m eller m².")), at_most(40)])
    kind = SelectField(
        _l("Främst för"),
        choices=[SelectChoice("", _l("Alla slag")), *(SelectChoice(kind.value, kind.label) for kind in MainKind)],
    )
    help_sv = TextAreaField(_l("Förklaring"), [at_most(2000)])
    active = BooleanField(_l("I bruk"), default=True)

    def to_input(self, measure: Measure | None = None) -> MeasureInput:
        """What was sent; code and group are those of `measure` when it exists."""
        return MeasureInput(
            code=measure.code if measure else self["code"].data,
            group=measure.group if measure else MeasureGroup(self["group"].data),
            kind=MainKind(self.kind.data) if self.kind.data else None,
            name_sv=self.name_sv.data,
            name_en=self.name_en.data or "",
            unit=self.unit.data,
            help_sv=self.help_sv.data or "",
            active=self.active.data,
        )


class NewMeasureForm(MeasureForm):
    """A new measure."""

    code = StringField(_l("Kod"), [DataRequired(_l("Ange en kod.")), at_most(60), CODE])
    group = SelectField(_l("Grupp"), choices=[SelectChoice(group.value, group.label) for group in MeasureGroup])
