"""Reading initiatives."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.initiatives.models import Perspective


def list_perspectives(session: Session) -> list[Perspective]:
    """The standing perspectives in their order."""
    return list(session.scalars(select(Perspective).order_by(Perspective.position, Perspective.code)))
