"""The form for a new token."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice

from tracker.accounts.token_rules import DEFAULT_DAYS, OFFERED_DAYS, TokenScope, scopes_of
from tracker.web.forms import BaseForm


def _days(text: object) -> int:
    plain = str(text or "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 9 else 0


class TokenForm(BaseForm):
    """What the token is for, what it may do besides reading, and for how long."""

    name = StringField(_l("Namn"))
    scopes = SelectMultipleField(
        _l("Får"),
        choices=[SelectChoice(one.value, one.label) for one in TokenScope if one is not TokenScope.READ],
        validate_choice=False,
    )
    days = SelectField(
        _l("Gäller"),
        coerce=_days,
        choices=[SelectChoice(str(days), _l("%(days)s dagar", days=days)) for days in OFFERED_DAYS],
        default=DEFAULT_DAYS,
        validate_choice=False,
    )

    def wanted_scopes(self) -> tuple[TokenScope, ...]:
        """The scopes that were chosen."""
        return scopes_of(self.scopes.data or [])
