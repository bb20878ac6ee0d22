"""What the architecture page says of the floors is what import-linter checks."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_page_has_the_floors_that_are_checked() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    checked = [set(line.split(" | ")) for line in settings["tool"]["importlinter"]["contracts"][0]["layers"]]
    text = (ROOT / "docs/arkitektur.md").read_text(encoding="utf-8")
    table = text.partition("<!-- layers -->")[2].partition("<!-- /layers -->")[0]
    told = [set(re.findall(r"`(\w+)`", row.split("|")[1])) for row in table.splitlines() if row.startswith("| `")]
    assert told == checked


def test_every_decision_has_its_number_once() -> None:
    numbers = [file.name[:4] for file in sorted((ROOT / "docs/decisions").glob("*.md"))]
    assert len(numbers) == len(set(numbers))
    assert all(number.isdigit() for number in numbers)


def test_the_readme_and_the_contributors_page_name_files_that_exist() -> None:
    for name in ("README.md", "CONTRIBUTING.md", "docs/arkitektur.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        for path in re.findall(r"(?<![\w/])docs/[\w/-]+\.md", text):
            assert (ROOT / path).exists(), (name, path)
