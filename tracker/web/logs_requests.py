"""Each question by itself: its number, what is noted of it, and who is told when it has been answered.

The number comes from the proxy's X-Request-ID where proxies are trusted, and is made here where not. It goes back with
the answer and stands in every line that is logged meanwhile.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, g, request
from sqlalchemy import inspect

HEADER = "X-Request-ID"
_SENT = "HTTP_X_REQUEST_ID"
_ACCEPTED = re.compile(r"[A-Za-z0-9_-]{8,64}")
_PASSED_ON = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")
UNMATCHED = "-"
"""Of a question that no rule knows. Its address is not noted: anything can stand there."""


@dataclass(slots=True)
class RequestNote:
    """What is known of one question. No address, text or name of anybody's is in it."""

    id: str
    method: str
    passed_on: bool
    """Somebody between says so, whether believed or not."""
    client: str = ""
    begun: float = field(default_factory=time.perf_counter)
    rule: str = UNMATCHED
    endpoint: str = ""
    user_id: int | None = None
    token_id: int | None = None
    status: int = 500
    sent: int = 0
    seconds: float = 0.0
    statements: int = 0
    database_seconds: float = 0.0


_current: ContextVar[RequestNote | None] = ContextVar("request_note", default=None)
Listener = Callable[[RequestNote], None]


def current_note() -> RequestNote | None:
    """Of the question that is being answered, or None."""
    return _current.get()


def init_request_notes(app: Flask, begun: Iterable[Listener], done: Iterable[Listener]) -> None:
    """Watch every question of an application; call last, so that nothing lies outside."""
    trusts = bool(app.config["TRUSTED_PROXIES"])
    app.wsgi_app = _Watch(app.wsgi_app, trusts, begun, done)  # type: ignore[method-assign]


def init_request_rules(app: Flask) -> None:
    """Note which page is asked for and by whom; call before whatever may answer or refuse."""
    app.before_request(_note_rule)
    app.after_request(_note_person)


def _note_rule() -> None:
    note = _current.get()
    if note is None:
        return
    note.client = request.remote_addr or ""
    if request.url_rule is not None:
        note.rule, note.endpoint = request.url_rule.rule, request.endpoint or ""


def _note_person(response: Response) -> Response:
    """Who asked, by number, where somebody has already looked: a line in a log is worth no question of its own."""
    note, bearer = _current.get(), g.get("bearer")
    if note is not None:
        note.user_id = _key_of(bearer.user if bearer is not None else g.get("_login_user"))
        note.token_id = getattr(bearer, "token_id", None)
    return response


def _key_of(user: Any) -> int | None:
    """The key of a loaded row; the attribute itself could ask the database, which may be what has failed."""
    state = inspect(user, raiseerr=False)
    identity = getattr(state, "identity", None)
    return int(identity[0]) if identity else None


class _Watch:
    """Outermost of all, as WSGI: what fails in the product, and the time an answer takes to send, is inside it."""

    def __init__(self, inner: Any, trusts: bool, begun: Iterable[Listener], done: Iterable[Listener]) -> None:
        self._inner, self._trusts = inner, trusts
        self._begun, self._done = tuple(begun), tuple(done)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        note = self._note(environ)
        mark = _current.set(note)
        for tell in self._begun:
            tell(note)

        def started(status: str, headers: list[tuple[str, str]], *further: Any) -> Any:
            note.status = int(status[:3])
            kept = [(name, value) for name, value in headers if name.casefold() != HEADER.casefold()]
            return start_response(status, [*kept, (HEADER, note.id)], *further)

        try:
            body = self._inner(environ, started)
        except BaseException:
            self._finish(note)
            raise
        finally:
            # Whoever called us goes on with other things; the body takes the note up again while it is read.
            _current.reset(mark)
        if isinstance(body, environ.get("wsgi.file_wrapper", ())):
            # The server copies the file past Python, unless somebody stands between.
            self._finish(note)
            return body  # type: ignore[no-any-return]
        return _Body(body, note, self._finish)

    def _note(self, environ: dict[str, Any]) -> RequestNote:
        sent = environ.get(_SENT, "")
        known = self._trusts and _ACCEPTED.fullmatch(sent) is not None
        number = sent if known else secrets.token_hex(8)
        passed_on = any(name in environ for name in _PASSED_ON)
        return RequestNote(number, environ["REQUEST_METHOD"], passed_on)

    def _finish(self, note: RequestNote) -> None:
        note.seconds = time.perf_counter() - note.begun
        for tell in self._done:
            tell(note)


class _Body:
    """The answer as it is read, counted, and told of when it has been sent or given up."""

    def __init__(self, inner: Iterable[bytes], note: RequestNote, finish: Listener) -> None:
        self._inner, self._note, self._finish = inner, note, finish
        self._open = True

    def __iter__(self) -> Iterator[bytes]:
        parts = iter(self._inner)
        while True:
            mark = _current.set(self._note)
            try:
                part = next(parts, None)
            finally:
                _current.reset(mark)
            if part is None:
                return
            self._note.sent += len(part)
            yield part

    def close(self) -> None:
        """As WSGI promises: once, also when the reader went away."""
        mark = _current.set(self._note)
        try:
            if hasattr(self._inner, "close"):
                self._inner.close()
        finally:
            _current.reset(mark)
            if self._open:
                self._open = False
                self._finish(self._note)
