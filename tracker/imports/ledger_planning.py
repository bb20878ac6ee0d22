"""From the file of a ledger to a plan, as the page and the command both walk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from tracker.errors import RefusedFileError
from tracker.followup.ledger_plan import LedgerPlan, make_ledger_plan
from tracker.followup.ledger_services import LedgerSource
from tracker.followup.models import Period
from tracker.imports.findings import rows_in_words
from tracker.imports.ledger_choices import LedgerChoices, as_last_time
from tracker.imports.ledger_files import LedgerTable, read_ledger_table, sha256_of
from tracker.imports.ledger_reading import LedgerFile, read_ledger
from tracker.imports.ledger_totals import Control
from tracker.messages import joined, message
from tracker.money import format_kronor

_BEGINS = "Summaraden på rad "
"""How a sentence begins that says what the file's sums say against its rows."""


@dataclass(frozen=True, slots=True)
class ReadLedger:
    """A file as it was read, with the answers that it was read by."""

    table: LedgerTable
    choices: LedgerChoices
    file: LedgerFile
    sha256: str


def read_file(path: Path, title: str, choices: LedgerChoices, year: int) -> ReadLedger:
    """Read a ledger with these answers. Raises RefusedFileError."""
    table = read_ledger_table(path, title, choices)
    return ReadLedger(table, choices, read_ledger(table, choices, year), sha256_of(path))


def recall(session: Session, path: Path, title: str, choices: LedgerChoices) -> LedgerChoices:
    """The answers with those given for the last ledger like it. Raises RefusedFileError."""
    return as_last_time(session, read_ledger_table(path, title, choices).columns, choices)


def plan_file(session: Session, period: Period, read: ReadLedger) -> LedgerPlan:
    """The plan of a file whose questions are answered. Raises RefusedFileError for a file without lines."""
    if not (read.file.lines or read.file.refused):
        raise RefusedFileError(message("%(file)s har inga rader med belopp.", file=read.table.title))
    return make_ledger_plan(session, period, read.file.lines)


def refuse_unread(read: ReadLedger) -> None:
    """Raises RefusedFileError while a row cannot be read: without it the ledger's total would not be the ledger's."""
    if read.file.refused:
        raise RefusedFileError(
            message(
                "%(rows)s i filen går inte att läsa, så ingenting har sparats. Rätta dem i filen; "
                "utan dem blir huvudbokens summa fel.",
                rows=rows_in_words(read.file.refused_rows),
            )
        )


def refuse_disagreeing(read: ReadLedger) -> None:
    """Raises RefusedFileError when the file's own sums do not agree with its rows."""
    if note := disagreement(read):
        raise RefusedFileError(message("%(difference)s Ingenting har sparats.", difference=note))


def disagreement(read: ReadLedger) -> str:
    """What the file's sums say against its rows; nothing when they agree."""
    wrong = [told(one) for one in read.file.controls if not one.agrees]
    return joined(" ", wrong) if wrong else ""


def told(control: Control) -> str:
    """A control in words."""
    name, stated = control.label or control.header, format_kronor(control.stated_ore, 2)
    if not control.agrees:
        counted = format_kronor(control.counted_ore, 2)
        difference = format_kronor(control.stated_ore - control.counted_ore, 2)
        return _differs(str(control.row), name, stated, control.header, counted, difference)
    return message(
        "Summaraden på rad %(row)s (%(name)s) stämmer med raderna: %(stated)s kr.",
        row=control.row,
        name=name,
        stated=stated,
    )


def _differs(row: str, name: str, stated: str, header: str, counted: str, difference: str) -> str:
    return message(
        "Summaraden på rad %(row)s (%(name)s) säger %(stated)s kr i kolumnen %(header)s, men raderna är %(counted)s "
        "kr: %(difference)s kr skiljer.",
        row=row,
        name=name,
        stated=stated,
        header=header,
        counted=counted,
        difference=difference,
    )


def said_again(note: str) -> str:
    """The disagreement that is kept with an imported ledger, made anew from its Swedish text for a page to say."""
    parts = [f"{_BEGINS}{part}" for part in note.split(f" {_BEGINS}")]
    parts[0] = parts[0].removeprefix(_BEGINS)
    made = [_read(part) for part in parts]
    return joined(" ", made) if made == parts else note


def _read(sentence: str) -> str:
    """The sentence of `_differs` as a message; of anything else another text than it is."""
    row, _, rest = sentence.removeprefix(_BEGINS).partition(" (")
    name, _, rest = rest.partition(") säger ")
    stated, _, rest = rest.partition(" kr i kolumnen ")
    header, _, rest = rest.rpartition(", men raderna är ")
    counted, _, difference = rest.partition(" kr: ")
    return _differs(row, name, stated, header, counted, difference.removesuffix(" kr skiljer."))


def source_of(read: ReadLedger) -> LedgerSource:
    """What is kept of the file beside its rows."""
    return LedgerSource(read.table.title, read.sha256, disagreement(read))
