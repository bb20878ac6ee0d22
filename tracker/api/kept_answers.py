"""Idempotency keys: a request that is sent again, because its answer was lost, is done once and answered twice.

Draft standard: draft-ietf-httpapi-idempotency-key-header. A key is its owner's; it is kept for a day.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta

from flask import Response, request
from sqlalchemy import delete
from sqlalchemy.orm import Session

from tracker.api.models import SentRequest
from tracker.web.problems import ProblemError

KEPT = timedelta(hours=24)
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_HEADERS = ("Content-Type", "Location", "ETag", "Cache-Control")


def sent_key() -> str:
    """The key of this request, empty without one. Raises ProblemError (400) for one that is no key."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if key and not _KEY.fullmatch(key):
        raise ProblemError(400, "Idempotency-Key ska vara 1–255 synliga ASCII-tecken, till exempel ett UUID.")
    return key


def find_kept(session: Session, user_id: int, key: str, now: datetime) -> Response | None:
    """The answer that the same request got before. Raises ProblemError (422) when the key was another request's."""
    kept = session.get(SentRequest, (user_id, key))
    if kept is None or kept.at <= now - KEPT:
        return None
    if kept.fingerprint != _fingerprint():
        raise ProblemError(
            422, "Idempotency-Key har redan använts till något annat. Välj en ny nyckel för varje ärende."
        )
    answer = Response(kept.body, status=kept.status)
    answer.headers.update(kept.headers)
    answer.headers["Idempotency-Replayed"] = "true"
    return answer


def keep(session: Session, user_id: int, key: str, now: datetime, answer: Response) -> None:
    """Keep the answer, in the transaction of what was done; two at once with one key end in an IntegrityError."""
    session.execute(delete(SentRequest).where(SentRequest.at <= now - KEPT))
    session.flush()
    session.add(
        SentRequest(
            user_id=user_id,
            key=key,
            fingerprint=_fingerprint(),
            at=now,
            status=answer.status_code,
            headers={name: answer.headers[name] for name in _HEADERS if name in answer.headers},
            body=answer.get_data(as_text=True),
        )
    )
    session.flush()


def _fingerprint() -> str:
    told = b"\n".join(
        (request.method.encode(), request.full_path.encode(), request.mimetype.encode(), request.get_data())
    )
    return hashlib.sha256(told).hexdigest()
