"""Changing what a controller says of an open period: its last day and its limits of deviation."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tracker.errors import ConflictError
from tracker.followup.limits import PeriodTerms, check_terms
from tracker.followup.models import Period
from tracker.followup.opening import SUBJECT
from tracker.history.models import Action
from tracker.history.services import Actor, record
from tracker.messages import message


def terms_of(period: Period) -> PeriodTerms:
    """What holds now."""
    return PeriodTerms(period.deadline, period.deviation_percent, period.deviation_ore)


def change_terms(session: Session, period: Period, given: PeriodTerms, seen: PeriodTerms, actor: Actor) -> None:
    """Write new terms in place of those that the person saw.

    Raises ConflictError when the period is closed or somebody else changed them, InvalidInputError for the terms.
    """
    session.refresh(period, with_for_update=True)
    if not period.is_open:
        raise ConflictError(message("Perioden %(key)s är stängd och ändras aldrig mer.", key=period.key))
    before = terms_of(period)
    if before != seen:
        raise ConflictError(message("Någon annan ändrade perioden medan du arbetade."))
    check_terms(period.as_of, given)
    period.deadline, period.deviation_percent = given.deadline, given.deviation_percent
    period.deviation_ore = given.deviation_ore
    changes: dict[str, list[object]] = {
        name: [str(getattr(before, name)), str(getattr(given, name))]
        for name in ("deadline", "deviation_percent", "deviation_ore")
        if getattr(before, name) != getattr(given, name)
    }
    if changes:
        record(session, actor, (SUBJECT, period.id, period.version), Action.CHANGED, changes)
    session.flush()
