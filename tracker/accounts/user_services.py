"""What an administrator, or a person with their own account, changes; each change stands in the history."""

from __future__ import annotations

import uuid

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.accounts.account_history import note
from tracker.accounts.models import Role, User
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role as RoleName
from tracker.accounts.services import checked_address, flush_address
from tracker.accounts.sso_models import ExternalIdentity
from tracker.errors import InvalidInputError, Problem
from tracker.history.changes import assign
from tracker.history.services import Actor
from tracker.messages import message
from tracker.text import clean

NAME_LENGTH = 200


def rename(session: Session, user: User, name: str, actor: Actor) -> None:
    """Give an account another name. Raises InvalidInputError for none or too long a one."""
    changes = assign(user, {"name": _name(name)})
    if changes:
        note(session, user, actor, "Ändrade namn", changes)
    session.flush()


def _name(name: str) -> str:
    text = " ".join(clean(name).split())
    if not text or len(text) > NAME_LENGTH:
        raise InvalidInputError(
            [
                Problem(
                    "name", message("Skriv ett namn med högst %(most)s tecken.", most=NAME_LENGTH), text[:NAME_LENGTH]
                )
            ]
        )
    return text


def change_address(session: Session, user: User, email: str, actor: Actor) -> str:
    """Give an account another address, which ends its sessions; returns the former one, or "" when it is the same.

    Raises InvalidInputError for what is no address or another account's.
    """
    address, former = checked_address(email), user.email
    if address == former:
        return ""
    if find_user(session, address):
        raise InvalidInputError([Problem("email", message("Kontot %(email)s finns redan.", email=address), address)])
    changes = assign(user, {"email": address})
    flush_address(session, address)
    note(session, user, actor, "Ändrade e-postadress", changes)
    _new_mark(session, user)
    return former


def change_role(session: Session, user: User, role: RoleName, actor: Actor) -> bool:
    """Give an account another role, which ends its sessions; whether it was another.

    Raises InvalidInputError when nobody who may manage accounts would be left.
    """
    former = sorted(one.name for one in user.roles)
    if former == [role.value]:
        return False
    if role is not RoleName.ADMIN:
        _keep_an_admin(session, user, "role")
    user.roles = [session.scalars(select(Role).where(Role.name == role.value)).one()]
    note(session, user, actor, "Ändrade roll", {"role": [", ".join(former), role.value]})
    _new_mark(session, user)
    return True


def close(session: Session, user: User, actor: Actor) -> None:
    """Close an account at once; what its person has done stays. Raises InvalidInputError for the last administrator."""
    if not user.active:
        return
    _keep_an_admin(session, user, "active")
    user.active = False
    note(session, user, actor, "Stängde kontot", {"active": [True, False]})
    _new_mark(session, user)


def reopen(session: Session, user: User, actor: Actor) -> None:
    """Open a closed account again; its password is what it was."""
    if user.active:
        return
    user.active = True
    note(session, user, actor, "Öppnade kontot igen", {"active": [False, True]})
    session.flush()


def end_sessions(session: Session, user: User, actor: Actor) -> None:
    """Sign an account out everywhere; links to a new password end too, tokens of programs do not."""
    note(session, user, actor, "Loggade ut kontot överallt")
    _new_mark(session, user)


def drop_second_factor(session: Session, user: User, actor: Actor) -> None:
    """Let a person who has lost app and codes in with the password alone."""
    user.tf_primary_method = user.tf_totp_secret = user.mf_recovery_codes = user.tf_last_counter = None
    note(session, user, actor, "Slog av inloggning med kod")
    _new_mark(session, user)


def _new_mark(session: Session, user: User) -> None:
    """Sessions and links name an account by this mark; with another one they are nobody's."""
    user.fs_uniquifier = uuid.uuid4().hex
    session.flush()


def _keep_an_admin(session: Session, user: User, field: str) -> None:
    """Refuse what would leave nobody who can come in and manage accounts.

    The rows are held, so that two administrators cannot put each other out at the same moment.
    """
    signs_in = or_(User.password.is_not(None), User.id.in_(select(ExternalIdentity.user_id)))
    admins = select(User).where(User.active, User.roles.any(Role.name == RoleName.ADMIN.value), signs_in)
    held = session.scalars(admins.order_by(User.id).with_for_update(of=User)).all()
    if [one.id for one in held] == [user.id]:
        last = message(
            "Det är det enda öppna kontot med rollen administratör. Gör någon annan till administratör först."
        )
        raise InvalidInputError([Problem(field, last)])
