"""The sheets of projects: Projekt, Avvikelser, Mått and the appendix. All financiers' money, said in the headers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise

import numpy as np

from tracker.apportion import IntArray
from tracker.contribution.material import CountedProject
from tracker.contribution.rows import RowKind
from tracker.exports.audience import Audience
from tracker.exports.tables import Cell, Field, Level, Line, Table
from tracker.exports.xlsx import Mnkr
from tracker.followup.facts import ReportedProject, YearMoney
from tracker.projects.vocabulary import Flow
from tracker.reports.appendix import list_appendix
from tracker.reports.counted import Counted
from tracker.reports.deviations import deviation_of, list_deviations, money_of, told_projects

MONEY_WORDS = ("budget", "utfall", "prognos")


def as_mnkr(ore: int | None) -> Cell:
    """Whole öre as a cell of exact kronor that shows mnkr; nothing is an empty cell, never 0."""
    return "" if ore is None else Mnkr(Decimal(ore).scaleb(-2))


def as_day(day: date | None) -> str:
    """A date, or nothing."""
    return day.isoformat() if day else ""


def status_of(reported: ReportedProject) -> str:
    """The status in words."""
    return reported.light.label if reported.light else ""


def project_sheet(counted: Counted) -> Table:
    """One line for each project, with its goals and places in words, and the sum of what is given."""
    fields = [
        Field("Kod", 12), Field("Projekt", 28), Field("Slag", 11), Field("Skede", 14), Field("Mål", 12),
        Field("Områden", 18),
        *(Field(f"{flow.label} {word} (mnkr)", 9, number=True) for flow in Flow for word in MONEY_WORDS),
        Field("Avvikelse utgift (mnkr)", 11, number=True), Field("Beslutat slut", 11), Field("Bedömt slut", 11),
        Field("Status", 14), Field("Rapport", 12),
    ]  # fmt: skip
    if counted.facts.audience is Audience.INTERNAL:
        fields += [Field("Projektledare", 16), Field("Sekretess", 11)]
    return Table("Projekt", tuple(fields), _project_lines(counted))


def _project_lines(counted: Counted) -> Iterator[Line]:
    facts, internal = counted.facts, counted.facts.audience is Audience.INTERNAL
    sums: list[int | None] = [None] * 7
    told = zip(told_projects(facts), words_of_projects(counted), strict=True)
    for (project, reported), (goals, places) in told:
        numbers = _money_cells(counted, project, reported)
        sums = [(a or 0) + b if b is not None else a for a, b in zip(sums, numbers, strict=True)]
        cells: list[Cell] = [
            project.code, project.name, project.kind.label, project.phase.label, goals, places,
            *(as_mnkr(ore) for ore in numbers), as_day(reported.end_decided), as_day(reported.end_forecast),
            status_of(reported), reported.state.label,
        ]  # fmt: skip
        if internal:
            cells += [reported.manager, "Ja" if project.confidential else "Nej"]
        yield Line(Level.DETAIL, tuple(cells))
    count = f"{len(facts.projects)} projekt"
    tail = [""] * (6 if internal else 4)
    yield Line(Level.TOTAL, ("Totalt", count, "", "", "", "", *(as_mnkr(ore) for ore in sums), *tail))


def _money_cells(counted: Counted, project: CountedProject, reported: ReportedProject) -> list[int | None]:
    found = [money_of(counted.facts, project, reported, flow) for flow in Flow]
    numbers = [number for one in found for number in _three(one)]
    return [*numbers, deviation_of(found[0]) if found[0] else None]


def _three(money: YearMoney | None) -> tuple[int | None, int | None, int | None]:
    return (money.budget_ore, money.outcome_ore, money.forecast_ore) if money else (None, None, None)


def words_of_projects(counted: Counted) -> Iterator[tuple[str, str]]:
    """Each project's rows by code, and its places in words, both as they are counted."""
    details, reckoning = counted.reckoning.details, counted.reckoning
    coded = (RowKind.GOAL, RowKind.ASPECT)
    rows = [one.key if one.kind in coded else one.label for one in reckoning.rows.rows]
    columns = [one.label for one in reckoning.places.columns]
    ends = np.searchsorted(details.project, np.arange(len(reckoning.projects)), side="right").tolist()
    for first, last in pairwise([0, *ends]):
        lines = slice(first, last)
        yield _words(details.row[lines], rows), _words(details.column[lines], columns)


def _words(nodes: IntArray, labels: list[str]) -> str:
    return ", ".join(labels[node] for node in sorted(set(nodes.tolist())))


def deviation_sheet(counted: Counted) -> Table:
    """Every project whose forecast differs from its budget, the largest first."""
    fields = (
        Field("Kod", 13), Field("Projekt", 34), Field("Flöde", 9), Field("Budget (mnkr)", 11, number=True),
        Field("Utfall (mnkr)", 11, number=True), Field("Prognos (mnkr)", 11, number=True),
        Field("Avvikelse = budget − prognos (mnkr)", 15, number=True), Field("Över gränsen", 9), Field("Status", 22),
        Field("Kommentar", 60),
    )  # fmt: skip
    return Table("Avvikelser", fields, _deviation_lines(counted))


def _deviation_lines(counted: Counted) -> Iterator[Line]:
    for one in list_deviations(counted.facts):
        money = (*_three(one.money), one.ore)
        text = "\n".join(part for part in (one.reported.comment, one.reported.light_text) if part)
        yield Line(
            Level.DETAIL,
            (
                one.project.code, one.project.name, one.money.flow.label, *(as_mnkr(ore) for ore in money),
                "Ja" if one.above_limit else "Nej", status_of(one.reported), text,
            ),
        )  # fmt: skip


def measure_sheet(counted: Counted) -> Table:
    """What is planned, started and completed, by measure; the three are never added to each other."""
    fields = (
        Field("Mått", 44), Field("Enhet", 12), Field("Antal projekt", 10, number=True),
        Field("Planerat, läge vid perioden", 16, number=True),
        Field("Påbörjat under året", 16, number=True), Field("Färdigställt under året", 16, number=True),
    )  # fmt: skip
    return Table("Mått", fields, _measure_lines(counted))


def _measure_lines(counted: Counted) -> Iterator[Line]:
    found: dict[str, list[int | None]] = {}
    words: dict[str, tuple[str, str]] = {}
    number: dict[str, int] = {}
    for reported in counted.facts.projects:
        for one in reported.measures:
            words[one.code] = (one.name, one.unit)
            number[one.code] = number.get(one.code, 0) + 1
            before = found.get(one.code, [None, None, None])
            now = (one.planned, one.started, one.completed)
            found[one.code] = [(a or 0) + b if b is not None else a for a, b in zip(before, now, strict=True)]
    for code in sorted(found, key=lambda code: (words[code], code)):
        yield Line(Level.DETAIL, (*words[code], number[code], *("" if n is None else n for n in found[code])))


def appendix_sheet(counted: Counted) -> Table:
    """The large implementation projects: no sum, since price levels differ."""
    fields = (
        Field("Kod", 13), Field("Projekt", 34), Field("Beslut", 22), Field("Beslutsdag", 11),
        Field("Ursprungligt beslut (mnkr)", 12, number=True), Field("Prisnivå", 10),
        Field("Senaste beslut (mnkr)", 12, number=True), Field("Prisnivå", 10),
        Field("Ackumulerat utfall (mnkr)", 12, number=True), Field("Årets prognos (mnkr)", 12, number=True),
        Field("Beslutat slut", 11), Field("Bedömt slut", 11), Field("Status", 22), Field("Kommentar", 40),
    )  # fmt: skip
    return Table("Bilaga", fields, _appendix_lines(counted))


def _appendix_lines(counted: Counted) -> Iterator[Line]:
    for one in list_appendix(counted.facts):
        decided, reported = one.decided, one.reported
        first = decided.original_outlay_ore
        revised = first is not None
        yield Line(
            Level.DETAIL,
            (
                one.project.code, one.project.name, decided.gate, as_day(decided.day),
                as_mnkr(first if revised else decided.outlay_ore),
                decided.original_price_level if revised else decided.price_level,
                as_mnkr(decided.outlay_ore), decided.price_level, as_mnkr(one.spent_ore),
                as_mnkr(one.year_forecast_ore), as_day(reported.end_decided), as_day(reported.end_forecast),
                status_of(reported), reported.comment or reported.light_text,
            ),
        )  # fmt: skip
