"""From the cells of a ledger to its lines: what is read, what is refused and why, and what a person must say first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.followup.ledger import LedgerLine
from tracker.imports.dates import read_span
from tracker.imports.findings import Finding
from tracker.imports.ledger_choices import LedgerChoices
from tracker.imports.ledger_columns import FLOW_WORDS, LABELS, AmountColumn, LedgerColumns, find_columns
from tracker.imports.ledger_files import LedgerTable
from tracker.imports.ledger_numbers import AmountReader
from tracker.imports.ledger_questions import NEGATIVE, TURNED, Question, column_questions, kind_word, row_questions
from tracker.imports.ledger_totals import Cells, Control, controls_of, sum_rows
from tracker.imports.values import UnreadableError, read_text
from tracker.messages import message, plural_message
from tracker.projects.bulk import without_collecting
from tracker.projects.rules import YEARS
from tracker.projects.vocabulary import Flow
from tracker.text import clean

LONGEST_REFERENCE, LONGEST_TEXT = 200, 300


@dataclass(frozen=True, slots=True)
class LedgerFile:
    """What a file says. There are no lines before every question is answered."""

    columns: LedgerColumns
    questions: tuple[Question, ...]
    lines: tuple[LedgerLine, ...] = ()
    refused: tuple[Finding, ...] = ()
    controls: tuple[Control, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def refused_rows(self) -> int:
        """How many rows cannot be read."""
        return len({finding.row for finding in self.refused})


def read_ledger(table: LedgerTable, choices: LedgerChoices, year: int) -> LedgerFile:
    """Interpret a ledger; `year` is that of rows which say none. Nothing is compared with the register."""
    columns = find_columns(list(table.columns), choices.columns, choices.units)
    asked = column_questions(columns, list(table.columns))
    if asked:
        return LedgerFile(columns, asked)
    with without_collecting():
        faults: list[Finding] = []
        cells = _cells(table, columns, choices, faults)
        asked = row_questions(table, columns, choices, cells)
        if asked:
            return LedgerFile(columns, asked)
        sums = sum_rows(cells)
        summing = {cells.rows[index] for index in sums}
        refused = tuple(sorted((one for one in faults if one.row not in summing), key=lambda one: one.row))
        lines = tuple(_lines(cells, columns, sums, choices, year, {one.row for one in refused}))
    notes = tuple(_notes(table, columns, cells, sums, year))
    return LedgerFile(columns, (), lines, refused, controls_of(cells, sums), notes)


def _cells(table: LedgerTable, columns: LedgerColumns, choices: LedgerChoices, faults: list[Finding]) -> Cells:
    count = len(table.rows)
    texts = {field: _texts(table, columns.of.get(field), count) for field in ("code", "case", "text")}
    names = [code or case for code, case in zip(texts["code"], texts["case"], strict=True)]
    fault = _Faults(table.rows, names, faults)
    years = _years(table, columns.of.get("year"), fault)
    flows = _flows(table, columns.of.get("kind"), choices, fault)
    amounts = [_amounts(table, column, choices, fault) for column in columns.amounts]
    for index, name in enumerate(names):
        if len(name) > LONGEST_REFERENCE:
            fault.add(
                index,
                LABELS["code"],
                name[:40],
                message("Texten är längre än %(most)s tecken.", most=LONGEST_REFERENCE),
            )
    headers = [column.header for column in columns.amounts]
    return Cells(table.rows, texts["code"], texts["case"], texts["text"], years, flows, amounts, headers)


class _Faults:
    """Collects why rows cannot be taken."""

    def __init__(self, rows: Sequence[int], names: Sequence[str], found: list[Finding]) -> None:
        self._rows, self._names, self._found = rows, names, found

    def add(self, index: int, column: str, value: object, reason: str) -> None:
        self._found.append(Finding(self._rows[index], self._names[index][:60], "", column, str(value)[:120], reason))


def _texts(table: LedgerTable, header: str | None, count: int) -> list[str]:
    if header is None:
        return [""] * count
    return ["" if cell is None else read_text(cell) for cell in table.columns[header]]


def _years(table: LedgerTable, header: str | None, fault: _Faults) -> list[int | None]:
    if header is None:
        return [None] * len(table.rows)
    known: dict[Any, int | None] = {None: None}
    years = []
    for index, cell in enumerate(table.columns[header]):
        if cell not in known:
            known[cell] = _year(cell)
        if cell is not None and known[cell] is None:
            fault.add(index, header, cell, message("Det är inget år. Skriv fyra siffror, till exempel 2005."))
        years.append(known[cell])
    return years


def _year(cell: Any) -> int | None:
    text = read_text(cell)
    if len(text) == 4 and text.isascii() and text.isdigit():
        return int(text) if int(text) in YEARS else None
    try:
        span = read_span(cell)
    except UnreadableError:
        return None
    return span.first.year if span.first.year == span.last.year else None


def _flows(table: LedgerTable, header: str | None, choices: LedgerChoices, fault: _Faults) -> list[Flow | None]:
    if header is None:
        return [None] * len(table.rows)
    flows = []
    for index, cell in enumerate(table.columns[header]):
        word = kind_word(cell)
        flow = FLOW_WORDS.get(word)
        chosen = choices.answers.get(f"kind:{word}")
        if flow is None and chosen in set(Flow):
            flow = Flow(chosen)
        if flow is None and word and chosen == "":
            fault.add(index, header, cell, message("Varken utgift eller inkomst."))
        flows.append(flow)
    return flows


def _amounts(table: LedgerTable, column: AmountColumn, choices: LedgerChoices, fault: _Faults) -> list[int | None]:
    cells = table.columns[column.header]
    reader = AmountReader(column, cells, choices.answers)
    amounts = []
    for index, cell in enumerate(cells):
        amount, reason = reader.read(cell)
        if reason:
            fault.add(index, column.header, cell, reason)
        amounts.append(amount)
    return amounts


def _lines(
    cells: Cells, columns: LedgerColumns, sums: frozenset[int], choices: LedgerChoices, year: int, refused: set[int]
) -> Iterator[LedgerLine]:
    """A line for each amount; what turns minus signs into income is what a person answered."""
    turned = choices.answers.get(NEGATIVE) == TURNED
    for place, column in enumerate(columns.amounts):
        for index, amount in enumerate(cells.amounts[place]):
            if amount is None or index in sums or cells.rows[index] in refused:
                continue
            flow = column.flow or cells.flows[index]
            if flow is None:
                flow = Flow.INCOME if turned and amount < 0 else Flow.OUTLAY
            code, case = cells.codes[index], cells.cases[index]
            yield LedgerLine(
                row=cells.rows[index],
                reference=code or case,
                case_number=case if code else "",
                text=clean(cells.texts[index])[:LONGEST_TEXT],
                year=column.year or cells.years[index] or year,
                flow=flow,
                amount_ore=-amount if turned and flow is Flow.INCOME else amount,
            )


def _notes(table: LedgerTable, columns: LedgerColumns, cells: Cells, sums: frozenset[int], year: int) -> Iterator[str]:
    yield from table.notes
    yield message("Rubrikerna står på rad %(row)s.", row=table.header_row)
    for field, header in columns.of.items():
        yield message("Kolumnen %(header)s läses som %(field)s.", header=header, field=LABELS[field].lower())
    for column in columns.amounts:
        yield _read_as(column)
    if columns.unused:
        yield message("Läses inte: %(names)s.", names=", ".join(columns.unused))
    if "year" not in columns.of and all(column.year is None for column in columns.amounts):
        yield message("Filen säger inget år; alla rader gäller %(year)s.", year=year)
    if sums:
        yield plural_message(
            "%(num)s rad med summor räknas inte som utfall.",
            "%(num)s rader med summor räknas inte som utfall.",
            len(sums),
        )
    empty = sum(
        index not in sums and all(table.columns[header][index] is None for header in cells.headers)
        for index in range(len(cells.rows))
    )
    if empty:
        yield plural_message("%(num)s rad utan belopp läses inte.", "%(num)s rader utan belopp läses inte.", empty)


def _read_as(column: AmountColumn) -> str:
    unit = column.unit or message("kr (rubriken säger ingen enhet)")
    flow = (column.flow.label if column.flow else LABELS["amount"]).lower()
    if column.year:
        return message(
            "Kolumnen %(header)s läses som %(flow)s %(year)s i %(unit)s, ackumulerat för året.",
            header=column.header,
            flow=flow,
            year=column.year,
            unit=unit,
        )
    return message(
        "Kolumnen %(header)s läses som %(flow)s i %(unit)s, ackumulerat för året.",
        header=column.header,
        flow=flow,
        unit=unit,
    )
