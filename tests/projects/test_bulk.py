"""The bulk writer gives what the ORM would have stored, on both databases."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, make_project
from tests.geometries import CITY_HALL, array, square
from tracker.database import begin_writing
from tracker.geo.crs import GeometryArray
from tracker.geo.envelope import InEnvelope
from tracker.geo.stored import from_stored
from tracker.history.models import Action, HistoryEntry
from tracker.history.services import Actor
from tracker.measures.models import MainKind
from tracker.projects.bulk import Same, Values, blocks, delete_for, insert_columns, reserve_ids, table_of
from tracker.projects.figures import Figure
from tracker.projects.geometries import stored_geometries
from tracker.projects.models import CaseNumber, Project
from tracker.projects.recording import record_many
from tracker.projects.vocabulary import Flow, Phase, Publication

AWKWARD = "tabb\there\nny rad \\N \\. å ä ö ” ' ; \r slut"


def columns(ids: list[int], names: list[str], geometries: GeometryArray) -> dict[str, Values]:
    return {
        "id": ids, "code": [f"P-{one}" for one in ids], "name": names, "sort_key": names, "search_text": names,
        "main_kind": [MainKind.HOUSING, MainKind.TRAFFIC], "secondary_kinds": ["[]", '["trafik"]'],
        "subtype": Same(""), "phase": Same(Phase.PLANNING), "description_public": Same(AWKWARD),
        "description_internal": Same(""), "link": Same(""), "stated_area": Same(""), "city_share": Same(10_000),
        "confidential": Same(False), "confidentiality_ground": Same(""), "publication": Same(Publication.DRAFT),
        "serves_motivation": Same(""), "location_approximate": [True, False], "example_values": Same(False),
        "geom": geometries, "created_at": Same(NOW), "updated_at": Same(NOW), "version": Same(1),
    }  # fmt: skip


def test_rows_come_back_as_written(session: Session) -> None:
    begin_writing(session)
    ids = reserve_ids(session, table_of(Project), 2)
    plot = square(150_000.123456789, 6_580_000, 20)
    count = insert_columns(session, table_of(Project), columns(ids, [AWKWARD, "\\"], array(plot, None)))
    first, second = (session.get_one(Project, one) for one in ids)
    assert count == 2
    assert (first.name, second.name, first.description_public) == (AWKWARD, "\\", AWKWARD)
    assert (first.main_kind, second.main_kind) == (MainKind.HOUSING, MainKind.TRAFFIC)
    assert (first.secondary_kinds, second.secondary_kinds) == ([], ["trafik"])
    assert (first.location_approximate, second.location_approximate) == (True, False)
    assert (first.created_at, first.phase, first.manager_id) == (NOW, Phase.PLANNING, None)
    stored = from_stored(first.geom)
    assert stored is not None
    assert shapely.to_wkb(stored) == shapely.to_wkb(plot)
    assert second.geom is None


def test_days_and_large_and_missing_numbers(session: Session) -> None:
    begin_writing(session)
    ids = reserve_ids(session, table_of(Project), 2)
    days: dict[str, Values] = {
        "start_decided": [date(1950, 12, 31), None],
        "end_forecast": Same(date(2004, 2, 29)),
        "manager_id": [None, None],
        "parent_id": Same(None),
    }
    insert_columns(session, table_of(Project), columns(ids, ["a", "b"], array(None, None)) | days)
    ore: dict[str, Values] = {
        "project_id": np.array([ids[0], ids[0], ids[1]]), "period": Same("lopande"), "year": [2004, 2005, 2005],
        "flow": [Flow.OUTLAY, Flow.INCOME, Flow.OUTLAY], "budget_ore": [999_999_999_999_999, -1, 0],
        "outcome_ore": [None, -999_999_999_999_999, None], "forecast_ore": Same(None), "budget_preliminary": Same(True),
    }  # fmt: skip
    insert_columns(session, table_of(Figure), ore)
    first, second = (session.get_one(Project, one) for one in ids)
    assert (first.start_decided, first.end_forecast, second.start_decided) == (
        date(1950, 12, 31),
        date(2004, 2, 29),
        None,
    )
    found = {(row.year, row.flow): (row.budget_ore, row.outcome_ore) for row in first.figures}
    assert found == {
        (2004, Flow.OUTLAY): (999_999_999_999_999, None),
        (2005, Flow.INCOME): (-1, -999_999_999_999_999),
    }
    assert [(row.budget_ore, row.budget_preliminary) for row in second.figures] == [(0, True)]


def test_the_spatial_index_follows(session: Session) -> None:
    begin_writing(session)
    ids = reserve_ids(session, table_of(Project), 2)
    insert_columns(session, table_of(Project), columns(ids, ["a", "b"], array(CITY_HALL, square(0, 0, 1))))
    found, shapes = stored_geometries(session, ids)
    assert found == ids
    assert shapes[0].equals(CITY_HALL)
    box = InEnvelope(Project.geom, Project.id, (150_000, 6_570_000, 160_000, 6_590_000))
    assert list(session.scalars(select(Project.id).where(box))) == [ids[0]]


def test_ids_are_new_and_a_later_orm_row_does_not_collide(session: Session) -> None:
    begin_writing(session)
    ids = reserve_ids(session, table_of(Project), 2)
    insert_columns(session, table_of(Project), columns(ids, ["a", "b"], array(None, None)))
    later = make_project(session, "C")
    assert later.id not in ids
    assert not set(reserve_ids(session, table_of(Project), 3)) & {*ids, later.id}


def test_deleting_in_blocks_leaves_the_others(session: Session) -> None:
    projects = [make_project(session, f"P{number}") for number in range(3)]
    for project in projects:
        project.case_numbers = [CaseNumber(position=1, number=project.code)]
    session.flush()
    delete_for(session, CaseNumber.project_id, [projects[0].id, projects[2].id])
    session.expire_all()
    assert list(session.scalars(select(CaseNumber.number))) == ["P1"]
    assert list(blocks(range(5), 2)) == [[0, 1], [2, 3], [4]]


def test_columns_of_different_length_are_refused(session: Session) -> None:
    with pytest.raises(ValueError, match="one length"):
        insert_columns(session, table_of(CaseNumber), {"project_id": [1, 2], "position": [1], "number": Same("x")})


def test_a_row_that_the_database_refuses_raises(session: Session) -> None:
    begin_writing(session)
    project = make_project(session, "A")
    twice: dict[str, Values] = {"project_id": [project.id] * 2, "position": Same(1), "number": ["x", "y"]}
    with pytest.raises(Exception, match="case_number"):
        insert_columns(session, table_of(CaseNumber), twice)


def test_history_of_many_is_one_entry_each(session: Session, actor: Actor) -> None:
    begin_writing(session)
    record_many(session, actor, Action.CHANGED, [(7, 2, {"name": ["a", AWKWARD]}), (8, 1, {"link": [None, ""]})])
    first, second = session.scalars(select(HistoryEntry).order_by(HistoryEntry.subject_id))
    assert (first.subject_kind, first.subject_id, first.subject_version) == ("project", 7, 2)
    assert (first.at, first.actor_name, first.origin, first.actor_id) == (actor.at, "Prov", actor.origin, None)
    assert first.changes == {"name": ["a", AWKWARD]}
    assert second.changes == {"link": [None, ""]}
