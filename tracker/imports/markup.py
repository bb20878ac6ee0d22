"""Descriptions that another system keeps as HTML, as the plain text that the register keeps."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from markupsafe import Markup

from tracker.imports.columns import Headers
from tracker.imports.sources import Table
from tracker.imports.values import read_text
from tracker.messages import plural_message
from tracker.text import clean

DESCRIPTIONS = ("description_public", "description_internal")
"""Fields whose text can come as HTML."""
_BLOCKS, _SURE, _SHORT = r"p|br|div|ul|ol|li|h[1-6]", r"span|strong|em", r"a|b|i|u"
_GIVEN = r"""(?:\s+[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s<>"']+))"""
_TAG = re.compile(
    rf"<(?:{_BLOCKS}|{_SURE}){_GIVEN}*\s*/?>|<(?:{_SHORT}){_GIVEN}+\s*>|</(?:{_BLOCKS}|{_SURE}|{_SHORT})\s*>",
    re.IGNORECASE,
)
"""A short name alone, as in "a<b>c", may be arithmetic; its end tag or an attribute tells that it is not."""
_BLOCK = re.compile(rf"</?(?:{_BLOCKS}){_GIVEN}*\s*/?>", re.IGNORECASE)
_NO_TAG = re.compile(r"<(?![a-z/!])", re.IGNORECASE)
_CUT_OFF = re.compile(rf"<(?:/?[a-z]{{0,10}}|!--[^<>]*|(?:{_BLOCKS}|{_SURE}|{_SHORT})\s[^<>]*)$", re.IGNORECASE)
"""Systems that cut a text at a length cut through its last tag."""


def is_html(text: str) -> bool:
    """Whether a text holds real tags; "3 < 5" and "<okänd>" are text."""
    return "<" in text and _TAG.search(text) is not None


def read_description(cell: Any) -> str:
    """A description; of one in HTML its words, entities resolved, each paragraph on a line of its own."""
    text = read_text(cell)
    return plain_text(text) if is_html(text) else text


def plain_text(html: str) -> str:
    """The words of a piece of HTML. Where it has no paragraphs its own lines stay."""
    whole = _NO_TAG.sub("&lt;", _CUT_OFF.sub("", html))
    parts = _BLOCK.split(whole) if _BLOCK.search(whole) else whole.split("\n")
    lines = (clean(str(Markup(part).striptags())) for part in parts)  # noqa: S704 - its words are taken, nothing is drawn
    return "\n".join(line for line in lines if line)


def html_notes(table: Table, headers: Headers) -> Iterable[str]:
    """One note of how many descriptions were made text, if any."""
    columns = [table.columns[headers.of[field]] for field in DESCRIPTIONS if field in headers.of]
    count = sum(isinstance(cell, str) and is_html(cell) for cells in columns for cell in cells)
    if count:
        yield plural_message(
            "%(num)s beskrivning innehöll HTML och blev vanlig text.",
            "%(num)s beskrivningar innehöll HTML och blev vanlig text.",
            count,
        )
