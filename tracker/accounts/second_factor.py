"""The second factor: codes of an authenticator (RFC 6238), each taken once, and the picture that an app reads."""

from __future__ import annotations

import re
from typing import Any

import segno
from flask_security import Totp, UserMixin
from sqlalchemy import select

from tracker.accounts.models import User
from tracker.extensions import db

ISSUER = "Portföljkartan"
STEP_SECONDS = 30


class OnceTotp(Totp):
    """The library's codes, with the last step that was taken kept with the account."""

    def verify_totp(self, token: Any, totp_secret: str, user: UserMixin, window: int = 0) -> bool:
        """Whether a code is right now or one step before or after (`window` seconds), and newer than the last."""
        digits = re.sub(r"\s+", "", str(token))
        if not (digits.isascii() and digits.isdigit()):
            return False
        return bool(super().verify_totp(digits, totp_secret, user, window))

    def get_last_counter(self, user: UserMixin) -> int | None:
        """The step of the last code; the row is held so that two who send the same code stand in line."""
        return db.session().scalar(select(User.tf_last_counter).where(User.id == user.id).with_for_update())

    def set_last_counter(self, user: UserMixin, tmatch: Any) -> None:
        """Keep the step of a code that was right."""
        db.session().get_one(User, user.id).tf_last_counter = tmatch.counter

    def generate_qrcode(self, username: str, totp: str) -> str:
        """The set-up as a QR code: the address of a picture that holds itself (data:, SVG)."""
        code = segno.make_qr(self.get_totp_uri(username, totp), error="m")
        return str(code.svg_data_uri(border=4, dark="#000", light="#fff", scale=5))


def has_second_factor(user: User) -> bool:
    """Whether signing in asks for a code."""
    return bool(user.tf_totp_secret and user.tf_primary_method)


def recovery_codes_left(user: User) -> int:
    """How many recovery codes can still be used."""
    return len(user.mf_recovery_codes or [])


def typed_recovery_code(text: str) -> str:
    """A recovery code as it is kept, however it was typed: three groups of four."""
    bare = re.sub(r"[^0-9a-f]", "", text.casefold())
    return "-".join(bare[place : place + 4] for place in range(0, len(bare), 4))
