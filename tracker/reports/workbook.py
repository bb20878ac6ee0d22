"""The board's workbook: a sheet for each question that it asks."""

from __future__ import annotations

from dataclasses import replace
from typing import IO

from tracker.exports.tables import control_table, project_table
from tracker.exports.xlsx import Heading
from tracker.reports.appendix import title_of
from tracker.reports.counted import Counted
from tracker.reports.rounding import DEVIATION_RULE, mnkr
from tracker.reports.workbook_book import BoardBook
from tracker.reports.workbook_control import reconciliation_sheet, target_verdict, verdict
from tracker.reports.workbook_matrix import matrix_blocks
from tracker.reports.workbook_projects import appendix_sheet, deviation_sheet, measure_sheet, project_sheet
from tracker.reports.workbook_steering import assignment_table, fulfilment_table, indicator_table, initiative_sheet
from tracker.reports.workbook_summary import add_summary

SHOWN = "Visas i mnkr med en decimal; varje cell håller exakta kronor. Visade summor kan avvika i sista siffran."
ALL_MONEY = "Alla finansiärers belopp för året."
CITY_MONEY = "Stadens andel."


def write_workbook(counted: Counted, file: IO[bytes]) -> None:
    """Write every sheet; the same facts give the same bytes."""
    book = BoardBook(file, counted.report.title, counted.facts.produced)
    add_summary(book, counted)
    book.add_blocks("Matris", matrix_blocks(counted), said(counted, f"{CITY_MONEY} {SHOWN}", rule=True))
    book.add_table(project_sheet(counted), said(counted, f"{ALL_MONEY} {SHOWN} Utgift: {DEVIATION_RULE}."), frozen=2)
    limits = (
        f"Alla avvikelser, störst först; över gränsen är minst {counted.period.deviation_percent} % av budgeten och "
        f"minst {mnkr(counted.period.deviation_ore)}. {DEVIATION_RULE.capitalize()} för utgifter, och för inkomster att "
        "mer väntas komma in än budgeterat."
    )
    book.add_table(deviation_sheet(counted), said(counted, f"{ALL_MONEY} {SHOWN}", limits), frozen=2)
    _add_control(book, counted)
    never = "Planerat, påbörjat och färdigställt är olika saker och läggs aldrig ihop."
    book.add_table(measure_sheet(counted), said(counted, never), frozen=1)
    steering = (fulfilment_table(counted), assignment_table(counted), indicator_table(counted))
    gap = "Gapet är områdets utfall minus hela stadens samma år."
    book.add_blocks("Uppdrag och indikatorer", steering, said(counted, gap))
    book.add_table(initiative_sheet(counted), said(counted, "Insatser har inga belopp."), frozen=2)
    levels = "Belopp i beslutens prisnivå; olika prisnivåer läggs aldrig ihop, därför finns ingen summa."
    book.add_table(appendix_sheet(counted), said(counted, title_of(counted.facts), f"{levels} {SHOWN}"), frozen=2)
    exact = "En rad per projekt, mål och område. Exakta kronor, stadens andel."
    lines = project_table(counted.report)
    book.add_table(replace(lines, name="Projektrader"), said(counted, exact, rule=True), frozen=2, pages_wide=2)
    book.close()


def said(counted: Counted, *notes: str, rule: bool = False) -> Heading:
    """What every sheet says first: the period, the counting rule where it matters, the audience, and its own notes."""
    wanted = ("Period", "Räkneregel") if rule else ("Period",)
    pairs = [pair for pair in counted.report.heading if pair[0] in (*wanted, "Omfattning")]
    return [*pairs, *(("", note) for note in notes)]


def _add_control(book: BoardBook, counted: Counted) -> None:
    exact = "Exakta kronor. Portföljen är stadens andel av projekten i underlaget."
    heading = said(counted, exact, verdict(counted), target_verdict(counted), rule=True)
    book.add_pair("Avstämning", control_table(counted.report), reconciliation_sheet(counted), heading)
