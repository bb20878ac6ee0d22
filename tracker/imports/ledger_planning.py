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
from tracker.money import format_kronor


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
        raise RefusedFileError(f"{read.table.title} har inga rader med belopp.")
    return make_ledger_plan(session, period, read.file.lines)


def refuse_unread(read: ReadLedger) -> None:
    """Raises RefusedFileError while a row cannot be read: without it the ledger's total would not be the ledger's."""
    if read.file.refused:
        raise RefusedFileError(
            f"{rows_in_words(read.file.refused_rows)} i filen går inte att läsa, så ingenting har sparats. "
            "Rätta dem i filen; utan dem blir huvudbokens summa fel."
        )


def refuse_disagreeing(read: ReadLedger) -> None:
    """Raises RefusedFileError when the file's own sums do not agree with its rows."""
    if note := disagreement(read):
        raise RefusedFileError(f"{note} Ingenting har sparats.")


def disagreement(read: ReadLedger) -> str:
    """What the file's sums say against its rows; nothing when they agree."""
    return " ".join(told(one) for one in read.file.controls if not one.agrees)


def told(control: Control) -> str:
    """A control in words."""
    place = f"Summaraden på rad {control.row} ({control.label or control.header})"
    stated, counted = format_kronor(control.stated_ore, 2), format_kronor(control.counted_ore, 2)
    if control.agrees:
        return f"{place} stämmer med raderna: {stated} kr."
    difference = format_kronor(control.stated_ore - control.counted_ore, 2)
    return (
        f"{place} säger {stated} kr i kolumnen {control.header}, men raderna är {counted} kr: {difference} kr skiljer."
    )


def source_of(read: ReadLedger) -> LedgerSource:
    """What is kept of the file beside its rows."""
    return LedgerSource(read.table.title, read.sha256, disagreement(read))
