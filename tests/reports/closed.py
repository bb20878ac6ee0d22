"""Closing in tests: everything but the formats that need LibreOffice or take long."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from tracker.exports.audience import Audience
from tracker.followup.models import Period
from tracker.history.services import Actor
from tracker.reports.closing import close_period
from tracker.reports.closing_files import Made, make_files
from tracker.reports.models import PeriodFile, PeriodSnapshot

LIMIT_ORE = 50 * 100_000_000
FORMS = ("xlsx", "csv")
render = partial(make_files, forms=FORMS)


def nothing(_snapshots: Mapping[Audience, bytes], _folder: Path) -> list[Made]:
    """No file at all."""
    return []


def close(session: Session, period: Period, actor: Actor) -> Period:
    """Close what was committed, and commit."""
    session.commit()
    closed, _ = close_period(session, period.key, actor, LIMIT_ORE, render)
    session.commit()
    return closed


def kept(session: Session, period: Period) -> dict[tuple[str, ...], bytes]:
    """Every stored file and snapshot of a period."""
    files = session.scalars(
        select(PeriodFile).where(PeriodFile.period_id == period.id).options(undefer(PeriodFile.content))
    )
    found: dict[tuple[str, ...], bytes] = {(one.format, one.rule, one.audience): one.content for one in files}
    snapshots = session.scalars(
        select(PeriodSnapshot).where(PeriodSnapshot.period_id == period.id).options(undefer(PeriodSnapshot.content))
    )
    return found | {("underlag", one.audience): one.content for one in snapshots}
