"""Gathering what the report of an open period tells: from the register, for one audience, in few queries."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from typing import TypeVar

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.apportion import IntArray
from tracker.areas.models import Area
from tracker.areas.queries import PopulationBook
from tracker.contribution.gathering import gather
from tracker.contribution.material import Material
from tracker.contribution.portfolio import AreaRows, Facts, GoalTags
from tracker.contribution.selection import Scope
from tracker.exports.audience import Audience
from tracker.followup.codes import name_of
from tracker.followup.facts import PeriodFacts
from tracker.followup.models import Period
from tracker.followup.queries import list_periods, source_key
from tracker.followup.reconciling import reconcile
from tracker.followup.vocabulary import PeriodKind
from tracker.goals.models import Goal
from tracker.initiatives.gathering import gather_initiatives
from tracker.reports.facts import AreaFacts, BoardFacts, EarlierPeriod, GoalText
from tracker.reports.gathering_projects import gather_projects
from tracker.steering.gathering import gather_steering

Rows = TypeVar("Rows", AreaRows, GoalTags)


def gather_facts(
    session: Session,
    period: Period,
    audience: Audience,
    now: datetime,
    appendix_limit_ore: int,
    earlier: tuple[EarlierPeriod, ...] = (),
) -> BoardFacts:
    """The facts as the register holds them now. What the audience may not have is not read at all.

    `earlier` are handed in: those that are closed come from their snapshots (see snapshots.py).
    """
    material = gather_material(session, period, audience)
    return BoardFacts(
        audience=audience,
        produced=now,
        period=describe(period),
        material=material,
        goals=_goals(session, period),
        areas=_areas(session, period),
        projects=gather_projects(session, period, audience, material),
        reconciliation=reconcile(session, period, audience.viewer),
        initiatives=gather_initiatives(session, period, audience.viewer),
        steering=gather_steering(session, period, audience.viewer),
        earlier=earlier,
        appendix_limit_ore=appendix_limit_ore,
    )


def gather_material(session: Session, period: Period, audience: Audience) -> Material:
    """The contribution's material of a period, from the register, its rows in an order that no database decides."""
    scope = Scope(audience.viewer, period.year, period=source_key(session, period))
    found = gather(session, scope, period.goal_set, period.area_set)
    tags, facts = found.tags, found.facts
    order = np.lexsort((facts.column, facts.project))
    return replace(
        found,
        tags=_ordered(tags, tags.goal, tags.project),
        serves=_ordered(found.serves, found.serves.place, found.serves.project),
        lies_in=_ordered(found.lies_in, found.lies_in.place, found.lies_in.project),
        facts=Facts(facts.project[order], facts.column[order], facts.amount[order]),
        registered=found.registered[order],
    )


def _ordered(rows: Rows, *keys: IntArray) -> Rows:
    """The rows by the last key, then by the one before it."""
    order = np.lexsort(keys)
    return type(rows)(*(getattr(rows, one.name)[order] for one in fields(rows)))


def describe(period: Period) -> PeriodFacts:
    """The period in plain words."""
    return PeriodFacts(
        key=period.key,
        code=period.code,
        version=period.version,
        name=name_of(period.code, period.version),
        year=period.year,
        kind=period.kind,
        as_of=period.as_of,
        deadline=period.deadline,
        reason=period.reason,
        deviation_percent=period.deviation_percent,
        deviation_ore=period.deviation_ore,
        closed_at=period.closed_at,
    )


def compared_with(session: Session, period: Period) -> list[Period]:
    """The plan and the thirds of the same year before this period, and the one just before it; newest versions."""
    newest = {
        one.code: one
        for one in list_periods(session, period.year)
        if one.as_of < period.as_of and one.code != period.code
    }
    before = list(newest.values())
    return [one for one in before if one.kind is not PeriodKind.MONTH or one is before[-1]]


def _goals(session: Session, period: Period) -> tuple[GoalText, ...]:
    """The goals of the period's edition by code (bytewise)."""
    columns = (Goal.id, Goal.code, Goal.parent_id, Goal.name_sv, Goal.text_sv)
    rows = session.execute(select(*columns).where(Goal.goal_set_id == period.goal_set_id)).all()
    codes = {row.id: row.code for row in rows}
    found = (GoalText(row.code, codes.get(row.parent_id, ""), row.name_sv, row.text_sv) for row in rows)
    return tuple(sorted(found, key=lambda goal: goal.code))


def _areas(session: Session, period: Period) -> tuple[AreaFacts, ...]:
    """The areas of the period's edition in Swedish order."""
    book = PopulationBook.load(session)
    rows = session.execute(
        select(Area.id, Area.code, Area.name, Area.region, Area.sort_key).where(Area.area_set_id == period.area_set_id)
    ).all()
    found = []
    for row in sorted(rows, key=lambda row: (row.sort_key, row.code)):
        people = book.newest(row.id, period.year)
        counted = (people.inhabitants, people.year) if people else (None, None)
        found.append(AreaFacts(row.code, row.name, row.region.outer_city, *counted))
    return tuple(found)
