"""Signing in, and the one decorator that guards a view."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from flask import Flask, abort, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from werkzeug.exceptions import Unauthorized

from tracker.accounts.models import User
from tracker.accounts.roles import PERMISSIONS, Permission
from tracker.accounts.token_bearing import REALM, bearer, refuse_invalid, refuse_unpermitted
from tracker.errors import ForbiddenError
from tracker.history.models import Origin
from tracker.history.services import Actor
from tracker.messages import message
from tracker.web.problems import ProblemError, asks_for_problems, bears_token
from tracker.web.redirects import this_address

PERMISSION_MARK = "__permission__"
REFUSED = message("Din roll får inte göra detta. Be en administratör om du behöver det.")


def init_accounts(app: Flask) -> None:
    """Bind the pages for signing in and for accounts, and tell every template who asks and what they may."""
    # Both need what stands below here.
    from tracker.accounts.account_routes import bp
    from tracker.accounts.starting import init_security

    init_security(app)
    app.register_blueprint(bp)
    app.before_request(refuse_invalid)
    app.context_processor(lambda: {"can": can, "Permission": Permission, "person": person()})
    app.jinja_env.globals["login_address"] = lambda: url_for("security.login", next=this_address())


def person() -> User | None:
    """Who is signed in, or whose token the question bears; or None."""
    if bears_token():
        found = bearer()
        return found.user if found else None
    user = current_user._get_current_object() if current_user else None
    return user if isinstance(user, User) else None


def can(permission: Permission) -> bool:
    """Whether whoever asks may do this: by their roles, and of a token also by its scopes."""
    if bears_token():
        found = bearer()
        return found is not None and permission in found.permissions
    user = person()
    return permission in (user.permissions if user else PERMISSIONS[None])


def requires(permission: Permission) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Guard a view. Not signed in: to the login page and back, a program 401. Without the permission: 403."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            if can(permission):
                result: ResponseReturnValue = current_app.ensure_sync(view)(*args, **kwargs)
                return result
            if bearer() is not None:
                raise refuse_unpermitted(permission)
            if person() is None:
                return _sign_in_first()
            raise ForbiddenError(REFUSED)

        setattr(guarded, PERMISSION_MARK, permission)
        return guarded

    return decorate


def require_still(permission: Permission) -> None:
    """Ask once more, in the transaction that writes: reading a file takes time, and an account may have been closed.

    Raises ForbiddenError for whoever may not do it any longer, or has been signed out meanwhile.
    """
    user = current_user._get_current_object()
    stands = isinstance(user, User) and user.active and session.get("_user_id") == user.fs_uniquifier
    if not stands or not can(permission):
        raise ForbiddenError(REFUSED)


def _sign_in_first() -> ResponseReturnValue:
    if asks_for_problems():
        raise ProblemError(401, headers={"WWW-Authenticate": REALM})
    if request.method == "GET":
        return redirect(url_for("security.login", next=this_address()))
    raise Unauthorized


def actor() -> Actor:
    """Who asks as the services take them, with the moment of the request; of a token the history says its name."""
    user, token = person(), bearer()
    if user is None:
        abort(401)
    origin, note = (Origin.API, f"Nyckel: {token.name}") if token else (Origin.FORM, "")
    return Actor(name=user.name or user.email, user_id=user.id, origin=origin, at=datetime.now(UTC), note=note)
