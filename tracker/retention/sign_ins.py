"""When and from where an account signed in last, as the account itself keeps it."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from tracker.accounts.models import User

_FIELDS = ("last_login_at", "current_login_at", "last_login_ip", "current_login_ip")


def count_last_sign_ins(session: Session, before: datetime) -> int:
    """How many accounts tell of a sign-in that old, and of none since."""
    return int(session.scalar(select(func.count()).select_from(User).where(_old(before))) or 0)


def clear_last_sign_ins(session: Session, before: datetime) -> int:
    """Empty them; what says when the account itself was changed last stays as it is."""
    number = count_last_sign_ins(session, before)
    values = dict.fromkeys(_FIELDS) | {"update_datetime": User.update_datetime}
    session.execute(update(User).where(_old(before)).values(values).execution_options(synchronize_session=False))
    session.expire_all()
    return number


def _old(before: datetime) -> ColumnElement[bool]:
    kept = User.__table__.c
    return func.coalesce(kept.current_login_at, kept.last_login_at) < naive(before)


def naive(moment: datetime) -> datetime:
    """Flask-Security keeps moments in UTC without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None)
