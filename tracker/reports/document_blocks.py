"""What a report in words is made of, before any file format: headings, texts, tables and pictures."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """How a text is set; the value is the name of the style in the template."""

    BODY = "Normal"
    QUOTE = "Quote"
    BULLET = "List Bullet"
    NOTE = "Anmärkning"


@dataclass(frozen=True, slots=True)
class Title:
    """A heading of level 1, 2 or 3."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; `lead` is set in bold before it."""

    text: str
    tone: Tone = Tone.BODY
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table under its caption. `widths` are parts of the page's width; columns named in `numbers` stand right."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    numbers: frozenset[int]
    total: bool = False
    """Whether the last row is the total of those above."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart as PNG under its caption, with what it shows in words."""

    caption: str
    alternative: str
    png: bytes


Block = Title | Text | Grid | Picture
