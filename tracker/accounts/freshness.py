"""Answers that are asked about each time, and made anew only when they have changed."""

from __future__ import annotations

from flask import Response

from tracker.accounts.login import person


def fresh(response: Response, mark: str) -> Response:
    """With its mark, to be asked about each time: what became confidential since must not come out of a cache."""
    # Weak, for what is pressed on its way, or made a moment later, is the same answer.
    response.set_etag(mark, weak=True)
    response.cache_control.no_cache = True
    if person() is None:
        response.cache_control.public = True
    else:
        response.cache_control.private = True
    return response
