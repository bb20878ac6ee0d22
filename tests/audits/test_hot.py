"""The page of threats says nothing that is not there: its guards are files, its tests exist, nothing is left out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "hot.md"
LETTERS = "STRIDE"
OPEN = "**öppet**"
QUOTED = re.compile(r"`([^`]+)`")


def sections() -> Iterator[tuple[str, list[list[str]]]]:
    """(heading, rows) of each table of threats."""
    for part in PAGE.read_text(encoding="utf-8").split("\n## ")[1:]:
        heading, _break, body = part.partition("\n")
        lines = [line for line in body.splitlines() if line.startswith("| ") and not line.startswith("| |")]
        yield heading, [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@cache
def functions_of(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


TABLES = dict(sections())
ROWS = [(heading, row) for heading, rows in TABLES.items() for row in rows if len(row) == 4]


def test_each_part_has_a_row_for_each_letter() -> None:
    parts = {heading: {row[0] for row in rows} for heading, rows in TABLES.items() if rows and len(rows[0]) == 4}
    assert len(parts) >= 6
    assert {heading: set(LETTERS) - letters for heading, letters in parts.items() if set(LETTERS) - letters} == {}


@pytest.mark.parametrize(("heading", "row"), ROWS)
def test_each_threat_has_a_guard_and_a_test_or_stands_open(heading: str, row: list[str]) -> None:
    letter, threat, guard, test = row
    assert letter in LETTERS, heading
    if guard == test == "–":
        return
    assert threat
    names = QUOTED.findall(test)
    assert names or OPEN in test
    for name in names:
        path, _colons, function = name.partition("::")
        assert path.startswith("tests/"), name
        assert (ROOT / path).is_file(), name
        assert not function or function in functions_of(path), name
    for name in QUOTED.findall(guard):
        if "/" in name or name.endswith((".py", ".lock", ".toml", ".json")):
            assert (ROOT / name).exists(), name
