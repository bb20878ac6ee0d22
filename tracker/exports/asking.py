"""From a query string to the question of a report, and what the form offers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.areas.models import AreaSet
from tracker.areas.queries import list_area_sets
from tracker.contribution.amounts import AMOUNTS, MONEY
from tracker.contribution.rules import CountingRule
from tracker.exports.audience import Audience
from tracker.exports.report import Question, find_editions
from tracker.goals.models import GoalSet, GoalSetKind
from tracker.goals.queries import list_goal_sets
from tracker.messages import message
from tracker.projects.figures import Figure, Volume
from tracker.projects.models import Project
from tracker.projects.policies import Viewer, open_to, visible_to
from tracker.projects.rules import YEARS
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import RUNNING_PERIOD

COLUMN_WORDS = {"alla": message("Alla områden"), "summor": message("Bara summor")}
PROJECT_COUNT = "antal-projekt"
SHOWN_WORDS: dict[str, str] = {PROJECT_COUNT: message("Antal projekt")} | {one.key: one.label for one in AMOUNTS}
"""What a page can show of a report: value in the address → label."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with how it is shown: one amount, and all columns or the sums alone."""

    question: Question
    shown: str
    columns: str

    def to_query(self) -> dict[str, str]:
        """The question as query parameters."""
        query = {"year": str(self.question.year), "counting": self.question.rule.value, "shown": self.shown}
        named = {"edition": self.question.goal_set, "areas": self.question.area_set, "columns": self.columns}
        return query | {word: value for word, value in named.items() if value}

    @property
    def key(self) -> tuple[str, ...]:
        """What tells it from every other question, with who may have the answer."""
        question = self.question
        return (
            question.audience.value, question.period, str(question.year), question.rule.value, question.goal_set,
            question.area_set, self.shown, self.columns,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form offers, with the editions in force."""

    years: tuple[int, ...]
    goal_sets: tuple[GoalSet, ...]
    area_sets: tuple[AreaSet, ...]
    goal_set: GoalSet
    area_set: AreaSet


def asked_from(args: Mapping[str, str], audience: Audience, default_year: Callable[[], int]) -> Asked:
    """Read a query string; unknown words give the default, unknown editions are refused when they are looked up.

    `default_year` is asked only where no year is named.
    """
    year = args.get("year", "")
    known_year = year.isascii() and year.isdigit() and len(year) == 4 and int(year) in YEARS
    rules = {rule.value: rule for rule in CountingRule}
    shown, columns = args.get("shown", ""), args.get("columns", "")
    question = Question(
        year=int(year) if known_year else default_year(),
        rule=rules.get(args.get("counting", ""), CountingRule.FORDELAD),
        audience=audience,
        goal_set=args.get("edition", ""),
        area_set=args.get("areas", ""),
    )
    return Asked(
        question,
        shown if shown in SHOWN_WORDS else MONEY[0].key,
        columns if columns in COLUMN_WORDS else next(iter(COLUMN_WORDS)),
    )


def years_with_facts(session: Session, viewer: Viewer, period: str = RUNNING_PERIOD) -> tuple[int, ...]:
    """The years that any visible project has money or volumes in, in order: in the register now, or in a period."""
    years: set[int] = set()
    for table, secret in ((Figure, Secret.FIGURES), (Volume, Secret.VOLUMES)):
        statement = select(table.year).join(Project, Project.id == table.project_id)
        shown = (*visible_to(viewer), *open_to(viewer, secret))
        statement = statement.where(table.period == period, *shown).distinct()
        years |= set(session.scalars(statement))
    return tuple(sorted(years))


def default_year(years: tuple[int, ...], today: date) -> int:
    """The current year if it has facts, else the nearest one that has, the later of two."""
    return min(years, key=lambda year: (abs(year - today.year), -year), default=today.year)


def choices_for(session: Session, question: Question, years: tuple[int, ...]) -> Choices:
    """What can be chosen instead. Raises NotFoundError for an edition that does not exist."""
    goal_set, area_set = find_editions(session, question)
    return Choices(
        years=tuple(sorted({*years, question.year})),
        goal_sets=tuple(list_goal_sets(session, GoalSetKind.INTEGRATION)),
        area_sets=tuple(list_area_sets(session)),
        goal_set=goal_set,
        area_set=area_set,
    )
