"""Keeping account of reminders: noted before they are sent, so that two people never send the same one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.errors import ConflictError
from tracker.followup.models import Period, Reminder
from tracker.followup.reminding import BEING_SENT, Recipient, last_reminders
from tracker.history.services import Actor
from tracker.messages import message
from tracker.web.content import STOCKHOLM


@dataclass(frozen=True, slots=True)
class Claim:
    """A reminder that is noted as being sent."""

    reminder_id: int
    recipient: Recipient


def claim(
    session: Session, period: Period, recipients: Sequence[Recipient], actor: Actor, again: Collection[int]
) -> list[Claim]:
    """Note that these are being sent, but for those who were reminded today and are not in `again` (user ids).

    Commit before sending. Raises ConflictError when the period is closed.
    """
    # Two who send at once stand in line here; on SQLite whoever writes is alone anyhow.
    session.execute(select(Period.id).where(Period.id == period.id).with_for_update())
    session.refresh(period)
    if not period.is_open:
        raise ConflictError(message("Perioden %(key)s är stängd. Ingen påminns om den.", key=period.key))
    today, last = actor.at.astimezone(STOCKHOLM).date(), last_reminders(session, period)
    claims = []
    for one in recipients:
        before = last.get(one.user_id)
        reached = before.reached_at if before is not None else None
        if reached is not None and reached.astimezone(STOCKHOLM).date() == today and one.user_id not in again:
            continue
        row = Reminder(
            period_id=period.id,
            user_id=one.user_id,
            address=one.address,
            projects=len(one.projects),
            sent_at=actor.at,
            sent_by=actor.name,
            result=BEING_SENT,
        )
        session.add(row)
        claims.append((row, one))
    session.flush()
    return [Claim(row.id, one) for row, one in claims]


def note_results(session: Session, claims: Sequence[Claim], results: Sequence[str]) -> None:
    """Write down how it went: "" went out, anything else is the reason why not."""
    for one, result in zip(claims, results, strict=True):
        session.get_one(Reminder, one.reminder_id).result = result
    session.flush()
