"""Reads of the measures."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.errors import NotFoundError
from tracker.measures.models import Measure, MeasureGroup
from tracker.messages import message

_GROUP_ORDER = {group: number for number, group in enumerate(MeasureGroup)}


def list_measures(session: Session, active_only: bool = True) -> list[Measure]:
    """Measures by group and position; the deactivated ones too when asked for."""
    statement = select(Measure)
    if active_only:
        statement = statement.where(Measure.active)
    return sorted(session.scalars(statement), key=lambda m: (_GROUP_ORDER[m.group], m.position, m.code))


def measures_by_code(session: Session) -> dict[str, Measure]:
    """Every measure by its code, the deactivated ones too: old projects may have counts of them."""
    return {measure.code: measure for measure in list_measures(session, active_only=False)}


def get_measure(session: Session, code: str) -> Measure:
    """The measure with this code; raises NotFoundError."""
    found = session.scalar(select(Measure).where(Measure.code == code))
    if found is None:
        raise NotFoundError(message("Det finns inget mått med koden %(code)s.", code=code))
    return found
