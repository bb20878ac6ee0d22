"""What belongs to the projects of a block as rows of their own: goals, areas, money and volumes per year.

For a database file beside the projects. The public gets no weights of goals, and of money the settled budgets alone.
Our import reads them back (imports/beside.py): whoever changes a name here changes it there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Select, case, func, literal, select
from sqlalchemy.orm import Session

from tracker.apportion import IntArray
from tracker.areas.models import Area, AreaSet
from tracker.contribution.queries import NOT_GIVEN, OUTSIDE_ID, WHOLE_CITY_ID
from tracker.contribution.reading import Positions, read_columns
from tracker.exports.audience import Audience
from tracker.exports.register_blocks import Block
from tracker.exports.register_lists import among
from tracker.goals.models import Goal, GoalSet
from tracker.measures.models import Measure
from tracker.projects.figures import Figure, Volume
from tracker.projects.models import GoalTag, Location, ServedArea
from tracker.projects.policies import open_to
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import RUNNING_PERIOD, Flow, Scope

Rows = Iterable[tuple[Any, ...]]
SERVES, LIES_IN = "betjänar", "ligger i"


@dataclass(frozen=True, slots=True)
class Related:
    """A table beside the projects: its name, what it holds, its fields (name → header, type), and how it is read."""

    name: str
    about: str
    fields: Mapping[str, tuple[str, type[str | int | float]]]
    read: Callable[[Reader, Block], Rows]


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose file it is, and the words of what the rows refer to, by database id."""

    session: Session
    audience: Audience
    goals: Mapping[int, tuple[str, str, str]]
    areas: Mapping[int, tuple[str, str, str]]
    measures: Mapping[int, tuple[str, str, str]]

    @classmethod
    def of(cls, session: Session, audience: Audience) -> Reader:
        goals = select(Goal.id, GoalSet.code, Goal.code, Goal.name_sv).join(GoalSet, Goal.goal_set_id == GoalSet.id)
        areas = select(Area.id, AreaSet.code, Area.code, Area.name).join(AreaSet, Area.area_set_id == AreaSet.id)
        measures = select(Measure.id, Measure.code, Measure.name_sv, Measure.unit)
        stand_ins = {
            WHOLE_CITY_ID: ("", Scope.WHOLE_CITY.value, Scope.WHOLE_CITY.label),
            OUTSIDE_ID: ("", Scope.OUTSIDE.value, Scope.OUTSIDE.label),
        }
        return cls(
            session, audience, _words(session, goals), _words(session, areas) | stand_ins, _words(session, measures)
        )

    def columns(self, block: Block, secret: Secret, owner: Any, statement: Select[*tuple[Any, ...]]) -> list[IntArray]:
        """The whole numbers of a statement for the block's projects; the first is the project's place in it."""
        chosen = statement.where(among(self.session, owner, block.ids))
        ids, *rest = read_columns(self.session, chosen.where(*open_to(self.audience.viewer, secret, owner)))
        return [Positions(np.array(block.ids, dtype=np.int64)).of(ids), *rest]


def _words(session: Session, statement: Select[*tuple[Any, ...]]) -> dict[int, tuple[str, str, str]]:
    return {row[0]: (row[1], row[2], row[3]) for row in session.execute(statement)}


def _in_order(columns: Sequence[IntArray], keys: int) -> list[list[int]]:
    """The columns as lists, ordered by the first `keys` of them."""
    ranked = np.lexsort(tuple(reversed(columns[:keys])))
    return [column[ranked].tolist() for column in columns]


def _given(numbers: list[int]) -> list[int | None]:
    return [None if number == NOT_GIVEN else number for number in numbers]


def _goals(reader: Reader, block: Block) -> Rows:
    statement = select(GoalTag.project_id, GoalTag.goal_id, GoalTag.weight)
    places, goals, weights = _in_order(reader.columns(block, Secret.GOALS, GoalTag.project_id, statement), 2)
    codes, told = block.codes, reader.audience is not Audience.PUBLIC
    reasons = _motivations(reader, block) if told else {}
    for place, goal, weight in zip(places, goals, weights, strict=True):
        yield (codes[place], *reader.goals[goal], *((weight, reasons.get((block.ids[place], goal))) if told else ()))


def _motivations(reader: Reader, block: Block) -> dict[tuple[int, int], str]:
    """(project id, goal id) → why, where anybody wrote it."""
    statement = select(GoalTag.project_id, GoalTag.goal_id, GoalTag.motivation).where(GoalTag.motivation != "")
    chosen = statement.where(among(reader.session, GoalTag.project_id, block.ids))
    shown = chosen.where(*open_to(reader.audience.viewer, Secret.GOALS, GoalTag.project_id))
    return {(project, goal): reason for project, goal, reason in reader.session.execute(shown)}


def _areas(reader: Reader, block: Block) -> Rows:
    area = case(
        (ServedArea.scope == Scope.WHOLE_CITY, WHOLE_CITY_ID),
        (ServedArea.scope == Scope.OUTSIDE, OUTSIDE_ID),
        else_=ServedArea.area_id,
    )
    served = select(ServedArea.project_id, literal(0), ServedArea.position, area, ServedArea.share)
    outside = func.coalesce(Location.area_id, OUTSIDE_ID)
    lies_in = select(Location.project_id, Location.area_set_id, Location.place, outside, Location.share)
    parts = (
        (SERVES, reader.columns(block, Secret.SERVES, ServedArea.project_id, served)),
        (LIES_IN, reader.columns(block, Secret.GEOMETRY, Location.project_id, lies_in)),
    )
    codes, words = block.codes, reader.areas
    for role, columns in parts:
        places, _, _, areas, shares = _in_order(columns, 3)
        for place, one, share in zip(places, areas, shares, strict=True):
            yield (codes[place], role, *words[one], share / 100)


AMOUNTS = {
    f"{flow.value}_{word}_ore": (f"{flow.label}, {word} (öre)", flow, column)
    for flow in (Flow.OUTLAY, Flow.INCOME)
    for word, column in (("budget", "budget_ore"), ("utfall", "outcome_ore"), ("prognos", "forecast_ore"))
}
"""Field → header, flow and column of Figure."""


def amounts_for(audience: Audience) -> Mapping[str, tuple[str, Flow, str]]:
    """The amounts that this audience gets: of money the public knows budgets alone."""
    public = audience is Audience.PUBLIC
    return {name: one for name, one in AMOUNTS.items() if not public or one[2] == "budget_ore"}


def _money(reader: Reader, block: Block) -> Rows:
    amounts = amounts_for(reader.audience)
    given = []
    for _, flow, column in amounts.values():
        told = [Figure.flow == flow]
        if reader.audience is Audience.PUBLIC:
            told.append(Figure.budget_preliminary.is_(False))
        given.append(func.coalesce(func.max(case((told[0] if len(told) == 1 else told[0] & told[1],
                                                  getattr(Figure, column)))), NOT_GIVEN))  # fmt: skip
    statement = select(Figure.project_id, Figure.year, *given).where(Figure.period == RUNNING_PERIOD)
    statement = statement.group_by(Figure.project_id, Figure.year)
    columns = reader.columns(block, Secret.FIGURES, Figure.project_id, statement)
    told = np.any([column != NOT_GIVEN for column in columns[2:]], axis=0)
    places, years, *numbers = _in_order([column[told] for column in columns], 2)
    return zip(map(block.codes.__getitem__, places), years, *map(_given, numbers), strict=True)


def _volumes(reader: Reader, block: Block) -> Rows:
    numbers = [func.coalesce(one, NOT_GIVEN) for one in (Volume.planned, Volume.started, Volume.completed)]
    statement = select(Volume.project_id, Volume.measure_id, Volume.year, *numbers)
    statement = statement.where(Volume.period == RUNNING_PERIOD)
    columns = reader.columns(block, Secret.VOLUMES, Volume.project_id, statement)
    places, measures, years, *counts = _in_order(columns, 3)
    words = zip(*map(reader.measures.__getitem__, measures), strict=True) if measures else ((), (), ())
    return zip(map(block.codes.__getitem__, places), *words, years, *map(_given, counts), strict=True)


_CODE: Mapping[str, tuple[str, type[str | int | float]]] = {"kod": ("Kod", str)}


def related_tables(audience: Audience) -> tuple[Related, ...]:
    """The tables beside the projects that this audience gets."""
    weight: dict[str, tuple[str, type[str | int | float]]] = {
        "styrka": ("Styrka (3 huvudsyfte, 1 indirekt)", int), "motivering": ("Motivering", str),
    }  # fmt: skip
    money: dict[str, tuple[str, type[str | int | float]]] = {
        name: (label, int) for name, (label, _, _) in amounts_for(audience).items()
    }
    goals = {"malutgava": ("Målutgåva", str), "mal": ("Mål", str), "malnamn": ("Målets namn", str)}
    areas = {
        "roll": ("Roll", str), "indelning": ("Indelning", str), "omradeskod": ("Områdeskod", str),
        "omrade": ("Område", str), "andel_procent": ("Andel (procent)", float),
    }  # fmt: skip
    counts = {
        "mattkod": ("Måttkod", str), "matt": ("Mått", str), "enhet": ("Enhet", str), "ar": ("År", int),
        "planerade": ("Planerade", int), "paborjade": ("Påbörjade", int), "fardiga": ("Färdigställda", int),
    }  # fmt: skip
    return (
        Related("mal", "Mål som projekten bidrar till.",
                {**_CODE, **goals, **({} if audience is Audience.PUBLIC else weight)}, _goals),
        Related("omraden", "Områden som projekten betjänar, och områden som de ligger i.", {**_CODE, **areas}, _areas),
        Related("ekonomi", "Belopp per år i hela ören, alla finansiärer.",
                {**_CODE, "ar": ("År", int), **money}, _money),
        Related("matt", "Mått per år.", {**_CODE, **counts}, _volumes),
    )  # fmt: skip
