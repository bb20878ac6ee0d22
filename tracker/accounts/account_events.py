"""What follows when the library signs somebody in or changes how one signs in: history, sign-ins kept, a letter."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Flask, request, session
from flask_security.signals import (
    password_changed,
    password_reset,
    tf_code_confirmed,
    tf_disabled,
    tf_profile_changed,
    user_authenticated,
)

from tracker.accounts.account_history import note, note_sign_in, shortened
from tracker.accounts.attempts import forgive
from tracker.accounts.models import User
from tracker.accounts.notices import tell
from tracker.accounts.session_life import begin_session
from tracker.accounts.sign_in_forms import key_of
from tracker.extensions import db
from tracker.history.models import Origin
from tracker.history.services import Actor

CHANGE = "change"
"""How the library says that somebody is signed in anew because the password was changed."""


def init_events(app: Flask) -> None:
    """Listen to the library."""
    user_authenticated.connect(_signed_in, app)
    password_changed.connect(_password_changed, app)
    password_reset.connect(_password_reset, app)
    tf_profile_changed.connect(_factor_set, app)
    tf_code_confirmed.connect(_code_confirmed, app)
    tf_disabled.connect(_factor_off, app)


def themselves(user: User) -> Actor:
    """A person who does something with their own account."""
    return Actor(name=user.name or user.email, user_id=user.id, origin=Origin.FORM, at=datetime.now(UTC))


def _signed_in(_app: Flask, user: User, authn_via: list[str] | None = None, **_further: Any) -> None:
    user.current_login_ip = shortened(user.current_login_ip or "")
    if authn_via == [CHANGE]:
        return
    begin_session()
    # After a second factor the library does not say what was used.
    method = "+".join(authn_via or ["kod"])
    note_sign_in(db.session(), user, request.remote_addr or "", method, datetime.now(UTC))


def _password_changed(_app: Flask, user: User, **_further: Any) -> None:
    note(db.session(), user, themselves(user), "Bytte lösenord")


def _password_reset(_app: Flask, user: User, **_further: Any) -> None:
    note(db.session(), user, themselves(user), "Valde lösenord genom en länk")
    # Whoever reads the account's mail, or was handed the link, need not wait for what others tried.
    forgive(db.session(), key_of(user.email))


def _factor_set(_app: Flask, user: User, **_further: Any) -> None:
    note(db.session(), user, themselves(user), "Slog på inloggning med kod")
    # Codes on paper belong to the app that they stood in for.
    user.mf_recovery_codes = None
    tell(user, "Inloggning med kod är påslagen på ditt konto.")


def _code_confirmed(app: Flask, user: User, **further: Any) -> None:
    if session.get("tf_state") == "validating_profile":
        _factor_set(app, user, **further)


def _factor_off(_app: Flask, user: User, **_further: Any) -> None:
    user.mf_recovery_codes, user.tf_last_counter = None, None
    note(db.session(), user, themselves(user), "Slog av inloggning med kod")
    tell(user, "Inloggning med kod är avstängd på ditt konto.")
