"""Waiting after too many wrong passwords or codes, for one account, whoever tries from wherever.

A try is written down before it is made, so that tries made at once cannot outrun the count. The rows lie in the
database, which every process shares. Addresses without an account are counted alike: nothing tells which exist.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from tracker.accounts.attempt_models import Proof, SignInAttempt
from tracker.database import is_sqlite

MOST_TRIES = 10
WINDOW = timedelta(minutes=15)
WAIT = timedelta(minutes=15)


def account_key(secret: str, address: str) -> str:
    """What the tries for an address are kept under; without the secret it does not give the address back."""
    return hmac.new(secret.encode(), address.strip().casefold().encode(), hashlib.sha256).hexdigest()


def is_waiting(session: Session, account: str, now: datetime) -> bool:
    """Whether the account has to wait at this moment."""
    return any(_is_full(session, account, kind, now) for kind in Proof)


def _is_full(session: Session, account: str, kind: Proof, now: datetime) -> bool:
    newest = session.scalars(
        select(SignInAttempt.at)
        .where(SignInAttempt.account == account, SignInAttempt.kind == kind)
        .order_by(SignInAttempt.at.desc(), SignInAttempt.id.desc())
        .limit(MOST_TRIES)
    ).all()
    return len(newest) == MOST_TRIES and newest[0] - newest[-1] <= WINDOW and now - newest[0] < WAIT


def begin_try(session: Session, account: str, kind: Proof, now: datetime) -> bool:
    """Write down that a try is about to be made; False when the account has to wait. Commit before making it."""
    stand_in_line(session, account)
    if is_waiting(session, account, now):
        return False
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < now - WINDOW - WAIT))
    session.add(SignInAttempt(account=account, kind=kind, at=now))
    session.flush()
    return True


def stand_in_line(session: Session, account: str) -> None:
    """Let those who try one account, or one link, at once do so one after the other (SQLite has one writer anyhow)."""
    if not is_sqlite(session):
        session.execute(select(func.pg_advisory_xact_lock(int(account[:15], 16))))


def forgive(session: Session, account: str, *kinds: Proof) -> None:
    """Forget the tries of these kinds, or of every kind: the right password or code was given."""
    session.execute(
        delete(SignInAttempt).where(SignInAttempt.account == account, SignInAttempt.kind.in_(kinds or tuple(Proof)))
    )
