"""The signed mark of a form page: whose it is and which project it is about, so that what was typed finds its author.

A page outlives the login that it was opened with. The mark was given to the author alone and cannot be made by anybody
else; it opens nothing and only lets its bearer add to the author's own drafts. It therefore also stands against forged
requests where the session's CSRF token is gone.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

from tracker.accounts.models import User
from tracker.extensions import db

LIFETIME_SECONDS = 30 * 24 * 3600
_SALT = "projektform"


@dataclass(frozen=True, slots=True)
class FormPass:
    """`token` names the form, and its draft; `project_id` is None for a new project."""

    token: str
    user_id: int
    project_id: int | None


def issue_pass(user: User, project_id: int | None, token: str = "") -> str:  # nosec B107 - a new one is made
    """A mark for a page that is shown now; with the token of a draft when the page goes on with it."""
    content = [token or secrets.token_urlsafe(24), user.id, _sign_of(user), project_id]
    text = _serializer().dumps(content)
    return text if isinstance(text, str) else text.decode()


def read_pass(text: str | None) -> FormPass | None:
    """The mark that a form sent; None when it is none of ours, too old, or its author's account was closed."""
    if not text:
        return None
    try:
        token, user_id, sign, project_id = _serializer().loads(text, max_age=LIFETIME_SECONDS)
    except (BadData, ValueError, TypeError):
        return None
    user = db.session().get(User, user_id)
    if user is None or not user.active or sign != _sign_of(user):
        return None
    return FormPass(token, user_id, project_id)


def _sign_of(user: User) -> str:
    """Changes with everything that ends the user's sessions."""
    return hashlib.sha256(user.fs_uniquifier.encode()).hexdigest()[:16]


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=_SALT)
