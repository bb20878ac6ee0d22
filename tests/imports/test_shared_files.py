"""The real and awkward files beside the project: each goes through with the result that its cases call for."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.exports.reading import NOW
from tracker.areas.gazetteer import Gazetteer
from tracker.database import begin_writing
from tracker.errors import RefusedFileError
from tracker.exports.audience import Audience
from tracker.exports.delivery import REGISTER_FORMATS, save_register
from tracker.exports.register import choose
from tracker.geo.stored import from_stored
from tracker.history.services import Actor
from tracker.imports.apply import apply_plan
from tracker.imports.candidates import interpret
from tracker.imports.choices import Choices
from tracker.imports.contents import inspect_file
from tracker.imports.place_questions import place_question
from tracker.imports.plan import Plan, make_plan
from tracker.imports.questions import questions
from tracker.imports.sources import read_table
from tracker.projects.filters import ProjectFilter
from tracker.projects.models import Project
from tracker.projects.vocabulary import Phase

pytestmark = pytest.mark.shared

VAXER = tuple(
    f"stockholm_vaxer_416_{rest}"
    for rest in ("3011.gpkg", "4326.geojson", "svenska_rubriker_3011.xlsx", "3011_semikolon_cp1252.csv")
)
TRAFIKVERKET = (
    "trafikverket_projekt_sweref99tm_nocrs.geojson",
    "trafikverket_projekt_semikolon_decimalkomma_cp1252.csv",
)
AREAS = (
    "areas/stadsdelsomraden_1999_4326.geojson", "areas/stadsdelsomraden_2007_4326.geojson",
    "areas/stadsdelsomraden_2020_4326.geojson", "areas/stadsdelsomraden_2023_4326.geojson",
    "areas/stadsdelar_fullsize_3011_nocpg.zip", "areas/stadsdelar.csv", "edge/stadsdelar_rt90_3021_UPPER_nocpg.zip",
    "edge/stadsdelar_3006_noprj_nocpg_infolder.zip", "edge/stadsdelar_st74_3152.gpkg",
)  # fmt: skip
UNKNOWN_STATUS = "Bygge av etapp 1: Karlstad–Edsgatan"
NAMES = {"code": "name", "name": "name"}


def plan_of(session: Session, path: Path, choices: Choices) -> Plan:
    return make_plan(session, interpret(read_table(path, choices.layer), choices), 2005, publish=False)


@pytest.mark.parametrize("name", AREAS)
def test_files_of_areas_have_no_codes_and_say_so(shared_data: Path, name: str) -> None:
    with pytest.raises(RefusedFileError, match=r"ingen kolumn med projektens koder .* Kolumnerna heter: "):
        interpret(read_table(shared_data / name))


@pytest.mark.parametrize("name", AREAS)
def test_files_of_areas_go_through_with_codes_of_our_own(session: Session, shared_data: Path, name: str) -> None:
    path = shared_data / name
    columns = {"name": "stadsdel" if name.endswith(".csv") else "name", "stated_area": ""}
    choices = Choices(code_prefix="OMR", columns=columns, srid=3006 if "noprj" in name else None)
    plan = plan_of(session, path, choices)
    (layer,) = inspect_file(path).layers
    assert (len(plan.additions), plan.refused_rows) == (layer.rows, 0)
    assert plan.candidates.values["code"][0] in ("OMR-001", "OMR-002")


def placed(path: Path) -> dict[str, shapely.Geometry]:
    """Name → shape in EPSG:3011."""
    found = interpret(read_table(path), Choices(columns=NAMES))
    assert found.geometries is not None
    assert found.refused == {}
    return dict(zip(found.values["name"], found.geometries, strict=True))


@pytest.mark.parametrize("name", ["stadsdelar_rt90_3021_UPPER_nocpg.zip", "stadsdelar_st74_3152.gpkg"])
def test_case_9_and_22_the_same_areas_in_another_system_lie_on_the_same_ground(shared_data: Path, name: str) -> None:
    reference = placed(shared_data / "edge" / "stadsdelar_3006_noprj_nocpg_infolder.zip")
    other = placed(shared_data / "edge" / name)
    assert other.keys() == reference.keys()
    for area, shape in reference.items():
        assert shape.centroid.distance(other[area].centroid) < 0.5
        assert abs(shape.area - other[area].area) < 100


def test_case_21_names_in_latin_1_without_a_cpg(shared_data: Path) -> None:
    areas = placed(shared_data / "areas" / "stadsdelar_fullsize_3011_nocpg.zip")
    assert {"HÄGERSTEN", "ÅRSTA", "ÖRBY"} <= areas.keys()
    assert len(areas) == 117
    copy = placed(shared_data / "edge" / "stadsdelar_3006_noprj_nocpg_infolder.zip")
    assert areas["KISTA"].centroid.distance(copy["KISTA"].centroid) < 15


def test_case_7_the_system_is_asked_with_a_proposal(shared_data: Path) -> None:
    table = read_table(shared_data / "edge" / "stadsdelar_3006_noprj_nocpg_infolder.zip")
    asked = place_question(table, Choices())
    assert (asked.stated, asked.asks_system, asked.asks_order) == (None, True, False)
    assert [(one.srid, one.near) for one in asked.proposals] == [(3006, 117)]
    assert all(17.7 < lon < 18.3 and 59.2 < lat < 59.5 for lon, lat in asked.proposals[0].sample)
    assert not place_question(table, Choices(srid=3006)).asks_system


@pytest.mark.parametrize("name", TRAFIKVERKET)
def test_case_6_the_system_is_proposed_and_the_swapped_row_named(shared_data: Path, name: str) -> None:
    table = read_table(shared_data / "projects" / name)
    asked = place_question(table, Choices())
    assert asked.best is not None
    assert (asked.located, asked.asks_system, asked.best.srid, asked.best.in_sweden) == (663, True, 3006, 662)
    swapped = 118 if name.endswith("geojson") else 119  # a text has its headers in row 1
    assert asked.best.swapped_rows == (swapped,)
    with pytest.raises(RefusedFileError, match=r"65 av 663 passar SWEREF 99 TM \(EPSG:3006\)"):
        interpret(table)
    choices = Choices(srid=3006, columns={"name": "LinkName"} if name.endswith("geojson") else None)
    found = interpret(table, choices)
    reasons = {found.rows[index]: findings[-1].reason for index, findings in found.refused.items()}
    assert "omkastade" in reasons[swapped]
    assert sum("omkastade" in reason for reason in reasons.values()) == 1
    assert all("långt utanför" in reason for row, reason in reasons.items() if row != swapped)


@pytest.mark.parametrize("name", TRAFIKVERKET)
def test_the_rows_near_the_city_can_be_taken_alone_and_again(
    session: Session, actor: Actor, shared_data: Path, name: str
) -> None:
    path = shared_data / "projects" / name
    choices = Choices(srid=3006, columns={"name": "LinkName"} if name.endswith("geojson") else None)
    begin_writing(session)
    plan = plan_of(session, path, choices)
    assert len(plan.additions) + plan.refused_rows == 663
    assert len(plan.additions) >= 60
    applied = apply_plan(session, plan, actor, leave_refused=True)
    assert (applied.added, applied.left) == (len(plan.additions), plan.refused_rows)
    again = plan_of(session, path, choices)
    assert (len(again.additions), len(again.changes), len(again.unchanged)) == (0, 0, applied.added)


def test_ten_of_eleven_spellings_of_status_are_understood_and_the_last_is_asked(
    session: Session, shared_data: Path
) -> None:
    table = read_table(shared_data / "projects" / TRAFIKVERKET[0])
    phases = next(one for one in questions(session, table, Choices(srid=3006)).words if one.field == "phase")
    assert len(phases.words) == 11
    assert [(word.word, word.rows) for word in phases.words if word.unknown] == [(UNKNOWN_STATUS, 1)]
    assert {word.value for word in phases.words if not word.unknown} <= {phase.value for phase in Phase}
    answered = Choices(srid=3006, values={"phase": {UNKNOWN_STATUS: Phase.IMPLEMENTATION.value}})
    phases = next(one for one in questions(session, table, answered).words if one.field == "phase")
    assert not any(word.unknown for word in phases.words)
    reasons = [one.reason for several in interpret(table, answered).refused.values() for one in several]
    assert not any("Skedet är okänt" in reason for reason in reasons)
    left = interpret(table, Choices(srid=3006, values={"phase": {UNKNOWN_STATUS: ""}}))
    assert left.values["phase"].count(None) == 1


@pytest.mark.parametrize("name", VAXER)
def test_the_citys_416_projects_ask_nothing_but_a_confirmed_system(
    session: Session, shared_data: Path, name: str
) -> None:
    table = read_table(shared_data / "projects" / name)
    asked = questions(session, table, Choices(srid=3011))
    assert asked.settled
    assert asked.missing_key == ""
    assert asked.place.located == 416
    assert asked.unmatched == ()


def test_case_47_the_citys_own_area_names_against_the_polygons(session: Session, shared_data: Path) -> None:
    """Everyday names are understood, lists are split, the rest is flagged, and no row is dropped."""
    plan = plan_of(session, shared_data / "projects" / VAXER[0], Choices())
    agreement = plan.agreement
    told = agreement.same_name + agreement.other_name + len(agreement.differing) + agreement.silent
    assert told == len(plan.candidates) == len(plan.additions) == 416
    assert (agreement.silent, agreement.other_name > 20, len(agreement.differing) < 40) == (3, True, True)
    texts = Counter(text for text in plan.candidates.values["stated_area"] if text)
    gazetteer = Gazetteer.load(session)
    unknown = {text for text in texts if gazetteer.covered(text).unknown}
    assert unknown <= {stated.text for stated, _ in agreement.differing}
    assert gazetteer.covered("Gärdet").districts
    assert len(gazetteer.covered("Hagsätra, Rågsved").districts) == 2


@pytest.mark.parametrize("name", VAXER)
def test_case_3_the_416_go_round_through_every_format(
    session: Session, actor: Actor, shared_data: Path, tmp_path: Path, name: str
) -> None:
    begin_writing(session)
    apply_plan(session, plan_of(session, shared_data / "projects" / name, Choices(srid=3011)), actor)
    extract = choose(session, ProjectFilter(), Audience.INTERNAL, NOW)
    for form in REGISTER_FORMATS:
        path = tmp_path / f"ut.{form}"
        save_register(session, extract, form, path)
        again = plan_of(session, path, Choices())
        assert (len(again.unchanged), again.changes, again.refused) == (416, (), ())


def test_case_23_two_layers_are_asked_about_and_each_goes_through(session: Session, shared_data: Path) -> None:
    path = shared_data / "edge" / "flerlager_3011_Z.gpkg"
    assert [(one.name, one.rows) for one in inspect_file(path).layers] == [("projekt_Z", 30), ("projekt_punkter", 20)]
    with pytest.raises(RefusedFileError, match=r"flera lager.*projekt_Z, projekt_punkter"):
        read_table(path)
    for layer, rows in (("projekt_Z", 30), ("projekt_punkter", 20)):
        plan = plan_of(session, path, Choices(layer=layer, code_prefix=layer))
        assert (len(plan.additions), plan.refused) == (rows, ())
        assert ("Höjder (Z) i filen tas inte med." in plan.notes) == (layer == "projekt_Z")


def test_case_11_and_16_the_corner_cases_are_judged_one_by_one(
    session: Session, actor: Actor, shared_data: Path
) -> None:
    path = shared_data / "edge" / "kantfall_stockholm_4326.geojson"
    begin_writing(session)
    plan = plan_of(session, path, Choices(code_prefix="K"))
    reasons = {finding.row: (finding.name, finding.reason) for finding in plan.refused}
    assert reasons.keys() == {1, 6, 7}
    assert "korsar sig själv" in reasons[1][1]
    assert reasons[1][0] == "Självkorsande (rosett) Rinkeby"
    assert "omkastade" in reasons[6][1]
    applied = apply_plan(session, plan, actor, leave_refused=True)
    assert (applied.added, applied.left) == (4, 3)
    shapes = {project.name: from_stored(project.geom) for project in session.scalars(select(Project))}
    assert shapes["Utan geometri"] is None
    assert shapes["Tom polygon"] is None
    collection, surface = shapes["Samling Farsta"], shapes["3D Skärholmen"]
    assert collection is not None
    assert surface is not None
    assert (collection.geom_type, surface.has_z) == ("GeometryCollection", False)


def test_case_15_a_null_shape_does_not_fail_the_file(session: Session, shared_data: Path) -> None:
    plan = plan_of(session, shared_data / "edge" / "null_geom.geojson", Choices(code_prefix="N"))
    assert [plan.candidates.value("name", index) for index in plan.additions] == ["Null Geometry"]
    (finding,) = plan.refused
    assert (finding.row, finding.name, "långt utanför" in finding.reason) == (2, "SF to NY", True)


@pytest.mark.parametrize("name", ["stockholm_tram_tvarbanan.geojson", "stockholm_metro_red.geojson"])
def test_case_17_lines_and_stops_in_one_file_come_out_as_a_geopackage(
    session: Session, actor: Actor, shared_data: Path, tmp_path: Path, name: str
) -> None:
    table = read_table(shared_data / "projects" / name)
    choices = Choices(code_prefix="SP", columns={"name": "id"})
    begin_writing(session)
    plan = make_plan(session, interpret(table, choices), 2005, publish=False)
    assert (len(plan.additions), plan.refused) == (len(table.rows), ())
    apply_plan(session, plan, actor)
    assert table.geometries is not None
    kinds = {shape.geom_type for shape in table.geometries}
    assert {"Point", "LineString"} <= kinds
    path = tmp_path / "ut.gpkg"
    save_register(session, choose(session, ProjectFilter(), Audience.INTERNAL, NOW), "gpkg", path)
    contents = inspect_file(path)
    assert contents.only is not None
    assert contents.only.rows == len(table.rows)
    again = plan_of(session, path, Choices())
    assert (len(again.unchanged), again.changes) == (len(table.rows), ())


def test_the_forty_examples_go_through_with_goals_and_served_areas(
    session: Session, actor: Actor, shared_data: Path
) -> None:
    path = shared_data / "projects" / "exempelprojekt_4326.geojson"
    choices = Choices(code_prefix="EX", columns={"serves": "omraden_2004", "stated_area": "stadsdelar"})
    begin_writing(session)
    plan = plan_of(session, path, choices)
    assert (len(plan.additions), plan.refused) == (40, ())
    apply_plan(session, plan, actor)
    first = session.scalars(select(Project).where(Project.name == "Hammarby sjöstad")).one()
    assert {tag.goal.code for tag in first.goal_tags} == {"G1a", "G1b", "B2"}
    assert {row.area.name for row in first.serves if row.area} == {"Katarina-Sofia", "Maria-Gamla stan"}
    assert sum(row.share for row in first.serves) == 10_000
    again = plan_of(session, path, choices)
    assert (len(again.unchanged), again.changes) == (40, ())


def test_st74_with_the_order_said_lies_where_it_should(shared_data: Path) -> None:
    table = read_table(shared_data / "edge" / "stadsdelar_st74_3152.gpkg")
    assert table.srid == 3152
    found = interpret(table, Choices(columns=NAMES))
    assert found.geometries is not None
    assert bool(np.all(shapely.bounds(found.geometries)[:, 0] > 130_000))
