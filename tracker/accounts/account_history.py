"""What is written down about accounts: in the history who changed what, and for each person their sign-ins."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker.accounts.attempt_models import SignIn
from tracker.accounts.models import User
from tracker.history.models import Action, HistoryEntry
from tracker.history.services import Actor, record
from tracker.messages import message

SUBJECT = "user"
KEPT_SIGN_INS = 20
METHOD_LENGTH = 20
_DEEDS = {
    deed.plain(): deed
    for deed in (
        message("Skapade kontot"), message("Ändrade namn"), message("Ändrade e-postadress"), message("Ändrade roll"),
        message("Stängde kontot"), message("Öppnade kontot igen"), message("Loggade ut kontot överallt"),
        message("Bytte lösenord"), message("Valde lösenord genom en länk"),
        message("Gjorde en länk till nytt lösenord"),
        message("Slog på inloggning med kod"), message("Slog av inloggning med kod"),
        message("Kopplades till stadens konto"), message("Kopplade loss från stadens konto"),
        message("Roll enligt grupperna hos staden"),
    )
}  # fmt: skip
"""What histories of accounts say was done, as it is stored → so that a page can say it in the reader's language."""


def note(
    session: Session,
    user: User,
    actor: Actor,
    text: str,
    changes: Mapping[str, list[object]] | None = None,
    action: Action = Action.CHANGED,
) -> None:
    """Append to the history of an account. No secret stands in it: neither a password nor the hash of one."""
    record(session, actor, (SUBJECT, user.id, 1), action, changes or {}, text)


def list_notes(session: Session, user: User, most: int = 50) -> list[HistoryEntry]:
    """The newest entries of an account's history."""
    statement = select(HistoryEntry).where(HistoryEntry.subject_kind == SUBJECT, HistoryEntry.subject_id == user.id)
    return list(session.scalars(statement.order_by(HistoryEntry.at.desc(), HistoryEntry.id.desc()).limit(most)))


def deed_told(text: str) -> str:
    """The stored text of an entry as a message; one of another time as it stands."""
    return _DEEDS.get(text, text)


def note_sign_in(session: Session, user: User, address: str, method: str, now: datetime) -> None:
    """Keep a sign-in with its shortened address; the oldest of many are let go."""
    session.add(SignIn(user_id=user.id, at=now, address=shortened(address), method=method[:METHOD_LENGTH]))
    session.flush()
    newest = select(SignIn.id).where(SignIn.user_id == user.id).order_by(SignIn.at.desc(), SignIn.id.desc())
    kept = session.scalars(newest.limit(KEPT_SIGN_INS)).all()
    session.execute(delete(SignIn).where(SignIn.user_id == user.id, SignIn.id.not_in(kept)))


def list_sign_ins(session: Session, user: User, most: int = 10) -> list[SignIn]:
    """The newest sign-ins of a person."""
    statement = select(SignIn).where(SignIn.user_id == user.id).order_by(SignIn.at.desc(), SignIn.id.desc())
    return list(session.scalars(statement.limit(most)))


def shortened(address: str) -> str:
    """An address as a network: enough to know one's own workplace, too little to follow a person."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if isinstance(found, ipaddress.IPv4Address):
        return ".".join([*str(found).split(".")[:3], "x"])
    return f"{ipaddress.ip_network((found, 48), strict=False).network_address}/48"
