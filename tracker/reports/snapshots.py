"""The facts of a period: of a closed one as closing kept them, of an open one from the register."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from tracker.exports.audience import Audience
from tracker.followup.models import Period
from tracker.reports.facts import BoardFacts, EarlierPeriod
from tracker.reports.gathering import compared_with, describe, gather_facts, gather_material

DEFAULT_APPENDIX_LIMIT_ORE = 50 * 100_000_000
"""Fifty million kronor, where the installation says nothing else."""


def facts_of(
    session: Session,
    period: Period,
    audience: Audience,
    now: datetime | None = None,
    appendix_limit_ore: int = DEFAULT_APPENDIX_LIMIT_ORE,
) -> BoardFacts:
    """Everything that the report of the period tells this audience."""
    earlier = tuple(
        EarlierPeriod(describe(one), gather_material(session, one, audience)) for one in compared_with(session, period)
    )
    return gather_facts(session, period, audience, now or datetime.now(UTC), appendix_limit_ore, earlier)
