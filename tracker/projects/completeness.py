"""How complete a project is: weighted items, each of which applies to some kinds and phases only. Pure.

The same items exist as conditions on the database in completeness_sql.py; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass

from tracker.measures.models import MainKind
from tracker.messages import message
from tracker.projects.vocabulary import Phase

STARTED = frozenset({Phase.DIRECTION, Phase.PLANNING, Phase.IMPLEMENTATION, Phase.FINAL_REPORT, Phase.CLOSED})
"""Phases from the direction decision on; a dormant or aborted project is asked for the basics alone."""
PLANNED = STARTED - {Phase.DIRECTION}
BUILDING = STARTED - {Phase.DIRECTION, Phase.PLANNING}
EVERY = frozenset(Phase)
COUNTED = (MainKind.HOUSING, MainKind.WORKPLACE)
"""Kinds that count dwellings or workplaces; a traffic project may do without numbers."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What completeness asks of a project: whether each thing is there."""

    kind: MainKind
    phase: Phase
    programme: bool = False
    subtype: bool = False
    manager: bool = False
    case_numbers: bool = False
    description: bool = False
    dates: bool = False
    geometry: bool = False
    assessed: bool = False
    motivated: bool = False
    """Every tag has its motivation; also true without tags."""
    serves: bool = False
    volumes: bool = False
    figures: bool = False
    forecast: bool = False
    direction: bool = False
    implementation: bool = False
    sums: bool = False
    final_report: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a complete project has: its weight, what is missing without it, and where it is filled in."""

    fact: str
    weight: int
    missing: str
    section: str
    field: str
    phases: frozenset[Phase] = EVERY
    kinds: tuple[MainKind, ...] = tuple(MainKind)
    of_programmes: bool = True
    """Whether a programme is asked for it too; amounts and counts belong to its parts."""

    def applies(self, facts: Facts) -> bool:
        """Whether a project of this kind and phase is asked for it."""
        asked = facts.phase in self.phases and facts.kind in self.kinds
        return asked and (self.of_programmes or not facts.programme)


ITEMS = (
    Item("subtype", 3, message("undertyp"), "grunduppgifter", "subtype"),
    Item("case_numbers", 6, message("diarienummer"), "grunduppgifter", "case_numbers-0", STARTED),
    Item("manager", 8, message("projektledare"), "grunduppgifter", "manager_id"),
    Item("dates", 6, message("start och slut"), "grunduppgifter", "start_decided", STARTED),
    Item("description", 8, message("beskrivning för alla"), "grunduppgifter", "description_public"),
    Item("geometry", 15, message("läge på kartan"), "lage", "geometry"),
    Item("assessed", 15, message("bedömning mot målen"), "mal", "assessment-0"),
    Item("motivated", 5, message("motivering för varje mål"), "mal", "goals"),
    Item("serves", 10, message("områden som betjänas"), "omraden", "serves-0-area"),
    Item(
        "volumes",
        8,
        message("antal bostäder eller arbetsplatser"),
        "matt",
        "volumes",
        STARTED,
        COUNTED,
        of_programmes=False,
    ),
    Item("figures", 10, message("belopp"), "ekonomi", "figures", STARTED, of_programmes=False),
    Item("forecast", 6, message("prognos"), "ekonomi", "figures", PLANNED - {Phase.CLOSED}, of_programmes=False),
    Item("direction", 5, message("inriktningsbeslut eller senare"), "beslut", "decisions", PLANNED),
    Item("implementation", 7, message("genomförandebeslut"), "beslut", "decisions", BUILDING),
    Item("sums", 4, message("beslutad utgift eller inkomst"), "beslut", "decisions", PLANNED, of_programmes=False),
    Item("final_report", 4, message("slutredovisning"), "beslut", "decisions", frozenset({Phase.CLOSED})),
)
"""In the order of the form. Place and goals weigh most: without them no report has the project where it belongs."""


@dataclass(frozen=True, slots=True)
class Completeness:
    """The score in whole percent, and what is missing."""

    percent: int
    missing: tuple[Item, ...]
    done: int
    whole: int


def completeness(facts: Facts) -> Completeness:
    """The weight that is there of the weight that applies, rounded down: 100 % is nothing missing."""
    items = [item for item in ITEMS if item.applies(facts)]
    missing = tuple(item for item in items if not getattr(facts, item.fact))
    whole = sum(item.weight for item in items)
    done = whole - sum(item.weight for item in missing)
    return Completeness(100 * done // whole, missing, done, whole)
