"""What a row says of goals, served areas and figures, against what is there: the rows that would stand afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from tracker.apportion import apportion
from tracker.errors import DomainError
from tracker.imports.amounts import AmountColumn
from tracker.imports.registered_contents import Counts, FigureRow, ServedRow, Tag
from tracker.imports.resolving import GoalChoice, ServedChoice
from tracker.imports.resolving_beside import GoalTagRow, MeasureRow
from tracker.imports.values import read_text
from tracker.messages import message
from tracker.projects.policies import Rights
from tracker.projects.vocabulary import RUNNING_PERIOD, WHOLE, Flow

DEFAULT_WEIGHT = 2
"""Of a new goal without a weight: a clear contribution. A goal that is there keeps its own."""
FROM_FILE = "Enligt importerad fil."
"""The motivation of served areas when neither the file nor the register has one."""


def wanted_goals(choices: Sequence[GoalChoice], present: dict[int, Tag]) -> dict[int, Tag]:
    """Goal id → tag. The editions that the row names are as the row says; tags of other editions stay."""
    chosen: dict[int, Tag] = {}
    for meanings, weight in choices:
        goal = next((one for one in meanings if one.id in present), meanings[0])
        old = present.get(goal.id)
        kept = (old.weight, old.motivation) if old else (DEFAULT_WEIGHT, "")
        chosen[goal.id] = Tag(goal.goal_set_id, weight or kept[0], kept[1])
    judged = {tag.goal_set_id for tag in chosen.values()}
    others = {goal_id: tag for goal_id, tag in present.items() if tag.goal_set_id not in judged}
    return others | chosen


def wanted_tags(rows: Sequence[GoalTagRow], present: dict[int, Tag]) -> dict[int, Tag]:
    """The same of the table of goals, which says weights and motivations; what it does not say stays."""
    chosen: dict[int, Tag] = {}
    for row in rows:
        old = present.get(row.goal_id) or Tag(row.goal_set_id, DEFAULT_WEIGHT, "")
        motivation = row.motivation or old.motivation
        same = read_text(old.motivation) == motivation
        chosen[row.goal_id] = Tag(row.goal_set_id, row.weight or old.weight, old.motivation if same else motivation)
    judged = {tag.goal_set_id for tag in chosen.values()}
    return {goal_id: tag for goal_id, tag in present.items() if tag.goal_set_id not in judged} | chosen


def goals_told(goals: Mapping[int, Tag]) -> list[object]:
    """As the history writes them."""
    return [[goal_id, tag.weight, tag.motivation] for goal_id, tag in sorted(goals.items(), key=lambda one: one[0])]


def wanted_serves(choices: Sequence[ServedChoice], present: Sequence[ServedRow]) -> list[ServedRow]:
    """The served areas in the row's order. Without shares those of the register stay, or all share equally."""
    held = {area_id: share for _, area_id, share in present if area_id is not None}
    rows = []
    for scope, meanings, share in choices:
        area_id = next((one for one in meanings if one in held), meanings[0]) if meanings else None
        rows.append((scope, area_id, share))
    if all(share is None for _, _, share in rows):
        same = {row[:2] for row in rows} == {row[:2] for row in present}
        if same:
            return list(present)
        shares = apportion(WHOLE, [1] * len(rows))
    else:
        shares = [share or 0 for _, _, share in rows]
    found = [(scope, area_id, share) for (scope, area_id, _), share in zip(rows, shares, strict=True)]
    return list(present) if sorted(found, key=str) == sorted(present, key=str) else found


def serves_told(rows: Iterable[ServedRow]) -> list[object]:
    """As the history writes them."""
    return [[scope.value, area_id, share] for scope, area_id, share in rows]


Figures = dict[tuple[int, Flow], FigureRow]


def wanted_figures(given: Iterable[tuple[AmountColumn, int | None]], present: Figures, rights: Rights) -> Figures:
    """The rows that differ afterwards. Raises DomainError for budget and outcome that are the controller's."""
    found: Figures = {}
    for column, ore in given:
        key = (column.year, column.flow)
        row = found.get(key) or present.get(key) or FigureRow()
        if ore is None or getattr(row, column.kind) == ore:
            continue
        found[key] = _with(row, column, ore, rights)
    return found


def _with(row: FigureRow, column: AmountColumn, ore: int, rights: Rights) -> FigureRow:
    if column.kind == "forecast":
        return replace(row, forecast=ore)
    if column.kind == "outcome":
        if not rights.budget:
            raise DomainError(
                message(
                    "Utfallet (%(flow)s %(year)s) ändras bara av controller.", flow=column.flow.label, year=column.year
                )
            )
        return replace(row, outcome=ore)
    if not rights.budget and row.budget is not None and not row.preliminary:
        raise DomainError(
            message("Budgeten (%(flow)s %(year)s) ändras bara av controller.", flow=column.flow.label, year=column.year)
        )
    return replace(row, budget=ore, preliminary=not rights.budget)


def figures_told(rows: Figures) -> list[object]:
    """As the history writes them, in its order."""
    return [row.told(year, flow) for (year, flow), row in sorted(rows.items(), key=lambda one: one[0])]


Volumes = dict[tuple[int, int], Counts]


def wanted_volumes(rows: Iterable[MeasureRow], present: Volumes) -> Volumes:
    """The rows of measures that differ afterwards; an empty cell changes nothing."""
    found: Volumes = {}
    for measure_id, year, counts in rows:
        old = present.get((measure_id, year), (None, None, None))
        planned, started, completed = (had if given is None else given for given, had in zip(counts, old, strict=True))
        if (planned, started, completed) != old:
            found[measure_id, year] = (planned, started, completed)
    return found


def volumes_told(rows: Volumes) -> list[object]:
    """As the history writes them, in its order."""
    return [[RUNNING_PERIOD, *key, *counts] for key, counts in sorted(rows.items(), key=lambda one: one[0])]
