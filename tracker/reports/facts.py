"""Everything that the report of a period tells, frozen, for one audience: what closing keeps and every writer reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.contribution.material import Material
from tracker.exports.audience import Audience
from tracker.followup.facts import PeriodFacts, ReconciledYear, ReportedProject
from tracker.initiatives.facts import InitiativeFacts
from tracker.steering.facts import SteeringFacts

FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True)
class GoalText:
    """A goal in the catalogue's own words, for headings and text."""

    code: str
    parent: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class AreaFacts:
    """An area of the report's edition with the newest inhabitants up to the year; None where none are official."""

    code: str
    name: str
    outer_city: bool
    inhabitants: int | None
    inhabitants_year: int | None


@dataclass(frozen=True, slots=True)
class EarlierPeriod:
    """A period before this one in the same year, in its newest version, with its own material for comparing."""

    period: PeriodFacts
    material: Material


@dataclass(frozen=True, eq=False, slots=True)
class BoardFacts:
    """`projects` come in the order of `material.projects`. `produced` is the moment of closing, or of asking."""

    audience: Audience
    produced: datetime
    period: PeriodFacts
    material: Material
    goals: tuple[GoalText, ...]
    areas: tuple[AreaFacts, ...]
    projects: Sequence[ReportedProject]
    reconciliation: tuple[ReconciledYear, ...]
    initiatives: tuple[InitiativeFacts, ...]
    steering: SteeringFacts
    earlier: tuple[EarlierPeriod, ...]
    appendix_limit_ore: int
    """Implementation projects with a decided outlay above it stand in the appendix."""
    snapshot_sha256: str = ""
    """Of a closed period: the SHA-256 of the snapshot that this was read from, for every heading; never kept in it."""
