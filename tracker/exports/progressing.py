"""How far the file is that somebody waits for: a small file in STATE_DIR, for any process may be asked.

It is named by a random mark that only the waiting page has, and says two numbers.
"""

from __future__ import annotations

import os
import re
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path

import orjson

FOLDER = "uttag"
_MARK = re.compile(r"[A-Za-z0-9_-]{22}")
KEPT_SECONDS = 24 * 3600


def new_mark() -> str:
    """A name that nobody guesses."""
    return secrets.token_urlsafe(16)


def is_mark(word: str) -> bool:
    """Whether a word can be one."""
    return _MARK.fullmatch(word) is not None


@dataclass(slots=True)
class Counter:
    """Told of projects that are done; every telling is written down."""

    state: Path
    mark: str
    total: int
    done: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        _sweep(self.state / FOLDER)
        self._write()

    def __call__(self, count: int) -> None:
        self.done += count
        self._write()

    def _write(self) -> None:
        path = _path(self.state, self.mark)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = path.with_suffix(".del")
        part.write_bytes(orjson.dumps([self.done, self.total]))
        os.replace(part, path)


def find_progress(state: Path, mark: str) -> tuple[int, int] | None:
    """(done, total); None before the file is begun, or for a mark that nobody has."""
    try:
        done, total = orjson.loads(_path(state, mark).read_bytes())
    except (OSError, ValueError):
        return None
    return int(done), int(total)


def _path(state: Path, mark: str) -> Path:
    if not is_mark(mark):
        raise ValueError(mark)
    return state / FOLDER / f"{mark}.json"


def _sweep(folder: Path) -> None:
    for path in folder.glob("*.json"):
        if time.time() - path.stat().st_mtime > KEPT_SECONDS:
            path.unlink(missing_ok=True)
