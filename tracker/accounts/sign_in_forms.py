"""The library's forms for signing in, where every try is counted (attempts.py)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from flask import current_app
from flask_security import (
    ChangePasswordForm,
    LoginForm,
    MfRecoveryForm,
    TwoFactorRescueForm,
    TwoFactorSetupForm,
    TwoFactorVerifyCodeForm,
    VerifyForm,
    current_user,
)
from flask_security.forms import Form
from flask_security.mail_util import EmailValidateException
from flask_security.utils import get_message, hash_password, verify_password
from sqlalchemy import select
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from tracker.accounts.attempt_models import Proof
from tracker.accounts.attempts import account_key, begin_try, forgive, is_waiting
from tracker.accounts.models import User
from tracker.accounts.notices import tell_of_waiting
from tracker.accounts.password_rules import MAX_LENGTH
from tracker.accounts.posting import after_answer
from tracker.accounts.second_factor import typed_recovery_code
from tracker.accounts.security import security
from tracker.accounts.security_settings import WAIT, WAIT_CODE
from tracker.database import begin_writing
from tracker.extensions import db


def key_of(address: str) -> str:
    """What tries for an address as it was typed are counted under; every way of writing it is the same."""
    with suppress(EmailValidateException):
        address = str(security._mail_util.normalize(address.strip()))
    return account_key(str(current_app.secret_key), address)


def try_once(address: str, kind: Proof, check: Callable[[], bool]) -> bool | None:
    """Make one counted try: whether it was right, or None, without trying, when the account has to wait."""
    session, now, account = db.session(), datetime.now(UTC), key_of(address)
    begun = begin_try(session, account, kind, now)
    _keep()
    if not begun:
        return None
    right = check()
    if right:
        forgive(session, account, *((Proof.PASSWORD,) if kind is Proof.PASSWORD else ()))
        _keep()
    elif is_waiting(session, account, now):
        # Of an address that nobody has the same work is asked for; it ends where there is no one to write to.
        after_answer(tell_of_waiting, address)
    return right


def _keep() -> None:
    """Commit what is counted, whatever becomes of the request, and go on in a transaction that may write."""
    db.session.commit()
    begin_writing(db.session())


class SignInForm(LoginForm):
    """Address and password. Nobody stays signed in longer than a session: there is no "remember me"."""

    remember = None

    def validate(self, **kwargs: Any) -> bool:
        """Whether the person may come in; unknown, wrong, closed and waiting cost the same hashing."""
        if not (self.email.data and self.password.data):
            return bool(super().validate(**kwargs))
        self.password.data = self.password.data[:MAX_LENGTH]
        right = try_once(self.email.data, Proof.PASSWORD, lambda: LoginForm.validate(self, **kwargs))
        if right is None:
            hash_password(self.password.data)
            self.form_errors.append(str(WAIT))
        return bool(right)


class ConfirmForm(VerifyForm):
    """The password once more, before how one signs in is changed."""

    def validate(self, **kwargs: Any) -> bool:
        """Whether the password is right."""
        if not self.password.data:
            return bool(super().validate(**kwargs))
        self.password.data = self.password.data[:MAX_LENGTH]
        right = try_once(self.user.email, Proof.PASSWORD, lambda: VerifyForm.validate(self, **kwargs))
        if right is None:
            self.password.errors = [str(WAIT)]
        return bool(right)


class NewPasswordForm(ChangePasswordForm):
    """The present password and a new one."""

    def validate(self, **kwargs: Any) -> bool:
        """Whether the present password is right and the new one may be used."""
        if not Form.validate(self, **kwargs):
            return False
        user: User = current_user._get_current_object()
        if not self.password.data:
            self.password.errors = [get_message("PASSWORD_NOT_PROVIDED")[0]]
            return False
        present = security._password_util.normalize(self.password.data[:MAX_LENGTH])
        right = try_once(
            user.email, Proof.PASSWORD, lambda: bool(user.password) and verify_password(present, user.password or "")
        )
        if not right:
            self.password.errors = [str(WAIT) if right is None else get_message("INVALID_PASSWORD")[0]]
            return False
        problems, self.new_password.data = security._password_util.validate(self.new_password.data, False, user=user)
        if present == self.new_password.data:
            problems = [get_message("PASSWORD_IS_THE_SAME")[0]]
        self.new_password.errors = list(problems or [])
        return not problems


class CodeForm(TwoFactorVerifyCodeForm):
    """The code of the authenticator."""

    def validate(self, **kwargs: Any) -> bool:
        """Whether the code is right, and newer than the last one that was taken."""
        if self.user is None or self.is_setup or not self.code.data:
            return bool(super().validate(**kwargs))
        right = try_once(self.user.email, Proof.CODE, lambda: TwoFactorVerifyCodeForm.validate(self, **kwargs))
        if right is None:
            self.code.errors = [str(WAIT_CODE)]
        return bool(right)


class SetupForm(TwoFactorSetupForm):
    """Turning the codes of an app on, anew, or off; the library checks which of them is open to the person."""

    setup = RadioField(validate_choice=False, choices=[SelectChoice("authenticator"), SelectChoice("disable")])


class RescueForm(TwoFactorRescueForm):
    """The library asks for it beside the form for a code; our page leads to the recovery codes instead."""

    help_setup = RadioField(validate_choice=False, choices=[SelectChoice("help")])


class RecoveryForm(MfRecoveryForm):
    """A recovery code instead of the authenticator's."""

    def validate(self, **kwargs: Any) -> bool:
        """Whether the code is one of those left; the account's row is held so that none is used twice."""
        if self.user is None or not self.code.data:
            return bool(super().validate(**kwargs))
        self.code.data = typed_recovery_code(str(self.code.data))
        right = try_once(self.user.email, Proof.CODE, lambda: self._is_right(**kwargs))
        if right is None:
            self.code.errors = [str(WAIT_CODE)]
        return bool(right)

    def _is_right(self, **kwargs: Any) -> bool:
        if self.user is None:
            return False
        # The row alone: PostgreSQL locks no outer join, by which the roles come along.
        db.session.execute(select(User.id).where(User.id == self.user.id).with_for_update())
        db.session.refresh(self.user)
        if not MfRecoveryForm.validate(self, **kwargs):
            return False
        # The row is held until try_once commits: taken away here, the code opens for one of two who send it.
        security._mf_recovery_codes_util.delete_recovery_code(self.user, self.code.data)
        return True
