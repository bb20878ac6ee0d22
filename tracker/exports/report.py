"""A contribution report as every writer takes it: what it says of itself, its cells, its control, the lines behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from sqlalchemy.orm import Session

from tracker.areas.models import AreaSet
from tracker.areas.queries import area_set_for_year, get_area_set
from tracker.contribution.amounts import AMOUNTS
from tracker.contribution.reckoning import Reckoning, reckon
from tracker.contribution.rules import AreaBasis, CountingRule
from tracker.contribution.selection import Scope
from tracker.errors import InvalidInputError, Problem
from tracker.exports.audience import Audience
from tracker.goals.models import GoalSet
from tracker.goals.queries import get_goal_set, goal_set_for_year
from tracker.money import format_count
from tracker.projects.filters import ProjectFilter
from tracker.projects.rules import YEARS
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import WHOLE
from tracker.text import slug
from tracker.web.content import format_moment

RULE_TEXTS = {
    CountingRule.FORDELAD: (
        "fördelad: varje belopp delas mellan projektets mål efter vikt och mellan dess områden efter andel. "
        "Delarna (raderna Detalj) summerar exakt till portföljen; delsummor står på egna rader."
    ),
    CountingRule.BEROR: (
        "berör: beloppet räknas fullt ut för varje mål och område som projektet berör, och en gång i varje delsumma. "
        "Raderna kan därför inte läggas ihop; totalsumman räknar varje projekt en gång."
    ),
}


@dataclass(frozen=True, slots=True)
class Question:
    """What a report is asked for. Without editions, those valid in the year."""

    year: int
    rule: CountingRule
    audience: Audience
    goal_set: str = ""
    area_set: str = ""
    wanted: ProjectFilter = field(default_factory=ProjectFilter)


@dataclass(frozen=True, slots=True)
class ControlLine:
    """One amount reconciled; whole öre or a count. `difference` is 0, or the report is wrong.

    `over_goals` and `over_areas` add the rows and columns one by one. Where things are counted more than once on
    purpose (berör, and numbers of projects) they come to more than the total, and only the total is compared.
    """

    label: str
    unit: str
    registered: int
    portfolio: int
    total: int
    over_goals: int
    over_areas: int
    over_details: int
    shared: bool

    @property
    def difference(self) -> int:
        """The largest difference from the portfolio, with its sign."""
        compared = [self.total]
        if self.shared:
            compared += [self.over_goals, self.over_areas, self.over_details]
        worst: int = max((abs(one - self.portfolio), one - self.portfolio) for one in compared)[1]
        return worst


@dataclass(frozen=True, eq=False, slots=True)
class Report:
    """A frozen report. `heading` says in pairs (label, text) what it holds, how it was counted, and when."""

    year: int
    rule: CountingRule
    audience: Audience
    produced: datetime
    title: str
    heading: tuple[tuple[str, str], ...]
    control: tuple[ControlLine, ...]
    reckoning: Reckoning

    @property
    def reconciles(self) -> bool:
        """Whether every difference is 0."""
        return all(line.difference == 0 for line in self.control)

    @property
    def file_stem(self) -> str:
        """A name for files: "bidrag-2005-fordelad-1999-intern"."""
        return slug(f"bidrag-{self.year}-{self.rule}-{self.reckoning.area_set.code}-{self.audience}")


def make_report(session: Session, question: Question, now: datetime) -> Report:
    """Reckon and describe. Raises NotFoundError for unknown editions and InvalidInputError for an unlikely year."""
    if question.year not in YEARS:
        reason = f"Året ska vara mellan {YEARS[0]} och {YEARS[-1]}."
        raise InvalidInputError([Problem("year", reason, str(question.year))])
    goal_set, area_set = find_editions(session, question)
    scope = Scope(question.audience.viewer, question.year, question.wanted)
    reckoning = reckon(session, scope, goal_set, area_set, question.rule)
    return Report(
        year=question.year,
        rule=question.rule,
        audience=question.audience,
        produced=now,
        title=f"Bidrag till målen {question.year}",
        heading=tuple(_heading(question, reckoning, now)),
        control=tuple(control_lines(reckoning)),
        reckoning=reckoning,
    )


def find_editions(session: Session, question: Question) -> tuple[GoalSet, AreaSet]:
    """The editions that are asked for, or those valid in the year. Raises NotFoundError."""
    named_goals, named_areas = question.goal_set, question.area_set
    goal_set = get_goal_set(session, named_goals) if named_goals else goal_set_for_year(session, question.year)
    area_set = get_area_set(session, named_areas) if named_areas else area_set_for_year(session, question.year)
    return goal_set, area_set


def _heading(question: Question, reckoning: Reckoning, now: datetime) -> Iterator[tuple[str, str]]:
    goal_set, area_set = reckoning.goal_set, reckoning.area_set
    outlines = "schematiska gränser" if area_set.schematic else f"gränser: {area_set.outline_source or 'importerade'}"
    yield "Räkneregel", RULE_TEXTS[question.rule]
    yield "Målutgåva", f"{goal_set.name} ({goal_set.code})"
    yield "Områdesindelning", f"{area_set.name} ({area_set.code}), {outlines}"
    yield "Områdesandelar", basis_text(reckoning)
    yield "Projekt", _projects_text(question.year, reckoning)
    yield "Belopp", _amounts_text(question.year, reckoning)
    if secrets := secrets_text(reckoning):
        yield "Sekretess", secrets
    yield "Omfattning", question.audience.text
    yield "Framställd", format_moment(now)


def basis_text(reckoning: Reckoning) -> str:
    counts = {one: format_count(reckoning.basis.count(one)) for one in AreaBasis}
    return (
        f"{counts[AreaBasis.BETJANAR]} projekt efter de områden som de betjänar, {counts[AreaBasis.LAGE]} enligt läge, "
        f"{counts[AreaBasis.OLOKALISERAD]} oplacerade."
    )


def _projects_text(year: int, reckoning: Reckoning) -> str:
    number = format_count(len(reckoning.projects))
    return (
        f"{number} projekt som har belopp eller mått för {year}, pågår då eller saknar tidsuppgift. "
        "Program räknas genom sina underprojekt."
    )


def _amounts_text(year: int, reckoning: Reckoning) -> str:
    shared = sum(one.city_share < WHOLE for one in reckoning.projects)
    examples = sum(one.example_values for one in reckoning.projects)
    text = f"Stadens andel i hela ören, löpande uppgifter för {year}."
    if shared:
        text += f" {format_count(shared)} projekt har fler finansiärer."
    if examples:
        text += f" {format_count(examples)} projekt har påhittade exempelvärden."
    return text


def secrets_text(reckoning: Reckoning) -> str:
    """What the report lacks, or what in it may not be passed on: a count of marks, which say nothing of the values."""
    counted = (
        (Secret.FIGURES, "belopp"), (Secret.VOLUMES, "mått"), (Secret.GOALS, "mål"), (Secret.SERVES, "områden"),
        (Secret.GEOMETRY, "läge"), (Secret.DATES, "tider"),
    )  # fmt: skip
    texts = []
    for of, ending in (("hidden", "som inte ingår"), ("marks", "som ingår")):
        found = [(word, sum(secret in getattr(one, of) for one in reckoning.projects)) for secret, word in counted]
        parts = ", ".join(f"{format_count(number)} projekts {word}" for word, number in found if number)
        texts += [f"Sekretessbelagda uppgifter {ending}: {parts}."] if parts else []
    return " ".join(texts)


def control_lines(reckoning: Reckoning) -> Iterator[ControlLine]:
    cube, control = reckoning.cube, reckoning.control
    rows, columns = cube.rows, cube.columns
    tops = np.flatnonzero(rows.parent == rows.root)
    details = [node for node, column in enumerate(reckoning.places.columns) if column.detail]
    for place, amount in enumerate(AMOUNTS):
        yield ControlLine(
            label=amount.label,
            unit=amount.unit,
            registered=control.registered[place],
            portfolio=control.portfolio[place],
            total=cube.amount(rows.root, columns.root, place),
            over_goals=int(cube.amounts[tops, columns.root, place].sum()),
            over_areas=int(cube.amounts[rows.root, details, place].sum()),
            over_details=int(reckoning.details.amounts[:, place].sum()),
            shared=cube.rule is CountingRule.FORDELAD,
        )
    yield ControlLine(
        label="Antal projekt",
        unit="st",
        registered=control.projects,
        portfolio=control.projects,
        total=cube.project_count(rows.root, columns.root),
        over_goals=int(cube.projects[tops, columns.root].sum()),
        over_areas=int(cube.projects[rows.root, details].sum()),
        over_details=int(np.unique(reckoning.details.project).size),
        shared=False,
    )
