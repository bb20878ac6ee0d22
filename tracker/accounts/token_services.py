"""Making and revoking tokens, and noting that one was used."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tracker.accounts.models import User
from tracker.accounts.token_models import AccessToken
from tracker.accounts.token_queries import live_names
from tracker.accounts.token_rules import LONGEST_DAYS, MOST_TOKENS, NAME_LENGTH, NOTED_EVERY, TokenScope
from tracker.accounts.token_texts import TokenText, new_token
from tracker.database import BUSY_TIMEOUT_MILLISECONDS
from tracker.errors import InvalidInputError, Problem
from tracker.messages import message
from tracker.text import clean


def create_token(
    session: Session, user: User, name: str, scopes: Sequence[TokenScope], days: int, now: datetime
) -> TokenText:
    """A new token of a person; its text is in the answer alone, and can never be told again.

    Raises InvalidInputError for a name that is missing or in use, and for a time of no or too many days.
    """
    named = clean(name)
    _refuse(session, user, named, days, now)
    made = new_token()
    session.add(
        AccessToken(
            public_id=made.public_id,
            user_id=user.id,
            name=named,
            scopes=[scope.value for scope in TokenScope if scope in {TokenScope.READ, *scopes}],
            secret_sha256=made.hashed(),
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
    )
    session.flush()
    return made


def _refuse(session: Session, user: User, name: str, days: int, now: datetime) -> None:
    found, taken = [], live_names(session, user.id, now)
    if not name:
        found.append(Problem("name", message("Skriv vad nyckeln ska användas till.")))
    elif len(name) > NAME_LENGTH:
        found.append(Problem("name", message("Namnet får ha högst %(most)s tecken.", most=NAME_LENGTH), name))
    elif name.casefold() in taken:
        # A form that is sent twice makes one token.
        reason = message("Det finns redan en nyckel som heter ”%(name)s”. Välj ett annat namn.", name=name)
        found.append(Problem("name", reason, name))
    if not 1 <= days <= LONGEST_DAYS:
        found.append(Problem("days", message("Nyckeln ska gälla 1–%(most)s dagar.", most=LONGEST_DAYS), str(days)))
    if len(taken) >= MOST_TOKENS:
        reason = message("Högst %(most)s nycklar kan gälla samtidigt. Återkalla någon först.", most=MOST_TOKENS)
        found.append(Problem("name", reason))
    if not user.active:
        found.append(Problem("user", message("Kontot är stängt och kan inte få någon nyckel.")))
    if found:
        raise InvalidInputError(found)


def revoke_token(token: AccessToken, by: str, now: datetime) -> None:
    """End a token at once and for ever; done again it changes nothing."""
    if token.revoked_at is None:
        token.revoked_at, token.revoked_by = now, by


def is_note_due(token: AccessToken, now: datetime) -> bool:
    """Whether its use should be written down: not at every question, so that reading does not write."""
    return token.last_used_at is None or now - token.last_used_at >= NOTED_EVERY


def note_use(engine: Engine, token_id: int, now: datetime) -> None:
    """Write down that a token was used, in a transaction of its own that waits for nobody.

    Where somebody else is writing (SQLite has one writer), it is left for the next question: no answer waits for it.
    """
    late = (AccessToken.last_used_at.is_(None)) | (AccessToken.last_used_at <= now - NOTED_EVERY)
    statement = update(AccessToken).where(AccessToken.id == token_id, late).values(last_used_at=now)
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        wait = "PRAGMA busy_timeout=0" if sqlite else "SET LOCAL lock_timeout = '100ms'"
        try:
            connection.exec_driver_sql(wait)
            connection.execute(statement)
            connection.commit()
        except OperationalError:
            connection.rollback()
        finally:
            if sqlite:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MILLISECONDS}")
