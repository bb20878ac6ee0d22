"""Pages of reports that stand ready: made once, and shown until a write is committed that they may have read.

What is kept is plain data, without anything of who looks at it; the question with its audience is the key. A kept page
is shown only while its revision is the present one, so a stale one is never shown; it is kept only when nothing was
written while it was made, so it holds one state of the register.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from sqlalchemy import delete, func, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

import tracker
from tracker.database import BUSY_TIMEOUT_MILLISECONDS
from tracker.exports.joint import Joint
from tracker.exports.models import StandingReport
from tracker.history.models import RegisterWrite
from tracker.history.revision import fold, revision
from tracker.messages import plain, told
from tracker.web.language import page_language

Page = TypeVar("Page")
MOST_KEPT = 400
NUMBERED = "r"
"""Begins the revision of a page that holds until the next write."""
KEEPING_MILLISECONDS = 200
"""How long keeping may wait for another writer on SQLite; a page that was not kept is made again."""
_JOINT: Joint[Any] = Joint()


@dataclass(frozen=True, slots=True)
class Asking:
    """Whose page: `question` names it with its audience, `now` is the moment that it is made, if it must be.

    `sign` is given where the page reads nothing but what never changes, and names that: a closed period's snapshot.
    """

    question: tuple[str, ...]
    now: datetime
    sign: str = ""
    spoken: bool = True
    """Kept as its reader is told it, for each language by itself; what programs read is Swedish for everybody."""


def stand(session: Session, asking: Asking, kind: type[Page], make: Callable[[], Page]) -> Page:
    """The page, kept or made, for each language by itself. `kind` is a frozen dataclass that msgspec can encode."""
    name = "\x1f".join((kind.__qualname__, code_sign(), page_language() if asking.spoken else "", *asking.question))
    key = hashlib.sha256(name.encode()).hexdigest()
    number, page = _kept(session, asking, kind, key)
    if page is not None:
        return page

    def make_once() -> tuple[int, Page]:
        # Another process may have kept it, or another register may be there, while this one waited for its turn.
        number, page = _kept(session, asking, kind, key)
        return number, _made(session, asking, key, number, make) if page is None else page

    made: Page = _JOINT.ask((str(session.get_bind().engine.url), key), number, make_once)
    return made


def _kept(session: Session, asking: Asking, kind: type[Page], key: str) -> tuple[int, Page | None]:
    number, sign, content = _find(session, key)
    shown = content is not None and sign == _wanted(asking, number)
    return number, msgspec.msgpack.decode(content, type=kind) if content is not None and shown else None


def _wanted(asking: Asking, number: int) -> str:
    return asking.sign or f"{NUMBERED}{number}"


def _made(session: Session, asking: Asking, key: str, number: int, make: Callable[[], Page]) -> Page:
    page = make()
    if asking.sign or revision(session) == number:
        content = msgspec.msgpack.encode(page, enc_hook=told if asking.spoken else plain)
        kept = {"key": key, "revision": _wanted(asking, number), "made_at": asking.now, "content": content}
        _keep(session.get_bind().engine, kept)
    return page


def _find(session: Session, key: str) -> tuple[int, str, bytes | None]:
    """The register's revision, and what is kept, in one statement: both of one moment."""
    now = select(func.coalesce(func.sum(RegisterWrite.number), 0)).scalar_subquery()
    kept = select(StandingReport).where(StandingReport.key == key).subquery()
    one = select(now.label("number")).subquery()
    columns = one.c.number, kept.c.revision, kept.c.content
    number, sign, content = session.execute(select(*columns).select_from(one).outerjoin(kept, true())).one()
    return int(number), sign or "", content


@cache
def code_sign() -> str:
    """Of the program that makes pages: another version makes its own."""
    digest = hashlib.sha256()
    for path in sorted(Path(tracker.__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _keep(engine: Engine, kept: dict[str, Any]) -> None:
    """In a transaction of its own; where the database is busy, not at all."""
    with suppress(DBAPIError), engine.connect() as connection:
        if connection.dialect.name != "sqlite":
            _write(connection, kept)
            connection.commit()
            return
        connection.exec_driver_sql(f"PRAGMA busy_timeout={KEEPING_MILLISECONDS}")
        try:
            _write(connection, kept)
            connection.commit()
        finally:
            connection.rollback()
            connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MILLISECONDS}")


def _write(connection: Connection, kept: dict[str, Any]) -> None:
    """Keep one page, and throw away those that can never be shown again and the oldest of too many."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    added = insert(StandingReport).values(**kept)
    changed = {name: added.excluded[name] for name in ("revision", "made_at", "content")}
    connection.execute(added.on_conflict_do_update(index_elements=["key"], set_=changed))
    if kept["revision"].startswith(NUMBERED):
        stale = StandingReport.revision.startswith(NUMBERED) & (StandingReport.revision != kept["revision"])
        connection.execute(delete(StandingReport).where(stale))
    newest = select(StandingReport.key).order_by(StandingReport.made_at.desc(), StandingReport.key).limit(MOST_KEPT)
    connection.execute(delete(StandingReport).where(StandingReport.key.not_in(newest)))
    fold(connection)
