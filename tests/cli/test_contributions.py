"""`export contributions` from the shell, on both databases."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from sqlalchemy.orm import Session

from tests.reports.closed import close
from tests.reports.register import make_board
from tests.shell import run
from tracker.history.services import Actor


def test_the_shell_writes_the_rows_that_the_address_gives(
    session: Session, actor: Actor, database_url: str, tmp_path: Path
) -> None:
    close(session, make_board(session, actor), actor)
    env = {"DATABASE_URL": database_url, "STATE_DIR": str(tmp_path), "APP_ENV": "development"}
    target = tmp_path / "bidrag.csv"
    done = run("export", "contributions", "--format", "csv", "--public", "-o", str(target), **env)
    assert (done.returncode, done.stderr) == (0, "")
    rows = list(csv.DictReader(io.StringIO(target.read_text("utf-8"))))
    assert f"{len(rows)} rader" in done.stdout
    assert {row["period"] for row in rows} == {"2005-T1"}
    assert {row["omfattning"] for row in rows} == {"offentlig"}
    inside = tmp_path / "bidrag.json"
    done = run(
        "export", "contributions", "--format", "json", "--period", "lopande", "--counting", "beror", "-o", str(inside),
        **env,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(inside.read_text("utf-8"))
    assert {(row["period"], row["version"], row["rakneregel"], row["omfattning"]) for row in told} == {
        ("lopande", 0, "beror", "oppen")
    }
    assert list(tmp_path.glob(".export-*")) == []


def test_a_folder_that_is_not_there_is_refused(database_url: str, tmp_path: Path) -> None:
    env = {"DATABASE_URL": database_url, "STATE_DIR": str(tmp_path), "APP_ENV": "development"}
    done = run("export", "contributions", "--format", "csv", "-o", str(tmp_path / "ingen" / "x.csv"), **env)
    assert done.returncode == 1
    assert "finns inte" in done.stderr


def test_a_period_that_is_not_there_is_refused(database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "tom.csv"
    env = {"DATABASE_URL": database_url, "STATE_DIR": str(tmp_path), "APP_ENV": "development"}
    refused = run("export", "contributions", "--format", "csv", "--period", "2099-T1", "-o", str(file), **env)
    assert (refused.returncode, refused.stderr) == (1, "Avvisat: Perioden 2099-T1 finns inte.\n")
    assert not file.exists()
