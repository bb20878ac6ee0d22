"""The portfolio that a year is played on: the city's 416 projects, or the 40 examples where the file is not at hand.

Neither has managers, case numbers and money of 2005; they are made up here, the same ones each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tests.conftest import PASSWORD
from tracker.accounts.models import User
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role
from tracker.accounts.services import create_user
from tracker.areas.models import Area, AreaSet
from tracker.database import begin_writing
from tracker.goals.models import Goal, GoalSet
from tracker.history.services import Actor
from tracker.imports.apply import apply_plan
from tracker.imports.candidates import interpret
from tracker.imports.plan import make_plan
from tracker.imports.sources import read_table
from tracker.projects.examples import seed_examples
from tracker.projects.figures import Decision, Figure, Volume
from tracker.projects.models import CaseNumber, GoalTag, Project, ServedArea
from tracker.projects.vocabulary import Flow, Gate, Phase, Publication

YEAR, TKR = 2005, 100_000
"""Öre in a thousand kronor."""
MANY, LATE = "maja@prov.se", "sven@prov.se"
MINE, LATES = 6, 4
"""How many projects the manager and the late manager have; the others are Maja's."""
SHARED = "E2003-500-01"
"""A case number that two projects have."""
TAGS = ("G1a", "G1b", "G1d", "G2c", "G2d", "G2f", "G2h", "G3a")
AREAS = ("Rinkeby", "Kista", "Spånga-Tensta", "Skärholmen", "Farsta", "Norrmalm", "Vantör")


def load_city(session: Session, actor: Actor, path: Path) -> None:
    """The 416 projects of the city's list, published."""
    begin_writing(session)
    apply_plan(session, make_plan(session, interpret(read_table(path)), YEAR, publish=True), actor)


def load_examples(session: Session, actor: Actor) -> None:
    """The 40 projects of the seed."""
    begin_writing(session)
    seed_examples(session, actor)


def furnish(session: Session) -> list[Project]:
    """Give each project a manager, a case number, money and most of them goals; answers them by code."""
    for address, name in ((MANY, "Maja Många"), (LATE, "Sven Sen")):
        create_user(session, address, name, Role.MANAGER, PASSWORD)
    projects = session.scalars(select(Project).order_by(Project.code)).all()
    for table in (Figure, Volume, GoalTag, ServedArea, Decision, CaseNumber):
        session.execute(delete(table))
    session.expire_all()
    managers = [_id(session, address) for address in (f"{Role.MANAGER.value}@prov.se", LATE, MANY)]
    goals, areas = _goals(session), _areas(session)
    for place, project in enumerate(projects):
        _furnish(project, place, managers)
        _judge(project, place, goals, areas)
    session.flush()
    return list(projects)


def _furnish(project: Project, place: int, managers: Sequence[int]) -> None:
    project.manager_id = managers[0 if place < MINE else 1 if place < MINE + LATES else 2]
    project.phase, project.publication = Phase.IMPLEMENTATION, Publication.PUBLISHED
    project.start_forecast, project.end_forecast = date(2003, 1 + place % 12, 1), date(2006 + place % 3, 6, 30)
    project.case_numbers = [CaseNumber(position=1, number=f"E2004-512-{place:05}")]
    if place in (MINE, MINE + 1):
        project.case_numbers.append(CaseNumber(position=2, number=SHARED))
    budget = (200 + (place * 7_919) % 9_000) * TKR
    outlays = [
        Figure(year=YEAR - 1, flow=Flow.OUTLAY, budget_ore=budget // 2, outcome_ore=budget // 2 - 37),
        Figure(year=YEAR, flow=Flow.OUTLAY, budget_ore=budget, forecast_ore=budget),
        Figure(year=YEAR + 1, flow=Flow.OUTLAY, budget_ore=budget * 2, forecast_ore=budget * 2),
    ]
    incomes = [Figure(year=YEAR, flow=Flow.INCOME, budget_ore=budget // 4, forecast_ore=budget // 4)]
    project.figures = outlays + (incomes if place % 4 == 0 else [])
    if place % 25 == 0:
        day, decided = date(2004, 3, 1 + place % 28), 60_000 * TKR + budget
        project.decisions = [
            Decision(gate=Gate.IMPLEMENTATION, body="Gatu- och fastighetsnämnden", date=day, outlay_ore=decided,
                     price_level="2004")
        ]  # fmt: skip


def _judge(project: Project, place: int, goals: dict[str, int], areas: dict[str, int]) -> None:
    if place % 5:
        codes = {TAGS[place % len(TAGS)]: 3, TAGS[(place * 3 + 1) % len(TAGS)]: 1}
        project.goal_tags = [GoalTag(goal_id=goals[code], weight=weight) for code, weight in sorted(codes.items())]
    if place % 3 == 0:
        first, second = AREAS[place % len(AREAS)], AREAS[(place + 3) % len(AREAS)]
        shares = ((first, 6_000), (second, 4_000))
        project.serves = [
            ServedArea(position=position, area_id=areas[name], share=share)
            for position, (name, share) in enumerate(shares, start=1)
        ]


def _id(session: Session, address: str) -> int:
    found = find_user(session, address)
    assert isinstance(found, User)
    return found.id


def _goals(session: Session) -> dict[str, int]:
    rows = session.execute(select(Goal.code, Goal.id).join(GoalSet).where(GoalSet.code == "policy-2004"))
    return {str(code): int(goal_id) for code, goal_id in rows}


def _areas(session: Session) -> dict[str, int]:
    rows = session.execute(select(Area.name, Area.id).join(AreaSet).where(AreaSet.code == "1999"))
    return {str(name): int(area_id) for name, area_id in rows}
