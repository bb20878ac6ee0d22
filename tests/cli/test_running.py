"""The console script as a shell meets it: exit codes, the reason on stderr, Swedish help."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.shell import SECRET, run


@pytest.fixture
def place(database_url: str, tmp_path: Path) -> dict[str, str]:
    return {"DATABASE_URL": database_url, "STATE_DIR": str(tmp_path)}


def test_help_is_in_swedish() -> None:
    env = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "SECRET_KEY": SECRET}
    script = Path(sys.executable).with_name("portfoljkartan")
    done = subprocess.run([script, "--help"], capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 0
    for word in ("migrate", "seed", "serve", "users", "import", "areas", "export", "demo"):
        assert word in done.stdout
    assert "Startar webbservern" in done.stdout
    assert "Användning: portfoljkartan" in done.stdout
    assert "Usage" not in done.stdout
    assert "Options" not in done.stdout


def test_wrong_usage_is_two() -> None:
    done = run("flyg")
    assert done.returncode == 2
    assert "Fel: Kommandot 'flyg' finns inte." in done.stderr
    assert "Try" not in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("import", "projects", "saknas.csv"), "'saknas.csv' finns inte."),
        (("import", "projects", "."), "'.' är en mapp."),
        (("import", "projects", __file__, "--year", "1"), "1 ligger inte i intervallet 1950<=x<=2100."),
        (("import", "projects", __file__, "--year", "x"), "'x' är inget giltigt tal."),
        (("users", "create", "a@b.se", "--role", "kung"), "'kung' är inget av"),
        (("import", "projects", __file__, "--dry-run=1"), "Valet '--dry-run' tar inget värde."),
    ],
)
def test_wrong_values_are_told_in_swedish(words: tuple[str, ...], said: str) -> None:
    done = run(*words)
    assert done.returncode == 2
    assert said in done.stderr
    assert not any(word in done.stderr.split() for word in ("is", "not", "File", "Path", "does"))


def test_a_question_left_unanswered_ends_in_swedish(place: dict[str, str]) -> None:
    done = run("users", "create", "a@b.se", "--ask-password", **place)
    assert done.returncode == 1
    assert "Avbrutet!" in done.stderr
    assert "Aborted" not in done.stderr


def test_production_refuses_without_a_secret(place: dict[str, str]) -> None:
    done = run("serve", **place, SECRET_KEY="")
    assert done.returncode == 1
    assert "SECRET_KEY" in done.stderr


def test_migrating_and_seeding_again_changes_nothing(place: dict[str, str]) -> None:
    assert run("migrate", **place).returncode == 0
    assert run("seed", **place).returncode == 0


def test_example_accounts_stay_out_of_production(place: dict[str, str], tmp_path: Path) -> None:
    refused = run("seed", "--demo", **place)
    assert refused.returncode == 1
    assert "drift" in refused.stderr
    assert run("seed", "--demo", **place, APP_ENV="development").returncode == 0
    assert (tmp_path / "exempelkonton.txt").stat().st_mode & 0o077 == 0
    serve = run("serve", **place)
    assert serve.returncode == 1
    assert "exempelkonton" in serve.stderr
    assert run("users", "remove-examples", **place).returncode == 0


def test_users_are_made_once_and_bad_ones_refused(place: dict[str, str]) -> None:
    made = run("users", "create", "Ny@Staden.se", "--role", "controller", "--password", "tolv tecken långt", **place)
    assert made.returncode == 0
    assert "ny@staden.se" in made.stdout
    again = run("users", "create", "ny@staden.se", "--password", "tolv tecken långt", **place)
    assert (again.returncode, "finns redan" in again.stderr) == (1, True)
    changed = run("users", "update", "NY@staden.se", "--role", "reader", "--password", "ett annat lösenord", **place)
    assert (changed.returncode, "är ändrat" in changed.stdout) == (0, True)
    unknown = run("users", "update", "ingen@staden.se", "--close", **place)
    assert (unknown.returncode, "finns inte" in unknown.stderr) == (1, True)
    short = run("users", "create", "b@staden.se", "--password", "kort", **place)
    assert (short.returncode, "minst 12 tecken" in short.stderr) == (1, True)
    broken = run("users", "create", "ingen adress", "--password", "tolv tecken långt", **place)
    assert (broken.returncode, "ingen e-postadress" in broken.stderr) == (1, True)


def test_missing_spatialite_is_explained(tmp_path: Path) -> None:
    done = run(
        "migrate",
        DATABASE_URL=f"sqlite:///{tmp_path / 'x.db'}",
        STATE_DIR=str(tmp_path),
        SPATIALITE_LIBRARY_PATH="/finns/inte",
    )
    assert done.returncode == 1
    assert "libsqlite3-mod-spatialite" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("postgresql+psycopg://a@127.0.0.1:1/x", "Databasen nås inte"),
        ("sqlite:////finns/inte/x.db", "Databasen nås inte"),
        ("foo://bar", "DATABASE_URL går inte att använda"),
        ("skräp", "DATABASE_URL går inte att använda"),
    ],
)
def test_a_database_that_is_not_there_is_one_sentence(tmp_path: Path, url: str, reason: str) -> None:
    done = run("migrate", DATABASE_URL=url, STATE_DIR=str(tmp_path))
    assert done.returncode == 1
    assert reason in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_is_not_migrated_says_what_to_run(tmp_path: Path) -> None:
    place = {"DATABASE_URL": f"sqlite:///{tmp_path / 'x.db'}", "STATE_DIR": str(tmp_path)}
    done = run("users", "create", "a@b.se", "--password", "tolv tecken långt", **place)
    assert done.returncode == 1
    assert "Kör portfoljkartan migrate" in done.stderr
    assert "Traceback" not in done.stderr
