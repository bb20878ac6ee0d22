"""A large GeoJSON file written by two processes: the same as one makes, and nothing when one of them fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.contribution.register import add_project
from tests.geometries import RINKEBY

COMMAND = """
import sys
from tracker.exports import geojson_halves
geojson_halves.LEAST = int(sys.argv.pop(1))
{further}
from tracker.cli import main
main()
"""


@pytest.fixture
def seven(session: Session) -> Session:
    for number in range(7):
        add_project(session, f"P-{number}", RINKEBY if number % 2 else None, name=f"Projekt ”{number}”")
    session.commit()
    return session


def export(least: int, url: str, path: Path, further: str = "") -> subprocess.CompletedProcess[str]:
    """`export projects` in a process of its own; `least` projects are worth two."""
    environment = {
        "PATH": os.environ["PATH"], "SECRET_KEY": "only-for-the-tests", "APP_ENV": "development", "DATABASE_URL": url,
        "STATE_DIR": str(path.parent / "state"),
    }  # fmt: skip
    words = [sys.executable, "-c", COMMAND.format(further=further), str(least), "export", "projects"]
    return subprocess.run(
        [*words, "--format", "geojson", "-o", str(path)], env=environment, capture_output=True, text=True, check=False
    )


def test_two_write_what_one_writes(seven: Session, database_url: str, tmp_path: Path) -> None:
    one, two = tmp_path / "one.geojson", tmp_path / "two.geojson"
    for least, path in ((1_000, one), (2, two)):
        done = export(least, database_url, path)
        assert done.returncode == 0, done.stderr
    features = one.read_bytes().partition(b'"features":')[2]
    assert two.read_bytes().partition(b'"features":')[2] == features
    assert [one["id"] for one in json.loads(two.read_bytes())["features"]] == [f"P-{number}" for number in range(7)]
    assert sorted(file.name for file in tmp_path.iterdir() if file.is_file()) == ["one.geojson", "two.geojson"]


@pytest.mark.parametrize("backend", ["postgis"], indirect=True)
def test_a_half_that_fails_leaves_no_file(seven: Session, database_url: str, tmp_path: Path, backend: str) -> None:
    further = "geojson_halves._write_latter = lambda *_: 1 / 0"
    done = export(2, database_url, tmp_path / "two.geojson", further)
    assert done.returncode != 0
    assert "ZeroDivisionError" in done.stderr
    assert [file for file in tmp_path.iterdir() if file.is_file()] == []
    assert [file.name for file in tmp_path.iterdir()] == ["state"]
