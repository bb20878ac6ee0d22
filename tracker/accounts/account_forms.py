"""Forms of one's own account and of everybody's."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import EmailField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from tracker.accounts.roles import Role
from tracker.web.forms import BaseForm

NAME_LENGTH = 200
ADDRESS_LENGTH = 255
MAIL, HAND = "brev", "lank"
"""How a link gets to its person."""
WAYS = [SelectChoice(MAIL, _("Skicka med e-post")), SelectChoice(HAND, _("Visa den för mig"))]
ROLES = [SelectChoice(role.value, role.label) for role in Role]


class NameForm(BaseForm):
    """The name that others see."""

    name = StringField(_("Namn"), validators=[InputRequired(_("Skriv ett namn.")), Length(max=NAME_LENGTH)])


class AccountForm(NameForm):
    """An account as an administrator changes it."""

    email = EmailField(_("E-post"), validators=[InputRequired(_("Skriv en e-postadress.")), Length(max=ADDRESS_LENGTH)])
    role = SelectField(_("Roll"), choices=ROLES)


class InvitationForm(AccountForm):
    """A new account and how its link gets there."""

    way = RadioField(_("Länken till lösenordet"), choices=WAYS)


class LinkForm(BaseForm):
    """A new link for an account that is there."""

    way = RadioField(choices=WAYS)


class PressForm(BaseForm):
    """A button and nothing else."""
