"""Closed accounts: the person goes, the row stays, for the register and its history point at it.

What the person did stays in the history under the name that was written then: who decided and changed what belongs to
the record itself (docs/drift/arkivering.md).
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Select, column, delete, exists, func, or_, select, table, update
from sqlalchemy.orm import Session

from tracker.accounts.models import User
from tracker.accounts.token_models import AccessToken
from tracker.api.models import SentRequest
from tracker.imports.models import Upload
from tracker.projects.drafts import Draft
from tracker.projects.models import Project
from tracker.projects.vocabulary import Phase
from tracker.retention.sign_ins import naive

FORMER = "f.d. användare"
DOMAIN = "borttagen.invalid"
_EMPTY = (
    "username", "password", "last_login_at", "current_login_at", "last_login_ip", "current_login_ip",
    "tf_primary_method", "tf_totp_secret", "tf_phone_number", "us_totp_secrets", "us_phone_number",
    "fs_webauthn_user_handle", "mf_recovery_codes", "tf_last_counter",
)  # fmt: skip
_OWN = (AccessToken, SentRequest, Draft)
_SIGN_IN, _IDENTITY, _ROLES = (
    table(name, column("user_id")) for name in ("sign_in", "external_identity", "roles_users")
)
_USER = table("user", *(column(name) for name in ("id", "name", "email", "fs_uniquifier", "login_count", *_EMPTY)))
"""Without the library's types, which the cache of statements does not know."""
_DONE = (Phase.CLOSED, Phase.ABORTED)


def count_closed(session: Session, before: datetime) -> int:
    """Accounts that were closed and have not been touched since that moment, and that no running project names."""
    return int(session.scalar(select(func.count()).select_from(_closed(before).subquery())) or 0)


def empty_closed(session: Session, before: datetime) -> int:
    """Take the person out of them; how many. Uploads go with their own rule, which removes the files too."""
    ids = list(session.scalars(_closed(before)))
    for user_id in ids:
        for own in _OWN:
            session.execute(delete(own).where(own.user_id == user_id).execution_options(synchronize_session=False))
        for further in (_SIGN_IN, _IDENTITY, _ROLES):
            session.execute(delete(further).where(further.c.user_id == user_id))
        values: dict[str, object] = {
            **dict.fromkeys(_EMPTY), "name": FORMER, "email": f"{user_id}@{DOMAIN}",
            "fs_uniquifier": uuid.uuid4().hex, "login_count": 0,
        }  # fmt: skip
        session.execute(update(_USER).where(_USER.c.id == user_id).values(values))
    session.expire_all()
    return len(ids)


def _closed(before: datetime) -> Select[int]:
    named = exists().where(
        or_(Project.manager_id == User.id, Project.deputy_id == User.id), Project.phase.not_in(_DONE)
    )
    return (
        select(User.id)
        .where(~User.active, User.__table__.c.update_datetime < naive(before), ~User.email.endswith(f"@{DOMAIN}"))
        .where(~named, ~exists().where(Upload.user_id == User.id))
        .order_by(User.id)
    )
