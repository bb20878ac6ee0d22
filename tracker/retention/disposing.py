"""Removing what a decision covers. Each rule answers how much there is, and takes it away."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, column, delete, func, or_, select, table
from sqlalchemy.orm import Session
from sqlalchemy.sql.expression import TableClause
from sqlalchemy.sql.selectable import FromClause

from tracker.accounts.token_models import AccessToken
from tracker.api.models import SentRequest
from tracker.database import UtcDateTime
from tracker.followup.models import Reminder
from tracker.imports.models import RememberedSource, Upload
from tracker.projects.drafts import Draft, SentForm
from tracker.retention.accounts import count_closed, empty_closed
from tracker.retention.sign_ins import clear_last_sign_ins, count_last_sign_ins

SIGN_IN = table("sign_in", column("at", UtcDateTime))
ATTEMPT = table("sign_in_attempt", column("at", UtcDateTime))


@dataclass(frozen=True, slots=True)
class Way:
    """How a rule is carried out. Both are given the moment before which things are old enough."""

    count: Callable[[Session, datetime], int]
    remove: Callable[[Session, datetime], int]


def _rows(*wanted: tuple[FromClause | TableClause | type, Callable[[datetime], ColumnElement[bool]]]) -> Way:
    """Plain rows that go."""

    def count(session: Session, before: datetime) -> int:
        return sum(
            int(session.scalar(select(func.count()).select_from(one).where(old(before))) or 0) for one, old in wanted
        )

    def remove(session: Session, before: datetime) -> int:
        number = count(session, before)
        for one, old in wanted:
            session.execute(delete(one).where(old(before)).execution_options(synchronize_session=False))  # type: ignore[arg-type]
        return number

    return Way(count, remove)


_SIGNS = _rows((SIGN_IN, lambda before: SIGN_IN.c.at < before), (ATTEMPT, lambda before: ATTEMPT.c.at < before))
WAYS: Mapping[str, Way] = {
    "svar": _rows((SentRequest, lambda before: SentRequest.at < before)),
    "uppladdningar": _rows((Upload, lambda before: Upload.updated_at < before)),
    "utkast": _rows((Draft, lambda before: Draft.updated_at < before), (SentForm, lambda before: SentForm.at < before)),
    "nycklar": _rows(
        (AccessToken, lambda before: or_(AccessToken.expires_at < before, AccessToken.revoked_at < before))
    ),
    "inloggningar": Way(
        lambda session, before: _SIGNS.count(session, before) + count_last_sign_ins(session, before),
        lambda session, before: _SIGNS.remove(session, before) + clear_last_sign_ins(session, before),
    ),
    "paminnelser": _rows((Reminder, lambda before: Reminder.sent_at < before)),
    "kolumner": _rows((RememberedSource, lambda before: RememberedSource.updated_at < before)),
    "konton": Way(count_closed, empty_closed),
}


def old_uploads(session: Session, before: datetime) -> Sequence[str]:
    """The tokens of the uploads that go, whose folders the caller removes after the commit."""
    return session.scalars(select(Upload.token).where(Upload.updated_at < before).order_by(Upload.token)).all()
