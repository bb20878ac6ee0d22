"""Writing the new projects of a plan, with everything that belongs to a project, some thousand at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import orjson
import shapely
from sqlalchemy.orm import Session

from tracker.geo.crs import GeometryArray
from tracker.history.models import Action
from tracker.history.services import Actor
from tracker.imports.plan import SIMPLE, Plan
from tracker.projects.bulk import Same, Values, insert_columns, reserve_ids, table_of
from tracker.projects.display import Facts, insert_display, make_features
from tracker.projects.figures import Volume
from tracker.projects.locating import insert_locations
from tracker.projects.models import CaseNumber, Project
from tracker.projects.recording import record_texts
from tracker.projects.vocabulary import RUNNING_PERIOD, WHOLE, Phase, Publication
from tracker.text import search_text, sort_key

_EMPTY: tuple[object, ...] = (None, "", False, [])


def add_projects(session: Session, plan: Plan, indices: Sequence[int], actor: Actor) -> list[int]:
    """Insert the candidates at these indices and return their ids. The caller holds the write lock."""
    ids = reserve_ids(session, table_of(Project), len(indices))
    shapes = _shapes(plan, indices)
    fields = [_fields(plan, index) for index in indices]
    _insert_projects(session, ids, fields, shapes, actor)
    _insert_children(session, ids, fields)
    _insert_places(session, plan, indices, ids, fields, shapes)
    record_texts(session, actor, Action.CREATED, ids, [1] * len(ids), _histories(fields, shapes))
    return ids


def _shapes(plan: Plan, indices: Sequence[int]) -> GeometryArray:
    if plan.candidates.geometries is None:
        return np.full(len(indices), None, dtype=object)
    return plan.candidates.geometries[list(indices)]


def _fields(plan: Plan, index: int) -> dict[str, Any]:
    """What a new project gets: the file's values, and what is decided where the file is silent."""
    candidates = plan.candidates
    fields = {field: candidates.value(field, index) for field in ("code", *SIMPLE, "case_numbers")}
    fields["main_kind"] = candidates.kind_or_guess(index)
    fields["phase"] = fields["phase"] or Phase.IDEA
    public = plan.publish and not fields["confidential"]
    fields["publication"] = Publication.PUBLISHED if public else Publication.DRAFT
    dwellings = candidates.value("dwellings", index)
    fields["volumes"] = (
        [] if dwellings is None else [[RUNNING_PERIOD, plan.measure_id, plan.year, dwellings, None, None]]
    )
    return fields


def _insert_projects(
    session: Session, ids: list[int], fields: list[dict[str, Any]], shapes: GeometryArray, actor: Actor
) -> None:
    def texts(name: str) -> list[str]:
        return [one[name] or "" for one in fields]

    columns: dict[str, Values] = {
        "id": ids,
        **{name: texts(name) for name in ("code", "name", "stated_area", "description_public", "link")},
        "confidentiality_ground": texts("confidentiality_ground"),
        "sort_key": [sort_key(one["name"]) for one in fields],
        "search_text": [searchable(one) for one in fields],
        "main_kind": [one["main_kind"] for one in fields],
        "phase": [one["phase"] for one in fields],
        "publication": [one["publication"] for one in fields],
        "confidential": [bool(one["confidential"]) for one in fields],
        "secondary_kinds": Same("[]"),
        **dict.fromkeys(("subtype", "description_internal", "serves_motivation"), Same("")),
        **dict.fromkeys(("location_approximate", "example_values"), Same(value=False)),
        "city_share": Same(WHOLE),
        "version": Same(1),
        "created_at": Same(actor.at),
        "updated_at": Same(actor.at),
        "geom": shapes,
    }
    insert_columns(session, table_of(Project), columns)


def searchable(fields: dict[str, Any]) -> str:
    """What the list's search looks in, as the register's own service writes it."""
    return search_text(fields["code"], fields["name"], *(fields["case_numbers"] or ()), fields["stated_area"] or "")


def _insert_children(session: Session, ids: list[int], fields: list[dict[str, Any]]) -> None:
    numbers = [
        (project_id, position, number)
        for project_id, one in zip(ids, fields, strict=True)
        for position, number in enumerate(one["case_numbers"] or (), start=1)
    ]
    insert_case_numbers(session, numbers)
    volumes = [(one, *row) for one, of in zip(ids, fields, strict=True) for row in of["volumes"]]
    names = ("project_id", "period", "measure_id", "year", "planned", "started", "completed")
    insert_columns(session, table_of(Volume), _by_column(names, volumes))


def insert_case_numbers(session: Session, rows: list[tuple[int, int, str]]) -> None:
    """Rows of (project id, position from 1, number)."""
    insert_columns(session, table_of(CaseNumber), _by_column(("project_id", "position", "number"), rows))


def _by_column(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> dict[str, Values]:
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def _insert_places(
    session: Session,
    plan: Plan,
    indices: Sequence[int],
    ids: list[int],
    fields: list[dict[str, Any]],
    shapes: GeometryArray,
) -> None:
    """ "Ligger i" and the map text of those that have a geometry."""
    if plan.locations is None:
        return
    located = plan.locations.of_rows(indices)
    insert_locations(session, ids, located)
    areas = located.names_by_row(plan.outlines.lowest)
    drawn = np.flatnonzero(~shapely.is_missing(shapes)).tolist()
    facts = [
        Facts(
            fields[one]["code"], fields[one]["name"], fields[one]["main_kind"].value, fields[one]["phase"].value,
            goals=(), areas=areas.get(one, ()), approximate=False,
        )
        for one in drawn
    ]  # fmt: skip
    insert_display(session, [ids[one] for one in drawn], make_features(shapes[drawn], facts))


def _histories(fields: list[dict[str, Any]], shapes: GeometryArray) -> list[str]:
    """The history's JSON: field → [null, value] for what says something. WKT is spliced in, for it is long."""
    drawn = shapely.to_wkt(shapes, rounding_precision=-1)
    texts = []
    for one, wkt in zip(fields, drawn.tolist(), strict=True):
        said = {name: (None, value) for name, value in one.items() if value not in _EMPTY}
        said["city_share"] = (None, WHOLE)
        text = orjson.dumps(said).decode()
        texts.append(text if wkt is None else f'{text[:-1]},"geometry":[null,"{wkt}"]}}')
    return texts
