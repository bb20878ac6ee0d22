"""Sign-ins that are under way in this browser: what must be the same when it comes back."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import session

from tracker.accounts.sso_provider import Provider
from tracker.web.redirects import own_or

MOST_PENDING = 3
"""The session is a cookie of 4 kB; whoever opens more windows than so goes on in the newest."""
MAX_NEXT = 1000


@dataclass(frozen=True, slots=True)
class Pending:
    """Where the way leads afterwards, and whose account is to be linked, if that is what it is about."""

    next_address: str
    link_user_id: int | None


def keep_pending(provider: Provider, way_back: str, way: Mapping[str, Any], pending: Pending) -> None:
    """Remember a sign-in until its answer comes."""
    prefix = _key(provider, "")
    old = sorted((key for key in session if key.startswith(prefix)), key=lambda key: float(session[key]["exp"]))
    for key in old[: max(0, len(old) - MOST_PENDING + 1)]:
        session.pop(key)
    kept = {"redirect_uri": way_back, "code_verifier": way["code_verifier"], "nonce": way["nonce"]}
    short = pending.next_address if len(pending.next_address) <= MAX_NEXT else "/"
    provider.framework.set_state_data(session, way["state"], kept | {"next": short, "link": pending.link_user_id})


def find_pending(provider: Provider, state: str | None, otherwise: str) -> Pending | None:
    """The sign-in that an answer belongs to; None where this browser has none under that state, or no longer."""
    entry = session.get(_key(provider, state)) if state else None
    if not entry or float(entry["exp"]) < time.time():
        return None
    return _read(entry, otherwise)


def newest_pending(provider: Provider, otherwise: str) -> Pending:
    """The sign-in that was begun last, for the way on from a page that says why none came of it."""
    prefix = _key(provider, "")
    entries = [session[key] for key in session if key.startswith(prefix)]
    newest = max(entries, key=lambda entry: float(entry["exp"]), default=None)
    return _read(newest, otherwise) if newest else Pending(otherwise, None)


def _read(entry: Mapping[str, Any], otherwise: str) -> Pending:
    kept = entry["data"]
    return Pending(own_or(kept.get("next"), otherwise), kept.get("link"))


def forget_pending(provider: Provider, state: str | None) -> None:
    """An answer is taken once, whatever comes of it."""
    if state:
        provider.framework.clear_state_data(session, state)


def _key(provider: Provider, state: str) -> str:
    """As Authlib's Flask client names it in the session."""
    return f"_state_{provider.name}_{state}"
