"""Everything that a contribution report of one year reads, frozen: reckoning from it asks no database.

The same material gives the same report to the öre and the byte, whenever it is reckoned: an open period reads it from
the register, a closed one from its snapshot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from tracker.apportion import IntArray
from tracker.contribution.completing import BoolArray
from tracker.contribution.control import Control
from tracker.contribution.people import RegionPeople
from tracker.contribution.places import KnownArea
from tracker.contribution.portfolio import AreaRows, Facts, GoalTags
from tracker.contribution.rows import KnownGoal
from tracker.measures.models import MainKind
from tracker.projects.secrecy import Hidden
from tracker.projects.vocabulary import Phase, Publication


@dataclass(frozen=True, slots=True)
class GoalEdition:
    """The goal edition that a report is told in."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class AreaEdition:
    """The area edition that a report is told in, and where its outlines come from."""

    code: str
    name: str
    schematic: bool
    outline_source: str


@dataclass(frozen=True, slots=True)
class CountedProject:
    """A project as a report names it."""

    id: int
    code: str
    name: str
    kind: MainKind
    phase: Phase
    publication: Publication
    confidential: bool
    example_values: bool
    city_share: int
    hidden: Hidden
    """What takes no part in the report because this audience may not have it."""
    marks: Hidden
    """What of it is confidential, for an audience that has it all."""


@dataclass(frozen=True, eq=False, slots=True)
class Material:
    """The facts of one year for one audience, as they were recorded.

    `goals` by code; their positions are the goal items of `tags`. `areas` of all editions, whose `held_by` says which
    of the chosen edition holds them; `serves` and `lies_in` hold places as `build_places(areas)` numbers them.
    `projects` by code; their positions are the projects of every array. `facts` index AMOUNTS, in whole öre of the
    city's share, or counts; `registered`, beside `facts`, is the same amounts of all financiers. `control` is summed
    apart, by the database alone. `carried` (projects,) says whose tags were told through a crosswalk: the place of the
    edition in `carried_from`, else -1; an array is empty where nothing was kept of it. A tag past the items of `goals`
    has no counterpart in the edition.
    """

    year: int
    goal_edition: GoalEdition
    area_edition: AreaEdition
    goals: tuple[KnownGoal, ...]
    areas: tuple[KnownArea, ...]
    projects: Sequence[CountedProject]
    tags: GoalTags
    no_contribution: BoolArray
    serves: AreaRows
    lies_in: AreaRows
    facts: Facts
    control: Control
    registered: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    carried: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    carried_from: tuple[GoalEdition, ...] = ()
    people: tuple[RegionPeople, ...] = ()
