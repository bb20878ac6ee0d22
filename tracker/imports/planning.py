"""Making the plan of an upload for a person, one at a time on this machine.

Reading and comparing ten thousand rows takes seconds of a processor. Two plans at once would keep every worker busy, so
whoever comes second is told to wait a moment and keeps no worker.
"""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from tracker.imports import uploads
from tracker.imports.answers import Answers, Step
from tracker.imports.candidates import Candidates, interpret
from tracker.imports.choices import Choices
from tracker.imports.conflicts import Settled, Side
from tracker.imports.plan import Plan, make_plan
from tracker.imports.plan_map import plan_shapes
from tracker.imports.questions import Questions
from tracker.imports.seen import Seen, keep_seen, read_seen, see
from tracker.imports.sources import Table
from tracker.projects.policies import Rights, Viewer

LOCK_FILE = "plan.lock"


class BusyError(Exception):
    """Somebody else's plan is being made."""


@contextmanager
def one_at_a_time(state: Path) -> Iterator[None]:
    """Hold the right to make a plan; raises BusyError at once when another process of this machine has it.

    The system lets go of it when a process dies, however it dies.
    """
    folder = state / uploads.FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / LOCK_FILE).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BusyError from error
        yield


@dataclass(frozen=True, slots=True)
class Asker:
    """For whom a plan is made, and when: what they may see and set."""

    viewer: Viewer
    rights: Rights
    now: datetime


def open_step(asked: Questions, answers: Answers) -> Step | None:
    """The step whose question must be answered before there can be a plan."""
    if asked.place.asks_system or asked.place.asks_order:
        return Step.PLACE
    if asked.missing_key or any(one.asks_unit for one in asked.columns):
        return Step.COLUMNS
    unknown = any(word.unknown for question in asked.words if question.blocking for word in question.words)
    return Step.VALUES if unknown and Step.VALUES not in answers.confirmed else None


def year_of(choices: Choices, now: datetime) -> int:
    """The year that numbers of dwellings are the position of; this year when nobody said another."""
    return choices.year or now.astimezone().year


def plan_of(session: Session, candidates: Candidates, choices: Choices, asker: Asker) -> Plan:
    """The plan with the answers, publishing only for those who may."""
    publish = choices.publish and asker.rights.publish
    year = year_of(choices, asker.now)
    return make_plan(
        session, candidates, year,
        publish=publish, viewer=asker.viewer, rights=asker.rights, settled=settled_by(choices),
    )  # fmt: skip


def settled_by(choices: Choices) -> Settled:
    """What the answers say of conflicts."""
    everywhere = Side(choices.on_conflict) if choices.on_conflict in set(Side) else None
    return Settled(everywhere, choices.conflicts)


def seen_plan(folder: Path, choices: Choices, asker: Asker) -> Seen | None:
    """The plan that was made with these answers by somebody who may see and set as much, if it was."""
    seen = read_seen(folder)
    return seen if seen is not None and seen.answers == mark_of(choices, asker) else None


def mark_of(choices: Choices, asker: Asker) -> str:
    """What a kept plan follows from besides the register."""
    return hashlib.sha256(f"{choices.to_json()} {asker.viewer} {asker.rights}".encode()).hexdigest()


def make_seen(session: Session, folder: Path, table: Table, choices: Choices, asker: Asker) -> Seen:
    """Make the plan and keep it to turn pages in."""
    plan = plan_of(session, interpret(table, choices), choices, asker)
    return keep_plan(folder, plan, choices, asker)


def keep_plan(folder: Path, plan: Plan, choices: Choices, asker: Asker) -> Seen:
    """Keep a plan in words, with what is new in it since the last one of the same answers."""
    count, shapes = plan_shapes(plan)
    seen = see(plan, mark_of(choices, asker), asker.now, count, seen_plan(folder, choices, asker))
    keep_seen(folder, seen, shapes)
    return seen
