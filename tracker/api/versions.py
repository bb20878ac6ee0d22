"""Optimistic locking: an answer's ETag names the version, and a change says in If-Match which one it was made of."""

from __future__ import annotations

import re

from flask import request

from tracker.web.problems import ProblemError

_UNSAID = (
    "Skicka huvudet If-Match med den ETag som följde med när uppgifterna lästes, "
    "så att ingen annans ändring skrivs över."
)
_TAG = re.compile(r"(?P<weak>W/)?\"(?P<tag>[^\"]*)\"")


def etag_of(version: int) -> str:
    """The ETag of a row version."""
    return f"v{version}"


def refuse_moved(present: str) -> None:
    """Raises ProblemError: 428 without If-Match (or with `*`, which names no version), 412 when it names another.

    `present` is the ETag of what stands, without quotation marks.
    """
    said = request.headers.get("If-Match", "").strip()
    if not said or said == "*":
        raise ProblemError(428, _UNSAID, headers={"ETag": f'"{present}"'}, etag=f'"{present}"')
    # A pressed answer has the manner of pressing after the tag; a weak one is no proof of sameness (RFC 9110, 8.8.3.2).
    tags = [found["tag"].partition(":")[0] for found in _TAG.finditer(said) if not found["weak"]]
    if present not in tags:
        raise moved(present)


def moved(present: str) -> ProblemError:
    """412 with the version that stands now."""
    return ProblemError(
        412,
        "Någon annan har sparat sedan uppgifterna lästes. Läs dem igen, gör om ändringen och skicka den nya ETag:en.",
        headers={"ETag": f'"{present}"'},
        etag=f'"{present}"',
    )
