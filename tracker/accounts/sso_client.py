"""The city's sign-in beside the local one: whom a password still opens for, and what signing out ends."""

from __future__ import annotations

from collections.abc import Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any

from flask import Flask, abort, current_app, flash, redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security.signals import user_authenticated
from flask_security.utils import logout_user

from tracker.accounts.models import User
from tracker.accounts.sso_services import may_use_password
from tracker.accounts.sso_settings import SsoSettings
from tracker.errors import NotFoundError
from tracker.extensions import db
from tracker.web.redirects import asked_next

if TYPE_CHECKING:
    from tracker.accounts.sso_provider import Provider

METHOD = "sso"
"""As the library's signal, and the list of sign-ins, name this way in."""
VIA = "sso"
"""In the session of whoever came in by it."""
_EXTENSION = "tracker.sso"


def init_sso(app: Flask) -> None:
    """After the local accounts, whose sign-in and sign-out it goes along with."""
    user_authenticated.connect(_refuse_password, app)
    leave: Any = app.view_functions["security.logout"]

    @wraps(leave)
    def logout(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        answer: ResponseReturnValue = current_app.ensure_sync(leave)(*args, **kwargs)
        # A form may not lead to another host (form-action), and whoever leaves one service may want to keep the rest.
        return redirect(url_for("sso.signed_out")) if session.pop(VIA, None) and sso_settings() else answer

    app.view_functions["security.logout"] = logout


def sso_settings() -> SsoSettings | None:
    """Of this application; None where the city's sign-in is not switched on."""
    found = current_app.config.get("OIDC")
    return found if isinstance(found, SsoSettings) else None


def need_settings() -> SsoSettings:
    """The same; raises NotFoundError where it is not switched on."""
    found = sso_settings()
    if found is None:
        raise NotFoundError(str(_("Inloggning med stadens konto är inte påslagen.")))
    return found


def provider() -> Provider:
    """The provider's client, made when first asked for: without the city's sign-in Authlib is never loaded."""
    from tracker.accounts.sso_provider import Provider

    made: Provider | None = current_app.extensions.get(_EXTENSION)
    if made is None:
        made = current_app.extensions[_EXTENSION] = Provider(need_settings())
    return made


def _refuse_password(_app: Flask, user: User, authn_via: Sequence[str] | None = None, **_further: Any) -> None:
    """Whatever way of our own somebody came in by, also over a second factor or a link in a letter."""
    if METHOD in (authn_via or ()) or may_use_password(db.session(), sso_settings(), user):
        return
    # The library has noted a sign-in, and commits it when the request ends.
    db.session.rollback()
    logout_user()
    flash(_("Ditt konto öppnas inte med lösenord här. Välj knappen för stadens konto."), "error")
    abort(redirect(url_for("security.login", next=asked_next("") or None)))
