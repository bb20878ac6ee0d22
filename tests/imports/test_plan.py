"""The dry run against a register: what is added, changed, left, refused, and what is said of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories import make_measure, make_project
from tests.geometries import CITY_HALL, RINKEBY
from tests.imports.files import HEADERS, ROWS, write_csv
from tracker.areas.seeding import seed_areas
from tracker.imports.candidates import interpret
from tracker.imports.plan import Plan, make_plan
from tracker.imports.registered import DWELLINGS
from tracker.imports.sources import Table, read_table
from tracker.measures.models import MainKind
from tracker.projects.models import CaseNumber, Project
from tracker.projects.rules import RESERVED_CODES
from tracker.projects.vocabulary import Phase, Publication


@pytest.fixture(autouse=True)
def catalogues(session: Session) -> None:
    seed_areas(session)
    make_measure(session, DWELLINGS)


def plan_of(session: Session, folder: Path, rows: Any = ROWS, headers: Any = HEADERS, *, publish: bool = False) -> Plan:
    return make_plan(session, interpret(read_table(write_csv(folder / "a.csv", rows, headers))), 2005, publish=publish)


def test_new_projects_are_added_and_nothing_is_written(session: Session, tmp_path: Path) -> None:
    plan = plan_of(session, tmp_path)
    assert plan.additions == (0, 1, 2)
    assert (plan.changes, plan.unchanged, plan.refused) == ((), (), ())
    assert session.scalar(select(func.count(Project.id))) == 0
    assert not session.new
    assert not session.dirty


def test_what_the_file_does_not_say_is_said(session: Session, tmp_path: Path) -> None:
    plan = plan_of(session, tmp_path)
    assert [(one.row, one.column, one.value, one.reason) for one in plan.remarks] == [
        (4, "Skede", "", "Skedet saknas och sätts till Idé."),
        (4, "Typ", "Övrigt", "Inget av våra huvudslag; projektet får Arbetsplats efter namn och antal bostäder."),
        (4, "Läge", "", "Projektet saknar läge."),
    ]
    assert plan.candidates.readings[0].meaning == "Genomförande"
    bare = plan_of(session, tmp_path, [("A", "Bostäder")], ("Kod", "Namn"))
    assert bare.remarks == ()
    assert bare.notes[1:] == (
        "Filen har inget skede; nya projekt får Idé.",
        "Filen har inget huvudslag; nya projekt får det efter namn och antal bostäder.",
        "Filen har inga lägen.",
    )


def test_fields_that_differ_are_shown_old_and_new(session: Session, tmp_path: Path) -> None:
    project = make_project(session, "P-1", CITY_HALL, name="Gammalt namn", phase=Phase.IDEA, link="https://gammal.se")
    project.case_numbers = [CaseNumber(position=1, number="A")]
    session.flush()
    headers = ("Kod", "Namn", "Skede", "Länk", "Dnr", "N", "E", "Antal bostäder")
    row = ("P-1", "Nytt namn", "Planering", None, "A;B", RINKEBY.y, RINKEBY.x, 40)
    (change,) = plan_of(session, tmp_path, [row], headers).changes
    volumes = change.fields["volumes"][1]
    assert isinstance(volumes, list)
    assert volumes[0][0::2] == ["lopande", 2005, None]
    assert volumes[0][3] == 40
    assert {name: pair for name, pair in change.fields.items() if name != "volumes"} == {
        "name": ("Gammalt namn", "Nytt namn"),
        "phase": ("ide", "planering"),
        "case_numbers": (["A"], ["A", "B"]),
        "geometry": ("POINT (153112 6579142)", "POINT (145965 6585894)"),
    }


def test_an_empty_cell_and_a_guess_change_nothing(session: Session, tmp_path: Path) -> None:
    make_project(session, "P-3", CITY_HALL, name="Kvarteret Åäö", main_kind=MainKind.TRAFFIC, phase=Phase.CLOSED)
    plan = plan_of(session, tmp_path, ROWS[2:])
    assert [index for index, _ in plan.unchanged] == [0]


@pytest.mark.parametrize(("shift", "changed"), [(0.004, 0), (0.5, 1)])
def test_less_than_a_centimetre_is_no_move(session: Session, tmp_path: Path, shift: float, changed: int) -> None:
    make_project(session, "P-1", CITY_HALL, name="Ett")
    row = ("P-1", CITY_HALL.y, CITY_HALL.x + shift)
    assert len(plan_of(session, tmp_path, [row], ("Kod", "N", "E")).changes) == changed


def test_publishing_takes_drafts_but_not_secrets(session: Session, tmp_path: Path) -> None:
    make_project(session, "A", publication=Publication.DRAFT)
    make_project(session, "B")
    make_project(session, "C", publication=Publication.DRAFT, confidential=True, confidentiality_ground="OSL 19:3")
    plan = plan_of(session, tmp_path, [("A",), ("B",), ("C",)], ("Kod",), publish=True)
    assert [(one.index, one.fields) for one in plan.changes] == [(0, {"publication": ("utkast", "publicerad")})]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (("A/B", "Namn", None, None, None), "Projektnr", "högst 60 tecken"),
        ((None, "Namn", None, None, None), "Projektnr", "Projektkoden saknas"),
        (("A-1", None, None, None, None), "Projektnamn", "namn saknas"),
        (("A-1", "Namn", "Samråd 2", None, None), "Skede", "Skedet är okänt"),
        (("A-1", "Namn", None, "12.500", None), "Antal bostäder", "på två sätt"),
        (("A-1", "Namn", None, None, "javascript:alert(1)"), "Länk", "http:// eller https://"),
        (("A-1", "x" * 301, None, None, None), "Projektnamn", "högst 300 tecken"),
        *[((code, "Namn", None, None, None), "Projektnr", "används av adresserna") for code in sorted(RESERVED_CODES)],
    ],
)
def test_rows_are_refused_with_column_and_reason(
    session: Session, tmp_path: Path, row: tuple[Any, ...], column: str, reason: str
) -> None:
    headers = ("Projektnr", "Projektnamn", "Skede", "Antal bostäder", "Länk")
    plan = plan_of(session, tmp_path, [("P-1", "Bra", "Planering", 1, "https://a.se"), row], headers)
    (finding,) = plan.refused
    assert (finding.row, finding.column) == (3, column)
    assert reason in finding.reason
    assert plan.additions == (0,)


def test_a_code_that_stands_twice_is_refused_in_both_rows(session: Session, tmp_path: Path) -> None:
    plan = plan_of(session, tmp_path, [("A-1", "x"), ("B-1", "y"), ("A-1", "z")], ("Kod", "Namn"))
    assert [finding.row for finding in plan.refused] == [2, 4]
    assert plan.refused[0].reason == "Koden finns på flera rader i filen (2, 4)."
    assert plan.refused_rows == 2


def test_secrecy_without_a_ground_is_refused(session: Session, tmp_path: Path) -> None:
    plan = plan_of(session, tmp_path, [("A-1", "x", "Ja")], ("Kod", "Namn", "Sekretess"))
    assert "lagrummet" in plan.refused[0].reason


def test_the_stated_stadsdel_is_compared_with_the_place(session: Session, tmp_path: Path) -> None:
    hall, rinkeby = (CITY_HALL.y, CITY_HALL.x), (RINKEBY.y, RINKEBY.x)
    rows = [
        ("A-1", "Ett", "KUNGSHOLMEN", *hall), ("A-2", "Två", "Tensta, Rinkeby", *rinkeby),
        ("A-3", "Tre", "Rinkeby", *hall), ("A-4", "Fyra", None, *hall), ("A-5", "Fem", "Rinkeby", None, None),
        ("A-6", "Sex", "Rinkeby", 6_560_000, 120_000),
    ]  # fmt: skip
    agreement = plan_of(session, tmp_path, rows, ("Kod", "Namn", "Stadsdel", "N", "E")).agreement
    assert (agreement.same_name, agreement.other_name, agreement.silent) == (1, 1, 1)
    assert [(stated.text, lies_in) for stated, lies_in in agreement.differing] == [
        ("Rinkeby", "Kungsholmen"),
        ("Rinkeby", "inget läge"),
        ("Rinkeby", "utanför staden"),
    ]


def test_a_refused_shape_is_told_by_its_first_corner_in_the_files_own_numbers() -> None:
    swapped = shapely.LineString([(6_580_495.5, 673_790), (6_580_600, 673_800)])
    shapes = np.array([swapped, shapely.Point(674_000, 6_580_000)], dtype=object)
    table = Table("väg.gpkg", (1, 2), {"Kod": ["V-1", "V-2"], "Namn": ["Väg", "Väg"]}, shapes, srid=3006)
    ((finding,),) = interpret(table).refused.values()
    assert (finding.column, finding.value) == ("Läge", "x 6580495.50, y 673790.00")
