"""Text that is stored, sorted and searched alike on both databases.

SQLite and PostgreSQL fold and order å, ä and ö differently, so Python writes two companion columns:
`sort_key` (Swedish order) and `search_text` (casefolded, NFC). Both are compared bytewise.
"""

from __future__ import annotations

import re
import unicodedata

# The Swedish alphabet: ... z å ä ö. The three replacements sort after "z" and keep their own order.
_SWEDISH = str.maketrans({"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}"})
_BARE = str.maketrans({"å": "a", "ä": "a", "ö": "o", "æ": "a", "ø": "o"})
_DIGITS = re.compile(r"\d+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")

_TURNING = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\x80-\x9f]")
"""Marks that turn the direction of what follows, so that it shows as something else, and further control characters."""

_SHORT = 200
MARKS_IN_A_ROW = 30
"""More never stand on one letter in any language; UAX #15, Stream-Safe Text Format."""
_JOINER = "\u034f"
_TWO_MARKS = frozenset("\u0f73\u0f75\u0f81")
"""Letters by their own account that come apart into marks alone."""

SORT_KEY_LENGTH = 200
"""What differs only after so many characters may stand in any order."""


def composed(text: str) -> str:
    """NFC, in time that grows as the text does.

    Python sorts the marks on a letter by insertion: a million of them hold the process for a quarter of an hour. Where
    more than 30 stand in a row a joiner that is not seen (U+034F) goes between, as UAX #15 has it.
    """
    if len(text) > _SHORT and not unicodedata.is_normalized("NFC", text):
        text = _stream_safe(text)
    return unicodedata.normalize("NFC", text)


def _stream_safe(text: str) -> str:
    kept: list[str] = []
    begin = marks = 0
    for place, sign in enumerate(text):
        if not unicodedata.combining(sign) and sign not in _TWO_MARKS:
            marks = 0
            continue
        marks += 1
        if marks > MARKS_IN_A_ROW:
            kept.append(text[begin:place])
            begin, marks = place, 1
    return _JOINER.join([*kept, text[begin:]])


def clean(text: str | None) -> str:
    """NFC, without control characters and outer white space; None becomes the empty text."""
    if not text:
        return ""
    if text.isascii() and text.isprintable():
        return text.strip()
    return _CONTROL.sub("", composed(text)).strip()


def harmless(text: str | None) -> str:
    """Clean, and without marks that make a file show something else than what stands in it (U+202E and its kin)."""
    kept = clean(text)
    return kept if kept.isprintable() else _TURNING.sub("", kept)


def sort_key(text: str) -> str:
    """A bytewise comparable key: Swedish alphabet, case ignored, numbers by size, accents of é, ü … ignored."""
    folded = clean(text).casefold().translate(_SWEDISH)
    plain = folded if folded.isascii() else _without_accents(folded)
    return _DIGITS.sub(lambda match: match.group().zfill(9), plain)[:SORT_KEY_LENGTH]


def _without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def search_text(*texts: str | None) -> str:
    """What a search looks in: casefolded NFC texts with single spaces."""
    return " ".join(" ".join(clean(text).casefold().split()) for text in texts if text)


def slug(text: str) -> str:
    """ASCII for addresses and codes: "Hässelby gård" becomes "hasselby-gard"."""
    folded = clean(text).casefold().translate(_BARE)
    plain = unicodedata.normalize("NFD", folded).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


_FORMULA = ("=", "+", "-", "@")


def guarded(text: str) -> str:
    """Text that a spreadsheet would run as a formula gets an apostrophe first; our own import takes it off again.

    Marks that turn the direction of the text, and control characters, are left out.
    """
    if not text.isprintable():
        text = _TURNING.sub("", _CONTROL.sub("", text))
    return f"'{text}" if text.lstrip("'").startswith(_FORMULA) else text
