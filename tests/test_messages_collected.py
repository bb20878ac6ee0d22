"""Every text that is marked to be said in another language is also collected for its catalogue."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def marking_names() -> Iterator[str]:
    """What the program calls the functions of Flask-Babel that say a text."""
    for path in sorted((ROOT / "tracker").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "flask_babel":
                yield from (one.asname or one.name for one in node.names if one.name.endswith("gettext"))


def test_every_name_that_marks_a_text_is_known_to_the_collector() -> None:
    loader = SourceFileLoader("messages_command", str(ROOT / "bin" / "messages"))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    command = importlib.util.module_from_spec(spec)
    loader.exec_module(command)
    names = set(marking_names())
    assert {"_", "_l"} <= names <= set(command.KEYWORDS)
    assert "Utgifter, mnkr" in {one.id for one in command.extracted()}
