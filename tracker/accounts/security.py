"""Flask-Security with our rules for passwords, our codes and our letters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, abort, request
from flask_security import MailUtil, MfRecoveryCodesUtil, PasswordUtil, UserMixin
from flask_security.core import Security
from flask_security.mail_util import EmailValidateException
from flask_security.utils import get_message

from tracker.accounts.models import User
from tracker.accounts.password_rules import password_problem
from tracker.accounts.posting import post_letter
from tracker.accounts.second_factor import OnceTotp
from tracker.text import composed
from tracker.web.mail import Letter

LONGEST_ADDRESS = 1000
"""Characters as typed. No address has so many (RFC 5321), and what is longer is not looked into."""


class _Passwords(PasswordUtil):
    def normalize(self, password: str) -> str:
        return composed(password)

    def validate(self, password: str, is_register: bool, **further: Any) -> tuple[list[str] | None, str]:  # noqa: ARG002
        text = self.normalize(password)
        user = further.get("user")
        problem = password_problem(text, (user.email, user.name) if user is not None else ())
        return ([problem] if problem else None), text


class _Mail(MailUtil):
    def normalize(self, email: str) -> str:
        if len(email) > LONGEST_ADDRESS:
            raise EmailValidateException(get_message("INVALID_EMAIL_ADDRESS")[0])
        return str(super().normalize(email))

    def send_mail(
        self,
        template: str,  # noqa: ARG002
        subject: str,
        recipient: str | tuple[str, str],
        sender: str | tuple[str, str],  # noqa: ARG002
        body: str | None,
        html: str | None,  # noqa: ARG002
        **told: Any,
    ) -> None:
        """Hand a letter of the library's to our own post, after the answer."""
        user = told.get("user")
        name = user.name if isinstance(user, User) else ""
        post_letter(Letter(name, str(recipient), str(subject), (body or "").strip() + "\n"))


class _RecoveryCodes(MfRecoveryCodesUtil):
    def delete_recovery_code(self, user: UserMixin, code: str) -> bool:
        # Our form has taken it away already, while it held the row; the library's view does so once more.
        return code in self.get_recovery_codes(user) and bool(super().delete_recovery_code(user, code))


class _Security(Security):
    def _check_modules(self, module: str, config_name: str) -> Any:
        # The library would draw the QR code with a package that we do not have; second_factor.py draws it.
        check: Callable[[str, str], Any] = super()._check_modules
        return True if module == "qrcode" else check(module, config_name)


def new_security() -> _Security:
    """An extension that is bound to no application yet."""
    return _Security(
        mail_util_cls=_Mail,
        password_util_cls=_Passwords,
        totp_cls=OnceTotp,
        mf_recovery_codes_util_cls=_RecoveryCodes,
    )


security = new_security()


def uses_no_json(app: Flask) -> None:
    """The library's pages answer people only: its answers for programs would show codes and hand out tokens."""
    app.extensions["security"].want_json(lambda _request: False)
    app.before_request(_refuse_json)


def _refuse_json() -> None:
    """The library's forms would be filled with it, whose values can be anything but texts."""
    if request.blueprint == "security" and request.is_json and request.method not in ("GET", "HEAD", "OPTIONS"):
        abort(415)
