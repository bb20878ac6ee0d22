"""From contents (see snapshots.py) back to an input: restoring an old version, and saving what two versions become."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker.accounts.models import User
from tracker.areas.models import Area
from tracker.errors import NotFoundError
from tracker.goals.models import Goal, GoalSet, StrategicQuestion
from tracker.history.models import Action
from tracker.history.services import Actor
from tracker.measures.models import MainKind, Measure
from tracker.messages import Message, message
from tracker.projects.history_parts import Contents, contents_of, filled, is_controllers, parts_of
from tracker.projects.history_replay import standing_after
from tracker.projects.inputs import (
    DecisionInput,
    FigureInput,
    GoalsInput,
    ProjectInput,
    SecretInput,
    ServedInput,
    TagInput,
    VolumeInput,
)
from tracker.projects.masking import hidden_from
from tracker.projects.models import Project
from tracker.projects.policies import Rights
from tracker.projects.secrecy import Secret, hidden_values
from tracker.projects.services import Manner, change_project
from tracker.projects.snapshots import describe
from tracker.projects.vocabulary import RUNNING_PERIOD, Flow, Gate, Phase, Scope

KEPT = frozenset({"code", "publication", "confidential", "confidentiality_ground", "secret_fields", "example_values"})
"""What a restored version leaves as it is now: nothing is opened, published or renamed by going back in time."""
_SAME = (
    "code", "name", "subtype", "manager_id", "deputy_id", "description_public", "description_internal", "link",
    "stated_area", "city_share", "confidential", "confidentiality_ground", "parent_id", "location_approximate",
    "example_values", "serves_motivation",
)  # fmt: skip
_DAYS = ("start_decided", "start_forecast", "end_decided", "end_forecast")


@dataclass(frozen=True, slots=True)
class Restorable:
    """An old version as it can come back: its contents, and the keys of parts whose catalogue rows are gone."""

    contents: Contents
    lost: tuple[str, ...]


def restore_version(
    session: Session, project: Project, version: int, expected_version: int, actor: Actor, rights: Rights
) -> Project:
    """Make an old version the newest one, through the same rules as every save.

    Raises NotFoundError when there is no such version, ConflictError when somebody saved since `expected_version`,
    InvalidInputError when the rules refuse it today.
    """
    contents = restorable(session, project, version, rights).contents
    return write_contents(
        session, project, contents, expected_version, actor, rights,
        Manner(Action.RESTORED, restored_note(version)),
    )  # fmt: skip


def restored_note(version: object) -> Message:
    """What the history says of a version that was restored."""
    return message("återställd från version %(version)s", version=version)


def no_version(project: Project, version: int) -> Message:
    """That there is no such version."""
    return message("Projektet %(code)s har ingen version %(version)s.", code=project.code, version=version)


def restorable(session: Session, project: Project, version: int, rights: Rights) -> Restorable:
    """What restoring a version would make the project hold. Raises NotFoundError."""
    standing = standing_after(session, project, version)
    if standing is None:
        raise NotFoundError(no_version(project, version))
    now = filled(describe(project))
    marks = hidden_from(project, rights.viewer)
    # Whoever may not see all of it does not make an earlier manager see it again.
    kept = KEPT | hidden_values([*marks, Secret.PEOPLE] if marks else [])
    old = {name: now[name] if name in kept else value for name, value in standing.contents.items()}
    old["figures"] = _of_now(now["figures"]) + [row for row in old["figures"] if row[0] == RUNNING_PERIOD]
    old["volumes"] = _of_now(now["volumes"]) + [row for row in old["volumes"] if row[0] == RUNNING_PERIOD]
    if not rights.budget:
        old = _with_controllers(old, now)
    return _without_lost(session, old, now)


def _with_controllers(old: Contents, now: Contents) -> Contents:
    """The controller's amounts as they are now: whoever may not set them does not set them back either."""
    parts, present = parts_of(old), parts_of(now)
    for key in {*parts, *present}:
        if is_controllers(key, present.get(key)):
            parts.pop(key, None)
            parts |= {key: present[key]} if key in present else {}
    return contents_of(parts, old)


def _of_now(rows: list[list[Any]]) -> list[list[Any]]:
    """Rows of reporting periods: those are written when a period is reported, never by going back."""
    return [row for row in rows if row[0] != RUNNING_PERIOD]


def write_contents(
    session: Session,
    project: Project,
    contents: Contents,
    expected_version: int,
    actor: Actor,
    rights: Rights,
    manner: Manner,
) -> Project:
    """Save contents as a new version; raises as `change_project` does."""
    editions = _Editions(session, (contents, describe(project)))
    judged = [editions.judgement(contents, one) for one in editions.ids]
    given = input_of(contents, judged[0] if judged else None)
    whole = Manner(manner.action, manner.note, tuple(judged[1:]))
    return change_project(session, project, given, expected_version, actor, rights, whole)


def input_of(contents: Mapping[str, Any], goals: GoalsInput | None) -> ProjectInput:
    """The contents as the services take them, with the judgement within one goal edition."""
    shape = contents["geometry"]
    days: dict[str, Any] = {name: _day(contents[name]) for name in _DAYS}
    return ProjectInput(
        **{name: contents[name] for name in _SAME},
        **days,
        main_kind=MainKind(contents["main_kind"]),
        phase=Phase(contents["phase"]),
        secondary_kinds=tuple(MainKind(kind) for kind in contents["secondary_kinds"]),
        case_numbers=tuple(contents["case_numbers"]),
        geometry=shapely.from_wkt(shape) if shape else None,
        goals=goals,
        serves=tuple(ServedInput(Scope(scope), share, area_id) for scope, area_id, share in contents["serves"]),
        volumes=tuple(VolumeInput(*row[1:]) for row in contents["volumes"] if row[0] == RUNNING_PERIOD),
        figures=tuple(
            FigureInput(row[1], Flow(row[2]), *row[3:6]) for row in contents["figures"] if row[0] == RUNNING_PERIOD
        ),
        decisions=tuple(_decision(*row) for row in contents["decisions"]),
        secret_fields=tuple(SecretInput(*row) for row in contents["secret_fields"]),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _decision(
    gate: str, day: str | None, body: str, case_number: str, paragraph: str,
    outlay_ore: int | None, income_ore: int | None, price_level: str, note: str,
) -> DecisionInput:  # fmt: skip
    return DecisionInput(
        Gate(gate), body, _day(day), case_number, paragraph, outlay_ore, income_ore, price_level, note
    )  # fmt: skip


class _Editions:
    """Which goal edition each goal and question belongs to; `ids` are all that any of the contents judges within."""

    def __init__(self, session: Session, several: Iterable[Mapping[str, Any]]) -> None:
        whole = list(several)
        self.of_goal = dict(session.execute(select(Goal.id, Goal.goal_set_id)).all())
        questions = select(StrategicQuestion.id, Goal.goal_set_id).join(Goal, StrategicQuestion.goal_id == Goal.id)
        self.of_question = dict(session.execute(questions).all())
        found = {self.of_goal[row[0]] for one in whole for row in one["goals"]}
        found |= {self.of_question[row[0]] for one in whole for row in one["answers"]}
        self.ids = sorted(found | {row[0] for one in whole for row in one["no_contribution"]})

    def judgement(self, contents: Mapping[str, Any], goal_set_id: int) -> GoalsInput:
        """What the contents say within one edition."""
        tags = [TagInput(*row) for row in contents["goals"] if self.of_goal[row[0]] == goal_set_id]
        answers = {row[0]: row[1] for row in contents["answers"] if self.of_question[row[0]] == goal_set_id}
        reasons = {row[0]: row[1] for row in contents["no_contribution"]}
        return GoalsInput(goal_set_id, tuple(tags), reasons.get(goal_set_id), answers)


def _without_lost(session: Session, old: Contents, now: Contents) -> Restorable:
    """Leave out what points at rows that the catalogues no longer have; areas only as a whole, for their shares."""
    kinds: dict[str, InstrumentedAttribute[int]] = {
        "goals": Goal.id, "answers": StrategicQuestion.id, "no_contribution": GoalSet.id, "manager_id": User.id,
        "deputy_id": User.id, "parent_id": Project.id, "serves": Area.id, "volumes": Measure.id,
    }  # fmt: skip
    present = {column: set(session.scalars(select(column))) for column in set(kinds.values()) - {Project.id}}
    parent = old["parent_id"]
    present[Project.id] = {parent} if parent and session.get(Project, parent) else set()
    lost = []
    parts = parts_of(old)
    for key, value in list(parts.items()):
        name, *row = key.split(":")
        if name in kinds and not set(_points_at(name, row, value)) <= present[kinds[name]]:
            lost.append(key)
            del parts[key]
    whole = contents_of(parts, old)
    if "serves" in lost:
        whole |= {name: now[name] for name in ("serves", "serves_motivation")}
    return Restorable(whole, tuple(lost))


def _points_at(name: str, row: list[str], value: Any) -> Iterable[int]:
    if name == "serves":
        return [area_id for _scope, area_id, _share in value if area_id is not None]
    if name in ("manager_id", "deputy_id", "parent_id"):
        return [value]
    return [int(row[1] if name == "volumes" else row[0])]
