"""Reading what was sent as JSON: whatever is not plainly one document is refused, and nothing is guessed."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from flask import request

from tracker.web.problems import ProblemError

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
LARGEST = 16 * 1024 * 1024
"""Bytes; a drawn shape of 170,000 vertices is some 7 MB."""
_LONGEST_NUMBER = 40
_DEEPEST = 40
"""Levels; a collection of areas, the deepest thing that the register keeps, has ten."""


def read_body(*media_types: str) -> Any:
    """The JSON that the request holds. Raises ProblemError: 413, 415, or 400 for what is no JSON document."""
    request.max_content_length = LARGEST
    if request.mimetype not in media_types:
        raise ProblemError(
            415, f"Skicka {' eller '.join(media_types)} i huvudet Content-Type.", accepts=list(media_types)
        )
    if (request.content_length or 0) > LARGEST:
        raise ProblemError(413)
    return parse(request.get_data(cache=True))


def parse(data: bytes) -> Any:
    """One JSON document in UTF-8 (RFC 8259), each key once, numbers that a computer holds, and text without NUL."""
    try:
        text = data.decode("utf-8-sig")
        found = json.loads(
            text, object_pairs_hook=_each_once, parse_constant=_no_number, parse_float=_float, parse_int=_int
        )
        _look_through(found)
    except UnicodeDecodeError:
        _refuse("Texten är inte UTF-8.")
    except RecursionError:
        _refuse("Dokumentet har för många nivåer.")
    except json.JSONDecodeError as error:
        _refuse(f"Det som skickades är inte JSON (rad {error.lineno}, tecken {error.colno}).")
    return found


def _refuse(reason: str) -> NoReturn:
    raise ProblemError(400, reason)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        _refuse(f"Namnet ”{twice[:60]}” står två gånger i samma objekt.")
    return made


def _no_number(word: str) -> NoReturn:
    _refuse(f"{word} är inget tal i JSON.")


def _int(text: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        _refuse("Ett tal har för många siffror.")
    return int(text)


def _float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        _refuse("Ett tal är för stort.")
    return number


def _look_through(found: Any) -> None:
    """Texts that no database can keep, and depth."""
    waiting: list[tuple[Any, int]] = [(found, 1)]
    while waiting:
        one, depth = waiting.pop()
        if depth > _DEEPEST:
            _refuse("Dokumentet har för många nivåer.")
        if isinstance(one, str):
            _check_text(one)
        elif isinstance(one, dict):
            for name, value in one.items():
                _check_text(name)
                waiting.append((value, depth + 1))
        elif isinstance(one, list):
            waiting.extend((value, depth + 1) for value in one)


def _check_text(text: str) -> None:
    if "\x00" in text:
        _refuse("En text innehåller tecknet NUL.")
    if not text.isascii() and any("\ud800" <= sign <= "\udfff" for sign in text):
        _refuse("En text innehåller halva tecken (ensamma surrogat).")


def merged(target: Any, patch: Any) -> Any:
    """What a merge patch makes of a document (RFC 7396)."""
    if not isinstance(patch, dict):
        return patch
    made = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            made.pop(name, None)
        else:
            made[name] = merged(made.get(name), value)
    return made
