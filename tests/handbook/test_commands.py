"""The commands, targets and settings that the pages for those who run the product name are there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tracker.cli import cli
from tracker.web.background_settings import BACKGROUND_DEFAULTS

ROOT = Path(__file__).resolve().parents[2]
README = "README.md"
PAGES = (README, "CONTRIBUTING.md", *(str(one.relative_to(ROOT)) for one in sorted((ROOT / "docs").rglob("*.md"))))
PROGRAM = re.compile(r"(?<![\w/.=-])(?:\.venv/bin/)?portfol(?:jkartan|j)(?::[\d.]+)? ((?!portfoljkartan )[a-z].*)")
"""The last of two such words is the program: before it stands a container of that name."""
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.S)
ROW = re.compile(r"^\| (`.*?) \|", re.M)
SPAN = re.compile(r"`([^`]+)`")
NAME = re.compile(r"`([A-Z][A-Z0-9_]+)`")
END = re.compile(r"&&|[|;#>)\"'`]|\s{2,}")
"""Where a command ends in a line of the shell, or a remark begins."""


def commands_on(page: str) -> Iterator[str]:
    """What is written after the program's name in code, and in the tables of commands."""
    text = (ROOT / page).read_text(encoding="utf-8")
    for code in CODE.findall(text):
        for line in code.replace("\\\n", " ").splitlines():
            if found := PROGRAM.search(line):
                yield END.split(found[1])[0].strip()
    for title in ("| kommando | gör |", "| Kommando | Gör |"):
        for row in ROW.findall(text.partition(title)[2].partition("\n\n")[0]):
            yield from SPAN.findall(row.replace("\\|", "/"))


def fault_of(line: str) -> str:
    """Why there is no such command or option; empty when there is."""
    words, command = line.split(), cli
    context = click.Context(cli)
    while words and isinstance(command, click.Group):
        found = command.get_command(context, words[0])
        if found is None:
            return f"{line}: {words[0]}"
        command, words = found, words[1:]  # type: ignore[assignment]
    known = {name for one in command.params for name in (*one.opts, *one.secondary_opts)} | {"--help"}
    unknown = set(re.findall(r"(?<!\S)\[?(--?[a-z][a-z-]*)", " ".join(words))) - known
    return f"{line}: {sorted(unknown)}" if unknown else ""


def test_every_command_that_is_named_is_there() -> None:
    named = [(page, line) for page in PAGES for line in commands_on(page)]
    assert len(named) > 60
    assert [(page, fault) for page, line in named if (fault := fault_of(line))] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_target_of_make_is_there(page: str) -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    for code in CODE.findall((ROOT / page).read_text(encoding="utf-8")):
        for name in re.findall(r"(?:^|`|&& |\w=\S+ )\s*make(?: ([a-z-]+))?(?=[\s`]|$)", code, re.M):
            assert name == "" or name in targets, (page, name)


def test_every_setting_is_told_of_and_every_one_told_of_is_read() -> None:
    readme = (ROOT / README).read_text(encoding="utf-8")
    told = {one for row in ROW.findall(readme.partition("| variabel |")[2]) for one in NAME.findall(row)}
    sources = [ROOT / "config.py", *sorted((ROOT / "tracker").rglob("*.py"))]
    code = "\n".join(one.read_text(encoding="utf-8") for one in sources)
    read = set(re.findall(r"\benv(?:\.get\(|, |\[)\"([A-Z][A-Z0-9_]+)\"", code))
    made = {f"MAP_BACKGROUND_{word.upper()}" for word in BACKGROUND_DEFAULTS}
    assert len(read) > 40
    assert (read | made) - set(NAME.findall(readme)) == set()
    assert {one for one in told - made if f'"{one}"' not in code} == set()
