"""Reading whom the city's sign-in knows as whom."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tracker.accounts.models import Role, User
from tracker.accounts.roles import Role as RoleName
from tracker.accounts.sso_models import ExternalIdentity


def find_identity(session: Session, issuer: str, subject: str) -> ExternalIdentity | None:
    """The identity of that name at that provider, compared letter by letter, or None."""
    return session.scalar(
        select(ExternalIdentity).where(ExternalIdentity.issuer == issuer, ExternalIdentity.subject == subject)
    )


def find_identity_of(session: Session, user_id: int) -> ExternalIdentity | None:
    """The identity that opens an account, or None."""
    return session.scalar(select(ExternalIdentity).where(ExternalIdentity.user_id == user_id))


def has_other_local_admin(session: Session, user_id: int) -> bool:
    """Whether an administrator besides this one signs in with a password, for the day when the provider is down."""
    linked = exists().where(ExternalIdentity.user_id == User.id)
    admin = User.roles.any(Role.name == RoleName.ADMIN.value)
    others = exists().where(User.id != user_id, User.active, User.password.is_not(None), admin, ~linked)
    return bool(session.scalar(select(others)))
