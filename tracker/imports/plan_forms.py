"""The forms of the plan: its options, and the word to go ahead."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from tracker.web.forms import BaseForm


class OptionsForm(BaseForm):
    """What concerns the whole import."""

    year = IntegerField(
        _l("År som antalet bostäder gäller"),
        [InputRequired(_l("Ange ett år.")), NumberRange(1950, 2100, _l("Ange ett år mellan 1950 och 2100."))],
    )
    publish = BooleanField(_l("Publicera projekten"))


class ApplyForm(BaseForm):
    """Go ahead with the plan that was seen."""

    fingerprint = HiddenField()
    leave_refused = BooleanField(_l("Ta bara in de rader som går"))


class ConflictsForm(BaseForm):
    """Whose value stands, for the conflicts of a page: radio buttons named after the row, or one word for all."""

    fingerprint = HiddenField()
    """Of the plan that the conflicts were seen in."""
