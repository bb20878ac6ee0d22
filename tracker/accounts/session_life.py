"""How long a sign-in lasts: it ends when nobody has used it for a while, and at the latest after a working day.

Both moments stand in the signed session cookie. There is no "remember me": a cookie of that kind from before opens
nothing and is taken away.
"""

from __future__ import annotations

import time

from flask import Flask, current_app, flash, request, session
from flask_babel import gettext as _

from tracker.web.problems import asks_for_problems

STARTED, SEEN = "sign_in_started", "sign_in_seen"
NOTED_EVERY = 60
"""Seconds between two notes of use, so that not every answer carries a cookie."""
_USER, _REMEMBER = "_user_id", "_remember"


def init_session_life(app: Flask) -> None:
    """Look at every question's session before anybody asks who is signed in."""
    app.config.setdefault("REMEMBER_COOKIE_NAME", "remember_token")
    app.before_request(_end_what_is_old)


def begin_session() -> None:
    """A person has signed in just now."""
    session[STARTED] = session[SEEN] = int(time.time())


def _end_what_is_old() -> None:
    config = current_app.config
    if config["REMEMBER_COOKIE_NAME"] in request.cookies:
        session[_REMEMBER] = "clear"
    if config["SESSION_COOKIE_NAME"] not in request.cookies or request.endpoint == "static":
        return
    if _USER not in session:
        return
    now = int(time.time())
    started, seen = session.setdefault(STARTED, now), session.setdefault(SEEN, now)
    if now - started >= config["SESSION_MAX_HOURS"] * 3600 or now - seen >= config["SESSION_IDLE_MINUTES"] * 60:
        session.clear()
        if request.method == "GET" and not asks_for_problems():
            flash(str(_("Du har blivit utloggad, eftersom det var länge sedan du loggade in eller gjorde något.")))
    elif now - seen >= NOTED_EVERY:
        session[SEEN] = now
