"""The years that a figure is told of: those that an audience sees any amount of it in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracker.contribution.amounts import Amount, Count, Money
from tracker.exports.asking import years_with_facts
from tracker.exports.audience import Audience
from tracker.exports.standing import Asking, stand
from tracker.maps.theme_asking import Measured, measures_for
from tracker.measures.models import Measure
from tracker.projects.figures import Figure, Volume
from tracker.projects.models import Project
from tracker.projects.policies import Viewer, open_to, visible_to
from tracker.projects.secrecy import Secret


@dataclass(frozen=True, slots=True)
class FactYears:
    """Years in order."""

    years: tuple[int, ...]


def fact_years(session: Session, measure: Measured, audience: Audience, key: str, now: datetime) -> tuple[int, ...]:
    """The years of a figure in the register or in a period; kept until the next write.

    `key` is what the period's figures stand under.
    """
    asking = Asking(("theme years", measure.key, audience.value, key), now)
    return stand(session, asking, FactYears, lambda: FactYears(find_years(session, measure, audience, key))).years


def find_years(session: Session, measure: Measured, audience: Audience, key: str) -> tuple[int, ...]:
    """As `fact_years`; of the number of projects, the years of any amount."""
    if not measure.parts:
        return years_with_any(session, audience, key)
    return _years(session, measure.amounts, audience, key)


def years_with_any(session: Session, audience: Audience, key: str) -> tuple[int, ...]:
    """The years that an audience sees any amount in; to the public only budgets that are settled, and numbers."""
    if audience is not Audience.PUBLIC:
        return years_with_facts(session, audience.viewer, key)
    every = {one: None for measure in measures_for(audience) for one in measure.amounts}
    return _years(session, every, audience, key)


def _years(session: Session, amounts: Iterable[Amount], audience: Audience, key: str) -> tuple[int, ...]:
    found: set[int] = set()
    for one in amounts:
        statement = _money(one, audience, key) if isinstance(one, Money) else _count(one, audience.viewer, key)
        found |= set(session.scalars(statement.where(*visible_to(audience.viewer)).distinct()))
    return tuple(sorted(found))


def _money(one: Money, audience: Audience, key: str) -> Select[int]:
    given = [Figure.period == key, Figure.flow == one.flow, getattr(Figure, one.column).is_not(None)]
    if audience is Audience.PUBLIC:
        given.append(Figure.budget_preliminary.is_(False))
    statement = select(Figure.year).join(Project, Project.id == Figure.project_id)
    return statement.where(*given, *open_to(audience.viewer, Secret.FIGURES))


def _count(one: Count, viewer: Viewer, key: str) -> Select[int]:
    statement = select(Volume.year).join(Project, Project.id == Volume.project_id).join(Measure)
    given = Volume.period == key, Measure.group == one.group, getattr(Volume, one.column).is_not(None)
    return statement.where(*given, *open_to(viewer, Secret.VOLUMES))
