"""Which editions may still be worked on: only those made here that nothing has followed and nothing uses."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tracker.areas.models import LOWEST, AreaSet
from tracker.errors import DomainError
from tracker.history.models import Action, HistoryEntry
from tracker.messages import message


def is_open(session: Session, area_set: AreaSet) -> bool:
    """Whether areas may be merged: the newest edition, made as a copy here and not part of the seed."""
    if not _is_newest(session, area_set):
        return False
    made_here = exists().where(
        HistoryEntry.subject_kind == "area_set",
        HistoryEntry.subject_id == area_set.id,
        HistoryEntry.action == Action.CREATED,
    )
    return bool(session.scalar(select(made_here)))


def refuse_settled(session: Session, area_set: AreaSet) -> None:
    """Raise DomainError for an edition whose areas are facts by now."""
    if not is_open(session, area_set):
        raise DomainError(message("%(name)s ändras inte. Gör en ny utgåva av den.", name=area_set.name))


def refuse_succeeded(session: Session, area_set: AreaSet) -> None:
    """Raise DomainError unless the edition is the newest, which alone can be followed by another."""
    if not _is_newest(session, area_set):
        raise DomainError(message("En ny utgåva görs av den nyaste. Äldre utgåvor har redan fått en efterföljare."))


def _is_newest(session: Session, area_set: AreaSet) -> bool:
    later = exists().where(AreaSet.code != LOWEST, AreaSet.valid_from > area_set.valid_from)
    return area_set.code != LOWEST and not session.scalar(select(later))
