"""CQL2 in either encoding as a tree of CQL2 JSON, bounded before the parser sees it.

The parser's stack overflows at some thousand nested brackets or signs, which ends the process: no exception is raised.
"""

from __future__ import annotations

import re
from typing import Any

import cql2
import orjson

from tracker.ogc.refusing import refuse

TEXT, JSON = "cql2-text", "cql2-json"
MOST_CHARACTERS = 60_000
MOST_DEPTH = 50
MOST_WORDS = 500
_STRING = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"])*\"")
_STRINGS_LEFT = re.compile(r"['\"]")
_JOINING = re.compile(r"\b(?:and|or|not|div)\b|[+*/^%]", re.IGNORECASE)
_SIGNS = re.compile(r"(?:-\s*){3,}")


def read_filter(text: str, language: str) -> Any:
    """The tree of a filter; refuses what is too large, too deep, or no CQL2."""
    if len(text) > MOST_CHARACTERS:
        refuse("filter", f"filtret får ha högst {MOST_CHARACTERS} tecken")
    if language == TEXT:
        _check_text(text)
    elif text.count("{") > MOST_CHARACTERS // 20:
        refuse("filter", "filtret har för många led")
    try:
        # The expression goes out of the library as it came in; it is never asked to reckon.
        parsed = cql2.parse_text(text) if language == TEXT else cql2.parse_json(text)
        tree = parsed.to_json()
    except (cql2.ParseError, cql2.ValidationError, ValueError, TypeError, RecursionError) as error:
        refuse("filter", f"filtret går inte att läsa som {language}: {_first_line(str(error))}")
    if tree is None:
        refuse("filter", "filtret är tomt")
    if _depth(tree) > MOST_DEPTH:
        refuse("filter", f"filtret får vara högst {MOST_DEPTH} led djupt")
    return tree


def _check_text(text: str) -> None:
    bare = _STRING.sub("''", text)
    if _STRINGS_LEFT.search(bare.replace("''", "")):
        refuse("filter", "ett citattecken är inte avslutat")
    if len(_JOINING.findall(bare)) > MOST_WORDS or _SIGNS.search(bare):
        refuse("filter", f"filtret får ha högst {MOST_WORDS} led")
    depth = deepest = 0
    for letter in bare:
        depth += (letter == "(") - (letter == ")")
        deepest = max(deepest, depth)
    if deepest > MOST_DEPTH:
        refuse("filter", f"filtret får vara högst {MOST_DEPTH} parenteser djupt")


def _first_line(text: str) -> str:
    """What the parser says, without its drawing."""
    told = [line.strip() for line in text.splitlines() if line.strip(" |^-=")]
    return " ".join(told)[:200] or "okänt fel"


def _depth(tree: Any) -> int:
    """How deep lists and objects are nested, by writing it: brackets outside of strings, counted without recursion."""
    depth = deepest = 0
    inside = escaped = False
    for letter in orjson.dumps(tree).decode():
        if inside:
            inside, escaped = letter != '"' or escaped, letter == "\\" and not escaped
        elif letter == '"':
            inside = True
        else:
            depth += (letter in "[{") - (letter in "]}")
            deepest = max(deepest, depth)
    return deepest // 2
