"""Writes of the measures: add, change, deactivate; never delete. The caller commits."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.errors import InvalidInputError, Problem
from tracker.history.changes import assign, created
from tracker.history.models import Action
from tracker.history.services import Actor, record
from tracker.measures.inputs import MeasureInput
from tracker.measures.models import Measure
from tracker.measures.seeding import UNSPECIFIED_DWELLINGS
from tracker.messages import message

SUBJECT = "measure"
_FIELDS = ("kind", "name_sv", "name_en", "unit", "help_sv", "active")


def add_measure(session: Session, given: MeasureInput, actor: Actor) -> Measure:
    """A new measure, last in its group. Raises InvalidInputError for a taken code."""
    if session.scalar(select(Measure.id).where(Measure.code == given.code)) is not None:
        reason = message("Koden %(code)s används redan av ett annat mått.", code=given.code)
        raise InvalidInputError([Problem("code", reason, given.code)])
    values = {field: getattr(given, field) for field in _FIELDS}
    last = session.scalar(select(func.max(Measure.position))) or 0
    measure = Measure(code=given.code, group=given.group, position=last + 1, **values)
    session.add(measure)
    session.flush()
    changes = created({"code": given.code, "group": given.group, **values})
    record(session, actor, (SUBJECT, measure.id, 1), Action.CREATED, changes)
    return measure


def change_measure(session: Session, measure: Measure, given: MeasureInput, actor: Actor) -> None:
    """Change everything but code and group; `active=False` deactivates.

    Raises InvalidInputError when the measure that imports write to would be deactivated.
    """
    if measure.code == UNSPECIFIED_DWELLINGS and not given.active:
        reason = message("Inläsningen av projekt använder det här måttet. Det kan inte tas ur bruk.")
        raise InvalidInputError([Problem("active", reason)])
    changes = assign(measure, {field: getattr(given, field) for field in _FIELDS})
    if changes:
        record(session, actor, (SUBJECT, measure.id, 1), Action.CHANGED, changes)
