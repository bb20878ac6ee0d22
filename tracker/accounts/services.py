"""Making users."""

from __future__ import annotations

import secrets
import uuid

from email_validator import EmailNotValidError, validate_email
from flask_security.utils import hash_password
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.accounts.account_history import note
from tracker.accounts.models import Role, User
from tracker.accounts.password_rules import password_problem
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role as RoleName
from tracker.errors import DomainError, InvalidInputError, Problem
from tracker.history.changes import created
from tracker.history.models import Action
from tracker.history.services import Actor
from tracker.messages import message
from tracker.text import clean, composed


def seed_roles(session: Session) -> None:
    """The four roles; done again it changes nothing."""
    present = set(session.scalars(select(Role.name)))
    session.add_all(Role(name=role.value, description=role.label) for role in RoleName if role.value not in present)
    session.flush()


def create_user(
    session: Session,
    email: str,
    name: str,
    role: RoleName,
    password: str | None,
    *,
    example: bool = False,
    actor: Actor | None = None,
) -> User:
    """A new account; without a password it is opened by a link.

    Raises InvalidInputError for a bad address, a taken one, or a password that is refused.
    """
    address = checked_address(email)
    if find_user(session, address):
        raise _taken(address)
    user = User(
        email=address,
        name=clean(name),
        active=True,
        password=None if password is None else _hashed(password, (address, name)),
        fs_uniquifier=uuid.uuid4().hex,
        is_example=example,
    )
    user.roles = [session.scalars(select(Role).where(Role.name == role.value)).one()]
    session.add(user)
    flush_address(session, address)
    if actor is not None:
        made = created({"email": address, "name": user.name, "role": role.value})
        note(session, user, actor, "Skapade kontot", made, Action.CREATED)
    return user


def _taken(address: str) -> InvalidInputError:
    return InvalidInputError([Problem("email", message("Kontot %(email)s finns redan.", email=address), address)])


def flush_address(session: Session, address: str) -> None:
    """Write an account with its address. Raises InvalidInputError when somebody else has just written the same."""
    try:
        session.flush()
    except IntegrityError as error:
        raise _taken(address) from error


def set_password(session: Session, user: User, password: str, actor: Actor) -> None:
    """Give an account another password, which ends its sessions. Raises InvalidInputError for one that is refused."""
    user.password = _hashed(password, (user.email, user.name))
    user.fs_uniquifier = uuid.uuid4().hex
    note(session, user, actor, "Bytte lösenord")
    session.flush()


def _hashed(password: str, owner: tuple[str, ...]) -> str:
    text = composed(password)
    problem = password_problem(text, owner)
    if problem:
        raise InvalidInputError([Problem("password", problem)])
    return str(hash_password(text))


def checked_address(email: str) -> str:
    """An address as accounts keep it. Raises InvalidInputError for what is none."""
    try:
        checked = validate_email(email.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise InvalidInputError(
            [Problem("email", message("”%(email)s” är ingen e-postadress.", email=email), email)]
        ) from error
    return checked.normalized.casefold()


def new_password() -> str:
    """A password that nobody has to think up: four groups of four characters."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4))


def remove_example_accounts(session: Session) -> int:
    """Close the example accounts; the projects and the history that name them stay. Returns how many."""
    ids = list(session.scalars(select(User.id).where(User.is_example)))
    if not ids:
        raise DomainError("Det finns inga exempelkonton.")
    session.execute(update(User).where(User.id.in_(ids)).values(is_example=False, active=False, password=None))
    return len(ids)
