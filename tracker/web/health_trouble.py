"""A database that cannot be asked just now: which kind of trouble it is, and what the reader meets meanwhile.

The page asks nothing of the database, keeps what was sent so that it can be sent again, and goes on by itself.
"""

from __future__ import annotations

import logging
from enum import StrEnum

from flask import Response, current_app, request
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from tracker.extensions import db
from tracker.messages import message
from tracker.web.problems import asks_for_problems, problem
from tracker.web.redirects import this_address

logger = logging.getLogger("tracker.database")
RETRY_SECONDS = 10


class Trouble(StrEnum):
    """What ails a database; none of it is the fault of what was asked."""

    AWAY = "away"
    BUSY = "busy"
    FULL = "full"


TITLES = {
    Trouble.AWAY: message("Registret är inte tillgängligt just nu"),
    Trouble.BUSY: message("Databasen är upptagen"),
    Trouble.FULL: message("Det går inte att spara just nu"),
}
TEXTS = {
    Trouble.AWAY: message("Databasen svarar inte. Felet är loggat och brukar vara avhjälpt inom kort."),
    Trouble.BUSY: message("Någon annan sparar så mycket att din begäran inte kom fram i tid."),
    Trouble.FULL: message("Utrymmet hos databasen är slut. Felet är loggat; driften behöver göra plats."),
}
_BUSY_STATES = frozenset({"40001", "40P01", "55P03", "57014"})
"""Of PostgreSQL: gave way to another, deadlock, lock not had in time, took too long."""
_FULL_STATES = frozenset({"53100", "53200"})
_AWAY_STATES = frozenset({"53300", "57P01", "57P02", "57P03", "25006"})
"""Too many connections, being shut down, crashed, starting up, only to be read (a replica)."""
_SAYS = {
    "database is locked": Trouble.BUSY,
    "table is locked": Trouble.BUSY,
    "disk is full": Trouble.FULL,
    "readonly database": Trouble.AWAY,
    "unable to open database": Trouble.AWAY,
    "disk i/o error": Trouble.AWAY,
}
"""Of SQLite, whose drivers do not all give a number."""


def trouble_of(error: BaseException | None) -> Trouble | None:
    """The trouble that an error tells of, or that lies behind it; None for every other fault."""
    if isinstance(error, PoolTimeoutError):
        return Trouble.BUSY
    if not isinstance(error, DBAPIError):
        return None
    if error.connection_invalidated:
        return Trouble.AWAY
    state = getattr(error.orig, "sqlstate", None)
    if state:
        return _of_state(str(state))
    if not isinstance(error, OperationalError | InterfaceError):
        return None
    said = str(error.orig).casefold()
    known = next((trouble for words, trouble in _SAYS.items() if words in said), None)
    # PostgreSQL that is not there gives no number; SQLite's other complaints are about the statement.
    is_postgresql = type(error.orig).__module__.startswith("psycopg")
    return known or (Trouble.AWAY if is_postgresql else None)


def _of_state(state: str) -> Trouble | None:
    if state in _BUSY_STATES:
        return Trouble.BUSY
    if state in _FULL_STATES:
        return Trouble.FULL
    return Trouble.AWAY if state in _AWAY_STATES or state.startswith("08") else None


def unavailable(trouble: Trouble, error: BaseException) -> Response:
    """503 for a person or a program; nothing of what was asked has been done."""
    logger.error("database %s: %s", trouble, _first_line(error), extra={"trouble": trouble.value})
    _let_go()
    if asks_for_problems():
        answer = problem(503, f"{TEXTS[trouble]} Inget är sparat. Fråga igen om en stund.", TITLES[trouble])
    else:
        answer = Response(_page(trouble), 503, content_type="text/html; charset=utf-8")
    answer.headers["Retry-After"] = str(RETRY_SECONDS)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _first_line(error: BaseException) -> str:
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    return (str(cause).strip().splitlines() or [type(cause).__name__])[0]


def _let_go() -> None:
    """Nothing of this transaction may live on; a connection that is gone cannot even be told."""
    try:
        db.session.rollback()
    except Exception:
        logger.exception("the transaction could not be undone")
        db.session.remove()


def _page(trouble: Trouble) -> str:
    # Past render_template, whose context asks the database who is signed in.
    template = current_app.jinja_env.get_template("web/unavailable.html")
    fields, has_files = _what_was_sent()
    return template.render(
        title=TITLES[trouble],
        text=TEXTS[trouble],
        is_post=request.method != "GET" and request.method != "HEAD",
        fields=fields,
        has_files=has_files,
        address=this_address(),
        retry=RETRY_SECONDS,
    )


def _what_was_sent() -> tuple[list[tuple[str, str]], bool]:
    """(name, value) of each field that can be sent again, and whether there were files, which cannot.

    A form with a password or a code for signing in is not given back: it would stand in the page.
    """
    if request.method != "POST" or request.blueprint == "security":
        return [], False
    try:
        fields = list(request.form.items(multi=True))
        has_files = any(file.filename for _name, file in request.files.items(multi=True))
    except Exception:  # what was sent could not be read; then it is not given back either
        return [], False
    if any("password" in name.casefold() or "passcode" in name.casefold() for name, _value in fields):
        return [], False
    return fields, has_files
