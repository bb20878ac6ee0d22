"""Board facts made by hand, without a database: a small portfolio whose sums can be checked in the head."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import numpy as np

from tracker.areas.models import Region
from tracker.contribution.amounts import AMOUNTS
from tracker.contribution.control import Control
from tracker.contribution.material import AreaEdition, CountedProject, GoalEdition, Material
from tracker.contribution.places import KnownArea
from tracker.contribution.portfolio import AreaRows, Facts, GoalTags
from tracker.contribution.rows import KnownGoal
from tracker.exports.audience import Audience
from tracker.followup.codes import PeriodCode
from tracker.followup.facts import DecidedBudget, PeriodFacts, ProjectMeasure, ReportedProject, YearMoney
from tracker.followup.vocabulary import Light, ReportState
from tracker.initiatives.facts import InitiativeFacts
from tracker.measures.models import MainKind
from tracker.projects.secrecy import Hidden
from tracker.projects.vocabulary import WHOLE, Flow, Phase, Publication
from tracker.reports.facts import AreaFacts, BoardFacts, EarlierPeriod, GoalText
from tracker.steering.facts import SteeringFacts

NOW = datetime(2005, 5, 20, 13, 45, tzinfo=UTC)
MNKR = 100_000_000
"""Öre in a million kronor."""
GOALS = (
    KnownGoal(1, "G1", "Hållbar tillväxt i hela staden", None, True),
    KnownGoal(2, "G1a", "Boende och bostadsförsörjning", 1, True),
    KnownGoal(3, "G1b", "Nya arbetsplatser", 1, True),
    KnownGoal(4, "G2", "Minskade skillnader", None, False),
    KnownGoal(5, "G2d", "Trygghet", 4, False),
    KnownGoal(6, "G2f", "Tillgång till service", 4, False),
    KnownGoal(7, "G3", "Motverka diskriminering", None, False),
    KnownGoal(8, "G3a", "Fördomar", 7, False),
)
AREAS = (
    KnownArea(11, "1999", "farsta", "Farsta", "farsta", Region.SOUTH, 11),
    KnownArea(12, "1999", "kista", "Kista", "kista", Region.WEST, 12),
    KnownArea(13, "1999", "norrmalm", "Norrmalm", "norrmalm", Region.INNER_CITY, 13),
    KnownArea(14, "1999", "rinkeby", "Rinkeby", "rinkeby", Region.WEST, 14),
    KnownArea(15, "1999", "skarholmen", "Skärholmen", "sk|rholmen", Region.SOUTH, 15),
)
INHABITANTS = {"farsta": 45_463, "kista": 29_000, "norrmalm": 62_104, "rinkeby": 15_051, "skarholmen": None}
GOAL_ITEM = {goal.code: item for item, goal in enumerate(GOALS)}
PLACE = {area.name: place for place, area in enumerate(AREAS)} | {
    "Hela staden": len(AREAS), "Utanför staden": len(AREAS) + 1,
}  # fmt: skip


@dataclass(frozen=True)
class Made:
    """A project as a test describes it: money in whole öre as (budget, outcome, forecast), shares in 1/10 000."""

    code: str
    name: str
    kind: MainKind = MainKind.HOUSING
    phase: Phase = Phase.IMPLEMENTATION
    goals: Mapping[str, int] = field(default_factory=dict)
    serves: Mapping[str, int] = field(default_factory=dict)
    outlay: tuple[int | None, int | None, int | None] = (None, None, None)
    income: tuple[int | None, int | None, int | None] = (None, None, None)
    dwellings: tuple[int | None, int | None, int | None] = (None, None, None)
    cycle_metres: int | None = None
    no_contribution: bool = False
    city_share: int = WHOLE
    confidential: bool = False
    hidden: Hidden = field(default_factory=dict)
    light: Light | None = None
    light_text: str = ""
    comment: str = ""
    description: str = ""
    manager: str = ""
    decided: DecidedBudget | None = None
    motivations: tuple[tuple[str, str], ...] = ()
    answers: tuple[tuple[str, str, str], ...] = ()
    end_decided: date | None = None
    end_forecast: date | None = None
    older_outcome: int | None = None


def make_material(made: tuple[Made, ...], year: int = 2005) -> Material:
    """The material of projects in order of code; the city's share of money rounded half away from zero."""
    every = range(len(made))
    tags = [(at, GOAL_ITEM[code], weight) for at in every for code, weight in sorted(made[at].goals.items())]
    serves = [(at, PLACE[name], share) for at in every for name, share in made[at].serves.items()]
    numbers = [
        [*(share_of(ore, one.city_share) for ore in (*one.outlay, *one.income)), *one.dwellings, None, None, None]
        for one in made
    ]
    registered = [[*one.outlay, *one.income, *one.dwellings, None, None, None] for one in made]
    facts = [(at, place, n) for at in every for place, n in enumerate(numbers[at]) if n is not None]
    tag, area, fact = (np.array(rows, dtype=np.int64).reshape(-1, 3).T for rows in (tags, serves, facts))
    sums, gross = ([sum(row[at] or 0 for row in rows) for at in range(len(AMOUNTS))] for rows in (numbers, registered))
    none = np.zeros(0, dtype=np.int64)
    return Material(
        year=year,
        goal_edition=GoalEdition("integration-2005", "Integrationsmålen 2005"),
        area_edition=AreaEdition("1999", "Stadsdelsnämndsområden 1999", True, ""),
        goals=GOALS,
        areas=AREAS,
        projects=tuple(_counted(number, one) for number, one in enumerate(made, start=1)),
        tags=GoalTags(tag[0], tag[1], tag[2], tag[1]),
        no_contribution=np.array([one.no_contribution for one in made], dtype=np.bool_),
        serves=AreaRows(area[0], area[1], area[2]),
        lies_in=AreaRows(none, none, none),
        facts=Facts(fact[0], fact[1], fact[2]),
        control=Control(tuple(gross), tuple(sums), len(made)),
    )


def share_of(ore: int | None, share: int) -> int | None:
    """The city's share of an amount."""
    if ore is None:
        return None
    part = (abs(ore) * share + WHOLE // 2) // WHOLE
    return -part if ore < 0 else part


def _counted(number: int, one: Made) -> CountedProject:
    return CountedProject(
        number, one.code, one.name, one.kind, one.phase, Publication.PUBLISHED, one.confidential, False,
        one.city_share, one.hidden, {},
    )  # fmt: skip


def make_report(one: Made, year: int = 2005) -> ReportedProject:
    """What the project reported."""
    money = [
        YearMoney(year, flow, *numbers)
        for flow, numbers in ((Flow.OUTLAY, one.outlay), (Flow.INCOME, one.income))
        if numbers != (None, None, None)
    ]
    if one.older_outcome is not None:
        money.insert(0, YearMoney(year - 1, Flow.OUTLAY, None, one.older_outcome, None))
    measures = []
    if one.dwellings != (None, None, None):
        measures.append(ProjectMeasure("bostader-hyresratt", "Bostäder, hyresrätt", "st", *one.dwellings))
    if one.cycle_metres is not None:
        measures.append(ProjectMeasure("gang-och-cykelvag", "Gång- och cykelväg", "m", one.cycle_metres, None, None))
    return ReportedProject(
        code=one.code, state=ReportState.REPORTED, light=one.light, light_text=one.light_text, comment=one.comment,
        start_decided=None, start_forecast=None, end_decided=one.end_decided, end_forecast=one.end_forecast,
        money=tuple(money), decided=one.decided, measures=tuple(measures), description=one.description,
        manager=one.manager, motivations=one.motivations, answers=one.answers,
    )  # fmt: skip


def make_period(code: str = "2005-T1", version: int = 1) -> PeriodFacts:
    """A period as the codes give it."""
    read = PeriodCode.read(code)
    key = str(read) if version == 1 else f"{read}-v{version}"
    return PeriodFacts(
        key, str(read), version, read.name, read.year, read.kind, read.as_of, read.deadline, "", 15, 5 * MNKR, None
    )


def make_facts(
    made: tuple[Made, ...],
    code: str = "2005-T1",
    audience: Audience = Audience.INTERNAL,
    earlier: tuple[EarlierPeriod, ...] = (),
    steering: SteeringFacts | None = None,
    initiatives: tuple[InitiativeFacts, ...] = (),
) -> BoardFacts:
    """Everything that a report tells of those projects, in order of code."""
    ordered = tuple(sorted(made, key=lambda one: one.code))
    codes = {goal.id: goal.code for goal in GOALS}
    return BoardFacts(
        audience=audience,
        produced=NOW,
        period=make_period(code),
        material=make_material(ordered),
        goals=tuple(
            GoalText(one.code, codes.get(one.parent_id or 0, ""), one.name_sv, TEXTS.get(one.code, "")) for one in GOALS
        ),
        areas=tuple(
            AreaFacts(
                one.code,
                one.name,
                one.region.outer_city,
                INHABITANTS[one.code],
                2004 if INHABITANTS[one.code] else None,
            )
            for one in AREAS
        ),
        projects=tuple(make_report(one) for one in ordered),
        reconciliation=(),
        initiatives=initiatives,
        steering=steering or SteeringFacts((), (), ()),
        earlier=earlier,
        appendix_limit_ore=50 * MNKR,
    )


TEXTS = {
    "G1": "Skapa förutsättningar för ökad hållbar tillväxt och ekonomisk utveckling i hela staden genom insatser i "
    "ytterstaden.",
    "G2": "Minska skillnaderna mellan olika delar av staden.",
    "G3": "Utveckla metoder i syfte att synliggöra, motverka och bryta fördomar.",
}
