"""Reading cells that hold several things: kinds, goals with weights, served areas with shares; and a share alone."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from tracker.imports.values import UnreadableError, read_kind, read_text
from tracker.measures.models import MainKind
from tracker.messages import joined, message
from tracker.projects.vocabulary import SUBTYPES, WEIGHTS, WHOLE
from tracker.text import search_text

_GOALS = re.compile(r"[;,\n/]|\s(?=[A-Za-z]+\d)")
_GOAL = re.compile(r"(?P<code>[\w.-]+?)\s*(?:[:=]\s*(?P<weight>\d{1,9})|\(\s*(?P<bracket>\d{1,9})\s*\))?")
_SERVED = re.compile(r"[;\n]|,(?!\d)|\s[/&+]\s|\boch\b|\bsamt\b")
_SHARE = re.compile(r"(?P<name>.*?)[\s:=(]*(?P<share>\d+(?:[.,]\d+)?)\s*(?:%|procent)?\s*\)?")
_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)\s*(%|procent)?")
_SUBTYPE_OF = {search_text(word): code for code, label in SUBTYPES.items() for word in (code, label)}
_LONGEST_WORD = 200
"""Letters of one area with its share. The names of areas are shorter, and a pattern that looks from both ends takes
the square of the length."""

GoalMark = tuple[str, int | None]
"""A goal's code and its weight, None when the file gives none."""
ServedName = tuple[str, int | None]
"""The name of an area and its share in hundredths of a percent, None when the file gives no shares."""


def _words(parts: list[str]) -> list[str]:
    """Without white space around them, and without empty ones."""
    return [word for word in map(str.strip, parts) if word]


def read_kinds(cell: Any) -> tuple[MainKind, ...]:
    """Further kinds, with a comma or a semicolon between."""
    found = []
    for word in _words(re.split(r"[;,\n]", read_text(cell))):
        kind = read_kind(word)
        if kind is None:
            raise UnreadableError(
                message(
                    "”%(word)s” är inget slag. Skriv något av: %(names)s.",
                    word=word,
                    names=joined(", ", [one.label for one in MainKind]),
                )
            )
        found.append(kind)
    return tuple(dict.fromkeys(found))


def read_subtype(cell: Any) -> str:
    """The code of a subtype by its code or its name."""
    code = _SUBTYPE_OF.get(search_text(read_text(cell)))
    if code is None:
        raise UnreadableError(
            message("Undertypen är okänd. Skriv någon av: %(names)s.", names=joined(", ", SUBTYPES.values()))
        )
    return code


def read_goals(cell: Any) -> tuple[GoalMark, ...]:
    """Codes with weights: "G1a:3; G2d", "G1a (3), G2d". A code that stands twice is refused."""
    found: dict[str, GoalMark] = {}
    for word in _words(_GOALS.split(read_text(cell))):
        match = _GOAL.fullmatch(word)
        if match is None:
            raise UnreadableError(message("”%(word)s” är inget mål. Skriv till exempel G1a:3; G2d:1.", word=word))
        weight = match["weight"] or match["bracket"]
        if weight is not None and int(weight) not in WEIGHTS:
            raise UnreadableError(message("Styrkan i ”%(word)s” ska vara 1, 2 eller 3.", word=word))
        key = match["code"].casefold()
        if key in found:
            raise UnreadableError(message("Målet %(code)s står två gånger.", code=match["code"]))
        found[key] = (match["code"], int(weight) if weight else None)
    return tuple(found.values())


def read_served(cell: Any) -> tuple[ServedName, ...]:
    """Areas with shares: "Rinkeby 60 %; Kista 40 %"; without shares those of the register stay."""
    names: list[str] = []
    shares: list[int | None] = []
    for word in _words(_SERVED.split(read_text(cell))):
        if len(word) > _LONGEST_WORD:
            raise UnreadableError(message("”%(word)s…” är inget område.", word=word[:40]))
        match = _SHARE.fullmatch(word)
        name = (match["name"] if match else word).strip()
        if not name:
            raise UnreadableError(message("”%(word)s” är inget område.", word=word))
        names.append(name)
        shares.append(_hundredths(match["share"]) if match else None)
    if not names:
        return ()
    if any(share is None for share in shares) and any(share is not None for share in shares):
        raise UnreadableError(message("Ange andelar för alla områden eller för inget."))
    given = [share for share in shares if share is not None]
    if given and sum(given) != WHOLE:
        raise UnreadableError(
            message("Andelarna blir %(percent)s tillsammans och ska bli 100 %%.", percent=_percent(sum(given)))
        )
    return tuple(zip(names, shares, strict=True))


def read_share(cell: Any) -> int:
    """A share in hundredths of a percent: "80 %", 80. A number of at most 1 could be a part and is asked about."""
    text = read_text(cell).replace("\u00a0", " ")
    match = _PERCENT.fullmatch(text)
    if match is None:
        raise UnreadableError(message("Det är ingen andel. Skriv till exempel 80 %."))
    share = _hundredths(match[1])
    if share > WHOLE:
        raise UnreadableError(message("Andelen ska vara mellan 0 och 100 %."))
    if not match[2] and 0 < share <= 100:
        raise UnreadableError(message("Andelen kan läsas på två sätt. Skriv den med procenttecken, till exempel 80 %."))
    return share


def _hundredths(text: str) -> int:
    try:
        share = Decimal(text.replace(",", ".")) * 100
    except InvalidOperation as error:
        raise UnreadableError(message("Det är ingen andel. Skriv till exempel 80 %.")) from error
    if share != share.to_integral_value():
        raise UnreadableError(message("En andel får ha högst två decimaler."))
    return int(share)


def _percent(share: int) -> str:
    return f"{share / 100:.2f}".rstrip("0").rstrip(".").replace(".", ",") + " %"
