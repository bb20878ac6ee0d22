"""Links by which a person chooses a password: of an invitation, from an administrator, from a letter.

Each is signed, has an end, and names the account by the mark that changes with its password: it works once.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from flask import current_app
from flask_security.recoverable import generate_reset_password_token
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.accounts.models import User
from tracker.web.mail import has_server


class LinkKind(StrEnum):
    """What a link to hand over or to send is for; its value stands in the link."""

    INVITATION = "inbjudan"
    RESET = "nytt"

    @property
    def lifetime(self) -> timedelta:
        """How long it works."""
        return timedelta(days=7) if self is LinkKind.INVITATION else timedelta(hours=24)


def can_send_links() -> bool:
    """Whether letters with links can go out: there is a mail server, and we know our own address."""
    return has_server() and bool(current_app.config["PUBLIC_URL"])


def address_of(base: str, endpoint: str, **values: str) -> str:
    """The address of a page below `base`; what the browser said its host is has no part in it."""
    parts = urlsplit(base)
    adapter = current_app.url_map.bind(parts.netloc, script_name=parts.path or "/", url_scheme=parts.scheme)
    return str(adapter.build(endpoint, values, force_external=True))


def own_base() -> str:
    """PUBLIC_URL, or where the server listens."""
    config = current_app.config
    return str(config["PUBLIC_URL"] or f"http://{config['HOST']}:{config['PORT']}")


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="account-link")


def make_link(user: User, kind: LinkKind, base: str) -> str:
    """A link that an administrator hands over or sends."""
    token = _signer().dumps([user.fs_uniquifier, kind.value])
    return address_of(base, "accounts.choose_password", token=token)


def reset_token(user: User) -> str:
    """The library's own token for a new password."""
    return str(generate_reset_password_token(user))  # type: ignore[no-untyped-call]


def make_reset_link(user: User, base: str) -> str:
    """The library's own link to the page of a new password; SECURITY_RESET_PASSWORD_WITHIN is its life."""
    return address_of(base, "security.reset_password", token=reset_token(user))


def find_linked(session: Session, token: str) -> User | None:
    """Whose link it is, or None when it is none of ours, has ended or has been used."""
    try:
        mark, kind = _signer().loads(token)
        _signer().loads(token, max_age=int(LinkKind(kind).lifetime.total_seconds()))
    except (BadData, ValueError, TypeError):
        return None
    return session.scalar(select(User).where(User.fs_uniquifier == mark, User.active))
