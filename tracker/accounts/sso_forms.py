"""The form that links one's account with the city's."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField
from wtforms.validators import InputRequired

from tracker.web.forms import BaseForm


class LinkForm(BaseForm):
    """The password of the account, so that nobody links it who only found the screen unlocked."""

    password = PasswordField(_l("Lösenord"), validators=[InputRequired(_l("Skriv ditt lösenord."))])
