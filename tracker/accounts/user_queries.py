"""Reading accounts for the pages of administrators."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.accounts.second_factor import has_second_factor
from tracker.accounts.sso_models import ExternalIdentity
from tracker.errors import NotFoundError
from tracker.messages import message


class AccountState(StrEnum):
    """What becomes of somebody who tries to sign in with an account."""

    OPEN = "oppet"
    INVITED = "inbjudet"
    CLOSED = "stangt"

    @property
    def label(self) -> str:
        """The state on screen."""
        return {
            AccountState.OPEN: message("Öppet"),
            AccountState.INVITED: message("Inbjudet"),
            AccountState.CLOSED: message("Stängt"),
        }[self]


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account as lists show it."""

    user: User
    role: Role | None
    state: AccountState
    coded: bool
    elsewhere: bool
    """Whether the person signs in through the city's own sign-in."""
    last_sign_in: datetime | None

    def holds(self, words: str) -> bool:
        """Whether each word stands in the name or the address."""
        text = f"{self.user.name} {self.user.email}".casefold()
        return all(word in text for word in words.casefold().split())


def get_user(session: Session, user_id: int) -> User:
    """The account; raises NotFoundError."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFoundError(message("Kontot finns inte."))
    return user


def describe(session: Session, user: User) -> AccountLine:
    """One account as lists show it."""
    identity = session.scalar(select(ExternalIdentity.id).where(ExternalIdentity.user_id == user.id))
    return _line(user, {user.id} if identity is not None else ())


def list_users(
    session: Session, words: str = "", role: Role | None = None, state: AccountState | None = None
) -> list[AccountLine]:
    """Accounts by name, those that hold the words and are of the role and the state."""
    elsewhere = frozenset(session.scalars(select(ExternalIdentity.user_id)))
    users = session.scalars(select(User).options(selectinload(User.roles)))
    lines = [_line(user, elsewhere) for user in users]
    found = [one for one in lines if role in (None, one.role) and state in (None, one.state) and one.holds(words)]
    return sorted(found, key=lambda one: ((one.user.name or one.user.email).casefold(), one.user.email))


def _line(user: User, elsewhere: Collection[int]) -> AccountLine:
    held = {role.name for role in user.roles}
    roles = [role for role in Role if role.value in held]
    outside = user.id in elsewhere
    known = AccountState.OPEN if user.password is not None or outside else AccountState.INVITED
    seen: datetime | None = user.current_login_at
    return AccountLine(
        user=user,
        role=roles[-1] if roles else None,
        state=known if user.active else AccountState.CLOSED,
        coded=has_second_factor(user),
        elsewhere=outside,
        # The library keeps moments without a zone, in UTC.
        last_sign_in=seen.replace(tzinfo=UTC) if seen is not None else None,
    )
