"""The words by which a document names people, measures, goals and questions, and the ids of the form for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.accounts.models import User
from tracker.measures.models import Measure
from tracker.projects.form_choices import Choices

UNKNOWN = "999999999"
"""An id that nothing has: the form then says its own sentence about it."""


@dataclass(frozen=True, slots=True)
class Words:
    """Both ways: what a word means in the form, and what an id is called in a document."""

    people: dict[int, str]
    """User id → e-mail address, of those who may be chosen."""
    measures: dict[int, str]
    goals: dict[int, str]
    questions: dict[int, tuple[str, int]]
    """Question id → (code of its goal, number within it)."""

    def person(self, email: str | None) -> str:
        """The id of a manager, as the form's text; nobody is empty."""
        return _meant(self.people, (email or "").strip().casefold()) if email else ""

    def measure(self, code: str) -> str:
        """The id of a measure."""
        return _meant(self.measures, code)

    def goal(self, code: str) -> str | None:
        """The id of a goal of the edition; None when it has none of that code."""
        found = _meant(self.goals, code)
        return None if found == UNKNOWN else found

    def question(self, goal: str, number: int) -> str | None:
        """The id of a strategic question; None when there is no such question."""
        return next((str(one) for one, word in self.questions.items() if word == (goal, number)), None)


def _meant(words: dict[int, str], wanted: str) -> str:
    return next((str(one) for one, word in words.items() if word == wanted), UNKNOWN)


def load_words(session: Session, choices: Choices) -> Words:
    """Two queries beside what the form has read."""
    people = {user_id for user_id, _name in choices.managers}
    measures = {one.id for one in choices.measures}
    return Words(
        people={one: email for one, email in _addresses(session) if one in people},
        measures={one: code for one, code in list_codes(session) if one in measures},
        goals={goal_id: node.code for goal_id, node in choices.goals.items()},
        questions={one.id: (node.code, one.position) for node in choices.goals.values() for one in node.questions},
    )


def _addresses(session: Session) -> Sequence[tuple[int, str]]:
    return [(row.id, row.email) for row in session.execute(select(User.id, User.email))]


def list_codes(session: Session) -> Sequence[tuple[int, str]]:
    """(id, code) of every measure."""
    return [(row.id, row.code) for row in session.execute(select(Measure.id, Measure.code))]
