"""Goals, served areas, amounts and volumes of a row against those of the project that it means.

`former` is the project as it stood in the version that the file has, where that is known and another than the present:
an amount or a count that still is as it was then is not the file's doing, whatever the register has made of it since.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tracker.errors import DomainError
from tracker.imports.amounts import AmountColumn, of_field
from tracker.imports.contents_wanted import (
    FROM_FILE,
    Figures,
    figures_told,
    goals_told,
    serves_told,
    volumes_told,
    wanted_figures,
    wanted_goals,
    wanted_serves,
    wanted_tags,
    wanted_volumes,
)
from tracker.imports.registered import Registered, VolumeRow
from tracker.imports.registered_contents import Contents, FigureRow, Tag
from tracker.imports.resolving_beside import MeasureRow
from tracker.messages import message
from tracker.projects.vocabulary import RUNNING_PERIOD

if TYPE_CHECKING:
    from tracker.imports.candidates import Candidates
    from tracker.imports.comparing import Terms

Pair = tuple[object, object]
Given = list[tuple[AmountColumn, int | None]]
_NO_ROW = FigureRow()
_NO_COUNTS = (None, None, None)
FIGURE_FIELDS = ("money",)
GOAL_FIELDS = ("goals", "goal_rows")


class ContentsError(DomainError):
    """A row cannot be taken for what it says in a field."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


def has_figures(candidates: Candidates) -> bool:
    """Whether the file has amounts, in columns or in a table."""
    return "money" in candidates.values or any(of_field(name) for name in candidates.values)


def given_figures(candidates: Candidates, index: int) -> Given:
    """The amounts that a row says: those of its own columns, and of the table the others."""
    given: Given = [
        (column, candidates.values[name][index]) for name in candidates.values if (column := of_field(name))
    ]
    said = {column.field for column, ore in given if ore is not None}
    rows = candidates.value("money", index) or ()
    return given + [(row.column, row.ore) for row in rows if row.column.field not in said]


def goals_of_row(candidates: Candidates, index: int, present: dict[int, Tag]) -> dict[int, Tag] | None:
    """The tags that a row asks for, by the projects' own column or the table; None when neither says anything.

    A file of ours tells the goals in both: what was changed in one of them is what is asked for.
    """
    choices, rows = (candidates.value(field, index) for field in GOAL_FIELDS)
    if choices is None or rows is None:
        if rows is not None:
            return wanted_tags(rows, present)
        return None if choices is None else wanted_goals(choices, present)
    by_rows = wanted_tags(rows, present)
    coded = {meanings[0].code for meanings, _ in choices}
    if coded == {row.code for row in rows} and all(weight is None for _, weight in choices):
        return by_rows
    by_column = wanted_goals(choices, present)
    if by_rows == present:
        return by_column
    if by_column == present:
        return by_rows
    codes, of_rows = ", ".join(sorted(coded)), ", ".join(sorted({row.code for row in rows}))
    raise ContentsError(
        "goal_rows",
        message(
            "Kolumnen mal i lagret och tabellen mal är ändrade på olika sätt (%(codes)s mot %(rows)s). Ändra bara det "
            "ena, eller båda lika.",
            codes=codes,
            rows=of_rows,
        ),
    )


def compare_goals(
    candidates: Candidates, index: int, present: Registered, _terms: Terms, _former: Registered | None
) -> Iterator[tuple[str, Pair]]:
    old = present.contents.goals
    new = goals_of_row(candidates, index, old)
    if new is None or new == old:
        return
    yield "goals", (goals_told(old), goals_told(new))
    judged = {tag.goal_set_id for tag in new.values()}
    reasons = present.contents.no_contribution
    if judged & reasons.keys():
        kept = sorted([edition, reason] for edition, reason in reasons.items() if edition not in judged)
        yield "no_contribution", (sorted([edition, reason] for edition, reason in reasons.items()), kept)


def compare_serves(
    candidates: Candidates, index: int, present: Registered, _terms: Terms, _former: Registered | None
) -> Iterator[tuple[str, Pair]]:
    choices = candidates.value("serves", index)
    if choices is None:
        return
    old = present.contents.serves
    new = wanted_serves(choices, old)
    if new != old:
        yield "serves", (serves_told(old), serves_told(new))
        if not present.serves_motivation and candidates.value("serves_motivation", index) is None:
            yield "serves_motivation", ("", FROM_FILE)


def compare_figures(
    candidates: Candidates, index: int, present: Registered, terms: Terms, former: Registered | None
) -> Iterator[tuple[str, Pair]]:
    given = given_figures(candidates, index)
    if former is not None:
        given = [one for one in given if one[1] != _amount(former.contents.figures, one[0])]
    old = present.contents.figures
    new = wanted_figures(given, old, terms.rights)
    if new:
        before = {key: old[key] for key in new if key in old}
        yield "figures", (figures_told(before), figures_told(new))


def compare_volumes(
    candidates: Candidates, index: int, present: Registered, terms: Terms, former: Registered | None
) -> Iterator[tuple[str, Pair]]:
    """By the table of volumes; a file without it has one number of dwellings, the position in the import's year."""
    rows = candidates.value("volume_rows", index)
    if rows is None:
        yield from _dwellings(candidates, index, present, terms)
        return
    old = present.contents.volumes
    if former is not None:
        rows = [_untouched_emptied(row, former.contents) for row in rows]
    new = wanted_volumes(rows, old)
    if new:
        before = {key: old[key] for key in new if key in old}
        yield "volumes", (volumes_told(before), volumes_told(new))


def _untouched_emptied(row: MeasureRow, former: Contents) -> MeasureRow:
    had = former.volumes.get((row.measure_id, row.year), _NO_COUNTS)
    counts = tuple(None if given == one else given for given, one in zip(row.counts, had, strict=True))
    return row._replace(counts=counts)


def _dwellings(candidates: Candidates, index: int, present: Registered, terms: Terms) -> Iterator[tuple[str, Pair]]:
    """An older row stays, for it was true then."""
    dwellings, old = candidates.value("dwellings", index), present.dwellings
    if dwellings is None or terms.measure_id is None or (old and old[3] == dwellings):
        return
    if old and old[2] == terms.year:
        yield "volumes", ([list(old)], [[*old[:3], dwellings, *old[4:]]])
    else:
        row: VolumeRow = (RUNNING_PERIOD, terms.measure_id, terms.year, dwellings, None, None)
        yield "volumes", ([], [list(row)])


def left_alone(candidates: Candidates, index: int, former: Registered, present: Registered) -> tuple[str, ...]:
    """Fields in which the file has an amount or a count of its own version that the register has changed since."""
    before, now = former.contents, present.contents
    found = []
    if any(
        ore is not None and ore == _amount(before.figures, column) != _amount(now.figures, column)
        for column, ore in given_figures(candidates, index)
    ):
        found.append("figures")
    for row in candidates.value("volume_rows", index) or ():
        had, has = (one.volumes.get((row.measure_id, row.year), _NO_COUNTS) for one in (before, now))
        if any(given is not None and given == old != new for given, old, new in zip(row.counts, had, has, strict=True)):
            found.append("volumes")
            break
    return tuple(found)


def _amount(figures: Figures, column: AmountColumn) -> Any:
    return getattr(figures.get((column.year, column.flow), _NO_ROW), column.kind)
