"""What a reader asks to have printed, read from the address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from tracker.errors import InvalidInputError, Problem
from tracker.maps.print_sheets import Paper, Sheet, meets_city
from tracker.maps.windows import Box, window_from
from tracker.messages import message
from tracker.projects.filters import Arguments

POSITION = re.compile(
    r"(\d{1,2}(?:\.\d{1,2})?)/(-?\d{1,2}(?:\.\d+)?)/(-?\d{1,3}(?:\.\d+)?)"
    r"(?:/([\w,-]{0,200})(?:/[\w-]{0,40}(?:/(?:lista)?)?)?)?"
)
"""Zoom, latitude, longitude, hidden layers and more: what the map writes after the number sign of its address."""
OUTLINES = "granser"
Word = TypeVar("Word", bound=StrEnum)


class FileFormat(StrEnum):
    """The words of the address."""

    PDF = "pdf"
    PNG = "png"

    @property
    def label(self) -> str:
        return self.value.upper()

    @property
    def media_type(self) -> str:
        return "application/pdf" if self is FileFormat.PDF else "image/png"


class Turned(StrEnum):
    """How the paper lies."""

    LYING = "liggande"
    STANDING = "staende"

    @property
    def label(self) -> str:
        return message("Liggande") if self is Turned.LYING else message("Stående")


@dataclass(frozen=True, slots=True)
class PrintOrder:
    """`box` in EPSG:4326, None: all that is found. `position`: the map's own words for what it shows, or nothing."""

    form: FileFormat = FileFormat.PDF
    paper: Paper = Paper.A4
    turned: Turned = Turned.LYING
    box: Box | None = None
    position: str = ""

    @property
    def sheet(self) -> Sheet:
        return Sheet(self.paper, self.turned is Turned.LYING)

    @property
    def hidden(self) -> frozenset[str]:
        """Names of the layers that the map does not show."""
        found = POSITION.fullmatch(self.position)
        return frozenset((found[4] or "").split(",")) - {""} if found else frozenset()

    def to_query(self) -> dict[str, str]:
        """What of the address is about the view, for the next page."""
        box = {"bbox": ",".join(f"{value:.6f}" for value in self.box)} if self.box else {}
        return box | ({"position": self.position} if self.position else {})


def read_position(text: str) -> str:
    """A view of the map as it stands in an address, without the number sign; nothing for what is none."""
    text = text.strip().removeprefix("#")
    return text if POSITION.fullmatch(text) else ""


def order_from(args: Arguments) -> PrintOrder:
    """Read an order; unknown words become the usual ones. Raises InvalidInputError for a box that cannot be meant."""
    box = window_from(args).box
    if box is not None and not meets_city(box):
        reason = message("Kartbilden ligger utanför staden. Flytta kartan och försök igen.")
        raise InvalidInputError([Problem("bbox", reason)])
    return PrintOrder(
        form=_word(args, "format", FileFormat.PDF),
        paper=_word(args, "paper", Paper.A4),
        turned=_word(args, "orientation", Turned.LYING),
        box=box,
        position=read_position("".join(args.getlist("position")[:1])),
    )


def _word(args: Arguments, name: str, usual: Word) -> Word:
    said = "".join(args.getlist(name)[:1])
    return next((word for word in type(usual) if word.value == said), usual)
