"""What a period's contribution page asks, and the material that answers it: the register's, or the snapshot's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from tracker.contribution.material import Material
from tracker.exports import asking
from tracker.exports.asking import Asked, Choices
from tracker.exports.audience import Audience
from tracker.exports.pages import NOTHING_OFFERED, Offered, offer
from tracker.exports.report import Question, Report, gather_asked, report_of
from tracker.followup.codes import name_of
from tracker.followup.models import Period
from tracker.followup.queries import source_key
from tracker.reports.snapshots import facts_of


def asked_in(period: Period, args: Mapping[str, str], audience: Audience) -> Asked:
    """The question in an address; a closed period is told in the year and the editions that it was closed in."""
    asked = asking.asked_from(args, audience, lambda: period.year)
    fixed = not period.is_open
    question = replace(
        asked.question,
        year=period.year if fixed else asked.question.year,
        goal_set=period.goal_set.code if fixed else asked.question.goal_set or period.goal_set.code,
        area_set=period.area_set.code if fixed else asked.question.area_set or period.area_set.code,
        period=period.key,
        period_name=name_of(period.code, period.version),
    )
    return replace(asked, question=question)


def material_of(session: Session, period: Period, question: Question) -> tuple[Material, datetime]:
    """The material of a question, and the moment that it stands for."""
    if period.is_open:
        return gather_asked(session, replace(question, period=source_key(session, period))), datetime.now(UTC)
    facts = facts_of(session, period, question.audience)
    return facts.material, facts.produced


def period_report(session: Session, period: Period, question: Question) -> Report:
    """The reckoned report of a period."""
    return report_of(question, *material_of(session, period, question))


def offered_in(session: Session, period: Period, question: Question) -> Offered:
    """What can be chosen instead."""
    if not period.is_open:
        return NOTHING_OFFERED
    years = asking.years_with_facts(session, question.audience.viewer, source_key(session, period))
    choices: Choices = asking.choices_for(session, question, (*years, period.year))
    return offer(choices)


def unchanging_sign(period: Period, audience: Audience) -> str:
    """Names what a page of a closed period was made of, where nothing in it can change; else nothing.

    The office has all that was kept. For others today's confidentiality counts, which any write may touch.
    """
    if period.closed_at is None or audience is not Audience.INTERNAL:
        return ""
    return f"closed {period.id} {period.closed_at.isoformat()}"
