"""Kept facts as an audience may have them today: what was made secret since closing is taken out of them.

For pages and comparisons; the stored files cannot be changed and are withheld instead (withholding.py).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from typing import TypeVar

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.apportion import IntArray
from tracker.contribution.amounts import AMOUNTS, MONEY
from tracker.contribution.control import Control
from tracker.contribution.material import CountedProject, Material
from tracker.contribution.portfolio import AreaRows, Facts, GoalTags
from tracker.exports.audience import Audience
from tracker.followup.facts import ReportedProject
from tracker.followup.sheets import JUDGED
from tracker.initiatives.models import Initiative
from tracker.initiatives.policies import visible_to as initiatives_visible_to
from tracker.projects.models import Project
from tracker.projects.policies import visible_to
from tracker.projects.queries import hidden_of
from tracker.projects.secrecy import Hidden, Secret
from tracker.projects.vocabulary import WHOLE
from tracker.reports.facts import BoardFacts, EarlierPeriod
from tracker.steering.facts import SteeringFacts

Rows = TypeVar("Rows", AreaRows, Facts, GoalTags)
COUNT_COLUMNS = np.arange(len(MONEY), len(AMOUNTS))


@dataclass(frozen=True, slots=True)
class Today:
    """What the audience may know of: ids of projects, what each hides, codes of projects and of initiatives."""

    projects: Collection[int]
    hidden: Mapping[int, Hidden]
    codes: Collection[str]
    initiatives: Collection[str]


def told_today(session: Session, facts: BoardFacts, audience: Audience) -> BoardFacts:
    """The facts of a closed period for an audience; the office has all that was kept."""
    if audience is Audience.INTERNAL:
        return facts
    today = _today(session, audience)
    kept = {one.code for one in facts.material.projects if one.id in today.projects}
    hidden = {one.code: today.hidden.get(one.id, {}) for one in facts.material.projects}
    projects = tuple(without(one, hidden[one.code], audience) for one in facts.projects if one.code in kept)
    return replace(
        facts,
        audience=audience,
        material=narrowed(facts.material, today),
        projects=projects,
        reconciliation=(),
        initiatives=tuple(
            replace(one, projects=_known(one.projects, today))
            for one in facts.initiatives
            if one.code in today.initiatives
        ),
        steering=_steering(facts.steering, today),
        earlier=tuple(EarlierPeriod(one.period, narrowed(one.material, today)) for one in facts.earlier),
    )


def _today(session: Session, audience: Audience) -> Today:
    rows = session.execute(select(Project.id, Project.code).where(*visible_to(audience.viewer))).all()
    ids = {row.id for row in rows}
    initiatives = session.scalars(select(Initiative.code).where(*initiatives_visible_to(audience.viewer)))
    hidden = hidden_of(session, ids, audience.viewer)
    return Today(ids, hidden, {row.code for row in rows}, set(initiatives))


def _known(codes: tuple[str, ...], today: Today) -> tuple[str, ...]:
    return tuple(code for code in codes if code in today.codes)


def _steering(steering: SteeringFacts, today: Today) -> SteeringFacts:
    assignments = (replace(one, projects=_known(one.projects, today)) for one in steering.assignments)
    return replace(steering, assignments=tuple(assignments))


def without(one: ReportedProject, hidden: Hidden, audience: Audience) -> ReportedProject:
    """A project's report without what the audience may not have; the rules are those of gathering_projects."""
    dates = Secret.DATES in hidden
    free = audience is Audience.OPEN and not hidden
    return replace(
        one,
        light=None if JUDGED & frozenset(hidden) else one.light,
        light_text=one.light_text if free else "",
        comment=one.comment if free else "",
        start_decided=None if dates else one.start_decided,
        start_forecast=None if dates else one.start_forecast,
        end_decided=None if dates else one.end_decided,
        end_forecast=None if dates else one.end_forecast,
        money=() if Secret.FIGURES in hidden else one.money,
        decided=None if Secret.DECISIONS in hidden else one.decided,
        measures=() if Secret.VOLUMES in hidden else one.measures,
        description="" if Secret.DESCRIPTION_PUBLIC in hidden else one.description,
        manager="",
        motivations=() if Secret.GOALS in hidden else one.motivations,
        answers=one.answers if audience is Audience.OPEN and Secret.ANSWERS not in hidden else (),
    )


def narrowed(material: Material, today: Today) -> Material:
    """The material without the projects that are not to be known, and without what the others hide."""
    kept = np.array([one.id in today.projects for one in material.projects], dtype=np.bool_)
    places = np.where(kept, np.cumsum(kept) - 1, -1)

    def shown(secret: Secret) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        hides = [secret in today.hidden.get(one.id, ()) for one in material.projects]
        return kept & ~np.array(hides, dtype=np.bool_)

    facts = material.facts
    counts = np.isin(facts.column, COUNT_COLUMNS)
    allowed = np.flatnonzero(
        np.where(counts, shown(Secret.VOLUMES)[facts.project], shown(Secret.FIGURES)[facts.project])
    )
    left = _picked(facts, allowed, places)
    registered = material.registered[allowed] if material.registered.size else material.registered
    return replace(
        material,
        projects=tuple(_named(one, today) for one, known in zip(material.projects, kept, strict=True) if known),
        tags=_picked(material.tags, np.flatnonzero(shown(Secret.GOALS)[material.tags.project]), places),
        no_contribution=(material.no_contribution & shown(Secret.GOALS))[kept],
        serves=_picked(material.serves, np.flatnonzero(shown(Secret.SERVES)[material.serves.project]), places),
        lies_in=_picked(material.lies_in, np.flatnonzero(shown(Secret.GEOMETRY)[material.lies_in.project]), places),
        facts=left,
        control=_control(left, registered, int(kept.sum())),
        registered=registered,
        carried=np.where(shown(Secret.GOALS), material.carried, -1)[kept]
        if material.carried.size
        else material.carried,
    )


def _picked(rows: Rows, chosen: IntArray, places: IntArray) -> Rows:
    """Some of the rows, their projects by their new positions."""
    columns = {one.name: getattr(rows, one.name)[chosen] for one in fields(rows)}
    return type(rows)(**columns | {"project": places[columns["project"]]})


def _named(one: CountedProject, today: Today) -> CountedProject:
    hidden = today.hidden.get(one.id, {})
    share = WHOLE if Secret.FIGURES in hidden else one.city_share
    return replace(one, city_share=share, confidential=False, hidden=hidden, marks={})


def _control(facts: Facts, registered: IntArray, count: int) -> Control:
    """The sums of what is left; all financiers' money where it was kept."""
    totals = []
    for amounts in (registered if registered.size else facts.amount, facts.amount):
        sums = np.zeros(len(AMOUNTS), dtype=np.int64)
        np.add.at(sums, facts.column, amounts)
        totals.append(tuple(sums.tolist()))
    return Control(totals[0], totals[1], count)
