"""Sixty projects of every awkward sort, the same ones each time, in a period that is open."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from tests.contribution.register import Served, add_figure, add_no_contribution, add_project, add_volume
from tracker.followup.codes import PeriodCode
from tracker.followup.models import Period
from tracker.followup.opening import open_period
from tracker.history.services import Actor
from tracker.measures.models import MainKind
from tracker.projects.models import Project, SecretField
from tracker.projects.vocabulary import Flow, Phase, Publication, Scope

YEAR = 2005
GOALS = ("G1", "G1a", "G1b", "G1d", "G2", "G2c", "G2d", "G2f", "G2h", "G3", "G3a", "G3c")
AREAS = (
    "Rinkeby", "Kista", "Tensta", "Kungsholmen", "Gubbängen", "Rinkeby/1999", "Vantör/1999", "Farsta/1999",
    "Norrmalm/1999", "Skärholmen/1999", "Spånga-Tensta/1999", "Rinkeby-Kista/2007", "Södermalm/2007",
    "Hägersten-Älvsjö/2020",
)  # fmt: skip
"""Stadsdelar, areas of the year's edition, and areas that it cannot be split into."""
LIES = ("Rinkeby", "Kista", "Farsta", "Vasastaden", "Husby", None)
MEASURES = ("bostader-hyresratt", "bostader-bostadsratt", "bostader-student", "arbetsplatser", "cykelvag-m")
SECRETS = ("figures", "goals", "serves", "geometry", "volumes", "dates")
SHARES = (10_000, 10_000, 10_000, 5_000, 3_333, 6_667, 1, 0)


def make_mixed(session: Session, actor: Actor, code: str = "2005-T1", count: int = 60) -> Period:
    """The portfolio and the period."""
    dice = random.Random(2005)  # noqa: S311 - the same throws each time
    projects = [_make(session, dice, number) for number in range(count)]
    for child, parent in ((11, 10), (12, 10), (13, 12), (21, 20), (31, 30)):
        projects[child].parent_id = projects[parent].id
    # Nobody outside knows that this programme has a child, so to them it is a project like any other.
    projects[31].confidential, projects[31].confidentiality_ground = True, "OSL 19 kap. 3 §"
    session.flush()
    return open_period(session, PeriodCode.read(code), actor, 15)


def _make(session: Session, dice: random.Random, number: int) -> Project:
    goals = {} if number % 6 == 0 else {one: dice.randint(1, 3) for one in dice.sample(GOALS, dice.randint(1, 5))}
    place = number % 7
    secret = number % 13 == 5
    draft = number % 11 == 4 or secret
    project = add_project(
        session,
        f"P-{number:02}",
        goals=goals,
        serves=_serves(dice) if place < 4 else (),
        lies_in=_lies_in(dice) if place in (0, 4, 5) else {},
        main_kind=dice.choice(list(MainKind)),
        phase=Phase.CLOSED if number % 17 == 3 else Phase.IMPLEMENTATION,
        city_share=dice.choice(SHARES),
        confidential=secret,
        confidentiality_ground="OSL 19 kap. 3 §" if secret else "",
        publication=Publication.DRAFT if draft else Publication.PUBLISHED,
        **_dates(dice),
    )
    if number % 12 == 0:
        add_no_contribution(session, project)
    if number % 5:
        _add_amounts(session, dice, project)
    if number % 8 == 7:
        for field in dice.sample(SECRETS, 2):
            session.add(SecretField(project_id=project.id, field=field, ground="OSL 19 kap. 3 §"))
    session.flush()
    return project


def _split(dice: random.Random, parts: int) -> list[int]:
    """Whole percents that sum to 100, none of them 0."""
    cuts = sorted(dice.sample(range(1, 100), parts - 1))
    return [end - start for start, end in zip([0, *cuts], [*cuts, 100], strict=True)]


def _serves(dice: random.Random) -> Sequence[Served]:
    if dice.random() < 0.2:
        return ((dice.choice((Scope.WHOLE_CITY, Scope.OUTSIDE)), 100),)
    chosen = dice.sample(AREAS, dice.randint(1, 4))
    return tuple(zip(chosen, _split(dice, len(chosen)), strict=True))


def _lies_in(dice: random.Random) -> dict[str | None, int]:
    chosen = dice.sample(LIES, dice.randint(1, 3))
    return dict(zip(chosen, _split(dice, len(chosen)), strict=True))


def _dates(dice: random.Random) -> dict[str, Any]:
    if dice.random() < 0.4:
        return {}
    start = dice.randint(2001, 2008)
    return {"start_forecast": date(start, 3, 1), "end_decided": date(start + dice.randint(0, 3), 9, 30)}


def _amount(dice: random.Random) -> int | None:
    """Whole öre, now and then none, 0, negative or very large."""
    return dice.choice(
        (
            None,
            0,
            dice.randint(1, 99),
            -dice.randint(1, 10**9),
            *(dice.randint(1, 10**10) for _ in range(5)),
            10**13 + 7,
        )
    )


def _add_amounts(session: Session, dice: random.Random, project: Project) -> None:
    for year in dice.sample((YEAR - 1, YEAR, YEAR + 1), dice.randint(1, 3)):
        for flow in Flow:
            if flow is Flow.OUTLAY or dice.random() < 0.3:
                budget, outcome, forecast = _amount(dice), _amount(dice), _amount(dice)
                add_figure(session, project, year, flow, budget=budget, outcome=outcome, forecast=forecast)
    for code in dice.sample(MEASURES, dice.randint(0, 3)):
        for year in dice.sample((YEAR - 1, YEAR, YEAR + 1), dice.randint(1, 2)):
            words = dice.sample(("planned", "started", "completed"), dice.randint(1, 3))
            add_volume(session, project, code, year, **{word: dice.choice((0, 1, 7, 85, 400)) for word in words})
