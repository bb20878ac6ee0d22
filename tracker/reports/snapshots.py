"""The facts of a period: of a closed one as closing kept them, of an open one from the register."""

from __future__ import annotations

import logging
import secrets
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from tracker.errors import NotFoundError
from tracker.exports.audience import Audience
from tracker.followup.models import Period
from tracker.messages import message
from tracker.reports.encoding import decode, sum_of
from tracker.reports.facts import BoardFacts, EarlierPeriod
from tracker.reports.gathering import compared_with, describe, gather_facts, gather_material
from tracker.reports.models import PeriodSnapshot
from tracker.reports.told_today import told_today

logger = logging.getLogger("tracker.reports")
DEFAULT_APPENDIX_LIMIT_ORE = 50 * 100_000_000
"""Fifty million kronor, where the installation says nothing else."""
KEPT_FOR = (Audience.INTERNAL, Audience.PUBLIC)
"""The audiences that closing keeps snapshots and files for."""


class DamagedError(Exception):
    """Kept bytes are not those that were kept. Nothing of them is handed out; `reference` is in the log with it."""

    def __init__(self, what: str) -> None:
        self.reference = secrets.token_hex(4)
        super().__init__(message("%(what)s stämmer inte med sin kontrollsumma och lämnas inte ut.", what=what))
        logger.error("reference %s: %s", self.reference, self)


def facts_of(
    session: Session,
    period: Period,
    audience: Audience,
    now: datetime | None = None,
    appendix_limit_ore: int = DEFAULT_APPENDIX_LIMIT_ORE,
) -> BoardFacts:
    """Everything that the report of the period tells this audience; of a closed one, what it may still be told.

    `now` and `appendix_limit_ore` are for an open period; a closed one has kept its own.
    """
    if period.is_open:
        return facts_now(session, period, audience, now or datetime.now(UTC), appendix_limit_ore)
    return told_today(session, kept_facts(session, period, _kept_as(audience)), audience)


def facts_now(
    session: Session, period: Period, audience: Audience, now: datetime, appendix_limit_ore: int
) -> BoardFacts:
    """From the register, with the earlier periods as they stand, closed ones as they were kept."""
    earlier = tuple(_earlier(session, one, audience) for one in compared_with(session, period))
    return gather_facts(session, period, audience, now, appendix_limit_ore, earlier)


def facts_to_keep(
    session: Session, period: Period, audience: Audience, closed_at: datetime, appendix_limit_ore: int
) -> BoardFacts:
    """What a period that is closed at that moment keeps."""
    facts = facts_now(session, period, audience, closed_at, appendix_limit_ore)
    return replace(facts, period=replace(facts.period, closed_at=closed_at))


def kept_facts(session: Session, period: Period, audience: Audience) -> BoardFacts:
    """The snapshot as it was kept, for making what was made then: today's confidentiality is not asked.

    Raises NotFoundError where none is kept and DamagedError where the bytes are not those that were kept.
    """
    kept = session.scalar(
        select(PeriodSnapshot)
        .where(PeriodSnapshot.period_id == period.id, PeriodSnapshot.audience == audience.value)
        .options(undefer(PeriodSnapshot.content))
    )
    if kept is None:
        raise NotFoundError(message("Perioden %(key)s har inget underlag för den som frågar.", key=period.key))
    content = kept.content
    session.expunge(kept)
    if sum_of(content) != kept.sha256:
        raise DamagedError(message("Underlaget för %(key)s", key=period.key))
    return decode(content)


def _earlier(session: Session, period: Period, audience: Audience) -> EarlierPeriod:
    if period.is_open:
        return EarlierPeriod(describe(period), gather_material(session, period, audience))
    kept = facts_of(session, period, audience)
    return EarlierPeriod(kept.period, kept.material)


def _kept_as(audience: Audience) -> Audience:
    """Drafts are in no public snapshot: the one of the office is narrowed to what may be told."""
    return Audience.PUBLIC if audience is Audience.PUBLIC else Audience.INTERNAL
