"""A server as slow as a bad day, for finding what a journey does before the page it speaks of has come.

SLOW_PAGES=0.4 makes every page wait that many seconds before its first letters, before its head and before its main
part; SLOW_SCRIPTS=0.4 makes every script and SLOW_DATA=0.4 everything else that is no style sheet or picture wait once.
Without them nothing waits.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from contextlib import closing
from typing import Any

from werkzeug.wsgi import ClosingIterator

SECONDS = {kind: float(os.environ.get(f"SLOW_{kind}", "0")) for kind in ("PAGES", "SCRIPTS", "DATA")}


def slowed(application: Any) -> Any:
    """The same application, behind a bad line if one is asked for."""
    return _Slow(application) if any(SECONDS.values()) else application


class _Slow:
    def __init__(self, application: Any) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        kind = _kind(environ)
        wait = SECONDS.get(kind, 0)
        divided = kind == "PAGES" and wait > 0
        if divided:
            environ.pop("HTTP_ACCEPT_ENCODING", None)
        time.sleep(wait)  # the slowness that was asked for; else nothing
        answer = self.application(environ, start_response)
        return _in_parts(answer, wait) if divided else answer


def _kind(environ: dict[str, Any]) -> str:
    sought, accepted = environ.get("HTTP_SEC_FETCH_DEST", ""), environ.get("HTTP_ACCEPT", "")
    if sought in ("style", "image", "font"):
        return ""
    if sought == "script":
        return "SCRIPTS"
    return "PAGES" if sought == "document" or (not sought and "text/html" in accepted) else "DATA"


def _in_parts(answer: Iterable[bytes], wait: float) -> Iterable[bytes]:
    with closing(ClosingIterator(answer, getattr(answer, "close", None))) as parts:
        whole = b"".join(parts)
    head = len("<!doctype")
    main = max(whole.find(b"<main"), head)
    yield whole[:head]
    for part in (whole[head:main], whole[main:]):
        time.sleep(wait)  # the slowness that was asked for
        yield part
