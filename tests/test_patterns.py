"""No regular expression of the product takes long, whatever it is given: each is found, judged, and tried.

Found by the syntax tree of every module (re.…, WTForms' Regexp) and in the scripts; judged by tests/ambiguity.py; tried
with the worst texts of its own loops, all of them in one child process with a bound on its processor time.
"""

from __future__ import annotations

import ast
import importlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.ambiguity import EXPONENTIAL, POLYNOMIAL, QUICK, Automaton

ROOT = Path(__file__).resolve().parent.parent
_READS = {"compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"}
_WHOLE = {"match", "fullmatch"}
LETTERS = 50_000
"""Of a hostile text for an expression that is quick."""
SECONDS = 60
"""Of processor for all of them together; they take some four."""

_OURS = "reads a text of our own or of a library, not of a person"
_ONCE = "looks behind or begins with a mark, so that it begins once in a run: linear, though not by this judgement"
BOUNDED: dict[str, tuple[int, str]] = {
    "config.py:": (300, "reads a setting of the installation"),
    "static/js/followup-money.js:": (8, "reads the decimals of an amount"),
    "tracker/api/geometry_reading.py:_DEGREES": (300, "_LONGEST_NAME"),
    "tracker/api/geometry_reading.py:_METRES": (300, "_LONGEST_NAME"),
    "tracker/backup/postgres.py:_VERSION": (300, _OURS),
    "tracker/geo/stored.py:": (150, _OURS),
    "tracker/geo/validity.py:_WHERE": (300, _OURS),
    "tracker/imports/agreement.py:_PART": (200, "reads names of areas, which are ours"),
    "tracker/imports/catalogues.py:_ADDRESS": (400, "_LONGEST_ADDRESS"),
    "tracker/imports/dates.py:_NAMED": (100, "_LONGEST"),
    "tracker/imports/extents.py:_FILLED": (4_000, "runs in a child with a bound on its processor time"),
    "tracker/imports/ledger_numbers.py:": (100, "LONGEST_AMOUNT"),
    "tracker/imports/ledger_numbers.py:_BRACKETS": (100, "LONGEST_AMOUNT"),
    "tracker/imports/ledger_numbers.py:_DOTTED": (100, "LONGEST_AMOUNT"),
    "tracker/imports/ledger_numbers.py:_ENGLISH": (100, "LONGEST_AMOUNT"),
    "tracker/imports/lists.py:_SHARE": (200, "_LONGEST_WORD"),
    "tracker/maps/find.py:_PLACE": (300, "reads names of projects, which the register bounds"),
    "tracker/maps/render.py:_META": (5_000, _OURS),
    "tracker/maps/render.py:_WHOLE_PAGE": (5_000, _OURS),
    "tracker/money.py:_AMOUNT": (100, "LONGEST_AMOUNT"),
    "tracker/ogc/cql_reading.py:_STRING": (60_000, "MOST_CHARACTERS; a quote that is not closed is the last one"),
    "tracker/projects/secrecy.py:_GROUND": (500, "_LONGEST_GROUND"),
    "tracker/web/logs_scrubbing.py:": (LETTERS, _ONCE),
}
"""File and name of what is polynomial by this judgement → the most letters that it is given, and who sees to it."""


@dataclass(frozen=True)
class Found:
    """An expression, where it stands, and whether it is looked for inside a text."""

    place: str
    pattern: str | bytes
    flags: int
    searching: bool
    name: str = ""
    """Of the variable that keeps it."""

    @property
    def key(self) -> str:
        return f"{self.place.partition(':')[0]}:{self.name}"


def _modules() -> Iterator[Path]:
    yield ROOT / "config.py"
    yield from sorted((ROOT / "tracker").rglob("*.py"))


@cache
def _used() -> dict[str, set[str]]:
    """Name → the methods that are called on it, in all modules."""
    used: dict[str, set[str]] = {}
    for path in _modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in _READS:
                used.setdefault(node.value.id, set()).add(node.attr)
    return used


def _in_module(path: Path) -> Iterator[Found]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {
        id(node.value): target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = node.func
        if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "re":
            if called.attr in _READS:
                name = names.get(id(node), "")
                methods = _used().get(name, {"search"}) if called.attr == "compile" else {called.attr}
                yield _found(path, node, name, searching=not methods <= _WHOLE)
        elif isinstance(called, ast.Name) and called.id == "Regexp":
            yield _found(path, node, "", searching=False)


def _found(path: Path, node: ast.Call, kept_as: str, *, searching: bool) -> Found:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    space = vars(importlib.import_module(name))
    given = [one for one in node.args[1:] if "re." in ast.unparse(one)] + [
        one.value for one in node.keywords if one.arg == "flags"
    ]
    flags = sum(int(_value(one, space)) for one in given)
    return Found(f"{path.relative_to(ROOT)}:{node.lineno}", _value(node.args[0], space), flags, searching, kept_as)


def _value(node: ast.expr, space: dict[str, Any]) -> Any:
    """What an expression of the module is worth; a part that is known only when it runs counts as the digit 0."""
    try:
        return eval(compile(ast.Expression(node), "<pattern>", "eval"), dict(space))  # noqa: S307 - our own source
    except NameError:
        if not isinstance(node, ast.JoinedStr):
            return "0"
        parts = [
            str(one.value) if isinstance(one, ast.Constant) else str(_value(one.value, space))
            for one in node.values
            if isinstance(one, ast.Constant | ast.FormattedValue)
        ]
        return "".join(parts)


_IN_SCRIPT = re.compile(
    r"(?:[=(,:?&|!]\s*|return\s+)/(?P<body>(?![*/ ])(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)/(?P<flags>[dgimsuvy]*)"
)


def _in_scripts() -> Iterator[Found]:
    for path in sorted((ROOT / "static" / "js").glob("*.js")):
        text = path.read_text(encoding="utf-8")
        for match in _IN_SCRIPT.finditer(text):
            body = re.sub(r"\(\?<(?![=!])", "(?P<", match["body"].replace("\\/", "/"))
            flags = sum({"i": re.I, "s": re.S, "m": re.M}.get(one, 0) for one in match["flags"])
            line = text.count("\n", 0, match.start()) + 1
            yield Found(f"{path.relative_to(ROOT)}:{line}", body, flags, searching=True)


@cache
def every_pattern() -> tuple[Found, ...]:
    """All of them."""
    return (*(one for path in _modules() for one in _in_module(path)), *_in_scripts())


def judge(one: Found) -> str:
    return Automaton(one.pattern, one.flags, searching=one.searching).verdict()


def test_the_expressions_are_found() -> None:
    assert len(every_pattern()) > 150
    places = {one.place.split(":")[0] for one in every_pattern()}
    assert {"config.py", "tracker/goals/forms.py", "tracker/imports/lists.py", "static/js/map-address.js"} <= places


@pytest.mark.parametrize(
    ("pattern", "searching", "verdict"),
    [
        (r"(a+)+b", False, EXPONENTIAL),
        (r"(a*)*b", False, EXPONENTIAL),
        (r"(a|aa)+$", False, EXPONENTIAL),
        (r"(a?b?)*c", False, EXPONENTIAL),
        (r"(x+x+)+y", False, EXPONENTIAL),
        (r"a*a*b", False, POLYNOMIAL),
        (r".*?[\s:]*\d+", False, POLYNOMIAL),
        (r"\s*;", True, POLYNOMIAL),
        (r"\s+$", True, POLYNOMIAL),
        (r"\d+x", True, POLYNOMIAL),
        (r"\d++x", True, POLYNOMIAL),
        (r";\s*", True, QUICK),
        (r"\d+", True, QUICK),
        (r"^\s*a", True, QUICK),
        (r"[a-z0-9]+(-[a-z0-9]+)*", False, QUICK),
    ],
)
def test_the_judge_knows_the_slow_ones(pattern: str, searching: bool, verdict: str) -> None:
    assert Automaton(pattern, searching=searching).verdict() == verdict


def test_no_expression_is_exponential() -> None:
    assert [one for one in every_pattern() if judge(one) == EXPONENTIAL] == []


def test_every_polynomial_expression_has_a_bound() -> None:
    slow = [one for one in every_pattern() if judge(one) == POLYNOMIAL]
    assert [one for one in slow if one.key not in BOUNDED] == []
    assert BOUNDED.keys() - {one.key for one in slow} == set(), "no longer needed"


def hostile(one: Found) -> list[tuple[str, int]]:
    """What each loop of the expression likes best, and how much of it."""
    most = BOUNDED.get(one.key, (LETTERS, ""))[0]
    letters = dict.fromkeys(Automaton(one.pattern, one.flags, searching=one.searching).loops())
    return [(letter, most) for letter in letters]


_TRIED = """
import json, re, resource, sys
resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds}))
for place, pattern, flags, way, texts in json.load(sys.stdin):
    print(place, flush=True)
    made = re.compile(pattern, flags)
    for letter, count in texts:
        for end in ("", "!", "\\0", "x;"):
            for begin in ("", "a", "1", "'", "<p "):
                (made.search if way else made.fullmatch)((begin + letter * count)[:count] + end)
print("klar")
"""


def test_the_worst_texts_are_read_within_a_bound_of_the_processor() -> None:
    asked = [
        [
            one.place,
            one.pattern if isinstance(one.pattern, str) else one.pattern.decode("latin-1"),
            one.flags,
            one.searching,
            hostile(one),
        ]
        for one in every_pattern()
    ]
    command = [sys.executable, "-c", _TRIED.format(seconds=SECONDS)]
    told = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=False)
    assert told.stdout.splitlines()[-1] == "klar", f"too slow: {told.stdout.splitlines()[-1]} {told.stderr}"
