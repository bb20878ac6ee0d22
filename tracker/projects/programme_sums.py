"""What a programme holds: the tree of its sub-projects that a reader may see, and the sums of those without children.

Money is the city's share, as in every total of the register; decided budgets are whole and stand by price level.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.apportion import apportion
from tracker.projects.bulk import blocks
from tracker.projects.decisions import decided_budgets, price_key
from tracker.projects.figures import Decision, Figure, Volume
from tracker.projects.inputs import DecisionInput
from tracker.projects.models import Project
from tracker.projects.policies import Viewer, open_to, visible_to
from tracker.projects.programmes import is_programme
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import RUNNING_PERIOD, WHOLE, Flow, Phase, Publication

COLUMNS = ("budget_ore", "outcome_ore", "forecast_ore")
BLOCK = 500


class Row(NamedTuple):
    """A project of the tree as it is read."""

    id: int
    parent_id: int
    code: str
    name: str
    phase: Phase
    publication: Publication
    city_share: int
    programme: bool
    sort_key: str


@dataclass(slots=True)
class Sums:
    """What is added up; None is nothing given. Keys of `money` are (year, flow, column)."""

    money: dict[tuple[int, Flow, str], int] = field(default_factory=dict)
    planned: dict[int, int] = field(default_factory=dict)
    started: dict[int, int] = field(default_factory=dict)
    completed: dict[int, int] = field(default_factory=dict)
    decided: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Price level → outlay and income of the latest decided budgets at it."""
    projects: int = 0

    def add(self, other: Sums) -> None:
        """Add another's numbers to these."""
        for name in ("money", "planned", "started", "completed"):
            mine = getattr(self, name)
            for key, number in getattr(other, name).items():
                mine[key] = mine.get(key, 0) + number
        for level, (outlay, income) in other.decided.items():
            before = self.decided.get(level, (0, 0))
            self.decided[level] = (before[0] + outlay, before[1] + income)
        self.projects += other.projects

    def total(self, flow: Flow, column: str) -> int | None:
        """A column over all years."""
        given = [ore for (_, one, name), ore in self.money.items() if (one, name) == (flow, column)]
        return sum(given) if given else None

    def amount(self, year: int, flow: Flow, column: str) -> int | None:
        """A column of one year."""
        return self.money.get((year, flow, column))

    @property
    def years(self) -> list[int]:
        """The years with money."""
        return sorted({year for year, _, _ in self.money})

    @property
    def measure_ids(self) -> list[int]:
        """The measures with any number."""
        return list(dict.fromkeys([*self.planned, *self.started, *self.completed]))


@dataclass(slots=True)
class Node:
    """A sub-project in the tree, `depth` 0 for those right under the programme."""

    row: Row
    depth: int
    sums: Sums


@dataclass(frozen=True, slots=True)
class Programme:
    """The sub-projects in reading order, each under its own programme, and the sum of them all."""

    nodes: tuple[Node, ...]
    sums: Sums


def read_programme(session: Session, project: Project, viewer: Viewer, today: date) -> Programme:
    """The tree under a project as the viewer may see it; what is hidden is in no sum."""
    children = _read_tree(session, project.id, viewer)
    rows = [row for below in children.values() for row in below]
    own = _own_sums(session, [row for row in rows if not row.programme], viewer, today)
    total = Sums()
    nodes = list(_walk(children, own, project.id, 0, total))
    return Programme(tuple(nodes), total)


def _read_tree(session: Session, root: int, viewer: Viewer) -> dict[int, list[Row]]:
    """Parent id → visible children in Swedish order; level by level, so that no depth is too deep."""
    columns = (
        Project.id, Project.parent_id, Project.code, Project.name, Project.phase, Project.publication,
        Project.city_share, is_programme(viewer), Project.sort_key,
    )  # fmt: skip
    children: dict[int, list[Row]] = {}
    level, seen = [root], {root}
    while level:
        found: list[Row] = []
        for block in blocks(level, BLOCK):
            statement = select(*columns).where(Project.parent_id.in_(block), *visible_to(viewer))
            found += [Row._make(row) for row in session.execute(statement) if row[0] not in seen]
        seen.update(row.id for row in found)
        for row in sorted(found, key=lambda one: (one.sort_key, one.code)):
            children.setdefault(row.parent_id, []).append(row)
        level = [row.id for row in found if row.programme]
    return children


def _walk(children: dict[int, list[Row]], own: dict[int, Sums], parent: int, depth: int, total: Sums) -> Iterable[Node]:
    for row in children.get(parent, ()):
        sums = own.get(row.id) or Sums()
        below = list(_walk(children, own, row.id, depth + 1, sums)) if row.programme else []
        total.add(sums)
        yield Node(row, depth, sums)
        yield from below


def _own_sums(session: Session, rows: Sequence[Row], viewer: Viewer, today: date) -> dict[int, Sums]:
    """Project id → its numbers, of the projects without children."""
    sums = {row.id: Sums(projects=1) for row in rows}
    shares = {row.id: row.city_share for row in rows}
    for block in blocks(list(sums), BLOCK):
        _money(session, block, viewer, shares, sums)
        _volumes(session, block, viewer, sums)
        _decided(session, block, viewer, today, sums)
    return sums


def _money(session: Session, ids: Sequence[int], viewer: Viewer, shares: dict[int, int], sums: dict[int, Sums]) -> None:
    statement = select(Figure.project_id, Figure.year, Figure.flow, *(getattr(Figure, name) for name in COLUMNS))
    statement = statement.where(Figure.period == RUNNING_PERIOD, Figure.project_id.in_(ids))
    for project_id, year, flow, *amounts in session.execute(
        statement.where(*open_to(viewer, Secret.FIGURES, Figure.project_id))
    ):
        share = shares[project_id]
        for name, ore in zip(COLUMNS, amounts, strict=True):
            if ore is not None:
                sums[project_id].money[year, flow, name] = apportion(ore, [share, WHOLE - share])[0]


def _volumes(session: Session, ids: Sequence[int], viewer: Viewer, sums: dict[int, Sums]) -> None:
    """Started and completed of all years; of planned the newest."""
    columns = (Volume.project_id, Volume.measure_id, Volume.planned, Volume.started, Volume.completed)
    statement = (
        select(*columns)
        .where(Volume.period == RUNNING_PERIOD, Volume.project_id.in_(ids))
        .where(*open_to(viewer, Secret.VOLUMES, Volume.project_id))
        .order_by(Volume.measure_id, Volume.year)
    )
    for project_id, measure_id, planned, started, completed in session.execute(statement):
        mine = sums[project_id]
        if planned is not None:
            mine.planned[measure_id] = planned
        for counts, number in ((mine.started, started), (mine.completed, completed)):
            if number is not None:
                counts[measure_id] = counts.get(measure_id, 0) + number


def _decided(session: Session, ids: Sequence[int], viewer: Viewer, today: date, sums: dict[int, Sums]) -> None:
    names = ("gate", "date", "outlay_ore", "income_ore", "price_level", "id")
    columns = (getattr(Decision, name) for name in names)
    statement = select(Decision.project_id, *columns).where(Decision.project_id.in_(ids))
    found: dict[int, list[DecisionInput]] = defaultdict(list)
    for project_id, *values in session.execute(
        statement.where(*open_to(viewer, Secret.DECISIONS, Decision.project_id))
    ):
        found[project_id].append(DecisionInput(**dict(zip(names, values, strict=True))))
    for project_id, decisions in found.items():
        budgets = decided_budgets(decisions, today)
        if budgets is not None:
            one = budgets.latest
            sums[project_id].decided[price_key(one.price_level)] = (one.outlay_ore or 0, one.income_ore or 0)
