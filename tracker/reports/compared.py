"""Which periods stand beside each other, and their materials: from the register, or from their snapshots."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.contribution.material import Material
from tracker.contribution.portfolio import AreaRows, Facts, GoalTags
from tracker.errors import InvalidInputError, Problem
from tracker.exports.audience import Audience
from tracker.followup.models import Period, ProjectReport
from tracker.followup.queries import get_period, list_periods
from tracker.followup.vocabulary import PeriodKind
from tracker.messages import message
from tracker.reports.gathering import gather_material
from tracker.reports.snapshots import facts_of


@dataclass(frozen=True, slots=True)
class Pair:
    """The period that is told of and the one that it is compared with; `columns` in order of time, the former last."""

    period: Period
    base: Period
    columns: tuple[Period, ...]


def offered_bases(session: Session, period: Period) -> list[Period]:
    """What a period can be compared with: the others of its year, earlier versions of itself among them."""
    return [one for one in list_periods(session, period.year) if one.id != period.id]


def pair_of(session: Session, key: str, base_key: str) -> Pair:
    """Without a named base, the plan of the year or else the first period; a period alone stands against itself."""
    period = get_period(session, key)
    others = offered_bases(session, period)
    plans = [one for one in others if one.kind is PeriodKind.PLAN]
    base = get_period(session, base_key) if base_key else (plans or others or [period])[0]
    if base.year != period.year:
        reason = message(
            "%(base)s gäller ett annat år än %(key)s; årets belopp kan inte jämföras.", base=base.key, key=period.key
        )
        raise InvalidInputError([Problem("med", reason, base_key)])
    return Pair(period, base, _columns(period, base, others))


def _columns(period: Period, base: Period, others: Sequence[Period]) -> tuple[Period, ...]:
    """The plan and the thirds before the period, in their newest versions, and the base."""
    newest = {one.code: one for one in others if one.as_of < period.as_of and one.kind is not PeriodKind.MONTH}
    chosen = {one.id: one for one in (*newest.values(), base) if one.id != period.id}
    ordered = sorted(chosen.values(), key=lambda one: (one.as_of, one.code, one.version))
    return (*ordered, period)


def materials_of(session: Session, pair: Pair, audience: Audience) -> list[tuple[str, Material]]:
    """Key and material of each column."""
    return [(one.key, _material(session, one, audience)) for one in pair.columns]


def _material(session: Session, period: Period, audience: Audience) -> Material:
    if not period.is_open:
        return facts_of(session, period, audience).material
    material = gather_material(session, period, audience)
    known = set(session.scalars(select(ProjectReport.project_id).where(ProjectReport.period_id == period.id)))
    return without_strangers(material, known)


def without_strangers(material: Material, known: Collection[int]) -> Material:
    """Leave out the projects that came after the period was opened: not expected in it, and without any amount."""
    kept = np.array([one.id in known for one in material.projects], dtype=np.bool_)
    kept[material.facts.project] = True
    place = np.cumsum(kept) - 1
    tags, serves, lies_in, facts = material.tags, material.serves, material.lies_in, material.facts
    at = [np.flatnonzero(kept[projects]) for projects in (tags.project, serves.project, lies_in.project)]
    own = [place[tags.project[at[0]]], place[serves.project[at[1]]], place[lies_in.project[at[2]]]]
    return replace(
        material,
        projects=tuple(one for one, stays in zip(material.projects, kept.tolist(), strict=True) if stays),
        tags=GoalTags(own[0], tags.goal[at[0]], tags.weight[at[0]], tags.row[at[0]]),
        no_contribution=material.no_contribution[kept],
        serves=AreaRows(own[1], serves.place[at[1]], serves.share[at[1]]),
        lies_in=AreaRows(own[2], lies_in.place[at[2]], lies_in.share[at[2]]),
        facts=Facts(place[facts.project], facts.column, facts.amount),
        carried=material.carried[kept] if material.carried.size else material.carried,
    )
