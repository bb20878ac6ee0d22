"""The projects behind a goal or an aspect: what they are, why they contribute, and what they answered."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tracker.contribution.amounts import AMOUNTS
from tracker.contribution.rules import CountingRule
from tracker.exports.tables import hides
from tracker.followup.facts import ReportedProject
from tracker.reports.counted import PLACES, Counted
from tracker.reports.document_blocks import Block, Grid, Text, Title, Tone
from tracker.reports.prose import listing, projects, sentence, told
from tracker.reports.rounding import NOT_GIVEN, bare_mnkr

SHOWN = 12
"""So many projects of an aspect are told of, the largest first; the workbook has them all."""
MONEY_HEADER = ("Budget", "Utfall", "Prognos")


def project_blocks(counted: Counted, node: int, told_at: dict[int, str]) -> Iterator[Block]:
    """The projects of a row: a text for each, a table of their amounts, their answers to the strategic questions.

    `told_at` remembers where a project was described, so that it is described once.
    """
    behind = counted.behind(node, counted.every_column)
    if not behind.project.size:
        return
    budget = behind.amounts[:, PLACES["utgift-budget"]]
    order = np.lexsort((behind.project, -budget))[:SHOWN]
    chosen = behind.project[order].tolist()
    code = counted.row(node).key.split("-")[0]
    new = [
        one
        for one in chosen
        if told_at.setdefault(one, code) == code or _motivation(counted.facts.projects[one], code).strip()
    ]
    for project in new:
        yield _about(counted, project, code, told_at[project], alone=len(chosen) == 1)
    if others := [one for one in chosen if one not in new]:
        names = [f"{name_of(counted, one)} ({told_at[one]})" for one in others]
        yield Text(f"Beskrivs på annan plats i rapporten: {listing(names)}.")
    if len(chosen) > 1:
        yield _table(counted, chosen, behind.amounts[order].tolist())
    if behind.project.size > SHOWN:
        rest = projects(int(behind.project.size) - SHOWN)
        yield Text(f"Ytterligare {rest} står i arbetsbokens blad Projekt.", Tone.NOTE)
    yield from _answers(counted, chosen, code)


def name_of(counted: Counted, project: int) -> str:
    """The name, marked where it is confidential, for those who may see it at all."""
    one = counted.reckoning.projects[project]
    return f"{told(one.name)} (sekretessmarkerat)" if one.confidential else told(one.name)


def _about(counted: Counted, project: int, code: str, told_under: str, alone: bool) -> Text:
    """Description, motivation and status, or where they stand already; the name in bold before them.

    A project that is `alone` has no table beside it, so its code and places stand with the name.
    """
    reported, one = counted.facts.projects[project], counted.reckoning.projects[project]
    place = f" ({one.code}, {places_of(counted, project)})" if alone else ""
    parts = [sentence(_motivation(reported, code))]
    if told_under != code:
        parts.append(f"Projektet beskrivs under {told_under}.")
    else:
        parts.insert(0, sentence(reported.description))
        if reported.light:
            parts.append(sentence(f"Status: {reported.light.label.replace(' – ', ', ').lower()}"))
            parts.append(sentence(reported.light_text))
    words = " ".join(part for part in parts if part) or f"{one.kind.label}, {one.phase.label.lower()}."
    return Text(words, Tone.BULLET, f"{name_of(counted, project)}{place}. ")


def _motivation(reported: ReportedProject, code: str) -> str:
    return next((text for goal, text in reported.motivations if goal == code), "")


def _table(counted: Counted, chosen: list[int], amounts: list[list[int]]) -> Grid:
    rows = [
        (name_of(counted, project), counted.reckoning.projects[project].code, places_of(counted, project),
         *(_money(counted, project, numbers, key) for key in ("utgift-budget", "utgift-utfall", "utgift-prognos")))
        for project, numbers in zip(chosen, amounts, strict=True)
    ]  # fmt: skip
    part = "hela projektet, berör" if counted.rule is CountingRule.BEROR else "projektets del, fördelad"
    caption = f"Projekten, utgifter i mnkr ({part}, stadens andel)"
    header = ("Projekt", "Kod", "Områden", *MONEY_HEADER)
    return Grid(caption, header, tuple(rows), (6, 3, 4, 2, 2, 2), frozenset((3, 4, 5)))


def _money(counted: Counted, project: int, numbers: list[int], key: str) -> str:
    place = PLACES[key]
    if hides(AMOUNTS[place], counted.reckoning.projects[project]) or not counted.has_fact[project, place]:
        return NOT_GIVEN
    return bare_mnkr(numbers[place])


def places_of(counted: Counted, project: int) -> str:
    """The places of a project in words, as they are counted."""
    details, columns = counted.reckoning.details, counted.reckoning.places.columns
    first, last = np.searchsorted(details.project, [project, project + 1])
    return ", ".join(told(columns[at].label) for at in np.unique(details.column[first:last]).tolist())


def _answers(counted: Counted, chosen: list[int], code: str) -> Iterator[Block]:
    """What the shown projects answered, under each question in order of first answer."""
    found: dict[str, list[tuple[str, str]]] = {}
    for project in chosen:
        for goal, question, answer in counted.facts.projects[project].answers:
            if goal == code and answer.strip():
                found.setdefault(told(question), []).append((name_of(counted, project), sentence(answer)))
    if found:
        yield Title(3, "Svar på strategiska frågor")
    for question, answers in found.items():
        yield Text(question)
        for name, answer in answers:
            yield Text(answer, Tone.BULLET, f"{name}: ")
