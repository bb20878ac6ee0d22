"""The form that links one's account with the city's."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security.utils import verify_password
from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from tracker.accounts.attempt_models import Proof
from tracker.accounts.models import User
from tracker.accounts.password_rules import MAX_LENGTH
from tracker.accounts.security import security
from tracker.accounts.security_settings import WAIT
from tracker.accounts.sign_in_forms import try_once
from tracker.web.forms import BaseForm


class LinkForm(BaseForm):
    """The password of the account, so that nobody links it who only found the screen unlocked."""

    password = PasswordField(
        _l("Lösenord"), validators=[InputRequired(_l("Skriv ditt lösenord.")), Length(max=MAX_LENGTH)]
    )

    def proves(self, user: User) -> bool:
        """Whether it is this person's password; every try is counted, as when one signs in."""
        typed = security._password_util.normalize(self.password.data or "")
        right = try_once(
            user.email, Proof.PASSWORD, lambda: bool(user.password) and verify_password(typed, user.password or "")
        )
        if not right:
            self.password.errors = [str(WAIT) if right is None else _("Lösenordet stämmer inte.")]
        return bool(right)
