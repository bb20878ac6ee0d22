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
from tracker.reports.workbook_matrix import add_matrix
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
    add_matrix(book, counted, said(counted, f"{CITY_MONEY} {SHOWN}", rule=True))
    _add_projects(book, counted)
    _add_control(book, counted)
    never = "Planerat, påbörjat och färdigställt är olika saker och läggs aldrig ihop."
    book.add_board_table(measure_sheet(counted), said(counted, never), 1, "Inga mått är rapporterade.")
    _add_steering(book, counted)
    levels = "Belopp i beslutens prisnivå; olika prisnivåer läggs aldrig ihop, därför finns ingen summa."
    heading = said(counted, title_of(counted.facts), f"{levels} {SHOWN}")
    book.add_board_table(appendix_sheet(counted), heading, 2, f"Inga {title_of(counted.facts).lower()}.")
    exact = "En rad per projekt, mål och område. Exakta kronor, stadens andel."
    lines = replace(project_table(counted.report), name="Projektrader")
    book.add_data(lines, said(counted, exact, rule=True), frozen=2)
    book.close()


def _add_projects(book: BoardBook, counted: Counted) -> None:
    every = said(counted, f"{ALL_MONEY} {SHOWN} Utgift: {DEVIATION_RULE}.")
    book.add_board_table(project_sheet(counted), every, 2, "Inga projekt.")
    limits = (
        f"Alla avvikelser, störst först; över gränsen är minst {counted.period.deviation_percent} % av budgeten och "
        f"minst {mnkr(counted.period.deviation_ore)}. Utgift: {DEVIATION_RULE}. Inkomst: minus betyder att mer väntas "
        "komma in än budgeterat."
    )
    heading = said(counted, f"{ALL_MONEY} {SHOWN}", limits)
    book.add_board_table(deviation_sheet(counted), heading, 2, "Inget projekts prognos avviker från budgeten.")


def _add_steering(book: BoardBook, counted: Counted) -> None:
    tables = (
        (fulfilment_table(counted), "Ingen bedömning av måluppfyllelsen är gjord."),
        (assignment_table(counted), "Inga uppdrag är registrerade."),
        (indicator_table(counted), "Inga indikatorer är registrerade."),
    )
    gap = "Gapet är områdets utfall minus hela stadens samma år."
    book.add_sections("Uppdrag och indikatorer", tables, said(counted, gap))
    book.add_board_table(
        initiative_sheet(counted), said(counted, "Insatser har inga belopp."), 2, "Inga insatser är registrerade."
    )


def said(counted: Counted, *notes: str, rule: bool = False) -> Heading:
    """What every sheet says first: the period, the counting rule where it matters, the audience, and its own notes."""
    wanted = ("Period", "Räkneregel") if rule else ("Period",)
    pairs = [pair for pair in counted.report.heading if pair[0] in (*wanted, "Läge", "Omfattning")]
    return [*pairs, *(("", note) for note in notes)]


def _add_control(book: BoardBook, counted: Counted) -> None:
    exact = "Exakta kronor. Portföljen är stadens andel av projekten i underlaget."
    heading = said(counted, exact, verdict(counted), rule=True)
    against = (reconciliation_sheet(counted), target_verdict(counted))
    table = control_table(counted.report)
    fields = tuple(replace(field, width=min(field.width, 17), number=at > 1) for at, field in enumerate(table.fields))
    control = replace(table, name="Rapporten mot sitt underlag", fields=fields)
    book.add_sections("Avstämning", ((control, ""), against), heading)
