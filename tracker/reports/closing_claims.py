"""Who is closing a period just now. One at a time makes its files; a claim ends with the process that made it.

On PostgreSQL it is an advisory lock of a connection of its own, whose `application_name` says who and since when. On
SQLite it is a locked file beside the database. Neither outlives its owner, however that ends, and nothing needs to be
cleared. What is kept does not depend on it: closing itself lets one through.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tracker.accounts.models import User
from tracker.database import is_sqlite
from tracker.errors import ConflictError
from tracker.followup.queries import get_period
from tracker.history.services import Actor
from tracker.messages import message
from tracker.web.content import STOCKHOLM

SPACE = 0x706B
"""Tells our advisory locks from those of others in the database."""
_WORD = "stanger"
_TRIES, _PAUSE_SECONDS = 5, 0.02
"""Whoever looks at the file holds it for a moment."""
_HELD = """
    SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
    WHERE l.locktype = 'advisory' AND l.classid = :space AND l.objid = :period AND l.objsubid = 2 AND l.granted
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """Who closes a period, and since when."""

    who: str
    since: datetime

    @property
    def clock(self) -> str:
        """The time of day."""
        return self.since.astimezone(STOCKHOLM).strftime("%H.%M")


class ClosingNowError(ConflictError):
    """Somebody else is closing the period; `claim` is None when it was not to be read who."""

    heading = message("Perioden stängs just nu")

    def __init__(self, claim: Claim | None) -> None:
        self.claim = claim
        super().__init__(
            message(
                "Perioden stängs just nu av %(who)s sedan %(clock)s. Vänta tills det är klart.",
                who=claim.who,
                clock=claim.clock,
            )
            if claim
            else message("Perioden stängs just nu. Vänta tills det är klart.")
        )


@contextmanager
def claim_closing(session: Session, key: str, actor: Actor) -> Iterator[None]:
    """Be the only one who closes the period until the block ends. Raises ClosingNowError, NotFoundError.

    The commit belongs inside the block. What the session has not committed is lost.
    """
    period_id, bind, file = get_period(session, key).id, session.get_bind(), _file(session, key)
    session.rollback()
    said = f"{_WORD} {actor.user_id or 0} {int(actor.at.timestamp())}"
    if file is not None:
        with _file_held(file, said) as held:
            if not held:
                raise ClosingNowError(find_claim(session, key))
            yield
    elif not is_sqlite(session):
        with bind.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if not _lock(connection, period_id, said):
                raise ClosingNowError(find_claim(session, key))
            try:
                yield
            finally:
                _unlock(connection, period_id)
    else:
        yield


def find_claim(session: Session, key: str) -> Claim | None:
    """Who is closing the period now, or None."""
    if (file := _file(session, key)) is not None:
        said = _read_held(file)
    elif not is_sqlite(session):
        said = session.scalar(text(_HELD), {"space": SPACE, "period": get_period(session, key).id}) or ""
    else:
        said = ""
    match said.split():
        case [word, user_id, since] if word == _WORD and user_id.isdigit() and since.isdigit():
            return Claim(_name(session, int(user_id)), datetime.fromtimestamp(int(since), UTC))
        case _:
            return None


def _name(session: Session, user_id: int) -> str:
    user = session.get(User, user_id) if user_id else None
    return (user.name or user.email) if user is not None else message("kommandoraden")


def _lock(connection: Connection, period_id: int, said: str) -> bool:
    connection.execute(text("SELECT set_config('application_name', :said, false)"), {"said": said})
    held = connection.scalar(text("SELECT pg_try_advisory_lock(:space, :period)"), _place(period_id))
    if not held:
        connection.execute(text("RESET application_name"))
    return bool(held)


def _unlock(connection: Connection, period_id: int) -> None:
    # A connection that broke has given the lock back already.
    with suppress(DBAPIError):
        connection.execute(text("SELECT pg_advisory_unlock(:space, :period)"), _place(period_id))
        connection.execute(text("RESET application_name"))


def _place(period_id: int) -> dict[str, int]:
    return {"space": SPACE, "period": period_id}


def _file(session: Session, key: str) -> Path | None:
    """The file that is locked; None for PostgreSQL, and for a database in memory, which no other process sees."""
    database = session.get_bind().engine.url.database
    if not is_sqlite(session) or not database or database == ":memory:":
        return None
    return Path(f"{database}-stangs-{key}")


@contextmanager
def _file_held(path: Path, said: str) -> Iterator[bool]:
    file = _take(path)
    if file is None:
        yield False
        return
    try:
        file.write(said)
        file.flush()
        yield True
    finally:
        path.unlink(missing_ok=True)
        file.close()


def _take(path: Path) -> IO[str] | None:
    for attempt in range(_TRIES):
        if attempt:
            time.sleep(_PAUSE_SECONDS)  # whoever looks who holds it has it for a moment
        file = path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            continue
        if _is_there(file, path):
            file.truncate(0)
            return file
        file.close()
    return None


def _is_there(file: IO[str], path: Path) -> bool:
    """Whether the file is still the one of that name, and not one that its owner has taken away."""
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    return False


def _read_held(path: Path) -> str:
    """What the owner of the lock wrote; "" where nobody holds it."""
    try:
        with path.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return ""
    except BlockingIOError:
        with suppress(FileNotFoundError):
            return path.read_text()
    return ""
