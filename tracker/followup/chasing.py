"""Where a period stands, for whoever chases reports: every project with what was found on it, and who has what left.

The whole portfolio is read in a fixed number of statements; sentences are written for the shown page of it only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, case, func, literal, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from tracker.followup.chasing_candidates import read_candidates
from tracker.followup.checks import look
from tracker.followup.checks_reading import read_counts, read_report_facts, rules_of
from tracker.followup.checks_status import over_planned
from tracker.followup.checks_words import Check, Group, Severity
from tracker.followup.models import Period, ProjectReport
from tracker.followup.progress import Progress
from tracker.followup.queries import source_key
from tracker.followup.vocabulary import ReportState
from tracker.projects.models import Project
from tracker.projects.policies import Viewer, hidden_ids, visible_to
from tracker.projects.secrecy import Secret
from tracker.projects.worklists import lacks

NOBODY, HIDDEN = 0, -1
"""In the place of a manager's id: the project has none, or the viewer may not know who it is."""
MISSING = tuple(check for check in Check if check.group is Group.MISSING)
"""Worklists of the register, whose words are the checks' values."""
_ORDER = {check: place for place, check in enumerate(Check)}
Conditions = Sequence[ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Chased:
    """A project that is expected to report, and what was found on it, in the order of the checks."""

    id: int
    code: str
    sort_key: str
    state: ReportState
    manager_id: int
    checks: tuple[Check, ...]
    weight: int
    """How grave all of it is together, for order."""

    @property
    def waiting(self) -> bool:
        """Whether it has not reported."""
        return self.state is ReportState.WAITING

    @property
    def to_do(self) -> bool:
        """Whether it is something to remind of: no report, or one that looks wrong; not what the register lacks."""
        return any(check.severity is not Severity.NOTE for check in self.checks)


@dataclass(frozen=True, slots=True)
class ManagerLeft:
    """How far one manager has come; `to_do` is how many of the projects have something left."""

    manager_id: int
    progress: Progress
    to_do: int


def read_chased(
    session: Session, period: Period, viewer: Viewer, today: date, further: Conditions = ()
) -> list[Chased]:
    """The projects that are expected to report and that the viewer sees, by name; `further` narrows them."""
    rows = session.execute(_expected(period, viewer, further)).all()
    found = _found(session, period, viewer, {row.id for row in rows})
    for check in MISSING:
        for project_id in session.scalars(_lacking(period, check, viewer)):
            found[project_id].add(check)
    late = today > period.deadline
    return [_chased(row, found.get(row.id, frozenset()), late) for row in rows]


def _expected(period: Period, viewer: Viewer, further: Conditions) -> Select[int, str, str, ReportState, int]:
    manager: ColumnElement[int] = func.coalesce(Project.manager_id, NOBODY)
    if not viewer.confidential:
        secret = Project.id.in_(hidden_ids(viewer, [Secret.PEOPLE]))
        manager = case((secret, literal(HIDDEN)), else_=manager)
    statement = select(
        Project.id, Project.code, Project.sort_key, ProjectReport.state, manager.label("manager_id")
    ).join(ProjectReport, ProjectReport.project_id == Project.id)
    statement = statement.where(ProjectReport.period_id == period.id, *visible_to(viewer), *further)
    return statement.order_by(Project.sort_key, Project.code)


def _found(session: Session, period: Period, viewer: Viewer, seen: set[int]) -> dict[int, set[Check]]:
    """What the checks find besides that a report is missing, by project."""
    candidates, rules = read_candidates(session, period, viewer), rules_of(period)
    found: dict[int, set[Check]] = defaultdict(set)
    by_words = candidates.by_report - candidates.by_money
    for ids, words_only in ((candidates.by_money, False), (by_words, True)):
        for project_id, facts in read_report_facts(session, period, sorted(ids & seen), viewer, words_only=words_only):
            found[project_id].update(one.check for one in look(facts, rules))
    for project_id, counts in read_counts(
        session, (period, source_key(session, period)), sorted(candidates.by_counts & seen), viewer
    ):
        if over_planned(counts):
            found[project_id].add(Check.COMPLETED)
    for project_id in candidates.unchanged & seen:
        found[project_id].add(Check.UNCHANGED)
    return found


def _lacking(period: Period, check: Check, viewer: Viewer) -> Select[int]:
    statement = select(Project.id).join(ProjectReport, ProjectReport.project_id == Project.id)
    return statement.where(ProjectReport.period_id == period.id, lacks(check.value, viewer))


def _chased(row: Any, found: Iterable[Check], late: bool) -> Chased:
    waiting = row.state is ReportState.WAITING
    checks, weight = _in_order(frozenset(found) | ({Check.NOT_REPORTED} if waiting else set()), late)
    return Chased(row.id, row.code, row.sort_key, row.state, row.manager_id, checks, weight)


@cache
def _in_order(checks: frozenset[Check], late: bool) -> tuple[tuple[Check, ...], int]:
    """The checks in their order, and how grave they are together."""
    weight = sum(10**check.severity.weight for check in checks)
    if late and Check.NOT_REPORTED in checks:
        weight += 10**Severity.ERROR.weight
    return tuple(sorted(checks, key=_ORDER.__getitem__)), weight


def count_checks(chased: Iterable[Chased]) -> dict[Check, int]:
    """How many projects each check finds something on; a check that finds nothing is 0."""
    counts = dict.fromkeys(Check, 0)
    for one in chased:
        for check in one.checks:
            counts[check] += 1
    return counts


def progress_in(chased: Iterable[Chased]) -> Progress:
    """How far these projects have come."""
    states = [one.state for one in chased]
    waiting, unchanged = states.count(ReportState.WAITING), states.count(ReportState.UNCHANGED)
    return Progress(len(states), len(states) - waiting, unchanged)


def managers_in(chased: Iterable[Chased]) -> list[ManagerLeft]:
    """Manager by manager, in no order; NOBODY and HIDDEN stand for projects without one to name."""
    groups: dict[int, list[Chased]] = defaultdict(list)
    for one in chased:
        groups[one.manager_id].append(one)
    return [
        ManagerLeft(manager_id, progress_in(own), sum(1 for one in own if one.to_do))
        for manager_id, own in groups.items()
    ]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of it is asked for: a manager's id (or NOBODY, HIDDEN), a check or a group of them, a state; None is any.

    Without a check those with nothing found are left out.
    """

    manager_id: int | None = None
    check: Check | None = None
    group: Group | None = None
    state: ReportState | None = None
    sort: str = "allvar"
    descending: bool = False

    def takes(self, one: Chased) -> bool:
        """Whether a project is asked for."""
        checks = one.checks if self.group is None else [check for check in one.checks if check.group is self.group]
        return (
            bool(checks)
            and (self.check is None or self.check in checks)
            and (self.manager_id is None or one.manager_id == self.manager_id)
            and (self.state is None or one.state is self.state)
        )


SORTS = ("allvar", "namn", "kod", "ledare", "lage")


def choose(chased: Iterable[Chased], wanted: Wanted, names: Mapping[int, str]) -> list[Chased]:
    """Those asked for, in the order asked for; `names` are the managers' sort keys. Equal ones stand by name."""
    taken = [one for one in chased if wanted.takes(one)]
    keys: dict[str, Callable[[Chased], Any]] = {
        "allvar": lambda one: -one.weight,
        "namn": lambda one: one.sort_key,
        "kod": lambda one: one.code,
        "ledare": lambda one: names.get(one.manager_id, ""),
        "lage": lambda one: list(ReportState).index(one.state),
    }
    taken.sort(key=lambda one: (one.sort_key, one.code))
    taken.sort(key=keys.get(wanted.sort, keys["allvar"]), reverse=wanted.descending)
    return taken
