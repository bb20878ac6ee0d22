"""The tables of a GeoPackage beside the projects come in again: amounts, volumes, goals, served areas."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase as Phase_
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.contribution.register import goal_id
from tests.exports.gdal import run
from tests.exports.reading import register_file
from tests.factories import find_area
from tests.geometries import CITY_HALL
from tracker.errors import RefusedFileError
from tracker.exports.audience import Audience
from tracker.goals.models import Goal
from tracker.history.models import HistoryEntry, Origin
from tracker.history.services import Actor
from tracker.imports.apply import apply_plan
from tracker.imports.candidates import interpret
from tracker.imports.choices import Choices
from tracker.imports.conflict_words import fields_in_words
from tracker.imports.conflicts import Settled, Side
from tracker.imports.contents import inspect_file
from tracker.imports.plan import Plan, make_plan
from tracker.imports.sources import read_table
from tracker.imports.wording import change_in_words
from tracker.measures.models import MainKind, Measure
from tracker.money import LIMIT_ORE
from tracker.projects.figures import Figure
from tracker.projects.inputs import (
    FigureInput,
    GoalsInput,
    ProjectInput,
    SecretInput,
    ServedInput,
    TagInput,
    VolumeInput,
)
from tracker.projects.models import Project
from tracker.projects.policies import INTERNAL, SYSTEM_RIGHTS, Rights, Viewer
from tracker.projects.services import change_project, register_project
from tracker.projects.vocabulary import WHOLE, Flow, Publication, Scope

ANNA = Actor(name="Anna Berg", origin=Origin.FORM, at=datetime(2005, 5, 2, 8, 30, tzinfo=UTC))
FILE = Actor(name="Import", origin=Origin.IMPORT, at=datetime(2005, 5, 3, 8, 30, tzinfo=UTC))
MANAGER = Rights()
TABLES = ("mal", "omraden", "ekonomi", "matt")
MEASURES = ("bostader-hyresratt", "bostader-bostadsratt")
COLUMNS = tuple(f"{flow}_{kind}_ore" for flow in ("utgift", "inkomst") for kind in ("budget", "utfall", "prognos"))
ORE = st.one_of(st.integers(-LIMIT_ORE + 1, LIMIT_ORE - 1), st.sampled_from([0, 1, -1, 2**49 + 1]))
YEARS = st.sampled_from([1950, 2004, 2005, 2006, 2100])
Out = Callable[..., Path]


@st.composite
def numbers(draw: st.DrawFn) -> dict[str, Any]:
    """Amounts, counts, goals and served areas that a project can have, in words; `stored` makes rows of them."""
    maybe, count = st.one_of(st.none(), ORE), st.one_of(st.none(), st.integers(0, 10**9))
    figures = draw(st.dictionaries(st.tuples(YEARS, st.sampled_from(list(Flow))), st.tuples(maybe, maybe, maybe)))
    volumes = draw(
        st.dictionaries(st.tuples(st.sampled_from(MEASURES), YEARS), st.tuples(count, count, count), max_size=4)
    )
    texts = st.sampled_from(["", "För att", 'Å;ä\n"ö"', "=1+1", "'citat", "a  b"])
    goals = draw(st.dictionaries(st.sampled_from(["G1a", "G2d"]), st.tuples(st.integers(1, 3), texts)))
    split = draw(st.integers(1, WHOLE - 1))
    serves = draw(st.sampled_from(["", "hela", "ett", "två"]))
    return {"figures": figures, "volumes": volumes, "goals": goals, "serves": serves, "split": split}


def stored(session: Session, code: str, drawn: dict[str, Any]) -> ProjectInput:
    """The input of a project with drawn numbers."""
    measures = {one.code: one.id for one in session.scalars(select(Measure).where(Measure.code.in_(MEASURES)))}
    rinkeby, kista = (find_area(session, name, "1999").id for name in ("Rinkeby", "Kista"))
    serves = {
        "": (),
        "hela": (ServedInput(Scope.WHOLE_CITY, WHOLE),),
        "ett": (ServedInput(Scope.AREA, WHOLE, kista),),
        "två": (
            ServedInput(Scope.AREA, drawn["split"], rinkeby),
            ServedInput(Scope.AREA, WHOLE - drawn["split"], kista),
        ),
    }[drawn["serves"]]
    tags = tuple(TagInput(goal_id(session, one), *row) for one, row in sorted(drawn["goals"].items()))
    goals = GoalsInput(session.get_one(Goal, tags[0].goal_id).goal_set_id, tags, None, {}) if tags else None
    return ProjectInput(
        code, f"Projekt {code}", MainKind.HOUSING, geometry=CITY_HALL, goals=goals, serves=serves,
        serves_motivation="Nära" if serves else "",
        figures=tuple(FigureInput(*key, *amounts) for key, amounts in drawn["figures"].items()),
        volumes=tuple(VolumeInput(measures[one], year, *row) for (one, year), row in drawn["volumes"].items()),
    )  # fmt: skip


def fill(session: Session, drawn: list[dict[str, Any]]) -> None:
    for number, one in enumerate(drawn, start=1):
        made = register_project(session, stored(session, f"P-{number}", one), ANNA, SYSTEM_RIGHTS)
        made.publication = Publication.PUBLISHED
    session.flush()


def plan_of(session: Session, path: Path, rights: Rights = SYSTEM_RIGHTS, viewer: Viewer = INTERNAL) -> Plan:
    return make_plan(session, interpret(read_table(path)), 2005, publish=False, rights=rights, viewer=viewer)


def said(plan: Plan) -> list[str]:
    return [one.sentence() for one in plan.refused]


def assert_empty(plan: Plan, count: int) -> None:
    assert said(plan) == []
    assert [dict(one.fields) for one in plan.changes] == []
    assert (len(plan.additions), len(plan.conflicts), len(plan.unchanged)) == (0, 0, count)


def ask(path: Path, question: str, *given_: object) -> list[Any]:
    with closing(sqlite3.connect(path)) as file:
        found = file.execute(question, given_).fetchall()
        file.commit()
        return found


def tables(path: Path) -> dict[str, list[Any]]:
    """The rows of every table beside the projects, without their numbers."""
    return {name: sorted((row[1:] for row in ask(path, f"SELECT * FROM {name}")), key=str) for name in TABLES}  # noqa: S608


@pytest.fixture
def out(session: Session, tmp_path: Path) -> Out:
    """The register as a GeoPackage."""

    def write(audience: Audience = Audience.INTERNAL, name: str = "a") -> Path:
        (tmp_path / name).mkdir(exist_ok=True)
        (tmp_path / name / "projekt.gpkg").unlink(missing_ok=True)
        return register_file(session, "gpkg", tmp_path / name, audience=audience)

    return write


SOME = settings(max_examples=6, phases=[Phase_.explicit, Phase_.reuse, Phase_.generate])
DRAWN = st.lists(numbers(), min_size=1, max_size=3)


@SOME
@given(drawn=DRAWN)
def test_a_file_that_nobody_touched_changes_nothing_whoever_reads_it_in(
    session: Session, out: Out, drawn: list[dict[str, Any]]
) -> None:
    session.rollback()
    fill(session, drawn)
    for audience in Audience:
        path = out(audience)
        for rights in (SYSTEM_RIGHTS, MANAGER):
            assert_empty(plan_of(session, path, rights), len(drawn))


@SOME
@given(drawn=DRAWN, data=st.data())
def test_what_is_changed_in_the_file_is_all_that_changes_and_comes_out_again(
    session: Session, out: Out, drawn: list[dict[str, Any]], data: st.DataObject
) -> None:
    session.rollback()
    fill(session, drawn)
    path = out()
    wanted: dict[tuple[str, int, str], int] = {}
    for number in range(1, len(drawn) + 1):
        for year, column in data.draw(st.sets(st.tuples(YEARS, st.sampled_from(COLUMNS)), max_size=3)):
            wanted[f"P-{number}", year, column] = data.draw(ORE)
    before = {(row[1], row[2], column): row[3 + place] for row in ask(path, "SELECT * FROM ekonomi")
              for place, column in enumerate(COLUMNS)}  # fmt: skip
    for (code, year, column), ore in wanted.items():
        if not ask(path, "SELECT 1 FROM ekonomi WHERE kod = ? AND ar = ?", code, year):
            ask(path, "INSERT INTO ekonomi (kod, ar) VALUES (?, ?)", code, year)
        ask(path, f"UPDATE ekonomi SET {column} = ? WHERE kod = ? AND ar = ?", ore, code, year)  # noqa: S608
    plan = plan_of(session, path)
    assert said(plan) == []
    kinds = {"budget": 3, "utfall": 4, "prognos": 5}
    found = {}
    codes = {one.id: one.code for one in session.scalars(select(Project))}
    for change in plan.changes:
        assert set(change.fields) == {"figures"}
        old, new = (
            {(row[1], row[2]): row for row in rows}  # type: ignore[attr-defined]
            for rows in change.fields["figures"]
        )
        for key, row in new.items():
            for word, place in kinds.items():
                if row[place] != (old[key][place] if key in old else None):
                    found[codes[change.project_id], key[0], f"{key[1]}_{word}_ore"] = row[place]
    assert found == {key: ore for key, ore in wanted.items() if before.get(key) != ore}
    apply_plan(session, plan, FILE)
    session.expire_all()
    assert tables(out(name="b")) == tables(path)
    assert_empty(plan_of(session, out(name="b")), len(drawn))


@SOME
@given(drawn=DRAWN)
def test_an_empty_register_gets_the_same_numbers(session: Session, out: Out, drawn: list[dict[str, Any]]) -> None:
    session.rollback()
    fill(session, drawn)
    path = out()
    for project in session.scalars(select(Project)):
        session.delete(project)
    session.flush()
    plan = plan_of(session, path)
    assert said(plan) == []
    assert len(plan.additions) == len(drawn)
    apply_plan(session, plan, FILE)
    session.expire_all()
    assert tables(out(name="b")) == tables(path)
    for entry in session.scalars(select(HistoryEntry).where(HistoryEntry.origin == Origin.IMPORT)):
        assert str(entry.changes["code"][1]).startswith("P-")


FIGURES = {(2005, Flow.OUTLAY): (500, None, 700), (2006, Flow.INCOME): (None, None, 9)}
ONE: dict[str, Any] = {
    "figures": FIGURES, "volumes": {("bostader-hyresratt", 2005): (10, 2, None)},
    "goals": {"G1a": (3, "För att"), "G2d": (1, "")}, "serves": "två", "split": 6000,
}  # fmt: skip


@pytest.fixture
def one(session: Session) -> Project:
    """A project with some of everything."""
    return register_project(session, stored(session, "P-1", ONE), ANNA, SYSTEM_RIGHTS)


def words(plan: Plan) -> dict[str, tuple[str, str]]:
    (change,) = plan.changes
    told = [change_in_words(name, *pair, plan.terms.names) for name, pair in change.fields.items()]
    return {label: (old, new) for label, old, new in told}


def test_the_plan_says_field_by_field_what_was_and_what_would_be(session: Session, out: Out, one: Project) -> None:
    path = out()
    ask(path, "UPDATE ekonomi SET utgift_prognos_ore = 123456 WHERE ar = 2005")
    ask(path, "UPDATE matt SET fardiga = 4, planerade = 12")
    ask(path, "UPDATE mal SET styrka = 2, motivering = 'Nytt skäl' WHERE mal = 'G1a'")
    ask(
        path,
        "UPDATE omraden SET andel_procent = CASE omrade WHEN 'Rinkeby' THEN 12.5 ELSE 87.5 END WHERE roll = 'betjänar'",
    )
    plan = plan_of(session, path)
    assert said(plan) == []
    assert words(plan) == {
        "Ekonomi": ("utgift 2005, prognos 7,00 kr", "utgift 2005, prognos 1\xa0234,56 kr"),
        "Mått": (
            "Bostäder, hyresrätt (st) 2005, planerade 10",
            "Bostäder, hyresrätt (st) 2005, planerade 12; Bostäder, hyresrätt (st) 2005, färdiga 4",
        ),
        "Mål": ("G1a (policy-2004) styrka 3, ”För att”", "G1a (policy-2004) styrka 2, ”Nytt skäl”"),
        "Betjänar": ("Rinkeby (1999) 60 %; Kista (1999) 40 %", "Rinkeby (1999) 12,5 %; Kista (1999) 87,5 %"),
    }
    assert "Tabellerna bredvid projekten läses in med dem: mal, omraden, ekonomi, matt." in plan.notes
    apply_plan(session, plan, FILE)
    session.expire_all()
    assert tables(out(name="b")) == tables(path)
    assert [(row.planned, row.started, row.completed) for row in one.volumes] == [(12, 2, 4)]
    entry = session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
    assert entry is not None
    assert set(entry.changes) == {"figures", "volumes", "goals", "serves"}
    assert one.version == 2


def test_a_managers_first_budget_is_preliminary_and_the_rest_is_the_controllers(
    session: Session, out: Out, one: Project
) -> None:
    path = out()
    ask(path, "UPDATE ekonomi SET inkomst_budget_ore = 5 WHERE ar = 2006")
    plan = plan_of(session, path, MANAGER)
    assert words(plan) == {"Ekonomi": ("inget", "inkomst 2006, budget 0,05 kr (preliminär)")}
    apply_plan(session, plan, FILE)
    session.expire_all()
    row = session.scalars(select(Figure).where(Figure.year == 2006)).one()
    assert (row.budget_ore, row.budget_preliminary, row.forecast_ore) == (5, True, 9)
    for column in ("utgift_budget_ore", "utgift_utfall_ore"):
        other = out(name=column)
        ask(other, f"UPDATE ekonomi SET {column} = 8 WHERE ar = 2005")  # noqa: S608
        (refused,) = plan_of(session, other, MANAGER).refused
        assert refused.column == "Tabellen ekonomi"
        assert refused.reason.endswith("(Utgift 2005) ändras bara av controller.")
        assert len(plan_of(session, other).changes) == 1


def test_what_an_audience_was_not_given_is_never_taken_away(session: Session, out: Out) -> None:
    secret = tuple(SecretInput(name, "OSL 19 kap. 3 §") for name in ("figures", "goals", "serves", "volumes"))
    given_ = replace(stored(session, "P-1", ONE), secret_fields=secret)
    made = register_project(session, given_, ANNA, replace(SYSTEM_RIGHTS, viewer=INTERNAL))
    made.publication = Publication.PUBLISHED
    session.flush()
    for audience in (Audience.PUBLIC, Audience.OPEN):
        path = out(audience)
        assert [row[1] for rows in tables(path).values() for row in rows] == ["ligger i"]
        assert_empty(plan_of(session, path), 1)
    whole = out()
    ask(whole, "UPDATE ekonomi SET utgift_budget_ore = 1, utgift_prognos_ore = 1")
    ask(whole, "DELETE FROM mal WHERE mal = 'G2d'")
    ask(whole, "UPDATE matt SET planerade = 1")
    assert_empty(plan_of(session, whole, MANAGER, Viewer(drafts=True)), 1)  # may not see them: leaves them
    assert set(plan_of(session, whole).changes[0].fields) == {"figures", "goals", "volumes"}


def change(session: Session, project: Project, figures: dict[tuple[int, Flow], Any]) -> None:
    given_ = stored(session, "P-1", ONE | {"figures": figures})
    change_project(session, project, given_, project.version, ANNA, SYSTEM_RIGHTS)
    session.flush()


def test_an_amount_that_both_changed_is_a_conflict_and_others_are_merged(
    session: Session, out: Out, one: Project
) -> None:
    path = out()
    change(session, one, FIGURES | {(2005, Flow.OUTLAY): (550, None, 700)})
    left = plan_of(session, path)
    assert_empty(left, 1)
    assert [(found.column, "Registrets värde behålls" in found.reason) for found in left.remarks] == [("Ekonomi", True)]
    ask(path, "UPDATE ekonomi SET utgift_prognos_ore = 800 WHERE ar = 2005")
    # A manager too: the controller's new budget is not theirs to change, and the file does not.
    for rights in (SYSTEM_RIGHTS, MANAGER):
        merged = plan_of(session, path, rights)
        assert words(merged) == {"Ekonomi": ("utgift 2005, prognos 7,00 kr", "utgift 2005, prognos 8,00 kr")}
    ask(path, "UPDATE ekonomi SET utgift_budget_ore = 560 WHERE ar = 2005")
    both = plan_of(session, path)
    (conflict,) = both.open_conflicts
    assert fields_in_words(conflict) == [
        (
            "Ekonomi", "utgift 2005, budget 5,50 kr; utgift 2005, prognos 7,00 kr",
            "utgift 2005, budget 5,60 kr; utgift 2005, prognos 8,00 kr", "Anna Berg, 2005-05-02 10.30",
        )
    ]  # fmt: skip
    with pytest.raises(RefusedFileError):
        apply_plan(session, both, FILE)
    table = interpret(read_table(path))
    settled = make_plan(session, table, 2005, publish=False, settled=Settled(Side.FILE))
    apply_plan(session, settled, FILE)
    session.expire_all()
    row = session.scalars(select(Figure).where(Figure.year == 2005)).one()
    assert (row.budget_ore, row.forecast_ore) == (560, 800)


@pytest.mark.parametrize(
    ("question", "column", "reason"),
    [
        ("UPDATE ekonomi SET ar = 1900 WHERE fid = 1", "Tabellen ekonomi", "Rad 1, kolumnen ar ”1900”: talet ska vara"),
        ("UPDATE ekonomi SET utgift_budget_ore = 'x'", "Tabellen ekonomi", "utgift_budget_ore ”x”: det är inget"),
        ("UPDATE ekonomi SET utgift_budget_ore = 1.5", "Tabellen ekonomi", "utgift_budget_ore ”1.5”: talet ska"),
        ("UPDATE ekonomi SET utgift_budget_ore = 1e15", "Tabellen ekonomi", "under tio tusen miljarder"),
        ("UPDATE ekonomi SET ar = 2005", "Tabellen ekonomi", "Rad 1, 2: ar 2005 står flera gånger."),
        ("UPDATE matt SET mattkod = 'båtar'", "Tabellen matt", "Rad 1, kolumnen mattkod: måttet ”båtar” finns inte."),
        ("UPDATE matt SET planerade = -1", "Tabellen matt", "Rad 1, kolumnen planerade ”-1”: talet ska vara helt"),
        ("UPDATE matt SET mattkod = NULL", "Tabellen matt", "Rad 1, kolumnen mattkod: värdet saknas."),
        ("UPDATE mal SET mal = 'G99' WHERE fid = 2", "Tabellen mal", "Rad 2, kolumnen mal: ”G99” finns inte i poli"),
        ("UPDATE mal SET malutgava = '?' WHERE fid = 2", "Tabellen mal", "Rad 2, kolumnen malutgava: ”?” finns inte."),
        ("UPDATE mal SET styrka = 4", "Tabellen mal", "Rad 1, kolumnen styrka ”4”: talet ska vara helt och mellan"),
        ("UPDATE omraden SET omradeskod = '?' WHERE fid = 1", "Tabellen omraden", "kolumnen omradeskod: ”?” finns"),
        ("UPDATE omraden SET andel_procent = 70 WHERE fid = 1", "Tabellen omraden", "ska bli 100 tillsammans; nu"),
        ("UPDATE omraden SET andel_procent = NULL WHERE fid = 1", "Tabellen omraden", "för alla områden eller"),
        ("UPDATE ekonomi SET kod = 'X-9' WHERE fid = 2", "Tabellen ekonomi",
         "Rad 2, kolumnen kod: projektet ”X-9” finns varken i filens lager eller i registret."),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_by_table_row_and_column(
    session: Session, out: Out, one: Project, question: str, column: str, reason: str
) -> None:
    path = out()
    ask(path, question)
    plan = plan_of(session, path)
    assert [found.column for found in plan.refused] == [column]
    assert reason in plan.refused[0].reason
    assert plan.changes == ()
    with pytest.raises(RefusedFileError):
        apply_plan(session, plan, FILE)


def test_a_project_that_stands_in_a_table_alone_is_found_in_the_register(
    session: Session, out: Out, one: Project
) -> None:
    path = out()
    ask(
        path,
        "DELETE FROM utan_lage"
        if "utan_lage" in str(ask(path, "SELECT table_name FROM gpkg_contents"))
        else "SELECT 1",
    )
    register_project(session, ProjectInput("P-2", "Tvåan", MainKind.TRAFFIC), ANNA, SYSTEM_RIGHTS)
    ask(path, "INSERT INTO ekonomi (kod, ar, utgift_prognos_ore) VALUES ('P-2', 2007, 3)")
    plan = plan_of(session, path)
    assert words(plan) == {"Ekonomi": ("inget", "utgift 2007, prognos 0,03 kr")}
    assert "Projekt som bara står i tabellerna kommer sist (rad 2)." in plan.notes


def test_goals_changed_in_the_layer_or_in_the_table_but_not_in_both_ways(
    session: Session, out: Out, one: Project
) -> None:
    in_layer, in_table, in_both = out(name="a"), out(name="b"), out(name="c")
    for path in (in_layer, in_both):
        run("ogrinfo", "-q", path, "-dialect", "SQLITE", "-sql", "UPDATE punkter SET mal = 'G1a'")
    for path in (in_table, in_both):
        ask(path, "UPDATE mal SET styrka = 2 WHERE mal = 'G1a'")
    removed = ("G2d (policy-2004) styrka 1", "inget")
    assert words(plan_of(session, in_layer)) == {"Mål": removed}
    changed = ("G1a (policy-2004) styrka 3, ”För att”", "G1a (policy-2004) styrka 2, ”För att”")
    assert words(plan_of(session, in_table)) == {"Mål": changed}
    (refused,) = plan_of(session, in_both).refused
    assert "är ändrade på olika sätt (G1a mot G1a, G2d)" in refused.reason


def test_a_table_can_be_left_unread_and_a_single_layer_brings_none(session: Session, out: Out, one: Project) -> None:
    path = out()
    ask(path, "UPDATE ekonomi SET utgift_prognos_ore = 1")
    table = read_table(path)
    assert "Tabellen ekonomi" in table.columns
    without = interpret(table, Choices(columns={"money": ""}))
    assert_empty(make_plan(session, without, 2005, publish=False), 1)
    assert not any(header.startswith("Tabellen") for header in read_table(path, "punkter").columns)
    assert "ekonomi" not in " ".join(note for note in inspect_file(path).notes if "läses inte" in note)
