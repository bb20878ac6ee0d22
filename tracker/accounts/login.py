"""Signing in, and the one decorator that guards a view."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from flask_security.datastore import SQLAlchemyUserDatastore

from tracker.accounts.models import Role, User
from tracker.accounts.roles import PERMISSIONS, Permission
from tracker.errors import ForbiddenError
from tracker.extensions import db, limiter, security
from tracker.history.models import Origin
from tracker.history.services import Actor

LOGIN_LIMIT = "10 per minute"


def init_accounts(app: Flask) -> None:
    """Bind Flask-Security to our users and limit how often a password may be tried."""
    security.init_app(app, SQLAlchemyUserDatastore(db, User, Role), register_blueprint=True)
    login: Any = app.view_functions["security.login"]
    app.view_functions["security.login"] = limiter.limit(LOGIN_LIMIT, methods=["POST"])(login)
    for endpoint in ("security.login", "security.logout", "security.verify"):
        setattr(app.view_functions[endpoint], PERMISSION_MARK, Permission.VIEW_PUBLIC)
    app.context_processor(lambda: {"can": can, "Permission": Permission, "person": person()})
    app.jinja_env.globals["login_address"] = lambda: url_for("security.login", next=request.full_path.rstrip("?"))


PERMISSION_MARK = "__permission__"


def person() -> User | None:
    """Who is signed in, or None."""
    user = current_user._get_current_object() if current_user else None
    return user if isinstance(user, User) else None


def can(permission: Permission) -> bool:
    """Whether whoever asks may do this."""
    user = person()
    return permission in (user.permissions if user else PERMISSIONS[None])


def requires(permission: Permission) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Guard a view. Not signed in: to the login page and back. Signed in without the permission: 403."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            if can(permission):
                result: ResponseReturnValue = current_app.ensure_sync(view)(*args, **kwargs)
                return result
            if person() is None:
                if request.method == "GET":
                    return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
                abort(401)
            raise ForbiddenError("Din roll får inte göra detta. Be en administratör om du behöver det.")

        setattr(guarded, PERMISSION_MARK, permission)
        return guarded

    return decorate


def actor() -> Actor:
    """The signed-in person as the services take them, with the moment of the request."""
    user = person()
    if user is None:
        abort(401)
    return Actor(name=user.name or user.email, user_id=user.id, origin=Origin.FORM, at=datetime.now(UTC))
