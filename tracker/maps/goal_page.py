"""Everything on the page of a goal or an aspect, as plain frozen data that can be kept while nothing changes."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from tracker.areas.models import AreaSet
from tracker.contribution.places import ColumnKind
from tracker.contribution.rows import RowKind
from tracker.contribution.rules import CountingRule
from tracker.goals.models import Goal, GoalSet, GoalSetKind
from tracker.goals.queries import list_concepts, list_linking_goals
from tracker.maps.area_page import Who
from tracker.maps.goal_page_links import (
    Assigned,
    GoalLink,
    Initiated,
    Measured,
    assigned_to,
    initiated_for,
    link_to,
    measured_for,
    neighbours,
)
from tracker.maps.page_projects import Projects, count_hidden_amounts, projects_of
from tracker.maps.page_sums import BookColumn, SumBook, rule_for, sum_book
from tracker.projects.filters import ProjectFilter
from tracker.web.language import page_language

ALWAYS = (ColumnKind.REGION, ColumnKind.OUTER_CITY, ColumnKind.ALL)
"""Sums stand in the table also where they are nothing."""


@dataclass(frozen=True, slots=True)
class AspectLine:
    """An aspect with the number of projects that contribute to it."""

    link: GoalLink
    text: str
    projects: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A strategic question with the goal or aspect that it is asked of. `proposed`: the wording is ours."""

    code: str
    text: str
    proposed: bool


@dataclass(frozen=True, slots=True)
class Defined:
    """A term and what it means."""

    term: str
    definition: str
    proposed: bool


@dataclass(frozen=True, slots=True)
class AreaLine:
    """A column of the contribution report for this goal: a number for each year in whole öre, and how many projects."""

    column: BookColumn
    amounts: tuple[int, ...]
    total: int
    projects: int


@dataclass(frozen=True, slots=True)
class GoalPage:
    """The page of a goal, or of an aspect (`parent`), of one edition."""

    link: GoalLink
    text: str
    set_name: str
    valid_from_year: int
    valid_to_year: int | None
    is_budget: bool
    outer_city_measures: bool
    parent: GoalLink | None
    aspects: tuple[AspectLine, ...]
    questions: tuple[Asked, ...]
    concepts: tuple[Defined, ...]
    budget_goals: tuple[GoalLink, ...]
    """The budget goals that it makes concrete; of a budget goal, the goals that make it so."""
    earlier: tuple[GoalLink, ...]
    later: tuple[GoalLink, ...]
    projects: Projects
    initiatives: tuple[Initiated, ...]
    assignments: tuple[Assigned, ...]
    indicators: tuple[Measured, ...]
    area_set: str
    area_set_name: str
    schematic: bool
    amount: str
    amount_label: str
    rule: CountingRule
    years: tuple[int, ...]
    lines: tuple[AreaLine, ...]
    """The grand total last; none of a budget goal, whose goals are counted instead."""
    gaps: tuple[BookColumn, ...]
    """Areas where no project contributes to it."""
    without_outer: int
    """What is shown on a row of its own in whole öre, reaching no ytterstad; only of goals about measures there."""
    without_outer_projects: int
    hidden_amounts: int

    @property
    def total(self) -> AreaLine | None:
        """All areas."""
        return self.lines[-1] if self.lines else None


def goal_page(session: Session, goal: Goal, area_set: AreaSet, who: Who) -> GoalPage:
    """Read and arrange the page of a goal."""
    goal_set = goal.goal_set
    budget = goal_set.kind is GoalSetKind.BUDGET
    book = None if budget else sum_book(session, who.audience, goal_set, area_set, who.amount, who.now)
    lines, (without, without_projects) = _sums(book, goal.code) if book else ((), (0, 0))
    earlier, later = neighbours(session, goal)
    wanted = ProjectFilter(goal=(goal.code,), edition=goal_set.code)
    return GoalPage(
        link=link_to(goal),
        text=_in_language(goal.text_sv, goal.text_en),
        set_name=goal_set.name,
        valid_from_year=goal_set.valid_from_year,
        valid_to_year=goal_set.valid_to_year,
        is_budget=budget,
        outer_city_measures=goal.outer_city_measures,
        parent=link_to(goal.parent) if goal.parent else None,
        aspects=tuple(_aspects(goal, book)),
        questions=_questions(goal),
        concepts=tuple(Defined(one.term, one.definition, one.proposed) for one in list_concepts(session, goal_set)),
        budget_goals=_linked(session, goal, goal_set),
        earlier=earlier,
        later=later,
        projects=projects_of(session, wanted, who.viewer, who.today),
        initiatives=initiated_for(session, goal, who.viewer),
        assignments=assigned_to(session, goal),
        indicators=measured_for(session, goal) if who.viewer.drafts else (),
        area_set=area_set.code,
        area_set_name=area_set.name,
        schematic=area_set.schematic,
        amount=who.amount.key,
        amount_label=who.amount.label,
        rule=rule_for(who.audience),
        years=book.years if book else (),
        lines=lines,
        gaps=tuple(one.column for one in lines if one.column.kind is ColumnKind.AREA and not one.projects),
        without_outer=without,
        without_outer_projects=without_projects,
        hidden_amounts=count_hidden_amounts(session, wanted, who.audience.viewer),
    )


def _sums(book: SumBook, code: str) -> tuple[tuple[AreaLine, ...], tuple[int, int]]:
    return _lines(book, code), _without_outer(book, code)


def _lines(book: SumBook, code: str) -> tuple[AreaLine, ...]:
    at = book.row(code)
    if at is None:
        raise LookupError(f"the sums of edition {book.goal_set} have no row {code}")
    cells = zip(book.columns, book.amounts[at], book.projects[at], strict=True)
    return tuple(AreaLine(column, amounts, sum(amounts), projects) for column, amounts, projects in cells)


def shown_lines(page: GoalPage) -> list[AreaLine]:
    """The rows of the table: areas and places with projects, and every sum."""
    return [one for one in page.lines if one.projects or one.column.kind in ALWAYS]


def _without_outer(book: SumBook, code: str) -> tuple[int, int]:
    """The row "G1 utan ytterstad" of this goal in all areas: amount of all years, and projects."""
    key = f"{code}-{RowKind.NO_OUTER_CITY}"
    at = next((place for place, row in enumerate(book.rows) if row.key == key), None)
    return (0, 0) if at is None else (sum(book.amounts[at][-1]), book.projects[at][-1])


def _aspects(goal: Goal, book: SumBook | None) -> list[AspectLine]:
    found = []
    for one in goal.aspects:
        at = book.row(one.code) if book else None
        text = _in_language(one.text_sv, one.text_en)
        found.append(AspectLine(link_to(one), text, book.projects[at][-1] if book and at is not None else 0))
    return found


def _questions(goal: Goal) -> tuple[Asked, ...]:
    """The goal's own questions and then its aspects', as the policy has them after each goal text."""
    return tuple(
        Asked(one.code, _in_language(question.text_sv, question.text_en), question.proposed)
        for one in (goal, *goal.aspects)
        for question in one.questions
    )


def _in_language(swedish: str, english: str) -> str:
    """The register has both of what the policy says; not every text has an English one."""
    return english if english and page_language() == "en" else swedish


def _linked(session: Session, goal: Goal, goal_set: GoalSet) -> tuple[GoalLink, ...]:
    if goal_set.kind is GoalSetKind.BUDGET:
        return tuple(link_to(one) for one in list_linking_goals(session, goal_set).get(goal.code, []))
    return tuple(link_to(one) for one in goal.budget_goals)
