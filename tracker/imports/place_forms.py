"""The form of the coordinate system."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, ValidationError
from wtforms.validators import Optional

from tracker.errors import RefusedFileError
from tracker.geo.crs import check_known
from tracker.imports.choices import Choices
from tracker.imports.place_questions import PlaceQuestion, Proposal
from tracker.web.forms import BaseForm

OTHER = "annat"
NO_PLACES = "inga"


def value_of(proposal: Proposal) -> str:
    """How a proposal is called in the form: "3006-ost" or "3006-nord"."""
    return f"{proposal.srid}-{'nord' if proposal.northing_first else 'ost'}"


class PlaceForm(BaseForm):
    """One of the proposals, or another system by its code."""

    reading = RadioField(_l("Koordinatsystem"), choices=[], validate_choice=False)
    other = IntegerField(_l("EPSG-kod"), [Optional()])

    def offer(self, question: PlaceQuestion) -> None:
        """What can be chosen."""
        self.question = question
        self.of = {value_of(one): one for one in question.proposals}

    def fill(self, choices: Choices) -> None:
        """Show the answer, else the best reading unless the order has to be asked."""
        former = f"{choices.srid}-{'nord' if choices.northing_first else 'ost'}"
        best = self.question.best
        if choices.srid is not None and former in self.of:
            self.reading.data = former
        elif choices.srid is not None:
            self.reading.data, self.other.data = OTHER, choices.srid
        elif choices.northing_first and self.question.stated:
            self.reading.data = f"{self.question.stated}-nord"
        elif best is not None and not self.question.asks_order:
            self.reading.data = value_of(best)

    @property
    def is_asked(self) -> bool:
        """Whether there is anything to choose: no places ask nothing, and a stated system only its order."""
        return bool(self.question.located) and (self.question.stated is None or len(self.of) > 1)

    def validate_reading(self, field: RadioField) -> None:
        if not self.is_asked:
            return
        if field.data not in self.of and (field.data != OTHER or self.question.stated):
            text = gettext("Välj i vilken ordning talen står.") if self.question.asks_order else None
            raise ValidationError(text or gettext("Välj ett koordinatsystem."))

    def validate_other(self, field: IntegerField) -> None:
        if self.reading.data != OTHER or not self.question.located:
            return
        if field.data is None:
            raise ValidationError(gettext("Ange systemets EPSG-kod, till exempel 3006."))
        try:
            check_known(field.data)
        except RefusedFileError as error:
            raise ValidationError(str(error)) from error

    def system(self) -> tuple[int | None, bool | None]:
        """The EPSG code and whether the northing stands first; the form is valid."""
        chosen = self.of.get(self.reading.data)
        if chosen is not None:
            return chosen.srid, chosen.northing_first
        return (self.other.data, None) if self.reading.data == OTHER else (None, None)
