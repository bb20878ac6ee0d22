"""The reminder as a letter in Swedish, with links to each report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote, urlsplit

from flask import current_app, render_template

from tracker.followup.codes import name_of
from tracker.followup.models import Period
from tracker.followup.reminding import Recipient
from tracker.money import format_count
from tracker.web.mail import Letter

MAILTO_LENGTH = 1_800
"""Longer addresses are cut off by mail programs on Windows; then the link carries the subject only."""
REPORT = "followup.report_project"
Link = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter before it goes: to whom, and the same as a mailto address for somebody's own mail program."""

    recipient: Recipient
    letter: Letter
    mailto: str
    whole: bool
    """Whether the mailto address holds the text too."""


def links_from(base: str) -> Link:
    """Addresses of pages under the installation's own, for letters: link("followup.chase", key=…)."""
    parts = urlsplit(base)
    adapter = current_app.url_map.bind(parts.netloc, script_name=parts.path or "/", url_scheme=parts.scheme)

    def link(endpoint: str, **values: Any) -> str:
        return str(adapter.build(endpoint, values, force_external=True))

    return link


def write_letter(period: Period, recipient: Recipient, today: date, link: Link, reply_to: str = "") -> Draft:
    """The letter to one person."""
    waiting = [one for one in recipient.projects if one.waiting]
    doubted = [one for one in recipient.projects if not one.waiting]
    text = render_template(
        "followup/reminder.txt",
        recipient=recipient,
        period=period,
        period_name=name_of(period.code, period.version),
        waiting=waiting,
        doubted=doubted,
        late=(today - period.deadline).days,
        counted=counted,
        report=_report_address(period, link),
        mine=link("followup.chase", key=period.key),
    )
    letter = Letter(recipient.name, recipient.address, _subject(period, len(waiting), today), text.strip() + "\n",
                    reply_to)  # fmt: skip
    address, whole = _mailto(letter)
    return Draft(recipient, letter, address, whole)


def _report_address(period: Period, link: Link) -> Callable[[str], str]:
    if REPORT in current_app.view_functions:
        return lambda code: link(REPORT, key=period.key, kod=code)
    return lambda code: link("projects.detail", kod=code)


def counted(number: int, one: str, many: str) -> str:
    """ "1 projekt har", "2 projekt har": a number with the word that fits it."""
    return f"{format_count(number)} {one if number == 1 else many}"


def _subject(period: Period, waiting: int, today: date) -> str:
    name = name_of(period.code, period.version)
    if not waiting:
        return f"Att se över i {name}"
    if today > period.deadline:
        return f"Försenad rapport: {name}, sista dag var {period.deadline.isoformat()}"
    return f"Rapportera senast {period.deadline.isoformat()}: {name}"


def _mailto(letter: Letter) -> tuple[str, bool]:
    start = f"mailto:{quote(letter.address, safe='@')}?subject={quote(letter.subject)}"
    whole = f"{start}&body={quote(letter.text.replace(chr(10), chr(13) + chr(10)))}"
    return (whole, True) if len(whole) <= MAILTO_LENGTH else (start, False)
