"""What the form of an initiative hands to its services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class InitiativeInput:
    """An initiative as it should stand. `code` is fixed once it is made; `answers` are by the perspective's id.

    `project_ids` are those that the person may see: links to others are left as they are.
    """

    code: str
    name: str
    description: str
    for_whom: str
    start_date: date | None
    end_date: date | None
    owner_id: int | None
    confidential: bool
    confidentiality_ground: str
    goal_ids: frozenset[int]
    assignment_ids: frozenset[int]
    area_ids: frozenset[int]
    project_ids: frozenset[int]
    answers: Mapping[int, str]
