"""What a ledger leaves open: few questions, asked once, remembered for the next file with the same headers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.imports.ledger_choices import LedgerChoices
from tracker.imports.ledger_columns import FLOW_WORDS, LedgerColumns
from tracker.imports.ledger_files import LedgerTable
from tracker.imports.ledger_numbers import DECIMAL, THOUSANDS, find_doubts
from tracker.imports.ledger_totals import Cells, sum_rows
from tracker.imports.values import read_text
from tracker.messages import message
from tracker.money import format_kronor
from tracker.projects.vocabulary import Flow
from tracker.text import slug

NEGATIVE, TURNED, KEPT = "negative", "inkomst", "minus"
_SHOWN = 3
_MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its possible answers, (value, words). `name` is that of the answer."""

    name: str
    text: str
    options: tuple[tuple[str, str], ...]
    examples: tuple[str, ...] = ()
    flag: str = ""
    """How the command answers it."""


def column_questions(columns: LedgerColumns, headers: Sequence[str]) -> tuple[Question, ...]:
    """Which columns hold the reference and the amount, where the headers do not tell."""
    asked = []
    offered = tuple((header, header) for header in headers)
    if not columns.has_reference:
        text = message("Vilken kolumn har projektkoden eller diarienumret?")
        asked.append(Question("column:code", text, offered, flag="--column code=RUBRIK"))
    if not columns.amounts:
        rivals = tuple((header, header) for header in columns.rivals) or offered
        text = message("Vilken kolumn har utfallet, ackumulerat för året?")
        asked.append(Question("column:amount", text, rivals, flag="--column amount=RUBRIK"))
    return tuple(asked)


def row_questions(
    table: LedgerTable, columns: LedgerColumns, choices: LedgerChoices, cells: Cells
) -> tuple[Question, ...]:
    """What the cells leave open and nobody has answered yet."""
    asked = [*_notation(table, columns, choices), *_words(table, columns, choices)]
    sign = None if NEGATIVE in choices.answers else _negative(columns, cells)
    return (*asked, sign) if sign else tuple(asked)


def _notation(table: LedgerTable, columns: LedgerColumns, choices: LedgerChoices) -> Iterator[Question]:
    doubts = find_doubts([(column, table.columns[column.header]) for column in columns.amounts])
    for name, found in (("dots", doubts.dots), ("commas", doubts.commas)):
        if found and name not in choices.answers:
            text = found[0]
            whole, decimal = text.replace(".", "").replace(",", ""), text.replace(".", ",")
            options = (
                (THOUSANDS, message("tusental: %(number)s", number=whole)),
                (DECIMAL, message("decimaler: %(number)s", number=decimal)),
            )
            yield Question(name, _ambiguous(name, text), options, found[:_SHOWN], f"--{name} {THOUSANDS}|{DECIMAL}")


def _ambiguous(name: str, text: str) -> str:
    if name == "dots":
        return message("Punkten i ”%(text)s” kan läsas på två sätt. Vad skiljer punkten av?", text=text)
    return message("Kommat i ”%(text)s” kan läsas på två sätt. Vad skiljer kommat av?", text=text)


def _words(table: LedgerTable, columns: LedgerColumns, choices: LedgerChoices) -> Iterator[Question]:
    header = columns.of.get("kind")
    if header is None:
        return
    words = dict.fromkeys(kind_word(cell) for cell in table.columns[header] if cell is not None)
    unknown = [word for word in words if word and word not in FLOW_WORDS and f"kind:{word}" not in choices.answers]
    for word in unknown[:_MOST_WORDS]:
        text = message("Vad betyder ”%(word)s” i kolumnen %(header)s?", word=word, header=header)
        yield Question(f"kind:{word}", text, tuple((flow.value, flow.label) for flow in Flow), flag=f"--word {word}=…")


def kind_word(cell: Any) -> str:
    """The word of a cell that tells outlay from income."""
    return "" if cell is None else slug(read_text(cell))


def _negative(columns: LedgerColumns, cells: Cells) -> Question | None:
    """Ledgers often write income with a minus; whether this one does only a person knows."""
    sums = sum_rows(cells)
    loose: list[tuple[int, str, str]] = []
    income: list[tuple[int, str, str]] = []
    for column, amounts in zip(columns.amounts, cells.amounts, strict=True):
        for index, amount in enumerate(amounts):
            flow = column.flow or cells.flows[index]
            if amount is None or index in sums or flow is Flow.OUTLAY:
                continue
            name = f"{cells.codes[index] or cells.cases[index]} {cells.texts[index]}".strip()
            (income if flow else loose).append((amount, name, column.header))
    negative = [one for one in loose if one[0] < 0]
    if negative:
        text = message("Vad är beloppen med minus?")
        options = ((TURNED, message("Inkomster")), (KEPT, message("Rättelser av utgifter")))
    else:
        negative = [one for one in income if one[0] < 0]
        if not negative or 2 * len(negative) <= len([one for one in income if one[0]]):
            return None
        text = message("Inkomsterna står med minus i filen. Vad betyder minustecknet?")
        options = (
            (TURNED, message("Vanliga inkomster, skrivna med minus")),
            (KEPT, message("Inkomster som har betalats tillbaka")),
        )
    examples = tuple(f"{name}: {format_kronor(amount, 2)} kr" for amount, name, _ in negative[:_SHOWN])
    return Question(NEGATIVE, text, options, examples, f"--negative {TURNED}|{KEPT}")
