"""`make audit`: what it finds fails it, and what it cannot ask is said and passed by."""

from __future__ import annotations

import json
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINE = {
    "results": [{"filename": "config.py", "line_number": 3, "line_range": [3], "test_id": "B1", "issue_text": "fara"}]
}
HOLE = {"dependencies": [{"name": "x", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}]}]}


def load(name: str) -> ModuleType:
    loader = SourceFileLoader(f"bin_{name}", str(ROOT / "bin" / name))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture
def audit(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The command, with nothing found and nobody asked."""
    module = load("audit")
    monkeypatch.setattr(module, "licences", list)
    monkeypatch.setattr("sys.argv", ["audit"])
    return module


def answers(module: ModuleType, monkeypatch: pytest.MonkeyPatch, **told: dict[str, Any] | None) -> None:
    given: dict[str, Any] = {
        "bandit": {"results": []},
        "pip-audit": {"dependencies": []},
        "npm": {"vulnerabilities": {}},
    } | told

    def run(command: list[str]) -> dict[str, Any] | None:
        found: dict[str, Any] | None = next(told for name, told in given.items() if name in Path(command[0]).name)
        return found

    monkeypatch.setattr(module, "run", run)


def test_nothing_found(audit: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    answers(audit, monkeypatch)
    assert audit.main() == 0
    assert "pip-audit: inget" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "told", "line"),
    [
        ("pip-audit", HOLE, "x 1: PYSEC-1 (rättat i 2)"),
        ("npm", {"vulnerabilities": {"y": {"severity": "high", "range": "<2"}}}, "y: high (<2)"),
        ("bandit", LINE, "config.py:3"),
    ],
)  # fmt: skip
def test_what_is_found_fails_and_what_cannot_be_asked_does_not(
    audit: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    name: str, told: dict[str, Any], line: str,
) -> None:  # fmt: skip
    answers(audit, monkeypatch, **{name: told})
    assert audit.main() == 1
    assert line in capsys.readouterr().out
    offline = {"pip-audit": None, "npm": {"error": {"code": "ENOAUDIT"}, "vulnerabilities": {}}}
    answers(audit, monkeypatch, **offline)
    assert audit.main() == 0
    said = capsys.readouterr().out
    assert "pip-audit: kunde inte hämta" in said
    assert "npm audit: kunde inte hämta" in said
    monkeypatch.setattr("sys.argv", ["audit", "--strict"])
    assert audit.main() == 1


def test_a_program_that_says_nothing_or_is_not_there(audit: ModuleType) -> None:
    assert audit.run(["true"]) is None
    assert audit.run(["finns-inte-alls"]) is None
    assert audit.run(["echo", json.dumps({"a": 1})]) == {"a": 1}


def test_bandit_finds_nothing() -> None:
    assert load("audit").bandit() == []
