"""A line of pasted text as a pair of numbers, however it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tracker.geo.crs import KNOWN, recognise
from tracker.messages import Message, joined, message
from tracker.projects.shape_texts import TextError

LONGEST_LINE = 300
"""Letters of one pair; a line is cut in two at every place, which takes the square of its length."""
_LABEL = re.compile(r"\b(?P<label>latitud|longitud|latitude|longitude|lat|lon|long|lng|[nexyös])\b\s*[:=]?", re.I)
_NOISE = re.compile(r"[°ºm()\[\]]|\bmeter\b", re.I)
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")


def read_line(number: int, line: str) -> tuple[tuple[float, float], list[str]]:
    """The two numbers of a line in the order written, and the words that name them. Raises TextError."""
    if len(line) > LONGEST_LINE:
        raise TextError(
            message(
                "Rad %(number)s: ”%(line)s…” är för lång. Skriv ett koordinatpar på varje rad.",
                number=number, line=line.strip()[:60],
            )
        )  # fmt: skip
    labels = [found["label"].casefold() for found in _LABEL.finditer(line)]
    bare = _NOISE.sub(" ", _LABEL.sub(" ", line)).strip(" ,;\t")
    pairs = list(dict.fromkeys(_splits(bare)))
    known = [pair for pair in pairs if recognise(*pair)]
    if len(known) == 1:
        return known[0], labels
    raise TextError(_unclear(line.strip()[:60], number, some=bool(pairs), several=len(known) > 1))


def _unclear(line: str, number: int, *, some: bool, several: bool) -> Message:
    """Why a line is no pair of numbers, or not one in Stockholm."""
    said = {"number": number, "line": line}
    if not some:
        return message("Rad %(number)s: ”%(line)s” är inget koordinatpar. Skriv två tal på varje rad.", **said)
    if several:
        return message("Rad %(number)s: ”%(line)s” kan läsas på flera sätt. Skilj talen åt med semikolon.", **said)
    return message(
        "Rad %(number)s: ”%(line)s” ligger inte i Stockholm i något av systemen %(systems)s.",
        systems=joined(", ", (known.name for known in KNOWN)), **said,
    )  # fmt: skip


def _splits(line: str) -> Iterator[tuple[float, float]]:
    """Every way to cut a line in two numbers: at a separator, or between any two groups of digits."""
    for separator in (";", "\t"):
        if separator in line:
            yield from _numbers(line.split(separator))
            return
    words = line.split()
    for cut in range(1, len(words)):
        yield from _numbers(["".join(words[:cut]).rstrip(","), "".join(words[cut:])])
    commas = "".join(words).split(",")
    for cut in range(1, len(commas)):
        yield from _numbers([",".join(commas[:cut]), ",".join(commas[cut:])])


def _numbers(texts: list[str]) -> Iterator[tuple[float, float]]:
    plain = ["".join(text.split()).replace("\u2212", "-") for text in texts]
    if len(plain) == 2 and all(_NUMBER.fullmatch(text) for text in plain):
        yield float(plain[0].replace(",", ".")), float(plain[1].replace(",", "."))
