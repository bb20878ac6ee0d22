"""A file that began from an older version: what both changed is a conflict, what one changed is merged."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import shapely
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.factories import make_measure, make_project
from tests.geometries import CITY_HALL, RINKEBY
from tests.imports.files import write_csv, write_geopackage
from tracker.areas.seeding import seed_areas
from tracker.errors import RefusedFileError
from tracker.geo.stored import from_stored
from tracker.history.models import Origin
from tracker.history.services import Actor
from tracker.imports.apply import apply_plan
from tracker.imports.candidates import interpret
from tracker.imports.conflict_words import fields_in_words, why_in_words
from tracker.imports.conflicts import Settled, Side
from tracker.imports.plan import Plan, make_plan
from tracker.imports.refusals import refused_rows
from tracker.imports.registered import DWELLINGS, dwellings_measure
from tracker.imports.sources import read_table
from tracker.measures.models import MainKind
from tracker.projects.inputs import FigureInput, ProjectInput, VolumeInput
from tracker.projects.models import Project
from tracker.projects.policies import SYSTEM_RIGHTS
from tracker.projects.services import change_project, register_project
from tracker.projects.vocabulary import Flow, Phase

ANNA = Actor(name="Anna Berg", origin=Origin.FORM, at=datetime(2005, 5, 2, 8, 30, tzinfo=UTC))
FILE = Actor(name="Import", origin=Origin.IMPORT, at=datetime(2005, 5, 3, 8, 30, tzinfo=UTC))
START: dict[str, Any] = {
    "code": "P-1", "name": "Torget", "main_kind": MainKind.HOUSING, "phase": Phase.IDEA, "geometry": CITY_HALL,
    "case_numbers": ("E-1",), "link": "https://a.se", "description_public": "Ett torg.",
    "start_forecast": date(2005, 4, 30),
}  # fmt: skip
HEADERS = ("Kod", "Namn", "Skede", "Diarienummer", "Länk", "Beskrivning", "Start", "Version")
AS_IT_WAS = ("P-1", "Torget", "Idé", "E-1", "https://a.se", "Ett torg.", "2005-04-30", 1)
OLD = dict(zip(HEADERS, AS_IT_WAS, strict=True))


@pytest.fixture(autouse=True)
def catalogues(session: Session) -> None:
    seed_areas(session)
    make_measure(session, DWELLINGS)


@pytest.fixture
def project(session: Session) -> Project:
    """A project in version 1."""
    made = register_project(session, ProjectInput(**START), ANNA, SYSTEM_RIGHTS)
    session.flush()
    return made


def edit(session: Session, project: Project, **changes: Any) -> None:
    """A colleague saves the form."""
    given = ProjectInput(**(START | changes))
    change_project(session, project, given, project.version, ANNA, SYSTEM_RIGHTS)
    session.flush()


def plan_of(session: Session, folder: Path, settled: Settled | None = None, **row: Any) -> Plan:
    cells = OLD | row
    path = write_csv(folder / "ur-registret.csv", [tuple(cells.values())], tuple(cells), encoding="utf-8")
    return make_plan(session, interpret(read_table(path)), 2005, publish=False, settled=settled or Settled())


def test_what_only_the_register_changed_is_no_conflict_and_stays(
    session: Session, project: Project, tmp_path: Path
) -> None:
    edit(session, project, name="Nya torget", phase=Phase.PLANNING)
    plan = plan_of(session, tmp_path)
    assert (plan.changes, plan.conflicts, plan.unchanged) == ((), (), ((0, project.id),))
    (remark,) = plan.remarks
    assert remark.column == "Namn, Skede"
    assert remark.reason == (
        "Ändrat i registret sedan filen togs ut (version 1, nu 2) och inte i filen. Registrets värde behålls."
    )


def test_other_fields_of_one_row_are_merged(session: Session, project: Project, tmp_path: Path) -> None:
    edit(session, project, name="Nya torget")
    plan = plan_of(session, tmp_path, Länk="https://b.se", Start="2005-06-01")
    (change,) = plan.changes
    assert plan.conflicts == ()
    assert change.fields == {
        "link": ("https://a.se", "https://b.se"),
        "start_forecast": ("2005-04-30", "2005-06-01"),
    }
    apply_plan(session, plan, FILE)
    kept = session.scalars(select(Project)).one()
    assert (kept.name, kept.link, kept.version) == ("Nya torget", "https://b.se", 3)


def test_the_same_field_is_a_conflict_and_nothing_of_the_row_is_written(
    session: Session, project: Project, tmp_path: Path
) -> None:
    edit(session, project, name="Nya torget", phase=Phase.PLANNING)
    plan = plan_of(session, tmp_path, Namn="Stora torget", Länk="https://b.se")
    assert (plan.changes, plan.unchanged, plan.refused) == ((), (), ())
    (conflict,) = plan.open_conflicts
    assert fields_in_words(conflict) == [("Namn", "Nya torget", "Stora torget", "Anna Berg, 2005-05-02 10.30")]
    assert why_in_words(conflict) == "Filen utgår från version 1, registret har version 2."
    with pytest.raises(RefusedFileError, match="1 rad är ändrad både i filen och i registret"):
        apply_plan(session, plan, FILE)
    assert apply_plan(session, plan, FILE, leave_refused=True).left == 1
    assert session.scalars(select(Project.name)).all() == ["Nya torget"]


@pytest.mark.parametrize(
    ("side", "name", "fields"),
    [(Side.FILE, "Stora torget", {"name", "link"}), (Side.REGISTER, "Nya torget", {"link"})],
)
def test_a_settled_conflict_takes_the_chosen_side_and_the_rest_of_the_row(
    session: Session, project: Project, tmp_path: Path, side: Side, name: str, fields: set[str]
) -> None:
    edit(session, project, name="Nya torget", phase=Phase.PLANNING)
    settled = Settled(rows={"2": f"{side}:2"})
    plan = plan_of(session, tmp_path, settled, Namn="Stora torget", Länk="https://b.se")
    assert plan.open_conflicts == ()
    assert set(plan.changes[0].fields) == fields
    apply_plan(session, plan, FILE)
    kept = session.scalars(select(Project)).one()
    assert (kept.name, kept.link, kept.phase) == (name, "https://b.se", Phase.PLANNING)


def test_a_choice_falls_when_the_register_moves_on(session: Session, project: Project, tmp_path: Path) -> None:
    edit(session, project, name="Nya torget")
    settled = Settled(rows={"2": "fil:2"})
    first = plan_of(session, tmp_path, settled, Namn="Stora torget")
    assert first.open_conflicts == ()
    edit(session, project, name="Nyaste torget")
    second = plan_of(session, tmp_path, settled, Namn="Stora torget")
    assert len(second.open_conflicts) == 1
    assert first.fingerprint() != second.fingerprint()
    assert plan_of(session, tmp_path, Settled(Side.FILE), Namn="Stora torget").open_conflicts == ()


def test_both_made_the_same_change(session: Session, project: Project, tmp_path: Path) -> None:
    edit(session, project, name="Nya torget")
    plan = plan_of(session, tmp_path, Namn="Nya torget")
    assert (plan.conflicts, plan.changes, plan.remarks) == ((), (), ())


def test_there_and_back_again_is_no_change_of_the_register(session: Session, project: Project, tmp_path: Path) -> None:
    edit(session, project, name="Nya torget")
    edit(session, project)
    plan = plan_of(session, tmp_path, Namn="Stora torget")
    assert plan.conflicts == ()
    assert plan.changes[0].fields == {"name": ("Torget", "Stora torget")}


def test_lists_and_dates_have_a_version_too(session: Session, project: Project, tmp_path: Path) -> None:
    edit(session, project, case_numbers=("E-1", "E-2"), start_forecast=date(2005, 5, 1))
    assert plan_of(session, tmp_path).conflicts == ()
    (conflict,) = plan_of(session, tmp_path, Diarienummer="E-1; T-9", Start="2005-07-01").conflicts
    assert set(conflict.fields) == {"case_numbers", "start_forecast"}


def test_a_moved_shape_against_a_moved_shape(session: Session, project: Project, tmp_path: Path) -> None:
    def plan(place: shapely.Point, number: int) -> Plan:
        columns: dict[str, list[object]] = {"kod": ["P-1"], "namn": ["Torget"], "version": [1]}
        path = write_geopackage(tmp_path / f"{number}.gpkg", columns, [place])
        return make_plan(session, interpret(read_table(path)), 2005, publish=False)

    edit(session, project, geometry=shapely.Point(150_000, 6_575_000))
    assert plan(CITY_HALL, 1).conflicts == ()
    assert plan(CITY_HALL, 1).changes == ()
    (conflict,) = plan(RINKEBY, 2).conflicts
    assert set(conflict.fields) == {"geometry"}
    assert fields_in_words(conflict)[0][:2] == ("Läge", "punkt N 6575000,00, E 150000,00")


def test_dwellings_and_amounts_are_judged_by_the_row_that_changed(
    session: Session, project: Project, tmp_path: Path
) -> None:
    amounts = (FigureInput(2005, Flow.OUTLAY, None, None, 100_00),)
    edit(session, project, figures=amounts)  # version 2
    edit(session, project, figures=(*amounts, FigureInput(2006, Flow.OUTLAY, None, None, 5_00)))  # version 3
    old: dict[str, Any] = {"Version": 2, "Prognos utgift 2005 (kr)": 100, "Prognos utgift 2006 (kr)": None}
    assert plan_of(session, tmp_path, **old).conflicts == ()
    changed = plan_of(session, tmp_path, **(old | {"Prognos utgift 2005 (kr)": 200}))
    assert changed.conflicts == ()
    assert changed.changes[0].fields["figures"][1] == [["lopande", 2005, "utgift", None, None, 200_00, False]]
    (conflict,) = plan_of(session, tmp_path, **(old | {"Prognos utgift 2006 (kr)": 9})).conflicts
    assert set(conflict.fields) == {"figures"}


def test_dwellings_of_a_year(session: Session, project: Project, tmp_path: Path) -> None:
    measure = dwellings_measure(session)
    edit(session, project, volumes=(VolumeInput(measure, 2005, 40),))  # version 2
    edit(session, project, volumes=(VolumeInput(measure, 2005, 60),))  # version 3
    assert plan_of(session, tmp_path, Version=2, Bostäder=40).conflicts == ()
    assert plan_of(session, tmp_path, Version=2, Bostäder=40).changes == ()
    (conflict,) = plan_of(session, tmp_path, Version=2, Bostäder=50).conflicts
    assert fields_in_words(conflict)[0][:3] == ("Antal bostäder (planerade)", "60 (2005)", "50 (2005)")


def test_without_history_everything_that_differs_is_asked_about(session: Session, tmp_path: Path) -> None:
    made = make_project(session, "P-1", CITY_HALL, name="Nya torget")
    session.execute(update(Project).where(Project.id == made.id).values(version=3))
    (conflict,) = plan_of(session, tmp_path).conflicts
    assert not conflict.known
    assert {"name", "phase", "link"} <= set(conflict.fields)
    assert "historiken visar inte vad som skiljer dem" in why_in_words(conflict)


def test_a_version_that_the_register_has_not_come_to(session: Session, project: Project, tmp_path: Path) -> None:
    (conflict,) = plan_of(session, tmp_path, Namn="Stora torget", Version=9).conflicts
    assert why_in_words(conflict) == (
        "Filen anger version 9, men registret har bara kommit till version 1: filen är nog tagen ur ett annat register."
    )
    assert plan_of(session, tmp_path, Version=9).unchanged == ((0, project.id),)


@pytest.mark.parametrize("word", ["A", "1,5", "-1", "0", "2005-04-30"])
def test_a_version_that_is_no_number_refuses_its_row(
    session: Session, project: Project, tmp_path: Path, word: str
) -> None:
    (finding,) = plan_of(session, tmp_path, Version=word).refused
    assert (finding.column, finding.value) == ("Version", word)
    assert finding.reason.startswith("Versionen ska vara heltalet som stod i filen när den togs ut ur registret.")


def test_a_version_of_an_unknown_project_is_said(session: Session, tmp_path: Path) -> None:
    plan = plan_of(session, tmp_path, Kod="P-77")
    assert plan.additions == (0,)
    assert [one.reason for one in plan.remarks if one.column == "Version"] == [
        "Filen anger en version, men registret har inget projekt med koden. Projektet läggs till som nytt."
    ]


def test_a_row_without_a_version_changes_what_it_says_as_before(
    session: Session, project: Project, tmp_path: Path
) -> None:
    edit(session, project, name="Nya torget")
    assert plan_of(session, tmp_path, Version=None).changes[0].fields == {"name": ("Nya torget", "Torget")}


def test_a_file_of_refused_rows_has_the_conflicts_with_their_reason(
    session: Session, project: Project, tmp_path: Path
) -> None:
    edit(session, project, name="Nya torget")
    plan = plan_of(session, tmp_path, Namn="Stora torget")
    _, row = refused_rows(read_table(tmp_path / "ur-registret.csv"), plan)
    assert row[:2] == [
        2, "Namn: Ändrat både i filen och i registret. Filen utgår från version 1, registret har version 2."
    ]  # fmt: skip


def test_a_place_that_was_added_meanwhile(session: Session, project: Project, tmp_path: Path) -> None:
    edit(session, project, geometry=None)
    columns: dict[str, list[object]] = {"kod": ["P-1"], "version": [1]}
    path = write_geopackage(tmp_path / "a.gpkg", columns, [CITY_HALL])
    plan = make_plan(session, interpret(read_table(path)), 2005, publish=False)
    assert (plan.changes, plan.conflicts) == ((), ())
    assert from_stored(session.scalars(select(Project.geom)).one()) is None
