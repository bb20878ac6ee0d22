"""Writing the decisions of a project: corrected rows keep their identity, revisions are rows of their own."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.errors import InvalidInputError, Problem
from tracker.messages import message
from tracker.projects.figures import Decision
from tracker.projects.inputs import DecisionInput
from tracker.projects.models import Project
from tracker.text import clean

_WORDS = ("body", "case_number", "paragraph", "price_level", "note")
_REST = ("gate", "date", "outlay_ore", "income_ore")


def apply_decisions(project: Project, given: Sequence[DecisionInput]) -> None:
    """Make the project's decisions those given. Raises InvalidInputError for an id that is not this project's.

    A row without an id that says what a stored one says is that one: what is restored or sent twice makes none new.
    """
    stored = {row.id: row for row in project.decisions}
    strange = [one.id for one in given if one.id is not None and one.id not in stored]
    if strange:
        reason = message("Ett av besluten finns inte längre i projektet. Ladda om sidan.")
        raise InvalidInputError([Problem("decisions", reason)])
    named = {one.id for one in given if one.id is not None}
    free = [row for row in project.decisions if row.id not in named]
    rows = []
    for one in given:
        row = stored[one.id] if one.id is not None else _same(free, one) or Decision()
        _write(row, one)
        rows.append(row)
    project.decisions = rows


def stored_decisions(project: Project) -> tuple[DecisionInput, ...]:
    """The stored decisions as the rules and the services take them."""
    return tuple(
        DecisionInput(**{name: getattr(row, name) for name in (*_REST, *_WORDS, "id")}) for row in project.decisions
    )


def _same(free: list[Decision], given: DecisionInput) -> Decision | None:
    """A stored row that says the same, taken out of those left."""
    for row in free:
        if all(getattr(row, name) == getattr(given, name) for name in _REST) and all(
            getattr(row, name) == clean(getattr(given, name)) for name in _WORDS
        ):
            free.remove(row)
            return row
    return None


def _write(row: Decision, given: DecisionInput) -> None:
    for name in _REST:
        setattr(row, name, getattr(given, name))
    for name in _WORDS:
        setattr(row, name, clean(getattr(given, name)))
