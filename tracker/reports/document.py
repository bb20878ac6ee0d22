"""The report in words as .docx: blocks set in the styles of a template, ours or the city's, by docxtpl."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from docxtpl import DocxTemplate
from jinja2.exceptions import TemplateError

from tracker.errors import DomainError
from tracker.messages import message
from tracker.reports.counted import Counted
from tracker.reports.document_content import document_blocks
from tracker.reports.document_template import template_bytes
from tracker.reports.document_writing import Writer
from tracker.text import harmless
from tracker.web.content import format_moment

FIXED = (1980, 1, 1, 0, 0, 0)
"""The date of every file inside the archive."""
LONGEST = 250
"""Of a property of a document."""


class Content:
    """Ready XML for the tag {{p innehall }}: docxtpl asks for text, Jinja for markup that is not escaped again."""

    def __init__(self, xml: str) -> None:
        self._xml = xml

    def __str__(self) -> str:
        return self._xml

    __html__ = __str__


def write_document(counted: Counted, file: IO[bytes], template: Path | None = None) -> None:
    """Write the report; the same facts and template give the same bytes.

    Raises DomainError where the city's template cannot be read or its tags are wrong.
    """
    source = io.BytesIO(template_bytes() if template is None else _read(template))
    try:
        book = DocxTemplate(source)
        book.init_docx()
        book.render(_context(counted, book, document_blocks(counted)), autoescape=True)
    except (TemplateError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise DomainError(message("Rapportmallen kan inte användas: %(why)s.", why=str(error))) from error
    _describe(book, counted)
    data = io.BytesIO()
    book.save(data)
    _pack(data, file)


def _read(template: Path) -> bytes:
    try:
        return template.read_bytes()
    except OSError as error:
        reason = message("Rapportmallen %(name)s kan inte läsas. Se inställningen REPORT_TEMPLATE.", name=template.name)
        raise DomainError(reason) from error


def _context(counted: Counted, book: Any, blocks: Iterable[Any]) -> dict[str, object]:
    said = dict(counted.report.heading)
    parts = [
        f"Uppgifter per {counted.period.as_of.isoformat()}",
        f"räkneregel {counted.rule.term}",
        f"{said['Målutgåva']}, {said['Områdesindelning']}",
    ]
    if counted.period.closed_at is None:
        parts.insert(0, "PRELIMINÄR")
    underlag = said.get("Underlag (SHA-256)", "")
    foot = (
        f"{counted.report.title} · {counted.facts.audience.value} · framställd {format_moment(counted.facts.produced)}"
    )
    return {
        "titel": harmless(counted.report.title),
        "undertitel": harmless(" · ".join(parts)),
        "sidfot": harmless(foot + (f" · underlag {underlag[:12]}" if underlag else "")),
        "innehall": Content(Writer(book.docx).xml_of(blocks)),
    }


def _describe(book: Any, counted: Counted) -> None:
    """Properties that say what it is and nothing of who or what made it."""
    properties = book.docx.core_properties
    moment: datetime = counted.facts.produced.astimezone(UTC).replace(tzinfo=None)
    properties.title, properties.subject = harmless(counted.report.title)[:LONGEST], f"Räkneregel {counted.rule.term}"
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.language, properties.revision = "sv-SE", 1
    properties.created = properties.modified = moment


def _pack(data: IO[bytes], file: IO[bytes]) -> None:
    """The same members in a fixed order with a fixed date; the content types come first, as programs expect."""
    with zipfile.ZipFile(data) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            member = zipfile.ZipInfo(name, FIXED)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 0
            target.writestr(member, source.read(name))
