"""Public failures that must not happen here, by number; those of single cells and files are tested beside them."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories import make_measure, make_project
from tests.geometries import CITY_HALL, RINKEBY
from tests.imports.files import HEADERS, ROWS, write_csv, write_geojson, write_xlsx
from tests.imports.test_placing import BOW_TIE
from tracker.areas.seeding import seed_areas
from tracker.database import begin_writing
from tracker.errors import ConflictError, RefusedFileError
from tracker.geo.crs import reproject_one
from tracker.geo.stored import from_stored
from tracker.history.models import HistoryEntry
from tracker.history.services import Actor
from tracker.imports.apply import apply_plan
from tracker.imports.candidates import interpret
from tracker.imports.choices import Choices
from tracker.imports.place_questions import place_question
from tracker.imports.plan import Plan, make_plan
from tracker.imports.questions import questions
from tracker.imports.refusals import refused_csv, refused_rows, refused_xlsx
from tracker.imports.registered import DWELLINGS
from tracker.imports.sources import Table, read_table
from tracker.projects.inputs import ProjectInput
from tracker.projects.models import CaseNumber, Project
from tracker.projects.policies import SYSTEM_RIGHTS, Viewer
from tracker.projects.services import change_project

STADSHUSET = shapely.Point(153_114, 6_579_153)


@pytest.fixture(autouse=True)
def catalogues(session: Session) -> None:
    seed_areas(session)
    make_measure(session, DWELLINGS)
    session.commit()


def plan_of(session: Session, table: Table, choices: Choices | None = None, **asked: Any) -> Plan:
    return make_plan(session, interpret(table, choices or Choices()), 2005, publish=False, **asked)


def table_of(folder: Path, headers: tuple[str, ...], *rows: tuple[Any, ...]) -> Table:
    return read_table(write_csv(folder / "a.csv", rows, headers))


@pytest.mark.parametrize(
    ("headers", "pair"), [(("Y", "X"), (1_628_048, 6_580_681)), (("N", "E"), (6_580_681, 1_628_048)),
                          (("X-koordinat", "Y-koordinat"), (6_580_681, 1_628_048))],
)  # fmt: skip
def test_case_1_rt90_lands_within_a_metre(
    session: Session, actor: Actor, tmp_path: Path, headers: tuple[str, str], pair: tuple[int, int]
) -> None:
    table = table_of(tmp_path, ("Kod", "Namn", *headers), ("P-1", "Stadshuset", *pair))
    begin_writing(session)
    apply_plan(session, plan_of(session, table), actor)
    stored = from_stored(session.scalars(select(Project)).one().geom)
    assert stored is not None
    assert stored.distance(STADSHUSET) < 1


@pytest.mark.parametrize("srid", [3011, 3006, 3021])
@pytest.mark.parametrize(("headers", "northing_first"), [(("N", "E"), True), (("X", "Y"), True), (("X", "Y"), False)])
def test_case_2_either_axis_order_lands_in_stockholm(
    session: Session, tmp_path: Path, srid: int, headers: tuple[str, str], northing_first: bool
) -> None:
    points = [reproject_one(point, 3011, srid) for point in (CITY_HALL, RINKEBY)]
    pairs = [(point.y, point.x) if northing_first else (point.x, point.y) for point in points]
    rows = [(f"P-{number}", "x", *pair) for number, pair in enumerate(pairs)]
    plan = plan_of(session, table_of(tmp_path, ("Kod", "Namn", *headers), *rows))
    assert plan.refused == ()
    assert np.max(shapely.distance(plan.shapes([0, 1]), np.array([CITY_HALL, RINKEBY], dtype=object))) < 0.01


def test_case_2_columns_that_lie_about_north_and_east_are_refused_with_the_reason(tmp_path: Path) -> None:
    table = table_of(tmp_path, ("Kod", "Namn", "N", "E"), ("P-1", "x", 153_112, 6_579_142))
    with pytest.raises(RefusedFileError, match="med axlarna omkastade"):
        interpret(table)
    found = interpret(table, Choices(srid=3011))
    assert "omkastade" in found.refused[0][0].reason


@pytest.mark.parametrize("northing_first", [True, False])
def test_case_2_st74_is_asked_and_the_answer_is_followed(
    session: Session, tmp_path: Path, northing_first: bool
) -> None:
    points = [reproject_one(point, 3011, 3152) for point in (CITY_HALL, RINKEBY)]
    pairs = [(point.y, point.x) if northing_first else (point.x, point.y) for point in points]
    rows = [(f"P-{number}", "x", *pair) for number, pair in enumerate(pairs)]
    table = table_of(tmp_path, ("Kod", "Namn", "X", "Y"), *rows)
    asked = place_question(table, Choices())
    assert (asked.asks_system, asked.asks_order) == (True, True)
    assert {(one.srid, one.northing_first) for one in asked.proposals} == {(3152, True), (3152, False)}
    assert place_question(table, Choices(srid=3152)).asks_order
    with pytest.raises(RefusedFileError, match="vilken koordinat som är nordlig"):
        interpret(table, Choices(srid=3152))
    answered = Choices(srid=3152, northing_first=northing_first)
    assert not place_question(table, answered).asks_order
    plan = plan_of(session, table, answered)
    assert np.max(shapely.distance(plan.shapes([0, 1]), np.array([CITY_HALL, RINKEBY], dtype=object))) < 0.01


@pytest.mark.parametrize(
    "name", ["urn:ogc:def:crs:EPSG::3006", "EPSG:3006", "http://www.opengis.net/def/crs/EPSG/0/3006"]
)
def test_case_4_a_stated_system_in_the_usual_order_is_taken_and_the_other_is_named(
    session: Session, tmp_path: Path, name: str
) -> None:
    def written(*pairs: tuple[float, float]) -> Table:
        features = [
            ({"kod": f"P-{n}", "namn": "x"}, {"type": "Point", "coordinates": list(pair)})
            for n, pair in enumerate(pairs)
        ]
        path = write_geojson(tmp_path / "a.geojson", features)
        collection = json.loads(path.read_text()) | {"crs": {"type": "name", "properties": {"name": name}}}
        path.write_text(json.dumps(collection))
        return read_table(path)

    east, north = shapely.get_coordinates(reproject_one(CITY_HALL, 3011, 3006))[0].tolist()
    usual = written((east, north))
    assert usual.srid == 3006
    plan = plan_of(session, usual)
    assert plan.refused == ()
    assert plan.shapes([0])[0].distance(CITY_HALL) < 0.01
    mixed = plan_of(session, written((east, north), (north, east)))
    assert [(finding.row, "omkastade" in finding.reason) for finding in mixed.refused] == [(2, True)]
    turned = written((north, east))
    assert "omkastade" in plan_of(session, turned).refused[0].reason
    assert place_question(turned, Choices()).proposals[0].northing_first
    mended = plan_of(session, turned, Choices(northing_first=True))
    assert mended.shapes([0])[0].distance(CITY_HALL) < 0.01


def test_case_11_every_refusal_names_row_project_and_reason(session: Session, tmp_path: Path) -> None:
    headers = ("Kod", "Namn", "Skede", "Antal bostäder", "Länk", "WKT")
    table = table_of(
        tmp_path, headers, ("P-1", "Bra", None, None, None, CITY_HALL.wkt),
        ("P-2", "Rosett", None, None, None, BOW_TIE.wkt),
        ("P-3", "Skede", "Hittepå", None, None, None), ("P-4", "Antal", None, "12.500", None, None),
        ("P-5", "Länk", None, None, "ftp://x", None), ("P-6", "Form", None, None, None, "POLYGON((0 0"),
        (None, "Kod saknas", None, None, None, None), ("P-8", None, None, None, None, None),
    )  # fmt: skip
    plan = plan_of(session, table, Choices(srid=3011))
    told = {finding.row: finding for finding in plan.refused}
    assert told.keys() == {3, 4, 5, 6, 7, 8, 9}
    assert "korsar sig själv vid N 6585900, E 146000" in told[3].reason
    assert [told[row].name for row in (3, 4, 5, 6, 7, 8)] == ["Rosett", "Skede", "Antal", "Länk", "Form", "Kod saknas"]
    assert [told[row].code for row in (3, 4, 5, 6, 7, 9)] == ["P-2", "P-3", "P-4", "P-5", "P-6", "P-8"]
    for finding in plan.refused:
        assert finding.column
        assert finding.reason.endswith((".", "?"))
        assert len(finding.sentence()) < 400
        assert "POLYGON" not in finding.reason


def test_case_12_three_good_and_one_bad_are_told_before_anything_is_saved(
    session: Session, actor: Actor, tmp_path: Path
) -> None:
    headers = ("Kod", "Namn", "Skede")
    rows = [("P-1", "a", "Idé"), ("P-2", "b", "Idé"), ("P-3", "c", "Hittepå"), ("P-4", "d", "Idé")]
    begin_writing(session)
    plan = plan_of(session, table_of(tmp_path, headers, *rows))
    assert (len(plan.additions), plan.refused_rows) == (3, 1)
    with pytest.raises(RefusedFileError, match="1 rad i filen kan inte tas emot, så ingenting har sparats"):
        apply_plan(session, plan, actor)
    assert session.scalar(select(func.count(Project.id))) == 0
    applied = apply_plan(session, plan, actor, leave_refused=True)
    assert (applied.added, applied.left) == (3, 1)
    assert list(session.scalars(select(Project.code).order_by(Project.code))) == ["P-1", "P-2", "P-4"]


def rows_of_416(broken: int | None = None) -> list[tuple[Any, ...]]:
    return [(f"P-{n:03}", f"Projekt {n}", "Hittepå" if n == broken else "Planering", n) for n in range(1, 417)]


@pytest.mark.parametrize("broken", [1, 200, 416])
def test_case_28_a_broken_row_saves_nothing_and_the_mended_file_makes_416(
    session: Session, actor: Actor, tmp_path: Path, broken: int
) -> None:
    headers = ("Kod", "Namn", "Skede", "Antal bostäder")
    for rows, wanted in (
        (rows_of_416(broken), 0),
        (rows_of_416(broken), 0),
        (rows_of_416(), 416),
        (rows_of_416(), 416),
    ):
        begin_writing(session)
        plan = plan_of(session, table_of(tmp_path, headers, *rows))
        if plan.refused:
            assert [finding.row for finding in plan.refused] == [broken + 1]
            with pytest.raises(RefusedFileError):
                apply_plan(session, plan, actor)
            session.rollback()
        else:
            apply_plan(session, plan, actor)
            session.commit()
        assert session.scalar(select(func.count(Project.id))) == wanted
        assert session.scalar(select(func.count(HistoryEntry.id))) == wanted


# Case 29: row, column, value, reason, and a file of the refused rows to mend


BROKEN = (
    ("P-1", "Bra", None, "Planering", "Bostad", 120, 6_579_142.5, 153_112.25, None),
    ("P-2", "=FARLIG()", "Rinkeby", "Hittepå", "Bostad", "12.500", 6_579_142.5, 153_112.25, None),
    ("P-3", "-5 grader", None, "Planering", None, None, 153_112.25, 6_579_142.5, None),
)  # fmt: skip


def test_case_29_row_column_value_and_reason(session: Session, tmp_path: Path) -> None:
    plan = plan_of(session, table_of(tmp_path, HEADERS, *BROKEN))
    assert [(one.row, one.column, one.value) for one in plan.refused] == [
        (3, "Skede", "Hittepå"), (3, "Antal bostäder", "12.500"), (4, "Läge", "N 153112,25, E 6579142,5"),
    ]  # fmt: skip


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_case_29_the_refused_rows_can_be_mended_and_sent_again(
    session: Session, actor: Actor, tmp_path: Path, form: str
) -> None:
    table = table_of(tmp_path, HEADERS, *BROKEN)
    begin_writing(session)
    plan = plan_of(session, table)
    apply_plan(session, plan, actor, leave_refused=True)
    path = tmp_path / f"avvisade.{form}"
    path.write_bytes(refused_csv(table, plan) if form == "csv" else refused_xlsx(table, plan))
    again = read_table(path)
    assert list(again.columns) == ["Rad", "Orsak", *HEADERS]
    assert [str(row) for row in again.columns["Rad"]] in (["3", "4"], ["3.0", "4.0"])
    assert "Skedet är okänt" in again.columns["Orsak"][0]
    found = interpret(again, Choices(srid=3011))
    assert found.headers.unused == ()
    assert found.values["name"] == ["=FARLIG()", "-5 grader"]
    assert set(found.refused) == {0, 1}, "unmended they are refused again"
    columns = {name: list(cells) for name, cells in again.columns.items()}
    columns["Skede"][0], columns["Antal bostäder"][0] = "Planering", "12500"
    columns["N"][1], columns["E"][1] = columns["E"][1], columns["N"][1]
    mended = plan_of(session, replace(again, columns=columns))
    assert (len(mended.additions), mended.refused) == (2, ())
    apply_plan(session, mended, actor)
    assert session.scalar(select(func.count(Project.id))) == 3


def test_case_29_refused_shapes_keep_their_system(session: Session, tmp_path: Path) -> None:
    features = [
        ({"kod": "P-1", "namn": "Bra"}, {"type": "Point", "coordinates": [18.05, 59.33]}),
        ({"kod": "P-2", "namn": "Omkastad"}, {"type": "Point", "coordinates": [59.33, 18.05]}),
    ]
    table = read_table(write_geojson(tmp_path / "a.geojson", features))
    plan = plan_of(session, table)
    (header, row) = refused_rows(table, plan)
    assert (header, row[-1]) == (["Rad", "Orsak", "kod", "namn", "WKT"], "SRID=4326;POINT (59.33 18.05)")
    text = list(csv.reader(io.StringIO(refused_csv(table, plan).decode("utf-8-sig")), delimiter=";"))
    path = write_csv(tmp_path / "b.csv", [[*text[1][:-1], "SRID=4326;POINT (18.05 59.33)"]], text[0])
    assert plan_of(session, read_table(path)).refused == ()


def test_a_row_of_totals_is_refused_not_added(session: Session, tmp_path: Path) -> None:
    headers = ("Kod", "Namn", "Antal bostäder")
    rows = [
        ("P-1", "Totalrenovering av torget", 5), ("P-2", "Summagatan", 5), ("Summa", None, 10), (None, "Totalt:", 10),
        (None, "Summa alla projekt", 10), ("P-3", "Summa", 10), ("TOTALT", "x", 10), (None, "Delsumma 2005", 3),
    ]  # fmt: skip
    plan = plan_of(session, table_of(tmp_path, headers, *rows))
    assert plan.additions == (0, 1)
    refused = [one for one in plan.refused if "summering" in one.reason]
    assert [one.row for one in refused] == [4, 5, 6, 7, 8, 9]


# Matching by code or case number


@pytest.fixture
def numbered(session: Session) -> dict[str, Project]:
    """Three projects; two of them share a case number."""
    found = {}
    for code, numbers in (("P-1", ["E 1"]), ("P-2", ["E 2", "GEMENSAM"]), ("P-3", ["E 3", "GEMENSAM"])):
        found[code] = make_project(session, code, name=code)
        found[code].case_numbers = [CaseNumber(position=n, number=one) for n, one in enumerate(numbers, start=1)]
    session.commit()
    return found


def test_a_file_without_codes_matches_by_case_number(
    session: Session, actor: Actor, tmp_path: Path, numbered: dict[str, Project]
) -> None:
    rows = [("E 1", "Nytt namn"), ("GEMENSAM", "x"), ("FINNS EJ", "y"), (None, "z")]
    begin_writing(session)
    plan = plan_of(session, table_of(tmp_path, ("Diarienummer", "Namn"), *rows))
    (change,) = plan.changes
    assert (change.project_id, change.code, change.fields) == (
        numbered["P-1"].id,
        "P-1",
        {"name": ("P-1", "Nytt namn")},
    )
    assert [(one.row, one.reason) for one in plan.refused] == [
        (3, "Diarienumret finns på flera projekt (P-2, P-3). Ange koden."),
        (4, "Projektkoden saknas, och inget projekt har diarienumret."),
        (5, "Projektkoden saknas."),
    ]
    apply_plan(session, plan, actor, leave_refused=True)
    session.expire_all()
    assert numbered["P-1"].name == "Nytt namn"


def test_an_unknown_code_matches_by_a_case_number_that_one_project_has(
    session: Session, tmp_path: Path, numbered: dict[str, Project]
) -> None:
    rows = [("GAMMAL-1", "E 1", "x"), ("NY-9", "E 9", "y"), ("GAMMAL-2", "GEMENSAM", "z")]
    plan = plan_of(session, table_of(tmp_path, ("Kod", "Dnr", "Namn"), *rows))
    assert [(one.project_id, set(one.fields)) for one in plan.changes] == [(numbered["P-1"].id, {"name"})]
    assert plan.additions == (1,)
    assert [finding.row for finding in plan.refused] == [4]
    assert plan.remarks[0].reason == "Koden GAMMAL-1 finns inte; raden hör genom diarienumret till P-1."


def test_a_project_that_the_file_names_by_its_code_is_not_another_row_too(
    session: Session, tmp_path: Path, numbered: dict[str, Project]
) -> None:
    rows = [("P-1", "E 1", "P-1"), ("NY-1", "E 1", "Delprojekt")]
    plan = plan_of(session, table_of(tmp_path, ("Kod", "Dnr", "Namn"), *rows))
    assert (plan.unchanged, plan.additions) == (((0, numbered["P-1"].id),), (1,))


def test_two_rows_of_one_project_are_both_refused(
    session: Session, tmp_path: Path, numbered: dict[str, Project]
) -> None:
    plan = plan_of(session, table_of(tmp_path, ("Dnr", "Namn"), ("E 2", "x"), ("E 2", "y"), ("E 1", "z")))
    assert [(one.row, one.reason) for one in plan.refused] == [
        (2, "Flera rader i filen (2, 3) hör till projektet P-2."),
        (3, "Flera rader i filen (2, 3) hör till projektet P-2."),
    ]
    assert [one.code for one in plan.changes] == ["P-1"]


def test_what_the_importer_may_not_see_is_neither_matched_nor_told(session: Session, tmp_path: Path) -> None:
    secret = make_project(session, "H-1", name="Hemligt namn", confidential=True, confidentiality_ground="OSL 19:3")
    secret.case_numbers = [CaseNumber(position=1, number="E 7")]
    session.commit()
    rows = [("H-1", None, "x"), (None, "E 7", "y")]
    plan = plan_of(session, table_of(tmp_path, ("Kod", "Dnr", "Namn"), *rows), viewer=Viewer(drafts=True))
    assert [one.reason for one in plan.refused] == [
        "Koden används redan av ett projekt som du inte får ändra.",
        "Projektkoden saknas, och inget projekt har diarienumret.",
    ]
    assert plan.changes == ()
    assert not any("Hemligt" in one.sentence() for one in (*plan.refused, *plan.remarks))


# Case 39: somebody saves between the plan and its applying


def saved_by_another(session: Session, actor: Actor, code: str, name: str) -> None:
    project = session.scalars(select(Project).where(Project.code == code)).one()
    given = ProjectInput(code=code, name=name, main_kind=project.main_kind, phase=project.phase)
    change_project(session, project, given, project.version, actor, SYSTEM_RIGHTS)


def test_case_39_a_project_saved_since_the_plan_is_a_conflict_not_an_overwrite(
    session: Session, actor: Actor, tmp_path: Path
) -> None:
    make_project(session, "P-1", name="Ett")
    make_project(session, "P-2", name="Två")
    session.commit()
    table = table_of(tmp_path, ("Kod", "Namn"), ("P-1", "Ur filen"), ("P-2", "Också"), ("P-3", "Ny"))
    begin_writing(session)
    seen = plan_of(session, table)
    saved_by_another(session, actor, "P-2", "Någon annans")
    with pytest.raises(ConflictError, match="Någon annan sparade samma projekt under tiden"):
        apply_plan(session, seen, actor)
    session.rollback()
    assert list(session.scalars(select(Project.name).order_by(Project.code))) == ["Ett", "Två"]


def test_case_39_a_plan_made_anew_is_compared_with_the_one_that_was_seen(
    session: Session, actor: Actor, tmp_path: Path
) -> None:
    make_project(session, "P-1", name="Ett")
    session.commit()
    table = table_of(tmp_path, ("Kod", "Namn"), ("P-1", "Ur filen"), ("P-3", "Ny"))
    seen = plan_of(session, table).fingerprint()
    assert plan_of(session, table).fingerprint() == seen
    saved_by_another(session, actor, "P-1", "Någon annans")
    session.commit()
    begin_writing(session)
    with pytest.raises(ConflictError, match="Registret har ändrats sedan du såg planen"):
        apply_plan(session, plan_of(session, table), actor, expected=seen)
    session.rollback()
    assert list(session.scalars(select(Project.name))) == ["Någon annans"]
    fresh = plan_of(session, table)
    assert fresh.changes[0].fields["name"] == ("Någon annans", "Ur filen")
    begin_writing(session)
    apply_plan(session, plan_of(session, table), actor, expected=fresh.fingerprint())
    assert list(session.scalars(select(Project.name).order_by(Project.code))) == ["Ur filen", "Ny"]


def test_the_fingerprint_follows_file_answers_and_register(session: Session, tmp_path: Path) -> None:
    def made(*rows: tuple[Any, ...], year: int = 2005, publish: bool = False) -> str:
        table = table_of(tmp_path, HEADERS, *rows)
        return make_plan(session, interpret(table), year, publish=publish).fingerprint()

    first = made(*ROWS)
    moved = [*ROWS[:1], (*ROWS[1][:6], ROWS[1][6] + 1, *ROWS[1][7:]), *ROWS[2:]]
    others = [made(*ROWS[:2]), made(*moved), made(*ROWS, year=2006), made(*ROWS, publish=True)]
    make_project(session, "P-2")
    others.append(made(*ROWS))
    assert len({first, *others}) == 6
    assert first == first.lower()
    assert len(first) == 64


# The questions


def test_the_questions_show_columns_words_and_what_is_missing(session: Session, tmp_path: Path) -> None:
    table = table_of(
        tmp_path, ("Namn", "Skede", "Stadsdel", "Mål", "Budget 2005", "Färg"),
        ("Ett", "Pågår", "Gärdet", "G1a:3; ZZ", "12", "röd"),
        ("Två", "Hittepå", "Hagsätra, Rågsved", "G1a", None, None),
        ("Tre", "Pågår", "Månen", None, "1 mnkr", "blå"),
    )  # fmt: skip
    asked = questions(session, table, Choices())
    assert "ingen kolumn med projektens koder" in asked.missing_key
    assert not asked.settled
    assert [(one.header, one.field, one.samples) for one in asked.columns][:2] == [
        ("Namn", "name", ("Ett", "Två", "Tre")),
        ("Skede", "phase", ("Pågår", "Hittepå")),
    ]
    assert [one.header for one in asked.unmatched] == ["Färg"]
    assert [one.header for one in asked.columns if one.asks_unit] == ["Budget 2005"]
    words = {one.field: one.words for one in asked.words}
    assert [(one.word, one.rows, one.value, one.unknown) for one in words["phase"]] == [
        ("Hittepå", 1, "", True),
        ("Pågår", 2, "genomforande", False),
    ]
    assert {one.word: one.unknown for one in words["stated_area"]} == {
        "Månen": True, "Gärdet": False, "Hagsätra, Rågsved": False,
    }  # fmt: skip
    answered = Choices(
        code_prefix="X", values={"phase": {"Hittepå": "ide"}, "goals": {"ZZ": "", "G1a": ""}},
        units={"Budget 2005": "tkr"},
    )  # fmt: skip
    assert questions(session, table, answered).settled
    plan = plan_of(session, table, answered)
    assert plan.refused == ()
    assert plan.candidates.values["code"] == ["X-002", "X-003", "X-004"]


def test_choices_travel_as_json() -> None:
    choices = Choices(
        layer="projekt", header_row=3, srid=3006, northing_first=True, columns={"code": "Kod", "name": ""},
        values={"phase": {"å": "ide"}}, units={"Budget 2005": "tkr"}, code_prefix="X", year=2005, publish=True,
    )  # fmt: skip
    assert Choices.from_json(choices.to_json()) == choices
    assert Choices.from_json("{}") == Choices.from_json("") == Choices()
    assert Choices.from_json('{"confirmed": ["x"], "srid": 3011}') == Choices(srid=3011)
    for text in ("[", "[]", '{"srid": "3011"}', '{"values": null}', "1"):
        with pytest.raises(RefusedFileError, match="Svaren om filen"):
            Choices.from_json(text)


def test_a_chosen_column_wins_and_an_empty_choice_reads_nothing(session: Session, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"A": [["Kod", "Nr", "Namn", "Skede"], ["A", "P-1", "x", "Hittepå"]]})
    plan = plan_of(session, read_table(path), Choices(columns={"code": "Nr", "phase": ""}))
    assert (plan.refused, plan.candidates.values["code"]) == ((), ["P-1"])
    assert "Kolumner som inte läses: Kod, Skede." in plan.notes
