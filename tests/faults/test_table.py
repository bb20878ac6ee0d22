"""The table of faults in docs/drift/fel.md names tests that are there, and every test of a fault is in it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
TABLE = (ROOT / "docs/drift/fel.md").read_text("utf-8")


def functions_of(path: Path) -> set[str]:
    return {node.name for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)}


def test_every_test_that_the_table_names_is_there() -> None:
    named = NAMED.findall(TABLE)
    assert len(named) > 25
    missing = [f"{file}::{name}" for file, name in named if name not in functions_of(ROOT / file)]
    assert missing == []


def test_every_row_of_the_table_has_a_test() -> None:
    rows = [line for line in TABLE.splitlines() if line.startswith("| ") and not line.startswith("| fel")]
    assert rows
    assert [row for row in rows if not NAMED.search(row)] == []


def test_every_test_of_killing_or_migrating_is_in_the_table() -> None:
    named = {name for _file, name in NAMED.findall(TABLE)}
    known = {
        "test_a_backup_killed_after_its_rename_is_whole", "test_migrate_says_what_it_did",
        "test_migrate_says_from_where_to_where", "test_every_migration_says_in_swedish_what_it_does",
        "test_migrations_of_this_release_only_add",
    }  # fmt: skip
    for file in ("test_killed.py", "test_migrating.py"):
        tests = {one for one in functions_of(ROOT / "tests/faults" / file) if one.startswith("test_")}
        assert tests - named - known == set(), file
