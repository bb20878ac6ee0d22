"""What the forms of the goal catalogue hand to its services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.goals.vocabulary import AssignmentStatus


@dataclass(frozen=True, slots=True)
class EditionInput:
    """An edition's own fields. `code` is fixed once the edition is made."""

    code: str
    name: str
    valid_from_year: int
    note: str


@dataclass(frozen=True, slots=True)
class GoalInput:
    """A goal or an aspect. `code` and `parent_code` ("" for a goal) are fixed once it is made.

    `outer_city_measures` counts for a goal only: its aspects follow it.
    """

    code: str
    parent_code: str
    name_sv: str
    name_en: str
    text_sv: str
    text_en: str
    outer_city_measures: bool
    budget_goal_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class QuestionInput:
    """A strategic question; `proposed`: the wording is ours, not the policy's."""

    text_sv: str
    text_en: str
    proposed: bool


@dataclass(frozen=True, slots=True)
class ConceptInput:
    """A defined term; `proposed`: the wording is ours, not the policy's."""

    term: str
    definition: str
    proposed: bool


@dataclass(frozen=True, slots=True)
class AssignmentInput:
    """An assignment with the goals that it serves. `code` is fixed once it is made."""

    code: str
    text: str
    owner_board: str
    budget_year: int
    due: date | None
    status: AssignmentStatus
    source: str
    goal_ids: frozenset[int]
