"""Writing a plan: rows, places, map texts, history; all or nothing; again changes nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories import make_measure, make_project
from tests.geometries import CITY_HALL, RINKEBY
from tests.imports.files import HEADERS, ROWS, write_csv, write_geopackage
from tracker.areas.seeding import seed_areas
from tracker.database import begin_writing
from tracker.errors import ConflictError, RefusedFileError
from tracker.geo.stored import from_stored
from tracker.history.models import Action, HistoryEntry
from tracker.history.services import Actor
from tracker.imports import apply as applying
from tracker.imports.additions import new_rows
from tracker.imports.apply import Applied, apply_plan, count_without_goals
from tracker.imports.candidates import interpret
from tracker.imports.plan import make_plan
from tracker.imports.registered import DWELLINGS
from tracker.imports.sources import read_table
from tracker.measures.models import MainKind
from tracker.projects.figures import Volume
from tracker.projects.models import Location, Project, ProjectDisplay
from tracker.projects.services import SUBJECT
from tracker.projects.snapshots import changes_between, describe
from tracker.projects.vocabulary import Phase, Publication


@pytest.fixture(autouse=True)
def catalogues(session: Session) -> None:
    seed_areas(session)
    make_measure(session, DWELLINGS)
    session.commit()


def run(session: Session, actor: Actor, path: Path, year: int = 2005, *, publish: bool = False) -> Applied:
    begin_writing(session)
    plan = make_plan(session, interpret(read_table(path)), year, publish=publish)
    applied = apply_plan(session, plan, actor)
    session.commit()
    return applied


def by_code(session: Session) -> dict[str, Project]:
    session.expire_all()
    return {project.code: project for project in session.scalars(select(Project).order_by(Project.code))}


def entries(session: Session, project: Project) -> list[HistoryEntry]:
    wanted = select(HistoryEntry).where(HistoryEntry.subject_kind == SUBJECT, HistoryEntry.subject_id == project.id)
    return list(session.scalars(wanted.order_by(HistoryEntry.id)))


def test_rows_become_drafts_with_everything_that_belongs_to_them(
    session: Session, actor: Actor, tmp_path: Path
) -> None:
    applied = run(session, actor, write_csv(tmp_path / "a.csv"))
    assert (applied.added, applied.changed, applied.unchanged) == (3, 0, 0)
    first, second, third = by_code(session).values()
    assert (first.name, first.main_kind, first.phase) == ("Bostäder vid Rinkeby torg", MainKind.HOUSING, Phase.PLANNING)
    assert (first.stated_area, first.link, first.publication) == ("Rinkeby", "https://a.se/1", Publication.DRAFT)
    assert first.search_text == "p-1 bostäder vid rinkeby torg rinkeby"
    assert first.sort_key == "bost|der vid rinkeby torg"
    assert from_stored(first.geom) == shapely.Point(145965.26, 6585893.85)
    assert [(row.period, row.year, row.planned, row.started) for row in first.volumes] == [("lopande", 2005, 120, None)]
    assert [(row.area and row.area.name, row.place, row.share) for row in first.locations] == [("Rinkeby", 1, 10_000)]
    assert (second.main_kind, second.phase, second.volumes) == (MainKind.TRAFFIC, Phase.IMPLEMENTATION, [])
    assert (third.geom, third.locations, third.phase) == (None, [], Phase.IDEA)
    assert (first.created_at, first.version, first.city_share) == (actor.at, 1, 10_000)
    shown = {row.project_id: json.loads(row.feature) for row in session.scalars(select(ProjectDisplay))}
    assert shown.keys() == {first.id, second.id}
    assert shown[first.id]["properties"]["areas"] == ["Rinkeby"]


def test_history_says_what_the_registers_own_service_would(session: Session, actor: Actor, tmp_path: Path) -> None:
    run(session, actor, write_csv(tmp_path / "a.csv"))
    for project in by_code(session).values():
        (entry,) = entries(session, project)
        assert (entry.action, entry.subject_version, entry.at) == (Action.CREATED, 1, actor.at)
        assert entry.changes == changes_between({}, describe(project))


def test_a_second_run_changes_nothing(session: Session, actor: Actor, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv")
    run(session, actor, path)
    before = [describe(project) for project in by_code(session).values()]
    for year in (2005, 2006):
        again = run(session, actor, path, year)
        assert (again.added, again.changed, again.unchanged) == (0, 0, 3)
    assert [describe(project) for project in by_code(session).values()] == before
    assert session.scalar(select(func.count(HistoryEntry.id))) == 3


def test_changes_touch_only_the_columns_of_the_file(session: Session, actor: Actor, tmp_path: Path) -> None:
    run(session, actor, write_csv(tmp_path / "a.csv"))
    headers = ("Kod", "Namn", "Skede", "Antal bostäder", "N", "E", "Dnr")
    rows = [
        ("P-1", "Å nytt", "Genomfört", 130, CITY_HALL.y, CITY_HALL.x, "E 1;E 2"),
        ("P-2", None, None, 7, None, None, None),
    ]
    applied = run(session, actor, write_csv(tmp_path / "b.csv", rows, headers))
    assert (applied.added, applied.changed, applied.unchanged) == (0, 2, 0)
    first, second, _ = by_code(session).values()
    assert (first.name, first.phase, first.version) == ("Å nytt", Phase.CLOSED, 2)
    assert (first.stated_area, first.link) == ("Rinkeby", "https://a.se/1")
    assert (first.sort_key, first.search_text) == ("{ nytt", "p-1 å nytt e 1 e 2 rinkeby")
    assert [row.number for row in first.case_numbers] == ["E 1", "E 2"]
    assert [(row.year, row.planned) for row in first.volumes] == [(2005, 130)]
    assert [row.area.name for row in first.locations if row.area] == ["Kungsholmen"]
    shown = json.loads(session.get_one(ProjectDisplay, first.id).feature)
    assert shown["properties"]["name"] == "Å nytt"
    assert shown["geometry"]["coordinates"] == [18.054665, 59.3274]
    assert (second.name, [row.planned for row in second.volumes]) == ("Cykelbana på Hantverkargatan", [7])
    created, changed = entries(session, first)
    assert (changed.action, changed.subject_version) == (Action.CHANGED, 2)
    assert changed.changes["phase"] == ["planering", "avslutat"]
    assert changed.changes["geometry"] == ["POINT (145965.26 6585893.85)", "POINT (153112 6579142)"]
    old, new = changed.changes["volumes"]
    assert [old] == created.changes["volumes"][1:]
    assert [(row[2], row[3]) for row in new] == [(2005, 130)]  # type: ignore[attr-defined]


def test_a_new_number_in_a_later_year_leaves_the_old_position(session: Session, actor: Actor, tmp_path: Path) -> None:
    run(session, actor, write_csv(tmp_path / "a.csv"))
    run(session, actor, write_csv(tmp_path / "b.csv", [("P-1", 90)], ("Kod", "Antal bostäder")), 2006)
    rows = session.execute(select(Volume.year, Volume.planned).order_by(Volume.year)).all()
    assert [tuple(row) for row in rows] == [(2005, 120), (2006, 90)]


def test_what_was_started_in_the_year_stays(session: Session, actor: Actor, tmp_path: Path) -> None:
    measure = make_measure(session, DWELLINGS)
    project = make_project(session, "P-1")
    project.volumes = [Volume(measure_id=measure.id, year=2005, started=8)]
    session.commit()
    path = write_csv(tmp_path / "b.csv", [("P-1", 90)], ("Kod", "Antal bostäder"))
    assert [run(session, actor, path).changed for _ in range(2)] == [1, 0]
    (row,) = by_code(session)["P-1"].volumes
    assert (row.planned, row.started) == (90, 8)


def test_publishing_makes_projects_public_but_no_secret_ones(session: Session, actor: Actor, tmp_path: Path) -> None:
    rows = [("A-1", "Öppet", None, None), ("A-2", "Hemligt", "Ja", "OSL 19:3")]
    path = write_csv(tmp_path / "a.csv", rows, ("Kod", "Namn", "Sekretess", "Lagrum"))
    run(session, actor, path, publish=True)
    first, second = by_code(session).values()
    assert (first.publication, second.publication) == (Publication.PUBLISHED, Publication.DRAFT)
    assert (second.confidential, second.confidentiality_ground) == (True, "OSL 19:3")


def test_drafts_are_published_by_a_second_run(session: Session, actor: Actor, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv")
    run(session, actor, path)
    assert run(session, actor, path, publish=True).changed == 3
    assert run(session, actor, path, publish=True).unchanged == 3
    assert {project.publication for project in by_code(session).values()} == {Publication.PUBLISHED}
    assert {project.version for project in by_code(session).values()} == {2}


def test_one_refused_row_keeps_the_whole_file_out(session: Session, actor: Actor, tmp_path: Path) -> None:
    rows: Sequence[Any] = [*ROWS, ("P-4", "Fel", None, "Okänt skede", None, None, None, None, None)]
    with pytest.raises(RefusedFileError, match="1 rad i filen kan inte tas emot"):
        run(session, actor, write_csv(tmp_path / "a.csv", rows))
    session.rollback()
    assert by_code(session) == {}
    assert run(session, actor, write_csv(tmp_path / "a.csv")).added == 3


def test_a_fault_in_a_later_batch_leaves_nothing(
    session: Session, actor: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "BATCH", 1)
    made: list[int] = []

    def failing(*given: Any) -> Any:
        made.append(1)
        if len(made) == 3:
            raise OSError("strömmen gick")
        return new_rows(*given)

    monkeypatch.setattr(applying, "new_rows", failing)
    with pytest.raises(OSError, match="strömmen"):
        run(session, actor, write_csv(tmp_path / "a.csv"))
    session.rollback()
    assert by_code(session) == {}
    assert session.scalar(select(func.count(HistoryEntry.id))) == 0
    assert session.scalar(select(func.count()).select_from(Location)) == 0


def test_batches_do_not_mix_their_rows(
    session: Session, actor: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "BATCH", 2)
    shapes = [CITY_HALL, None, RINKEBY, CITY_HALL, RINKEBY]
    columns = {"kod": [f"P-{number}" for number in range(5)], "namn": [f"Projekt {number}" for number in range(5)]}
    progress: list[int] = []
    begin_writing(session)
    table = read_table(write_geopackage(tmp_path / "a.gpkg", columns, shapes))
    apply_plan(session, make_plan(session, interpret(table), 2005, publish=False), actor, progress.append)
    found = {
        code: [row.area.name for row in project.locations if row.area] for code, project in by_code(session).items()
    }
    assert found == {
        "P-0": ["Kungsholmen"], "P-1": [], "P-2": ["Rinkeby"], "P-3": ["Kungsholmen"], "P-4": ["Rinkeby"],
    }  # fmt: skip
    assert progress == [2, 2, 1]


def test_projects_without_goals_are_counted(session: Session, actor: Actor, tmp_path: Path) -> None:
    make_project(session, "annat")
    applied = run(session, actor, write_csv(tmp_path / "a.csv", HEADERS and ROWS))
    assert count_without_goals(session, applied.project_ids) == 3


def test_a_code_taken_since_the_plan_is_a_conflict(session: Session, actor: Actor, tmp_path: Path) -> None:
    begin_writing(session)
    plan = make_plan(session, interpret(read_table(write_csv(tmp_path / "a.csv"))), 2005, publish=False)
    make_project(session, "P-2")
    with pytest.raises(ConflictError, match="Någon annan sparade samma projekt under tiden"):
        apply_plan(session, plan, actor)
    session.rollback()
    assert by_code(session) == {}
    assert run(session, actor, tmp_path / "a.csv").added == 3
