"""Out of the register, edited in QGIS itself, and in again: only what was edited changes."""

from __future__ import annotations

import subprocess
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.exports.reading import register_file
from tests.geometries import CITY_HALL, RINKEBY, square
from tests.programs import SYSTEM_PYTHON, need_qgis
from tracker.errors import RefusedFileError
from tracker.geo.stored import from_stored
from tracker.history.models import Origin
from tracker.history.services import Actor
from tracker.imports.apply import apply_plan
from tracker.imports.candidates import interpret
from tracker.imports.conflict_words import fields_in_words
from tracker.imports.conflicts import Settled, Side
from tracker.imports.plan import Plan, make_plan
from tracker.imports.sources import read_table
from tracker.measures.models import MainKind
from tracker.projects.inputs import ProjectInput
from tracker.projects.models import Project
from tracker.projects.policies import SYSTEM_RIGHTS
from tracker.projects.services import change_project, register_project

EDITING = Path(__file__).with_name("qgis_editing.py")
ANNA = Actor(name="Anna Berg", origin=Origin.FORM, at=datetime(2005, 5, 2, 8, 30, tzinfo=UTC))
FILE = Actor(name="Import", origin=Origin.IMPORT, at=datetime(2005, 5, 3, 8, 30, tzinfo=UTC))
DAYS: dict[str, Any] = {"start_forecast": date(2005, 7, 1), "end_forecast": date(2006, 12, 31)}
GIVEN = {
    "Q-1": ProjectInput("Q-1", "Stadshuset", MainKind.WORKPLACE, geometry=CITY_HALL, **DAYS),
    "Q-2": ProjectInput("Q-2", "Rinkeby torg", MainKind.TRAFFIC, geometry=RINKEBY, **DAYS),
    "Q-3": ProjectInput("Q-3", "Kvarteret", MainKind.HOUSING, geometry=square(150_000, 6_575_000, 100), **DAYS),
    "Q-4": ProjectInput("Q-4", "Utan läge", MainKind.HOUSING),
}


def qgis(path: Path, code: str, name: str) -> str:
    """Edit in a zone far from UTC, for a day that is kept as a moment would move there."""
    need_qgis()
    environment = {"QT_QPA_PLATFORM": "offscreen", "PATH": "/usr/bin:/bin", "TZ": "America/Los_Angeles"}
    environment |= {"HOME": str(path.parent), "LANG": "C.UTF-8", "XDG_RUNTIME_DIR": str(path.parent)}
    done = subprocess.run(
        [SYSTEM_PYTHON, EDITING, path, code, name], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def plan_of(session: Session, path: Path, settled: Settled | None = None) -> Plan:
    return make_plan(session, interpret(read_table(path)), 2005, publish=False, settled=settled or Settled())


def test_case_37_an_edit_in_qgis_comes_back_alone_and_a_row_that_moved_on_is_a_conflict(
    session: Session, tmp_path: Path
) -> None:
    made = {code: register_project(session, given, ANNA, SYSTEM_RIGHTS) for code, given in GIVEN.items()}
    session.flush()
    path = register_file(session, "gpkg", tmp_path)
    told = qgis(path, "Q-1", "Stadshuset, nytt namn").split()
    assert told == ["2", "153122.0", "6579142.0", "EPSG:3011"]

    plan = plan_of(session, path)
    (change,) = plan.changes
    assert change.fields == {
        "name": ("Stadshuset", "Stadshuset, nytt namn"),
        "geometry": ("POINT (153112 6579142)", "POINT (153122 6579142)"),
    }
    assert (len(plan.unchanged), plan.refused, plan.conflicts) == (3, (), ())

    # Meanwhile: a colleague renames another project, then the same one.
    other = ProjectInput("Q-2", "Rinkeby nya torg", MainKind.TRAFFIC, geometry=RINKEBY, **DAYS)
    change_project(session, made["Q-2"], other, 1, ANNA, SYSTEM_RIGHTS)
    same = ProjectInput("Q-1", "Annas namn", MainKind.WORKPLACE, geometry=CITY_HALL, **DAYS)
    change_project(session, made["Q-1"], same, 1, ANNA, SYSTEM_RIGHTS)
    session.flush()
    later = plan_of(session, path)
    (conflict,) = later.conflicts
    assert fields_in_words(conflict) == [("Namn", "Annas namn", "Stadshuset, nytt namn", "Anna Berg, 2005-05-02 10.30")]
    assert [one.column for one in later.remarks] == ["Namn"]  # Q-2 keeps its new name, and that is said
    with pytest.raises(RefusedFileError, match="1 rad är ändrad både i filen och i registret"):
        apply_plan(session, later, FILE)

    apply_plan(session, plan_of(session, path, Settled(Side.REGISTER)), FILE)
    session.expire_all()
    found = {one.code: one for one in session.scalars(select(Project))}
    assert {code: one.name for code, one in found.items()} == {
        "Q-1": "Annas namn", "Q-2": "Rinkeby nya torg", "Q-3": "Kvarteret", "Q-4": "Utan läge",
    }  # fmt: skip
    assert from_stored(found["Q-1"].geom) == shapely.Point(153_122, 6_579_142)
    for code in ("Q-1", "Q-2", "Q-3"):
        assert (found[code].start_forecast, found[code].end_forecast) == (date(2005, 7, 1), date(2006, 12, 31))
