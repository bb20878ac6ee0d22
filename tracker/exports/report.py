"""A contribution report as every writer takes it: what it says of itself, its cells, its control, the lines behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from tracker.messages import joined, message, plural_message
from tracker.money import format_count
from tracker.projects.filters import ProjectFilter
from tracker.projects.rules import YEARS
from tracker.projects.secrecy import Hidden, Secret
from tracker.projects.vocabulary import RUNNING_PERIOD, WHOLE
from tracker.text import slug
from tracker.web.content import format_moment

__all__ = [
    "RULE_TEXTS", "ControlLine", "Question", "Report", "basis_text", "carried_text", "control_lines", "find_editions",
    "gather_asked", "make_report", "report_of", "secrets_text", "title_of",
]  # fmt: skip

RULE_TEXTS = {
    CountingRule.FORDELAD: message(
        "fördelad: varje belopp delas mellan projektets mål efter vikt och mellan dess områden efter andel. "
        "Delarna (raderna Detalj) summerar exakt till portföljen; delsummor står på egna rader."
    ),
    CountingRule.BEROR: message(
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
        return slug(f"bidrag-{self.year}-{self.rule}-{self.reckoning.area_set.code}-{self.audience.file_word}")


def make_report(session: Session, question: Question, now: datetime) -> Report:
    """Reckon and describe. Raises NotFoundError for unknown editions and InvalidInputError for an unlikely year."""
    return report_of(question, gather_asked(session, question), now)


def gather_asked(session: Session, question: Question) -> Material:
    """The material that a question asks for, from the register. Raises as `make_report`."""
    if question.year not in YEARS:
        reason = message("Året ska vara mellan %(first)s och %(last)s.", first=YEARS[0], last=YEARS[-1])
        raise InvalidInputError([Problem("year", reason, str(question.year))])
    goal_set, area_set = find_editions(session, question)
    scope = Scope(question.audience.viewer, question.year, question.wanted, question.period)
    return gather(session, scope, goal_set, area_set)


def report_of(question: Question, material: Material, produced: datetime) -> Report:
    """Reckon and describe what was gathered, from the register or from a snapshot."""
    reckoning = reckon_material(material, question.rule)
    return Report(
        year=question.year,
        rule=question.rule,
        audience=question.audience,
        produced=produced,
        title=title_of(question),
        heading=tuple(_heading(question, reckoning, produced)),
        control=tuple(control_lines(reckoning)),
        reckoning=reckoning,
    )


def title_of(question: Question) -> str:
    """The year, and the period if there is one."""
    if not question.period_name:
        return message("Bidrag till målen %(year)s", year=question.year)
    return message("Bidrag till målen %(year)s, %(period)s", year=question.year, period=question.period_name)


def find_editions(session: Session, question: Question) -> tuple[GoalSet, AreaSet]:
    """The editions that are asked for, or those valid in the year. Raises NotFoundError."""
    named_goals, named_areas = question.goal_set, question.area_set
    goal_set = get_goal_set(session, named_goals) if named_goals else goal_set_for_year(session, question.year)
    area_set = get_area_set(session, named_areas) if named_areas else area_set_for_year(session, question.year)
    return goal_set, area_set


def _heading(question: Question, reckoning: Reckoning, now: datetime) -> Iterator[tuple[str, str]]:
    goal_set = reckoning.goal_set
    yield message("Räkneregel"), RULE_TEXTS[question.rule]
    yield message("Målutgåva"), message("%(name)s (%(code)s)", name=goal_set.name, code=goal_set.code)
    if carried := carried_text(reckoning):
        yield message("Övergång mellan målutgåvor"), carried
    yield message("Områdesindelning"), _areas_text(reckoning)
    yield message("Områdesandelar"), basis_text(reckoning)
    yield message("Projekt"), _projects_text(question.year, reckoning)
    yield message("Belopp"), _amounts_text(question, reckoning)
    if secrets := secrets_text(reckoning):
        yield message("Sekretess"), secrets
    yield message("Omfattning"), question.audience.text
    yield message("Framställd"), format_moment(now)


def _areas_text(reckoning: Reckoning) -> str:
    area_set = reckoning.area_set
    name, code, source = area_set.name, area_set.code, area_set.outline_source
    if area_set.schematic:
        return message("%(name)s (%(code)s), schematiska gränser", name=name, code=code)
    if source:
        return message("%(name)s (%(code)s), gränser: %(source)s", name=name, code=code, source=source)
    return message("%(name)s (%(code)s), gränser: importerade", name=name, code=code)


def basis_text(reckoning: Reckoning) -> str:
    """How many projects are shared over areas in each way."""
    counts = {one: format_count(reckoning.basis.count(one)) for one in AreaBasis}
    return message(
        "%(chosen)s projekt efter de områden som de betjänar, %(lying)s enligt läge, %(unlocated)s oplacerade.",
        chosen=counts[AreaBasis.BETJANAR],
        lying=counts[AreaBasis.LAGE],
        unlocated=counts[AreaBasis.OLOKALISERAD],
    )


def _projects_text(year: int, reckoning: Reckoning) -> str:
    return message(
        "%(count)s projekt som har belopp eller mått för %(year)s, pågår då eller saknar tidsuppgift. "
        "Program räknas genom sina underprojekt.",
        count=format_count(len(reckoning.projects)),
        year=year,
    )


def carried_text(reckoning: Reckoning) -> str:
    """Which projects are told in this edition through a crosswalk; nothing where all were judged in it."""
    material = reckoning.material
    counts = np.bincount(material.carried[material.carried >= 0], minlength=len(material.carried_from))
    parts = [
        message("%(count)s projekt från %(edition)s", count=format_count(number), edition=edition.name)
        for edition, number in zip(material.carried_from, counts.tolist(), strict=True)
        if number
    ]
    if not parts:
        return ""
    return message(
        "Bedömda i en annan målutgåva och visade genom målkatalogens övergång: %(editions)s. "
        "Hela beloppet följer med; mål utan motsvarighet står på en egen rad.",
        editions=joined(", ", parts),
    )


def _amounts_text(question: Question, reckoning: Reckoning) -> str:
    shared = sum(one.city_share < WHOLE for one in reckoning.projects)
    examples = sum(one.example_values for one in reckoning.projects)
    year, period = question.year, question.period_name
    if period:
        said = message("Stadens andel i hela ören, uppgifter i %(period)s för %(year)s.", period=period, year=year)
    else:
        said = message("Stadens andel i hela ören, löpande uppgifter för %(year)s.", year=year)
    return joined(" ", [said, *notes_on_amounts(shared, examples)])


def notes_on_amounts(shared: int, examples: int) -> Iterator[str]:
    """How many projects others pay for too, and how many have made-up amounts; nothing of none."""
    if shared:
        yield message("%(count)s projekt har fler finansiärer.", count=format_count(shared))
    if examples:
        yield message("%(count)s projekt har påhittade exempelvärden.", count=format_count(examples))


def secrets_text(reckoning: Reckoning) -> str:
    """What the report lacks, or what in it may not be passed on: a count of marks, which say nothing of the values."""
    texts: list[str] = []
    if left_out := _secret_parts([one.hidden for one in reckoning.projects]):
        texts.append(message("Sekretessbelagda uppgifter som inte ingår: %(parts)s.", parts=joined(", ", left_out)))
    if held := _secret_parts([one.marks for one in reckoning.projects]):
        texts.append(message("Sekretessbelagda uppgifter som ingår: %(parts)s.", parts=joined(", ", held)))
    return joined(" ", texts) if texts else ""


def _secret_parts(of_each: Sequence[Hidden]) -> list[str]:
    counted = {
        Secret.FIGURES: message("belopp"),
        Secret.VOLUMES: message("mått"),
        Secret.GOALS: message("mål"),
        Secret.SERVES: message("områden"),
        Secret.GEOMETRY: message("läge"),
        Secret.DATES: message("tider"),
    }
    found = ((word, sum(secret in one for one in of_each)) for secret, word in counted.items())
    return [
        plural_message(
            "%(count)s projekts %(what)s", "%(count)s projekts %(what)s", number, count=format_count(number), what=word
        )
        for word, number in found
        if number
    ]
