"""Signing in whom the city's sign-in vouches for. Nobody is known by an e-mail address alone."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.accounts.account_history import note
from tracker.accounts.models import Role, User
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role as RoleName
from tracker.accounts.sso_models import ExternalIdentity
from tracker.accounts.sso_queries import find_identity, find_identity_of
from tracker.accounts.sso_reasons import Reason
from tracker.accounts.sso_rules import Claimed, role_for
from tracker.accounts.sso_settings import SsoSettings
from tracker.errors import NotFoundError
from tracker.history.models import Origin
from tracker.history.services import Actor


def sign_in(session: Session, settings: SsoSettings, claimed: Claimed, now: datetime) -> User | Reason:
    """The account of a person, with name, e-mail and role as the provider says them now; or why there is none.

    What is written is to be committed in both cases: whoever has lost every group loses the role by coming here.
    """
    identity = find_identity(session, settings.issuer, claimed.subject)
    if identity is None:
        return _first_time(session, settings, claimed, now)
    user, role = identity.user, role_for(claimed.groups, settings)
    if not user.active:
        return Reason.CLOSED
    if role is None:
        _take_roles(session, user, now)
        return Reason.NO_ROLE
    identity.last_used_at = now
    _refresh(session, user, claimed, role, now)
    return user


def link(session: Session, settings: SsoSettings, user: User, claimed: Claimed, now: datetime) -> Reason | None:
    """Let a person at the provider be the one who is signed in, because both have said so; or why that cannot be."""
    found, own = find_identity(session, settings.issuer, claimed.subject), find_identity_of(session, user.id)
    if (found or own) and found is not own:
        return Reason.OTHER_IDENTITY
    role = role_for(claimed.groups, settings)
    if role is None:
        return Reason.NO_ROLE
    if _is_admin(user) and role is not RoleName.ADMIN:
        return Reason.ROLE_WOULD_GO
    if own is None:
        _attach(session, settings, user, claimed, now)
    _refresh(session, user, claimed, role, now)
    return None


def unlink(session: Session, email: str, actor: Actor) -> None:
    """Forget whom the provider knows an account as; whoever signed in through it is signed out.

    Raises NotFoundError where there is no account with the address, or it has no identity.
    """
    user = find_user(session, email)
    identity = find_identity_of(session, user.id) if user else None
    if user is None or identity is None:
        raise NotFoundError(f"Inget konto med adressen {email} är kopplat till stadens inloggning.")
    session.delete(identity)
    user.fs_uniquifier = uuid.uuid4().hex
    note(session, user, actor, "Kopplade loss från stadens konto")
    session.flush()


def may_use_password(session: Session, settings: SsoSettings | None, user: User) -> bool:
    """Whether an account may be opened without the provider.

    A linked one never: whoever has left the city would still come in. Where the provider is the only way, no one
    but administrators whose accounts are not linked, which are kept for the day when it is down.
    """
    if settings is None:
        return True
    identity = find_identity_of(session, user.id)
    if identity is not None and identity.issuer == settings.issuer:
        return False
    return not settings.only or _is_admin(user)


def _first_time(session: Session, settings: SsoSettings, claimed: Claimed, now: datetime) -> User | Reason:
    role = role_for(claimed.groups, settings)
    if role is None:
        return Reason.NO_ROLE
    if not claimed.email:
        return Reason.NO_EMAIL
    user = find_user(session, claimed.email)
    if user is None:
        user = User(email=claimed.email, name=claimed.name, active=True, password=None, fs_uniquifier=uuid.uuid4().hex)
        session.add(user)
        session.flush()
    else:
        refused = _why_not_linked(session, user, claimed)
        if refused:
            return refused
    _attach(session, settings, user, claimed, now)
    _refresh(session, user, claimed, role, now)
    return user


def _why_not_linked(session: Session, user: User, claimed: Claimed) -> Reason | None:
    """An account with the same address is taken over only where the provider vouches for the address."""
    if not claimed.email_verified or find_identity_of(session, user.id) is not None:
        return Reason.EMAIL_TAKEN
    if not user.active:
        return Reason.CLOSED
    return Reason.ADMIN_UNLINKED if _is_admin(user) else None


def _attach(session: Session, settings: SsoSettings, user: User, claimed: Claimed, now: datetime) -> None:
    session.add(
        ExternalIdentity(
            issuer=settings.issuer, subject=claimed.subject, user_id=user.id, created_at=now, last_used_at=now
        )
    )
    # Whoever came in with the password is out from now on, and it opens nothing more: not even on the day when the
    # provider is switched off here, after which everybody who has left the city would come back with theirs.
    user.password, user.fs_uniquifier = None, uuid.uuid4().hex
    note(session, user, _provider_as_actor(now), "Kopplades till stadens konto")
    session.flush()


def _refresh(session: Session, user: User, claimed: Claimed, role: RoleName, now: datetime) -> None:
    user.name = claimed.name or user.name
    if claimed.email and claimed.email != user.email and find_user(session, claimed.email) is None:
        user.email = claimed.email
    if [one.name for one in user.roles] != [role.value]:
        _set_roles(session, user, [session.scalars(select(Role).where(Role.name == role.value)).one()], now)
    session.flush()


def _take_roles(session: Session, user: User, now: datetime) -> None:
    """The account stays, for the history names it, but opens nothing; neither do its sessions and tokens."""
    if user.roles:
        _set_roles(session, user, [], now)
    user.fs_uniquifier = uuid.uuid4().hex
    session.flush()


def _set_roles(session: Session, user: User, roles: list[Role], now: datetime) -> None:
    former = ", ".join(sorted(role.name for role in user.roles))
    user.roles = roles
    changes: dict[str, list[object]] = {"role": [former, ", ".join(role.name for role in roles)]}
    note(session, user, _provider_as_actor(now), "Roll enligt grupperna hos staden", changes)


def _provider_as_actor(now: datetime) -> Actor:
    """By whose word accounts are changed here: the person only came in."""
    return Actor(name="Stadens inloggning", origin=Origin.API, at=now)


def _is_admin(user: User) -> bool:
    return any(role.name == RoleName.ADMIN.value for role in user.roles)
