"""A period and the versions that it corrects, as conditions of queries."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.sql.elements import ColumnElement

from tracker.errors import ConflictError
from tracker.followup.models import Period
from tracker.messages import message


def versions_of(period: Period) -> Select[int]:
    """Ids of the period and of the versions that it corrects: what it does not say anew, they have said."""
    return select(Period.id).where(Period.code == period.code, Period.version <= period.version)


def is_before(period: Period) -> ColumnElement[bool]:
    """Condition on `period`: an earlier period, in any version."""
    return Period.as_of < period.as_of


def refuse_closed(period: Period) -> None:
    """Raises ConflictError when it takes no more reports."""
    if not period.is_open:
        raise ConflictError(
            message("Perioden %(key)s är stängd och ändras inte mer. Gör en rättelse i stället.", key=period.key)
        )
