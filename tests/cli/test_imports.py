"""`import projects` as a shell meets it."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import shapely
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.imports.files import HEADERS, ROWS, write_csv, write_geopackage
from tests.shell import SECRET, run
from tracker.extensions import db
from tracker.geo.stored import from_stored
from tracker.history.models import HistoryEntry
from tracker.imports.candidates import interpret
from tracker.imports.sources import read_table
from tracker.projects.models import Project
from tracker.projects.vocabulary import Publication

Command = Callable[..., subprocess.CompletedProcess[str]]
REAL = ("3011.gpkg", "4326.geojson", "svenska_rubriker_3011.xlsx", "3011_semikolon_cp1252.csv")


@pytest.fixture
def importing(database_url: str, tmp_path: Path) -> Command:
    """Run `import projects` on the test's database."""

    def command(*words: object) -> subprocess.CompletedProcess[str]:
        return run("import", "projects", *map(str, words), DATABASE_URL=database_url, STATE_DIR=str(tmp_path))

    return command


@pytest.fixture
def registered(app: Flask) -> Callable[[], list[Project]]:
    """The projects of the register by code."""

    def projects() -> list[Project]:
        with app.app_context():
            session: Session = db.session()
            found = list(session.scalars(select(Project).order_by(Project.code)))
            session.expunge_all()
            session.rollback()
            return found

    return projects


def test_a_file_is_told_then_saved(importing: Command, registered: Callable[[], list[Project]], tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv")
    done = importing(path, "--year", "2005")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Läst som Windows-1252 med ; mellan kolumnerna." in done.stdout
    assert "talen är lästa som SWEREF 99 18 00 (EPSG:3011)" in done.stdout
    assert "Skede ”Pågående” läses som Genomförande (1 rad)." in done.stdout
    assert "3 rader: 3 nya, 0 ändras, 0 oförändrade, 0 avvisas." in done.stdout
    assert "Anmärkning: rad 4, P-3, Skede: Skedet saknas och sätts till Idé." in done.stdout
    assert "Ligger i: 2 stämmer med filens stadsdel" in done.stdout
    assert "Sparat: 3 nya, 0 ändrade, 0 oförändrade projekt." in done.stdout
    assert "3 av dem saknar bedömning mot mål. Arbetslista: /projekt?missing=mal" in done.stdout
    assert [project.publication for project in registered()] == [Publication.DRAFT] * 3
    again = importing(path, "--year", "2005")
    assert "Sparat: 0 nya, 0 ändrade, 3 oförändrade projekt." in again.stdout


def test_the_history_names_the_file(importing: Command, session: Session, tmp_path: Path) -> None:
    importing(write_csv(tmp_path / "a.csv"), "--year", "2005")
    assert set(session.scalars(select(HistoryEntry.note))) == {"Fil: a.csv"}


def test_a_dry_run_saves_nothing_and_shows_changes(
    importing: Command, registered: Callable[[], list[Project]], tmp_path: Path
) -> None:
    assert "Provkörning: ingenting har sparats." in importing(write_csv(tmp_path / "a.csv"), "--dry-run").stdout
    assert registered() == []
    importing(tmp_path / "a.csv")
    changed = write_csv(tmp_path / "b.csv", [("P-1", "Nytt namn", 130)], ("Kod", "Namn", "Antal bostäder"))
    done = importing(changed, "--dry-run")
    assert (
        "Ändras: rad 2, P-1: Namn Bostäder vid Rinkeby torg → Nytt namn; Antal bostäder (planerade) 120" in done.stdout
    )
    assert registered()[0].name == "Bostäder vid Rinkeby torg"


def test_a_refused_row_stops_the_file_with_row_column_value_and_reason(
    importing: Command, registered: Callable[[], list[Project]], tmp_path: Path
) -> None:
    rows = [*ROWS, ("P-4", "Fel", None, "Hittepå", None, None, None, None, None)]
    done = importing(write_csv(tmp_path / "a.csv", rows, HEADERS))
    assert done.returncode == 1
    assert "Avvisas: rad 5, P-4, Skede ”Hittepå”: Skedet är okänt." in done.stderr
    assert "Avvisat: 1 av 4 rader kan inte tas emot, så ingenting har sparats." in done.stderr
    assert registered() == []


def test_too_many_dwellings_are_refused_in_a_dry_run_too(importing: Command, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [("P-1", "Ett", 2**63)], ("Kod", "Namn", "Antal bostäder"))
    done = importing(path, "--dry-run")
    assert done.returncode == 1
    assert "Avvisas: rad 2, P-1, Antal bostäder ”9223372036854775808”: Antalet är för stort" in done.stderr


def test_the_totals_come_last(importing: Command, tmp_path: Path) -> None:
    rows = [(f"P-{number}", "Torget", "Tensta", 6_585_893.85, 145_965.26) for number in range(40)]
    path = write_csv(tmp_path / "a.csv", rows, ("Kod", "Namn", "Stadsdel", "N", "E"))
    *_, differing, inside, totals, end = importing(path, "--dry-run").stdout.splitlines()
    assert differing.startswith("Skiljer sig: P-39")
    assert inside.startswith("Ligger i: 0 stämmer")
    assert totals == "40 rader: 40 nya, 0 ändras, 0 oförändrade, 0 avvisas."
    assert end == "Provkörning: ingenting har sparats."


def test_wrong_usage_is_two(importing: Command, tmp_path: Path) -> None:
    assert importing(tmp_path / "saknas.csv").returncode == 2
    assert importing(write_csv(tmp_path / "a.csv"), "--crs", "SWEREF").returncode == 2


def test_layer_and_system_can_be_said(
    importing: Command, registered: Callable[[], list[Project]], tmp_path: Path
) -> None:
    path = write_geopackage(tmp_path / "a.gpkg", {"kod": ["A-1"], "namn": ["Ett"]}, [shapely.Point(1, 1)], "annat")
    write_geopackage(path, {"kod": ["A-1"], "namn": ["Ett"]}, [shapely.Point(153_112, 6_579_142)], "projekt")
    asked = importing(path)
    assert (asked.returncode, "Välj ett med --layer: annat, projekt" in asked.stderr) == (1, True)
    assert importing(path, "--layer", "projekt", "--publish").returncode == 0
    assert [project.publication for project in registered()] == [Publication.PUBLISHED]
    table = write_csv(tmp_path / "b.csv", [("A-2", "Två", 6_580_495.0, 673_790.0)], ("Kod", "Namn", "N", "E"))
    assert importing(table, "--crs", "EPSG:3006").returncode == 0
    shape = from_stored(registered()[1].geom)
    assert shape is not None
    assert shape.distance(shapely.Point(153_112, 6_579_142)) < 1


def test_case_12_the_good_rows_are_taken_alone_only_when_asked(
    importing: Command, registered: Callable[[], list[Project]], tmp_path: Path
) -> None:
    rows = [*ROWS, ("P-4", "Fel", None, "Hittepå", None, None, None, None, None)]
    path, left = write_csv(tmp_path / "a.csv", rows, HEADERS), tmp_path / "kvar.csv"
    assert importing(path, "--refused", left).returncode == 1
    assert registered() == []
    done = importing(path, "--leave-refused", "--refused", left)
    assert done.returncode == 0
    assert "Sparat: 3 nya, 0 ändrade, 0 oförändrade projekt." in done.stdout
    assert "1 rad lämnades utanför." in done.stdout
    text = left.read_bytes().decode("utf-8-sig").replace("Hittepå", "Idé")
    left.write_text(text, encoding="utf-8")
    assert "Sparat: 1 nya" in importing(left).stdout
    assert [project.code for project in registered()] == ["P-1", "P-2", "P-3", "P-4"]


def test_the_order_of_st74_and_codes_can_be_said(
    importing: Command, registered: Callable[[], list[Project]], tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "a.csv", [("Torget", 78_488.0, 100_001.0)], ("Namn", "X", "Y"))
    asked = importing(path, "--code-prefix", "ST", "--crs", "3152")
    assert (asked.returncode, "vilken koordinat som är nordlig" in asked.stderr) == (1, True)
    assert importing(path, "--code-prefix", "ST", "--crs", "3152", "--first", "nord").returncode == 0
    (project,) = registered()
    shape = from_stored(project.geom)
    assert shape is not None
    assert (project.code, shape.distance(shapely.Point(153_112, 6_579_142)) < 2) == ("ST-002", True)


KILLED = """
import os, signal
from tracker.cli import main
from tracker.imports import {module}
original, made = {module}.{function}, []
def dying(*given, **named):
    made.append(1)
    if len(made) == {time}:
        os.kill(os.getpid(), signal.SIGKILL)
    return original(*given, **named)
{module}.{function} = dying
from tracker.imports import apply
apply.BATCH = 1
main()
"""


@pytest.mark.parametrize(
    ("module", "function", "time"),
    [("apply", "new_rows", 3), ("apply", "change_projects", 1), ("updates", "record_many", 1),
     ("updates", "refresh_display", 1)],
)  # fmt: skip
def test_a_process_killed_while_writing_leaves_the_register_untouched(
    importing: Command, registered: Callable[[], list[Project]], database_url: str, tmp_path: Path,
    module: str, function: str, time: int,
) -> None:  # fmt: skip
    old = write_csv(tmp_path / "old.csv", [("P-9", "Gammalt", 6_579_142.0, 153_112.0)], ("Kod", "Namn", "N", "E"))
    assert importing(old).returncode == 0
    rows = [*ROWS, ("P-9", "Nytt", "Rinkeby", "Idé", "Bostad", 9, 6_585_893.85, 145_965.26, None)]
    path = write_csv(tmp_path / "a.csv", rows, HEADERS)
    env = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "SECRET_KEY": SECRET, "STATE_DIR": str(tmp_path)}
    program = KILLED.format(module=module, function=function, time=time)
    command = [sys.executable, "-c", program, "import", "projects", str(path)]
    killed = subprocess.run(command, env=env | {"DATABASE_URL": database_url}, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL
    (left,) = registered()
    assert (left.code, left.name, left.version) == ("P-9", "Gammalt", 1)
    assert importing(path).returncode == 0
    assert [(project.code, project.version) for project in registered()] == [
        ("P-1", 1), ("P-2", 1), ("P-3", 1), ("P-9", 2),
    ]  # fmt: skip


@pytest.mark.shared
def test_the_real_file_is_the_same_in_four_formats(
    importing: Command, registered: Callable[[], list[Project]], shared_data: Path
) -> None:
    files = [shared_data / "projects" / f"stockholm_vaxer_416_{name}" for name in REAL]
    done = importing(files[0])
    assert "Sparat: 416 nya, 0 ändrade, 0 oförändrade projekt." in done.stdout
    assert "416 av dem saknar bedömning mot mål" in done.stdout
    for path in files:
        assert "Sparat: 0 nya, 0 ändrade, 416 oförändrade projekt." in importing(path).stdout
    assert len(registered()) == 416


@pytest.mark.shared
@pytest.mark.parametrize(("name", "metres"), [(REAL[1], 0.001), (REAL[2], 0.01), (REAL[3], 0.01)])
def test_every_format_gives_the_same_records(shared_data: Path, name: str, metres: float) -> None:
    folder = shared_data / "projects"
    first, other = (interpret(read_table(folder / f"stockholm_vaxer_416_{one}")) for one in (REAL[0], name))
    assert first.values == other.values
    assert not other.refused
    assert first.geometries is not None
    assert other.geometries is not None
    assert float(np.max(shapely.distance(first.geometries, other.geometries))) < metres


@pytest.mark.shared
def test_where_the_real_projects_lie_with_official_outlines(
    importing: Command, database_url: str, tmp_path: Path, shared_data: Path
) -> None:
    outlines = shared_data / "areas" / "stadsdelar_fullsize_3011_nocpg.zip"
    place = {"DATABASE_URL": database_url, "STATE_DIR": str(tmp_path)}
    assert (
        run("areas", "import", str(outlines), "--edition", "stadsdelar", "--name-field", "name", **place).returncode
        == 0
    )
    done = importing(shared_data / "projects" / f"stockholm_vaxer_416_{REAL[0]}")
    # 360 by the very name, and Ulvsunda industriområde, whose name the official file cuts short.
    assert (
        "Ligger i: 361 stämmer med filens stadsdel, 33 genom ett annat namn eller i en lista, 19 skiljer sig, 3"
        in done.stdout
    )
    assert "SV-0016 Bostadsområdet Rinkebyterrassen: filen säger Rinkeby, läget är Kista" in done.stdout
