"""Stored public files and today's confidentiality: which matters they tell of, and why they are withheld.

A stored file is never changed. When a matter that it tells of has become secret, is no longer published or is gone, the
whole file is withheld; the office's own files are not, for they go to nobody else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from enum import IntEnum
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from tracker.errors import ForbiddenError
from tracker.exports.audience import Audience
from tracker.followup.models import Period
from tracker.initiatives.models import Initiative
from tracker.initiatives.policies import visible_to as initiatives_visible_to
from tracker.messages import joined, message, plural_message
from tracker.projects.models import Project, SecretField
from tracker.projects.policies import PUBLIC, visible_to
from tracker.projects.secrecy import Secret, with_brought
from tracker.reports.facts import BoardFacts
from tracker.reports.models import PublishedMatter

PROJECT, INITIATIVE = "projekt", "insats"
TOLD = (
    Secret.GEOMETRY, Secret.SERVES, Secret.GOALS, Secret.FIGURES, Secret.DECISIONS, Secret.VOLUMES,
    Secret.DESCRIPTION_PUBLIC, Secret.DATES,
)  # fmt: skip
"""What a public report tells of a project; a mark on anything else withholds nothing."""


class Lost(IntEnum):
    """Why a project may not be told of at all, in the order of telling."""

    SECRET = 1
    GONE = 2
    UNPUBLISHED = 3


class WithheldError(ForbiddenError):
    """A stored file that tells of what has become secret; the text says why, and names nothing."""

    heading = message("Filen lämnas inte ut")


def keep_matters(session: Session, period: Period, facts: BoardFacts) -> None:
    """Note what the public files tell of, and what of it was hidden from them at closing."""
    counted = [*(one for before in facts.earlier for one in before.material.projects), *facts.material.projects]
    hidden = {one.id: ",".join(sorted(one.hidden)) for one in counted}
    codes = {code for one in facts.steering.assignments for code in one.projects}
    codes |= {code for one in facts.initiatives for code in one.projects}
    told = dict.fromkeys(_ids(session, Project, codes), "") | hidden
    initiatives = _ids(session, Initiative, {one.code for one in facts.initiatives})
    rows = [_row(period, PROJECT, one, secrets) for one, secrets in sorted(told.items())]
    rows += [_row(period, INITIATIVE, one, "") for one in sorted(initiatives)]
    if rows:
        session.execute(insert(PublishedMatter), rows)


def _ids(session: Session, model: Any, codes: Collection[str]) -> set[int]:
    """Ids by code; links between matters are few, so all codes are read where there are many."""
    statement = select(model.id, model.code)
    if len(codes) <= 500:
        statement = statement.where(model.code.in_(codes))
    return {row.id for row in session.execute(statement) if row.code in codes} if codes else set()


def _row(period: Period, kind: str, matter_id: int, secrets: str) -> dict[str, object]:
    return {"period_id": period.id, "kind": kind, "matter_id": matter_id, "secrets": secrets}


def check_handed_out(session: Session, period: Period, audience: Audience) -> None:
    """Raises WithheldError when a stored file for this audience tells of what has become secret."""
    if audience is not Audience.INTERNAL and (reasons := reasons_to_withhold(session, period)):
        raise WithheldError(withheld_text(reasons))


def withheld_text(reasons: Iterable[str]) -> str:
    """Why a file is not handed out, in whole sentences."""
    return message(
        "Filen lämnas inte ut: den beskriver sådant som inte längre är offentligt. "
        "%(why)s Be controllern om en rättelse av perioden, som ger nya filer.",
        why=joined(" ", reasons),
    )


def reasons_to_withhold(session: Session, period: Period) -> tuple[str, ...]:
    """Why the public files of a closed period are withheld today; empty when they are not."""
    lost = _lost(session, period)
    marked = _marked(session, period, lost)
    found = [
        *(_lost_text(why, number) for why, number in sorted(Counter(lost.values()).items())),
        *(_marked_text(secret, number) for secret, number in marked),
    ]
    gone = _lost_initiatives(session, period)
    if gone:
        found.append(
            plural_message(
                "%(num)s insats är inte längre publicerad eller har sekretess.",
                "%(num)s insatser är inte längre publicerad eller har sekretess.",
                gone,
            )
        )
    return tuple(found)


def _lost_text(why: Lost, number: int) -> str:
    if why is Lost.GONE:
        return plural_message("%(num)s projekt är borttaget.", "%(num)s projekt är borttaget.", number)
    if why is Lost.SECRET:
        return plural_message("%(num)s projekt har sekretess.", "%(num)s projekt har sekretess.", number)
    return plural_message(
        "%(num)s projekt är inte längre publicerat.", "%(num)s projekt är inte längre publicerat.", number
    )


def _marked_text(secret: Secret, number: int) -> str:
    return plural_message(
        "%(num)s projekt har fått %(what)s sekretessbelagt.",
        "%(num)s projekt har fått %(what)s sekretessbelagt.",
        number,
        what=secret.label.lower(),
    )


def _lost(session: Session, period: Period) -> dict[int, Lost]:
    """Project id → why it may not be told of at all."""
    matter = PublishedMatter.matter_id
    statement = (
        select(matter, Project.id, Project.confidential)
        .outerjoin(Project, Project.id == matter)
        .where(PublishedMatter.period_id == period.id, PublishedMatter.kind == PROJECT)
        .where(matter.not_in(select(Project.id).where(*visible_to(PUBLIC)).correlate(None)))
    )
    return {
        row[0]: Lost.GONE if row[1] is None else Lost.SECRET if row[2] else Lost.UNPUBLISHED
        for row in session.execute(statement)
    }


def _marked(session: Session, period: Period, lost: Collection[int]) -> list[tuple[Secret, int]]:
    """Which fields have become confidential in how many projects."""
    statement = (
        select(PublishedMatter.matter_id, PublishedMatter.secrets, SecretField.field, SecretField.ground)
        .join(SecretField, SecretField.project_id == PublishedMatter.matter_id)
        .where(PublishedMatter.period_id == period.id, PublishedMatter.kind == PROJECT)
    )
    before: dict[int, frozenset[str]] = {}
    marks: dict[int, dict[str, str]] = {}
    for project_id, secrets, field, ground in session.execute(statement):
        before[project_id] = frozenset(secrets.split(","))
        marks.setdefault(project_id, {})[field] = ground
    new = Counter(
        one
        for project_id, fields in marks.items()
        if project_id not in lost
        for one in with_brought(fields)
        if one in TOLD and one.value not in before[project_id]
    )
    return [(one, new[one]) for one in TOLD if new[one]]


def _lost_initiatives(session: Session, period: Period) -> int:
    seen = select(Initiative.id).where(*initiatives_visible_to(PUBLIC)).correlate(None)
    statement = select(PublishedMatter.matter_id).where(
        PublishedMatter.period_id == period.id,
        PublishedMatter.kind == INITIATIVE,
        PublishedMatter.matter_id.not_in(seen),
    )
    return len(session.scalars(statement).all())
