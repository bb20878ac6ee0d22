"""Forms of the area catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import cast

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length, Regexp, StopValidation

from tracker.areas.inputs import AreaInput, EditionInput, MergeInput, PopulationInput
from tracker.areas.models import Area
from tracker.text import clean
from tracker.web.fields import CountField, DayField, NumberedList, YearField
from tracker.web.forms import BaseForm

NAME_LENGTH = 120
BLANK_ROWS = 2
LONG_TEXT = 4000


def at_most(characters: int) -> Length:
    """A text that fits its column."""
    return Length(max=characters, message=_l("Texten får ha högst %(max)d tecken."))


class PopulationRow(BaseForm):
    """A year's inhabitants; a row left empty is no row."""

    class Meta(BaseForm.Meta):
        csrf = False

    year = YearField(_l("År"))
    inhabitants = CountField(_l("Invånare"))
    source = StringField(_l("Källa"), [at_most(200)])

    @property
    def is_filled(self) -> bool:
        """Whether it has a year or a number; a source alone is what an emptied row leaves behind."""
        return bool(self.year.given or self.inhabitants.given)


class AreaForm(BaseForm):
    """What may be changed of an area."""

    official_code = StringField(
        _l("Stadens kod (Nyko 2)"),
        [Regexp(r"^[0-9A-Za-z]{0,20}$", message=_l("Koden har bara siffror och bokstäver."))],
    )
    aliases = TextAreaField(_l("Andra namn"))
    populations = NumberedList(FormField(PopulationRow), label=_l("Folkmängd"))

    def fill(self, current: AreaInput) -> None:
        """Show what stands now, with some blank rows."""
        self.official_code.data = current.official_code
        self.aliases.data = "\n".join(current.aliases)
        for row in current.populations:
            self.populations.append_entry(row)
        self.add_blank_rows()

    def add_blank_rows(self) -> None:
        """Room for more years."""
        for _number in range(BLANK_ROWS):
            self.populations.append_entry()

    def validate_aliases(self, _field: TextAreaField) -> None:
        if any(len(name) > NAME_LENGTH for name in self._aliases()):
            raise ValidationError(gettext("Ett namn får ha högst %(max)d tecken.", max=NAME_LENGTH))

    def validate_populations(self, field: FieldList) -> None:
        if any(row.errors for row in field):
            raise ValidationError(gettext("Rätta det som är markerat."))
        if any(row.is_filled and not (row.year.given and row.inhabitants.given) for row in field):
            raise ValidationError(gettext("Fyll i både år och antal på varje rad, eller töm båda."))

    def to_input(self) -> AreaInput:
        """What was sent; blank rows and blank lines are nothing."""
        return AreaInput(
            official_code=self.official_code.data or "",
            aliases=self._aliases(),
            populations=tuple(
                PopulationInput(row.year.data, row.inhabitants.data, row.source.data or "")
                for row in self.populations
                if row.is_filled
            ),
        )

    def _aliases(self) -> tuple[str, ...]:
        names = (clean(line) for line in (self.aliases.data or "").splitlines())
        return tuple(name for name in names if name)


class NoteForm(BaseForm):
    """The note of an edition."""

    note = TextAreaField(_l("Anmärkning"), [at_most(LONG_TEXT)])


class GivenDay:
    """A day must be given; an unreadable one has its own error."""

    field_flags = {"required": True}  # noqa: RUF012 - WTForms reads it from the class

    def __call__(self, _form: BaseForm, field: DayField) -> None:
        if field.errors:
            raise StopValidation
        if field.data is None:
            raise StopValidation(gettext("Ange ett datum."))


class NewEditionForm(BaseForm):
    """A new edition made from the newest."""

    name = StringField(_l("Namn"), [DataRequired(_l("Ange ett namn.")), at_most(200)])
    code = StringField(_l("Kod"), [DataRequired(_l("Ange en kod.")), at_most(40)])
    valid_from = DayField(_l("Gäller från"), [GivenDay()])
    note = TextAreaField(_l("Anmärkning"), [at_most(LONG_TEXT)])

    def to_input(self) -> EditionInput:
        """What was sent; the form is valid, so there is a day."""
        day = cast(date, self.valid_from.data)
        return EditionInput(self.code.data, self.name.data, day, self.note.data or "")


class MergeForm(BaseForm):
    """Several areas that become one."""

    areas = SelectMultipleField(_l("Områden"))
    name = StringField(_l("Det nya områdets namn"), [DataRequired(_l("Ange ett namn.")), at_most(NAME_LENGTH)])

    def offer(self, areas: Sequence[Area]) -> None:
        """The areas to choose from."""
        self.areas.choices = [(area.code, area.name) for area in areas]

    def to_input(self) -> MergeInput:
        """What was sent."""
        return MergeInput(codes=tuple(self.areas.data or ()), name=self.name.data)
