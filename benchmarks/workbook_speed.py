"""Workbooks with a project sheet of 100,000 rows, against bare XlsxWriter writing the same cells.

    python -m benchmarks.workbook_speed [ROWS [ROUNDS]]

Two of ours: the contribution export (sheet Projekt) and the board's sheet Projektrader. The rival writes the very same
cells with `write_row` in constant_memory, without formats, header, widths or anything else. For the time the lines are
ready in memory before the clock starts, for all; for the memory they are made one by one, as the product makes them,
and what is printed is the peak of the whole process. Each measurement is a process of its own, interleaved; medians.
"""

from __future__ import annotations

import io
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal

import xlsxwriter

from tracker.contribution.amounts import AMOUNTS
from tracker.exports.tables import AMOUNT_FIELDS, PLACE_FIELDS, Cell, Field, Level, Line, Table
from tracker.exports.xlsx import Book
from tracker.reports.workbook_book import BoardBook

ROUNDS = 5
NOW = datetime(2005, 5, 2, tzinfo=UTC)
FIELDS = (
    Field("Kod", 12), Field("Projekt", 40), Field("Slag", 12), Field("Skede", 16), Field("Mål", 34),
    Field("Aspekt", 34), *PLACE_FIELDS, Field("Andelsgrund", 14), Field("Andel (%)", 10), *AMOUNT_FIELDS,
    Field("Stadens andel (%)", 10), Field("Publicering", 12), Field("Sekretess", 10), Field("Exempelvärden", 10),
    Field("Sekretessbelagda uppgifter", 24),
)  # fmt: skip
"""Those of tables.project_table."""


def lines(count: int) -> Iterator[Line]:
    """Cells as the product makes them: texts, shares, kronor with two decimals, counts, and empty ones."""
    for at in range(count):
        head = (f"P-{at:06d}", f"Gång- och cykelväg etapp {at % 977}", "Trafik", "Genomförande")
        where = ("G1 Hållbar tillväxt i hela staden", "G1d Fysisk infrastruktur", "Ytterstaden", "Västerort", "Kista")
        amounts: list[Cell] = [
            Decimal(at * 7919 % 10**11).scaleb(-2) if amount.unit == "kr" else at % 400 for amount in AMOUNTS
        ]
        tail = (100.0, "Publicerad", "Nej", "Nej", "")
        yield Line(Level.DETAIL, (*head, *where, "betjänar", 12.5, *amounts, *tail))


def contribution_sheet(made: Iterable[Line]) -> None:
    """The export's own writer."""
    book = Book(io.BytesIO(), "Bidrag", NOW)
    book.add_table(Table("Projekt", FIELDS, made), (), frozen=2)
    book.close()


def board_sheet(made: Iterable[Line]) -> None:
    """The board's own writer of long tables."""
    book = BoardBook(io.BytesIO(), "Tertialrapport 1 2005", NOW)
    book.add_data(Table("Projektrader", FIELDS, made), (), frozen=2)
    book.close()


def bare(made: Iterable[Line]) -> None:
    """XlsxWriter and nothing else."""
    book = xlsxwriter.Workbook(io.BytesIO(), {"constant_memory": True})
    sheet = book.add_worksheet("Projekt")
    for row, line in enumerate(made):
        sheet.write_row(row, 0, line.cells)
    book.close()


WRITERS = {"bare": bare, "contribution": contribution_sheet, "board": board_sheet}


def measure(what: str, name: str, count: int) -> None:
    """One writer in this process: its seconds, or the peak of the process in megabytes."""
    made = list(lines(count)) if what == "seconds" else lines(count)
    start = time.perf_counter()
    WRITERS[name](made)
    seconds = time.perf_counter() - start
    print(seconds if what == "seconds" else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def run(what: str, name: str, count: int) -> float:
    """The same in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.workbook_speed", what, name, str(count)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def main() -> None:
    """Interleaved rounds, then medians and ratios."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS
    found: dict[str, list[float]] = {name: [] for name in WRITERS}
    for _ in range(rounds):
        for name in WRITERS:
            found[name].append(run("seconds", name, count))
    rival = statistics.median(found["bare"])
    for name, runs in found.items():
        seconds = statistics.median(runs)
        peak = run("memory", name, count)
        print(f"{name:14} {seconds:6.2f} s   {seconds / rival:5.2f} × bare   {peak:4.0f} MB")


if __name__ == "__main__":
    if sys.argv[1:2] in (["seconds"], ["memory"]):
        measure(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    else:
        main()
