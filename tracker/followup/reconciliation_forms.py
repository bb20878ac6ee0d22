"""Forms of the reconciliation."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from tracker.followup.reconciling_services import LONGEST_SOURCE, LONGEST_TEXT
from tracker.projects.vocabulary import Flow
from tracker.web.fields import AmountField, YearField
from tracker.web.forms import BaseForm


class TotalsForm(BaseForm):
    """The adopted budget's totals of a year, in mnkr; an empty field is not given."""

    year = YearField(_l("År"), [InputRequired(_l("Skriv året."))])
    utgift = AmountField(_l("Utgifter, mnkr"))
    inkomst = AmountField(_l("Inkomster, mnkr"))
    source = StringField(_l("Källa"), [Length(max=LONGEST_SOURCE)])

    def amount(self, flow: Flow) -> int | None:
        """Whole öre, or None."""
        found: int | None = self[flow.value].data
        return found


class ExplanationForm(BaseForm):
    """Why a difference is what it is; `difference` is the one that was seen, in whole öre."""

    target = HiddenField()
    year = HiddenField()
    flow = HiddenField()
    difference = HiddenField()
    text = TextAreaField(_l("Förklaring"), [Length(max=LONGEST_TEXT)])
