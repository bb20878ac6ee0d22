"""A contribution report as every writer takes it: what it says of itself, its cells, its control, the lines behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from sqlalchemy.orm import Session

from tracker.areas.models import AreaSet
from tracker.areas.queries import area_set_for_year, get_area_set
from tracker.contribution.gathering import gather
from tracker.contribution.material import Material
from tracker.contribution.reckoning import Reckoning, reckon_material
from tracker.contribution.rules import AreaBasis, CountingRule
from tracker.contribution.selection import Scope
from tracker.errors import InvalidInputError, Problem
from tracker.exports.audience import Audience
from tracker.exports.reconciling import ControlLine, control_lines
from tracker.goals.models import GoalSet
from tracker.goals.queries import get_goal_set, goal_set_for_year
from tracker.money import format_count
from tracker.projects.filters import ProjectFilter
from tracker.projects.rules import YEARS
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import RUNNING_PERIOD, WHOLE
from tracker.text import slug
from tracker.web.content import format_moment

__all__ = [
    "RULE_TEXTS", "ControlLine", "Question", "Report", "basis_text", "carried_text", "control_lines", "find_editions",
    "gather_asked", "make_report", "report_of", "secrets_text",
]  # fmt: skip

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
    """What a report is asked for. Without editions, those valid in the year.

    `period` is the key of a period and `period_name` its name, or the register's present figures and nothing.
    """

    year: int
    rule: CountingRule
    audience: Audience
    goal_set: str = ""
    area_set: str = ""
    wanted: ProjectFilter = field(default_factory=ProjectFilter)
    period: str = RUNNING_PERIOD
    period_name: str = ""


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
    return report_of(question, gather_asked(session, question), now)


def gather_asked(session: Session, question: Question) -> Material:
    """The material that a question asks for, from the register. Raises as `make_report`."""
    if question.year not in YEARS:
        reason = f"Året ska vara mellan {YEARS[0]} och {YEARS[-1]}."
        raise InvalidInputError([Problem("year", reason, str(question.year))])
    goal_set, area_set = find_editions(session, question)
    scope = Scope(question.audience.viewer, question.year, question.wanted, question.period)
    return gather(session, scope, goal_set, area_set)


def report_of(question: Question, material: Material, produced: datetime) -> Report:
    """Reckon and describe what was gathered, from the register or from a snapshot."""
    reckoning = reckon_material(material, question.rule)
    named = f", {question.period_name}" if question.period_name else ""
    return Report(
        year=question.year,
        rule=question.rule,
        audience=question.audience,
        produced=produced,
        title=f"Bidrag till målen {question.year}{named}",
        heading=tuple(_heading(question, reckoning, produced)),
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
    if carried := carried_text(reckoning):
        yield "Övergång mellan målutgåvor", carried
    yield "Områdesindelning", f"{area_set.name} ({area_set.code}), {outlines}"
    yield "Områdesandelar", basis_text(reckoning)
    yield "Projekt", _projects_text(question.year, reckoning)
    yield "Belopp", _amounts_text(question, reckoning)
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


def carried_text(reckoning: Reckoning) -> str:
    """Which projects are told in this edition through a crosswalk; nothing where all were judged in it."""
    material = reckoning.material
    counts = np.bincount(material.carried[material.carried >= 0], minlength=len(material.carried_from))
    parts = [
        f"{format_count(number)} projekt från {edition.name}"
        for edition, number in zip(material.carried_from, counts.tolist(), strict=True)
        if number
    ]
    if not parts:
        return ""
    return (
        f"Bedömda i en annan målutgåva och visade genom målkatalogens övergång: {', '.join(parts)}. "
        "Hela beloppet följer med; mål utan motsvarighet står på en egen rad."
    )


def _amounts_text(question: Question, reckoning: Reckoning) -> str:
    shared = sum(one.city_share < WHOLE for one in reckoning.projects)
    examples = sum(one.example_values for one in reckoning.projects)
    source = f"uppgifter i {question.period_name}" if question.period_name else "löpande uppgifter"
    text = f"Stadens andel i hela ören, {source} för {question.year}."
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
