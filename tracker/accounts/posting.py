"""Letters about accounts, sent after the answer: how long an answer takes must not tell whether an account exists."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore, Lock
from typing import Any

from flask import Flask, current_app

from tracker.web.mail import Letter, deliver, has_server, rehearse

logger = logging.getLogger("tracker.accounts.posting")
MOST_WAITING = 200
_NAME = "account_post"
_making = Lock()


class _Post:
    """One thread per process that does what is asked of it in turn; a stopping process lets it finish."""

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="account-post")
        self.room = BoundedSemaphore(MOST_WAITING)


def _post(app: Flask) -> _Post:
    # Made when first needed, which is after the server has forked: threads do not survive a fork.
    with _making:
        found = app.extensions.setdefault(_NAME, None) or _Post()
        app.extensions[_NAME] = found
        return found


def after_answer(job: Callable[..., None], *arguments: Any) -> None:
    """Do a job in an application context of its own, when the present request need not wait for it."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    post = _post(app)
    if not post.room.acquire(blocking=False):
        logger.warning("a letter about an account was dropped: %s already wait", MOST_WAITING)
        return
    post.pool.submit(_do, app, post, job, arguments)


def _do(app: Flask, post: _Post, job: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    try:
        with app.app_context():
            job(*arguments)
    except Exception:
        logger.exception("a letter about an account could not be sent")
    finally:
        post.room.release()


def post_letter(letter: Letter) -> None:
    """Send a letter after the answer; without a mail server nothing."""
    if has_server():
        after_answer(_send, letter)


def post_nothing(letter: Letter) -> None:
    """Do the work of a letter that nobody gets, so that the questions after this one take no less time."""
    if has_server():
        after_answer(rehearse, letter)


def _send(letter: Letter) -> None:
    reason = deliver([letter])[0]
    if reason:
        logger.warning("a letter about an account was not taken: %s", reason)


def wait_for_post(app: Flask) -> None:
    """Wait until everything that was asked for is done; for tests and for a stopping process."""
    found = app.extensions.get(_NAME)
    if found is not None:
        for _round in range(2):  # a job looks up who is meant, and asks for the letter
            found.pool.submit(lambda: None).result()
