"""A year's portfolio as a board would meet it, made by hand: for looking at, and for tests that read whole files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.reports.making import MNKR, Made, make_facts, make_material, make_period
from tracker.exports.audience import Audience
from tracker.followup.facts import DecidedBudget, ReconciledYear
from tracker.followup.vocabulary import Light, PeriodKind, Target
from tracker.goals.models import AssignmentStatus
from tracker.initiatives.facts import InitiativeFacts
from tracker.measures.models import MainKind
from tracker.projects.vocabulary import Flow, Phase
from tracker.reports.facts import BoardFacts, EarlierPeriod
from tracker.steering.facts import (
    AssignmentFacts,
    FulfilmentFacts,
    IndicatorFacts,
    IndicatorValueFacts,
    SteeringFacts,
)
from tracker.steering.vocabulary import Direction, Fulfilment


def _m(number: float) -> int:
    return round(number * MNKR)


PROJECTS = (
    Made(
        "T-2004-01", "Rinkebyterrassen", MainKind.TRAFFIC, Phase.IMPLEMENTATION, {"G1a": 3, "G2d": 2},
        {"Rinkeby": 6000, "Kista": 4000}, (_m(100), _m(31.4), _m(118.25)), dwellings=(220, 80, None),
        light=Light.YELLOW, light_text="Markföroreningar fördyrar grundläggningen.",
        comment="Prognosen höjs med 18,25 mnkr för sanering av marken.",
        description="E18 däckas över; bostäder, torg och gångstråk binder ihop Rinkeby och Kista.",
        manager="Anna Ek", end_decided=date(2007, 6, 30), end_forecast=date(2007, 12, 31), older_outcome=_m(44),
        decided=DecidedBudget(
            "Reviderat genomförandebeslut", date(2004, 3, 18), _m(310), None, "2004", _m(260), "2002"
        ),
        motivations=(("G1a", "220 hyresrätter byggs där det nästan bara finns stora lägenheter."),
                     ("G2d", "Gångstråken ersätter två tunnlar som boende upplever som otrygga.")),
        answers=(("G2d", "Vilka barriärer bryts?", "E18 mellan Rinkeby och Kista."),),
    ),
    Made(
        "B-2003-07", "Kvarteret Akallaterrassen", MainKind.HOUSING, Phase.IMPLEMENTATION, {"G1a": 3},
        {"Kista": 10_000}, (_m(24), _m(6.2), _m(24)), (_m(9), _m(1), _m(9)), (140, 60, 24), light=Light.GREEN,
        description="Ungdomsbostäder i tre punkthus vid Akalla centrum.", manager="Bo Lind",
    ),
    Made(
        "A-2005-02", "Företagspark Skärholmen", MainKind.WORKPLACE, Phase.PLANNING, {"G1b": 3}, {"Skärholmen": 10_000},
        (_m(18.5), None, _m(12.75)), light=Light.YELLOW, light_text="Detaljplanen är överklagad.",
        comment="Byggstarten flyttas till 2006; 5,75 mnkr förs över.",
        description="Lokaler för små och medelstora företag nära Kungens kurva.",
    ),
    Made(
        "T-2005-11", "Trygga stråk i Farsta", MainKind.TRAFFIC, Phase.IMPLEMENTATION, {"G2d": 3, "G2f": 1},
        {"Farsta": 10_000}, (_m(7.333), _m(2.1), _m(7.333)), cycle_metres=2_400, light=Light.GREEN,
        description="Ny belysning, siktröjning och cykelbana mellan centrum och Larsboda.",
        motivations=(("G2d", "Belysningen åtgärdas där polisens trygghetsmätning visar störst oro."),),
    ),
    Made(
        "T-2003-04", "Sveavägen, ombyggnad", MainKind.TRAFFIC, Phase.IMPLEMENTATION, {"G2f": 2}, {"Norrmalm": 10_000},
        (_m(62), _m(20), _m(60)), light=Light.GREEN, description="Bredare gångbanor och nya övergångsställen.",
        decided=DecidedBudget("Genomförandebeslut", date(2003, 11, 6), _m(85), None, "2003", None, ""),
    ),
    Made(
        "B-2005-20", "Hotellkvarteret Norra Bantorget", MainKind.HOUSING, Phase.PLANNING, {"G1a": 1},
        {"Norrmalm": 10_000}, (_m(4), _m(0.5), _m(4)), description="Hotell och bostäder vid Norra Bantorget.",
    ),
    Made("T-2005-30", "Underhåll av kajer", MainKind.TRAFFIC, Phase.IMPLEMENTATION, {}, {"Hela staden": 10_000},
         (_m(30), _m(9.9), _m(30)), no_contribution=True),
    Made("T-2005-31", "Trafiksignaler", MainKind.TRAFFIC, Phase.STUDY, {}, {}, (_m(3), None, _m(3))),
)  # fmt: skip
STEERING = SteeringFacts(
    assignments=(
        AssignmentFacts(
            "U1", "Öka byggandet av hyresrätter i ytterstaden tillsammans med stadsbyggnadsnämnden.",
            "Gatu- och fastighetsnämnden", 2005, date(2005, 12, 31), AssignmentStatus.ONGOING,
            "Två markanvisningar är beslutade och en tävling är utlyst.", ("G1a",), ("T-2004-01",),
        ),
        AssignmentFacts(
            "U2", "Redovisa trygghetsåtgärder i samråd med stadsdelsnämnderna.", "Gatu- och fastighetsnämnden", 2005,
            date(2005, 6, 30), AssignmentStatus.LATE, "", ("G2d",), (),
        ),
    ),
    indicators=(
        IndicatorFacts(
            "I1", "Andel som känner sig trygga när de går ut ensamma", "%", 1, Direction.HIGHER, "G2d",
            "Trygghetsmätningen",
            (
                IndicatorValueFacts(2003, "", "", None, None, 720), IndicatorValueFacts(2004, "", "", 750, None, 725),
                IndicatorValueFacts(2005, "", "", 760, 740, None),
                IndicatorValueFacts(2003, "Rinkeby", "1999", None, None, 540),
                IndicatorValueFacts(2004, "Rinkeby", "1999", 600, None, 565),
                IndicatorValueFacts(2004, "Farsta", "1999", None, None, 731),
            ),
        ),
    ),
    fulfilments=(
        FulfilmentFacts("G1", Fulfilment.PARTLY, "Bostäderna byggs enligt plan men arbetsplatserna skjuts upp."),
    ),
)  # fmt: skip
INITIATIVES = (
    InitiativeFacts(
        "INS-01", "Samråd på sju språk", "Samråden om Järva hålls på sju språk med tolk och lättläst material.",
        "Fyra samråd har hållits.", "Boende i Rinkeby och Kista", date(2005, 2, 1), None, ("G3a",), (),
        ("Rinkeby", "Kista"),
        ("T-2004-01",), (("Tillgänglighet", "Lokalerna är tillgängliga med rullstol och har hörslinga."),
                         ("Barn", "Skolelever har fått egna samråd.")), False,
    ),
    InitiativeFacts(
        "INS-02", "Sociala krav i entreprenader", "Entreprenörer ska erbjuda praktikplatser.", "", "",
        date(2005, 9, 1), None, ("G1b",), ("U1",), (), (),
        (("Jämställdhet", "Hälften av platserna erbjuds kvinnor."),), False,
    ),
)  # fmt: skip


def in_plan(made: Made) -> Made:
    """The project as the plan saw it: nothing spent, the forecast is the budget."""
    outlay, income = (made.outlay[0], None, made.outlay[0]), (made.income[0], None, made.income[0])
    dwellings = (made.dwellings[0], None, None)
    return replace(made, outlay=outlay, income=income, dwellings=dwellings, light=None, light_text="", comment="")


def in_accounts(made: Made) -> Made:
    """The project at the end of the year: what was spent is what was forecast."""
    spent = made.outlay[2] if made.outlay[2] is None else made.outlay[2] - MNKR // 10
    return replace(made, outlay=(made.outlay[0], spent, spent), income=(made.income[0], made.income[2], made.income[2]))


def _as_it_is(made: Made) -> Made:
    return made


def board(code: str = "2005-T1", audience: Audience = Audience.INTERNAL) -> BoardFacts:
    """The facts of the plan, of a tertial beside the plan, or of the annual report beside both."""
    kind = make_period(code).kind
    steps = {PeriodKind.PLAN: in_plan, PeriodKind.YEAR: in_accounts}
    step = steps.get(kind, _as_it_is)
    projects = tuple(sorted(PROJECTS, key=lambda one: one.code))
    plan = EarlierPeriod(make_period("2005-VP"), make_material(tuple(in_plan(one) for one in projects)))
    tertial = EarlierPeriod(make_period("2005-T1"), make_material(projects))
    earlier = {PeriodKind.PLAN: (), PeriodKind.TERTIAL: (plan,), PeriodKind.YEAR: (plan, tertial)}[kind]
    facts = make_facts(tuple(step(one) for one in projects), code, audience, earlier, STEERING, INITIATIVES)
    return replace(facts, reconciliation=_reconciliation(facts))


def _reconciliation(facts: BoardFacts) -> tuple[ReconciledYear, ...]:
    spent = facts.material.control.portfolio[1]
    budget = facts.material.control.portfolio[0]
    return (
        ReconciledYear(Target.LEDGER, 2005, Flow.OUTLAY, spent, spent, "", ""),
        ReconciledYear(
            Target.BUDGET, 2005, Flow.OUTLAY, budget, budget + MNKR, "1 mnkr är ofördelad reserv.", "Controller Prov"
        ),
    )
