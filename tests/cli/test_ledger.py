"""`ledger import` as a shell meets it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.followup.ledgers import make_numbered, open_t1, outcomes
from tests.imports.files import write_csv
from tests.shell import run
from tracker.extensions import db
from tracker.history.services import Actor
from tracker.projects.vocabulary import Publication

Command = Callable[..., subprocess.CompletedProcess[str]]
HEADERS = ("Projektnr", "Dnr", "Text", "Utfall 2005 (kr)")


@pytest.fixture
def importing(app: Flask, database_url: str, tmp_path: Path, actor: Actor) -> Command:
    """Run `ledger import` for 2005-T1 on a register of four projects, two of which share a case number."""
    with app.app_context():
        session = db.session()
        make_numbered(session, "P-1", "D-1", outcome=2_000)
        make_numbered(session, "P-2", "D-1")
        make_numbered(session, "P-3", outcome=700)
        make_numbered(session, "HEM-1", "D-9", name="Hemliga huset", confidential=True, publication=Publication.DRAFT)
        open_t1(session, actor)
        session.commit()
        db.session.remove()

    def command(*words: object) -> subprocess.CompletedProcess[str]:
        place = {"DATABASE_URL": database_url, "STATE_DIR": str(tmp_path)}
        return run("ledger", "import", *map(str, words), "--period", "2005-04", **place)

    return command


def stored(app: Flask) -> dict[tuple[str, int, str], int | None]:
    with app.app_context():
        found = outcomes(db.session(), "2005-T1")
        db.session.remove()
        return found


def test_three_faults_are_told_and_nothing_is_saved(app: Flask, importing: Command, tmp_path: Path) -> None:
    rows = [("P-1", "", "Länken", "25,00"), ("X-9", "", "Okänt", "5,00"), ("", "D-1", "Delat", "3,00"),
            ("P-2", "", "Fel", "cirka 7")]  # fmt: skip
    before = stored(app)
    done = importing(write_csv(tmp_path / "h.csv", rows, HEADERS))
    assert done.returncode == 1
    assert "Läses inte: rad 5, P-2, Utfall 2005 (kr) ”cirka 7”" in done.stderr
    assert "Utan projekt: rad 3, X-9 Okänt, 5,00 kr: inget projekt har den koden" in done.stdout
    assert "Utan projekt: rad 4, D-1 Delat, 3,00 kr: flera projekt har det (P-1, P-2)." in done.stdout
    assert "Avvisat: 1 rad i filen går inte att läsa, så ingenting har sparats." in done.stderr
    assert stored(app) == before


def test_a_dry_run_saves_nothing_and_then_the_file_does(app: Flask, importing: Command, tmp_path: Path) -> None:
    rows = [("P-1", "", "Länken", "25,00"), ("X-9", "", "Okänt", "5,00"), ("Summa", "", "", "30,00")]
    path = write_csv(tmp_path / "h.csv", rows, HEADERS)
    before = stored(app)
    dry = importing(path, "--dry-run")
    assert (dry.returncode, dry.stderr) == (0, "")
    assert "Ändras: P-1 2005 utgift: 20,00 kr → 25,00 kr" in dry.stdout
    assert "Saknas i huvudboken: P-3 2005 utgift: 7,00 kr i registret" in dry.stdout
    assert "Summaraden på rad 4 (Summa) stämmer med raderna: 30,00 kr." in dry.stdout
    assert "2005 utgift: huvudboken 30,00 kr, på projekt 25,00 kr, utan projekt 5,00 kr." in dry.stdout
    assert "Provkörning" in dry.stdout
    assert stored(app) == before
    done = importing(path, "--zero-missing")
    assert done.returncode == 0
    assert "Sparat: 1 ändrade utfall, 1 rader utan projekt, 1 satta till 0." in done.stdout
    assert stored(app) == {("P-1", 2005, "utgift"): 2_500, ("P-3", 2005, "utgift"): 0}


def test_a_sum_that_differs_stops_until_it_is_accepted(app: Flask, importing: Command, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "h.csv", [("P-1", "", "", "25,00"), ("Summa", "", "", "26,00")], HEADERS)
    done = importing(path)
    assert done.returncode == 1
    assert "1,00 kr skiljer" in done.stderr
    assert importing(path, "--accept-sums").returncode == 0
    assert stored(app)["P-1", 2005, "utgift"] == 2_500


def test_a_question_is_asked_with_its_option_and_remembered(app: Flask, importing: Command, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "h.csv", [("P-1", "25.000", "")], ("Projekt", "Belopp", "Text"))
    asked = importing(path)
    assert asked.returncode == 1
    assert "--dots tusental|decimal" in asked.stderr
    assert importing(path, "--dots", "tusental").returncode == 0
    assert stored(app)["P-1", 2005, "utgift"] == 2_500_000
    assert importing(path).returncode == 0


def test_a_confidential_matter_is_matched_and_never_named(app: Flask, importing: Command, tmp_path: Path) -> None:
    done = importing(write_csv(tmp_path / "h.csv", [("", "D-9", "Rad", "1,00")], HEADERS))
    assert done.returncode == 0
    assert stored(app)["HEM-1", 2005, "utgift"] == 100
    assert "HEM-1" not in done.stdout + done.stderr
    assert "Hemliga" not in done.stdout + done.stderr
    assert "utan att visas: 1" in done.stdout


def test_a_period_that_is_not_open_is_refused(importing: Command, tmp_path: Path, database_url: str) -> None:
    path = write_csv(tmp_path / "h.csv", [("P-1", "", "", "1,00")], HEADERS)
    place = {"DATABASE_URL": database_url, "STATE_DIR": str(tmp_path)}
    done = run("ledger", "import", str(path), "--period", "2005-T2", **place)
    assert (done.returncode, done.stderr) == (1, "Avvisat: Perioden 2005-T2 är inte öppnad.\n")
