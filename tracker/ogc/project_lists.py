"""The goals and areas of projects as lists that can be asked about, as far as a viewer may know them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CompoundSelect, Select, case, false, literal, select, type_coerce, union_all
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import String

from tracker.areas.models import Area
from tracker.goals.models import Goal
from tracker.projects.models import GoalTag, Location, Project, ServedArea
from tracker.projects.policies import Viewer, open_to
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import Scope


@dataclass(frozen=True, slots=True)
class ManyWords:
    """Rows of (project id, word); a project without rows has the empty list."""

    rows: Select[Any] | CompoundSelect[Any]

    def any_at_all(self) -> ColumnElement[bool]:
        """The list has something in it."""
        return Project.id.in_(select(self.rows.subquery().c.project_id))

    def relate(self, name: str, words: Sequence[str]) -> ColumnElement[bool]:
        """How the list lies to written words, by a function of CQL2."""
        wanted = list(dict.fromkeys(words))
        if name == "a_overlaps":
            return self._has_one(wanted) if wanted else false()
        held: ColumnElement[bool] = literal(1) == literal(1)
        if name in ("a_contains", "a_equals"):
            for word in wanted:
                held = held & self._has_one([word])
        if name in ("a_containedby", "a_equals"):
            held = held & ~self._has_other(wanted)
        return held

    def _has_one(self, words: Sequence[str]) -> ColumnElement[bool]:
        table = self.rows.subquery()
        return Project.id.in_(select(table.c.project_id).where(table.c.word.in_(words)))

    def _has_other(self, words: Sequence[str]) -> ColumnElement[bool]:
        table = self.rows.subquery()
        return Project.id.in_(select(table.c.project_id).where(table.c.word.not_in(words)))


def goals_of(viewer: Viewer) -> ManyWords:
    """Codes of the goals it contributes to: queries.goal_codes as rows."""
    rows: Any = select(GoalTag.project_id.label("project_id"), Goal.code.label("word"))
    rows = rows.join(Goal, GoalTag.goal_id == Goal.id)
    return ManyWords(rows.where(*open_to(viewer, Secret.GOALS, GoalTag.project_id)))


def areas_of(viewer: Viewer) -> ManyWords:
    """Names of the areas it serves or, where none are told, lies in: queries.area_names as rows."""
    scope = case({one.value: one.label for one in Scope}, value=type_coerce(ServedArea.scope, String))
    word = case((Area.name.is_not(None), Area.name), else_=scope)
    served = select(ServedArea.project_id.label("project_id"), word.label("word"))
    served = served.outerjoin(Area, ServedArea.area_id == Area.id)
    served = served.where(*open_to(viewer, Secret.SERVES, ServedArea.project_id))
    told = select(ServedArea.project_id).where(*open_to(viewer, Secret.SERVES, ServedArea.project_id))
    lies_in = select(Location.project_id.label("project_id"), Area.name.label("word"))
    lies_in = lies_in.join(Area, Location.area_id == Area.id)
    lies_in = lies_in.where(*open_to(viewer, Secret.GEOMETRY, Location.project_id), Location.project_id.not_in(told))
    return ManyWords(union_all(served, lies_in))
