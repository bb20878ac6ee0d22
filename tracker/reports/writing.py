"""Frozen facts to files. Writers read BoardFacts alone, so that a closed period can be written again at any time."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from flask_babel import force_locale

from tracker.contribution.rules import CountingRule
from tracker.errors import InvalidInputError, Problem
from tracker.exports.csv import ENCODING
from tracker.messages import message
from tracker.reports.board_csv import write_board_csv
from tracker.reports.counted import Counted, count_facts
from tracker.reports.facts import BoardFacts
from tracker.reports.pdf import convert_to_pdf
from tracker.reports.workbook import write_workbook
from tracker.text import slug

FORMATS = ("xlsx", "csv", "docx", "pdf")
NAMES = {"xlsx": "Excel", "csv": "CSV", "docx": "Word", "pdf": "PDF"}
"""What those who fetch a file call its format."""
MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def write_report(
    facts: BoardFacts,
    rule: CountingRule,
    form: str,
    path: Path,
    underlag_sha256: str = "",
    template: Path | None = None,
) -> None:
    """Write a file of FORMATS to `path`; half a file is never left there. `template` replaces ours for docx and pdf.

    The same facts give the same bytes (pdf: the same text). Raises InvalidInputError for another format and
    DomainError where a pdf cannot be made.
    """
    if form not in FORMATS:
        reason = message("Formatet ska vara ett av %(known)s.", known=", ".join(FORMATS))
        raise InvalidInputError([Problem("format", reason, form)])
    counted = count_facts(facts, rule, underlag_sha256)
    # What is set by templates would else be in the language of whoever asked for the file.
    with force_locale("sv"), tempfile.TemporaryDirectory(dir=path.parent, prefix=".rapport-") as folder:
        part = Path(folder) / f"rapport.{form}"
        _write(counted, form, part, template)
        os.replace(part, path)


write_files = write_report


def file_name(facts: BoardFacts, rule: CountingRule, form: str) -> str:
    """ "2005-t1-fordelad-intern.xlsx"."""
    return f"{slug(f'{facts.period.key}-{rule.value}-{facts.audience.value}')}.{form}"


def _write(counted: Counted, form: str, path: Path, template: Path | None) -> None:
    if form == "xlsx":
        with path.open("wb") as file:
            write_workbook(counted, file)
    elif form == "csv":
        with path.open("w", encoding=ENCODING, newline="") as text:
            write_board_csv(counted, text)
    elif form == "docx":
        _write_words(counted, path, template)
    else:
        document = path.with_suffix(".docx")
        _write_words(counted, document, template)
        convert_to_pdf(document, path)


def _write_words(counted: Counted, path: Path, template: Path | None) -> None:
    # Imported here: what sets words and draws charts is tens of megabytes, which a process that makes a workbook lacks.
    from tracker.reports.document import write_document

    with path.open("wb") as file:
        write_document(counted, file, template)
