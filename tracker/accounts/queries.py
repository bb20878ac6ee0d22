"""Reading users and roles."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tracker.accounts.models import Role, User


def has_example_accounts(session: Session) -> bool:
    """Whether any account was made with the example data."""
    return bool(session.scalar(select(exists().where(User.is_example))))


def find_user(session: Session, email: str) -> User | None:
    """The user with this address, in any case, or None."""
    return session.scalar(select(User).where(User.email == email.strip().casefold()))


def list_managers(session: Session) -> list[User]:
    """Everybody who may be set as manager of a project, by name."""
    statement = select(User).where(User.active, User.roles.any(Role.name != "reader"))
    return sorted(session.scalars(statement), key=lambda user: (user.name or user.email).casefold())
