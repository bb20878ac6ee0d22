"""Typed makers of initiatives for tests."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from tests.factories import NOW
from tracker.followup.models import Period
from tracker.initiatives.models import Initiative, InitiativeReport
from tracker.projects.vocabulary import Publication
from tracker.text import sort_key


def make_initiative(session: Session, code: str, **values: Any) -> Initiative:
    """A published initiative of the whole city, flushed."""
    name = values.pop("name", f"Insats {code}")
    chosen = {
        "description": f"Vad {code} är.",
        "publication": Publication.PUBLISHED,
        "created_at": NOW,
        "updated_at": NOW,
    } | values
    made = Initiative(code=code, name=name, sort_key=sort_key(name), **chosen)
    session.add(made)
    session.flush()
    return made


def report_initiative(session: Session, made: Initiative, period: Period, done: str, for_whom: str) -> None:
    """A report as it stands in the table, flushed."""
    row = InitiativeReport(
        initiative_id=made.id, period_id=period.id, done=done, for_whom=for_whom, reported_by="Prov", reported_at=NOW
    )
    session.add(row)
    session.flush()
