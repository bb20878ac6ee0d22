"""The files of a period: of an open one made when asked for, of a closed one the very bytes that closing kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from tracker.contribution.rules import CountingRule
from tracker.errors import NotFoundError
from tracker.exports.audience import Audience
from tracker.followup.models import Period
from tracker.messages import message
from tracker.reports.encoding import sum_of
from tracker.reports.models import PeriodFile, PeriodSnapshot
from tracker.reports.snapshots import DamagedError, facts_of
from tracker.reports.withholding import check_handed_out
from tracker.reports.writing import FORMATS, NAMES, file_name, write_report


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which file of a period."""

    form: str
    rule: CountingRule
    audience: Audience


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as closing kept it, and its sum, which has been checked."""

    name: str
    sha256: str
    content: bytes


def read_wanted(form: str, rule: str, audience: str) -> Wanted:
    """From the words of an address or a command. Raises NotFoundError."""
    rules, audiences = {one.value: one for one in CountingRule}, {one.value: one for one in offered_to(internal=True)}
    if form not in FORMATS or rule not in rules or audience not in audiences:
        raise NotFoundError(message("Den filen finns inte."))
    return Wanted(form, rules[rule], audiences[audience])


def offered_to(*, internal: bool) -> tuple[Audience, ...]:
    """The audiences whose files somebody may fetch: the office's own only whoever may export internally."""
    return (Audience.INTERNAL, Audience.PUBLIC) if internal else (Audience.PUBLIC,)


def list_files(session: Session, period: Period, audiences: Sequence[Audience]) -> list[PeriodFile]:
    """What a closed period keeps for some audiences, without the bytes; in order of audience, rule and format."""
    words = [one.value for one in audiences]
    rows = session.scalars(
        select(PeriodFile).where(PeriodFile.period_id == period.id, PeriodFile.audience.in_(words))
    ).all()
    rules = [one.value for one in CountingRule]
    return sorted(rows, key=lambda one: (words.index(one.audience), rules.index(one.rule), FORMATS.index(one.format)))


def list_snapshots(session: Session, period: Period, audiences: Sequence[Audience]) -> list[PeriodSnapshot]:
    """The snapshots of a closed period, without the bytes."""
    words = [one.value for one in audiences]
    rows = session.scalars(
        select(PeriodSnapshot).where(PeriodSnapshot.period_id == period.id, PeriodSnapshot.audience.in_(words))
    ).all()
    return sorted(rows, key=lambda one: words.index(one.audience))


def read_stored(session: Session, period: Period, wanted: Wanted) -> Stored:
    """A file of a closed period, checked against its sum.

    Raises NotFoundError where closing kept none, WithheldError where it tells of what has become secret since, and
    DamagedError where the bytes are not those that were kept.
    """
    row = session.scalar(
        select(PeriodFile)
        .where(
            PeriodFile.period_id == period.id,
            PeriodFile.format == wanted.form,
            PeriodFile.rule == wanted.rule.value,
            PeriodFile.audience == wanted.audience.value,
        )
        .options(undefer(PeriodFile.content))
    )
    if row is None:
        raise NotFoundError(
            message("När %(key)s stängdes sparades ingen fil i %(form)s.", key=period.key, form=NAMES[wanted.form])
        )
    check_handed_out(session, period, wanted.audience)
    if sum_of(row.content) != row.sha256:
        raise DamagedError(message("Filen %(name)s", name=row.name))
    return Stored(row.name, row.sha256, row.content)


def make_now(
    session: Session, period: Period, wanted: Wanted, now: datetime, appendix_limit_ore: int, folder: Path,
    template: Path | None = None,
) -> Path:  # fmt: skip
    """A file of an open period, preliminary, in `folder`. Raises DomainError where a pdf cannot be made."""
    facts = facts_of(session, period, wanted.audience, now, appendix_limit_ore)
    path = folder / file_name(facts, wanted.rule, wanted.form)
    write_report(facts, wanted.rule, wanted.form, path, template=template)
    return path
