"""The form of a period: when reports are due, and from which deviation a comment is asked for."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import InputRequired

from tracker.followup.limits import PeriodTerms
from tracker.web.fields import AmountField, CountField, DayField
from tracker.web.forms import BaseForm

GIVEN = InputRequired(message=_l("Uppgiften behövs."))


class TermsForm(BaseForm):
    """`seen` is what the page showed, so that a change in between is found."""

    deadline = DayField(_l("Sista dag att rapportera"), validators=[GIVEN])
    deviation_percent = CountField(_l("Avvikelse i procent"), validators=[GIVEN])
    deviation_ore = AmountField(_l("Avvikelse i mnkr"), validators=[GIVEN])
    seen = HiddenField()

    @classmethod
    def showing(cls, terms: PeriodTerms) -> TermsForm:
        """The form with what holds, or with what was sent."""
        return cls(data=_values(terms) | {"seen": seen_text(terms)})

    def to_terms(self) -> PeriodTerms:
        """What the valid form says."""
        return PeriodTerms(self.deadline.data, self.deviation_percent.data, self.deviation_ore.data)

    def seen_terms(self) -> PeriodTerms | None:
        """What the page showed; None when that cannot be read."""
        parts = str(self.seen.data or "").split(" ")
        try:
            day, percent, ore = parts
            return PeriodTerms(date.fromisoformat(day), int(percent), int(ore))
        except ValueError:
            return None


def seen_text(terms: PeriodTerms) -> str:
    """The terms as the hidden field keeps them."""
    return f"{terms.deadline.isoformat()} {terms.deviation_percent} {terms.deviation_ore}"


def _values(terms: PeriodTerms) -> dict[str, Any]:
    return {
        "deadline": terms.deadline,
        "deviation_percent": terms.deviation_percent,
        "deviation_ore": terms.deviation_ore,
    }
