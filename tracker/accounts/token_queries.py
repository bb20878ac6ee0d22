"""Reading tokens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.accounts.models import User
from tracker.accounts.token_models import AccessToken
from tracker.errors import NotFoundError
from tracker.messages import message


def find_token(session: Session, public_id: str) -> AccessToken | None:
    """The token with this public id with its owner and the owner's roles, dead or alive; or None."""
    whole = joinedload(AccessToken.user).options(selectinload(User.roles))
    return session.scalar(select(AccessToken).where(AccessToken.public_id == public_id).options(whole))


def get_token(session: Session, public_id: str) -> AccessToken:
    """The same; raises NotFoundError."""
    found = find_token(session, public_id)
    if found is None:
        raise NotFoundError(message("Nyckeln finns inte."))
    return found


def list_tokens(session: Session, user_id: int | None = None) -> Sequence[AccessToken]:
    """Tokens of a person or of everybody, newest first."""
    statement = select(AccessToken).options(joinedload(AccessToken.user)).order_by(AccessToken.id.desc())
    if user_id is not None:
        statement = statement.where(AccessToken.user_id == user_id)
    return session.scalars(statement).all()


def live_names(session: Session, user_id: int, now: datetime) -> set[str]:
    """The names of a person's tokens that are in use, folded."""
    in_use = (AccessToken.user_id == user_id, AccessToken.revoked_at.is_(None), AccessToken.expires_at > now)
    return {name.casefold() for name in session.scalars(select(AccessToken.name).where(*in_use))}


def count_live(session: Session, now: datetime) -> int:
    """How many tokens of all people are in use."""
    in_use = (AccessToken.revoked_at.is_(None), AccessToken.expires_at > now)
    return session.scalar(select(func.count()).select_from(AccessToken).where(*in_use)) or 0
