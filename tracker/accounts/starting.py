"""Binding the library's pages: which of its views stand, which are ours, how often each is tried, and for whom."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, current_app, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security.datastore import SQLAlchemyUserDatastore

from tracker.accounts.account_events import init_events
from tracker.accounts.attempts import account_key, stand_in_line
from tracker.accounts.login import PERMISSION_MARK, person, requires
from tracker.accounts.models import Role, User
from tracker.accounts.reset_views import forgot_password, typed_account
from tracker.accounts.roles import Permission
from tracker.accounts.security import security, uses_no_json
from tracker.accounts.security_settings import security_settings
from tracker.accounts.session_life import init_session_life
from tracker.accounts.sign_in_forms import (
    CodeForm,
    ConfirmForm,
    NewPasswordForm,
    RecoveryForm,
    RescueForm,
    SetupForm,
    SignInForm,
)
from tracker.extensions import db, limiter

View = Callable[..., Any]
PUBLIC = (
    "login", "logout", "forgot_password", "reset_password", "two_factor_setup", "two_factor_token_validation",
    "two_factor_rescue", "tf_select", "mf_recovery",
)  # fmt: skip
OWN = ("verify", "change_password", "two_factor_setup_validate", "mf_recovery_codes")
LIMITED = (
    "verify", "change_password", "reset_password", "two_factor_setup", "two_factor_setup_validate",
    "two_factor_token_validation", "mf_recovery", "mf_recovery_codes",
)  # fmt: skip
TRIES = "20 per minute"
LETTERS = "5 per hour"
"""To one address."""


def init_security(app: Flask) -> None:
    """Bind Flask-Security to our users, with our forms."""
    app.config.update(security_settings())
    init_session_life(app)
    security.init_app(
        app,
        SQLAlchemyUserDatastore(db, User, Role),
        register_blueprint=True,
        login_form=SignInForm,
        verify_form=ConfirmForm,
        change_password_form=NewPasswordForm,
        two_factor_verify_code_form=CodeForm,
        two_factor_setup_form=SetupForm,
        two_factor_rescue_form=RescueForm,
        mf_recovery_form=RecoveryForm,
    )
    uses_no_json(app)
    User.roles_needing_code = staticmethod(_roles_needing_code)
    init_events(app)
    _bind_views(app)


def _bind_views(app: Flask) -> None:
    ours: dict[str, Callable[[View], View]] = {
        "change_password": _with_password_only,
        "two_factor_setup": _with_password_only,
        "two_factor_token_validation": _code_for_somebody,
        "two_factor_rescue": lambda _view: _to_recovery,
        "mf_recovery_codes": _codes_once,
        "reset_password": _one_at_a_time,
        "forgot_password": lambda _view: forgot_password,
    }
    for name, wrap in ours.items():
        _put(app, name, wrap)
    _put(app, "login", lambda view: limiter.limit(_login_limit, methods=["POST"], deduct_when=_failed)(view))
    for name in LIMITED:
        _put(app, name, lambda view: limiter.limit(TRIES, methods=["POST"])(view))
    _put(app, "forgot_password", lambda view: limiter.limit(LETTERS, key_func=typed_account, methods=["POST"])(view))
    _put(app, "forgot_password", lambda view: limiter.limit(TRIES, methods=["POST"])(view))
    for name in OWN:
        _put(app, name, requires(Permission.OWN_ACCOUNT))
    for name in PUBLIC:
        setattr(app.view_functions[f"security.{name}"], PERMISSION_MARK, Permission.VIEW_PUBLIC)


def _put(app: Flask, name: str, wrap: Callable[[View], View]) -> None:
    app.view_functions[f"security.{name}"] = wrap(app.view_functions[f"security.{name}"])


def _roles_needing_code() -> tuple[str, ...]:
    return tuple(current_app.config["REQUIRE_SECOND_FACTOR"])


def _login_limit() -> str:
    return str(current_app.config["LOGIN_LIMIT"])


def _failed(answer: Any) -> bool:
    """A whole office comes from one address: whoever gets in does not use up its tries."""
    return int(answer.status_code) == 200


def _with_password_only(view: View) -> View:
    """Whoever signs in through the city has no password here to change, nor a code beside it."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        user = person()
        if user is not None and not user.password:
            flash(str(_("Ditt konto har inget lösenord här. Du loggar in på annat sätt.")), "message")
            return redirect(url_for("accounts.own_account"))
        answer: ResponseReturnValue = view(*args, **kwargs)
        return answer

    return guarded


def _code_for_somebody(view: View) -> View:
    """The library signs out whoever comes to this page without having begun; ours leads to one's account."""

    @wraps(view)
    def guarded() -> ResponseReturnValue:
        begun = session.get("tf_state") == "validating_profile" and session.get("tf_totp_secret")
        if person() is not None and not begun:
            return redirect(url_for("accounts.own_account"))
        answer: ResponseReturnValue = view()
        return answer

    return guarded


def _one_at_a_time(view: View) -> View:
    """Of two who use a link at the same moment the second finds it used."""

    @wraps(view)
    def guarded(token: str) -> ResponseReturnValue:
        if request.method == "POST":
            stand_in_line(db.session(), account_key(str(current_app.secret_key), token))
        answer: ResponseReturnValue = view(token)
        return answer

    return guarded


def _to_recovery() -> ResponseReturnValue:
    """The library's page for those who lost their app would write to an address; ours asks for a recovery code."""
    return redirect(url_for("security.mf_recovery"))


def _codes_once(view: View) -> View:
    """Recovery codes are shown when they are made and never again, whatever the address asks for."""

    @wraps(view)
    def guarded() -> ResponseReturnValue:
        if request.method == "GET" and request.args:
            return redirect(url_for("security.mf_recovery_codes"))
        answer: ResponseReturnValue = view()
        return answer

    return guarded
