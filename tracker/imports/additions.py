"""The new projects of a plan as ready columns for every table they touch. Pure: writing is `apply.py`'s."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

import numpy as np
import orjson
import shapely

from tracker.geo.crs import GeometryArray
from tracker.history.models import Action, HistoryEntry
from tracker.history.services import Actor
from tracker.imports.additions_contents import contents_rows, say_contents
from tracker.imports.comparing import DATES, SIMPLE
from tracker.imports.judging import dates_of_new
from tracker.imports.plan import Plan
from tracker.projects.bulk import Rows, Same, Values, columns_of, table_of
from tracker.projects.display import Facts, display_columns, make_features
from tracker.projects.figures import Volume
from tracker.projects.locating import location_columns
from tracker.projects.models import CaseNumber, Location, Project, ProjectDisplay
from tracker.projects.recording import entry_columns
from tracker.projects.vocabulary import RUNNING_PERIOD, WHOLE, Phase, Publication
from tracker.text import search_text, sort_key

_SILENT: tuple[object, ...] = (None, "", False, (), [])


@dataclass(frozen=True, slots=True)
class Batch:
    """Candidates to add: their indices in the plan, and the ids of their projects and history entries."""

    indices: Sequence[int]
    ids: Sequence[int]
    entry_ids: Sequence[int]


def new_rows(plan: Plan, batch: Batch, actor: Actor) -> Rows:
    """Everything that the new projects of a batch bring with them."""
    said = _said(plan, batch.indices)
    shapes = plan.shapes(batch.indices)
    subjects = [(project_id, 1) for project_id in batch.ids]
    texts = _histories(said, shapes)
    return [
        (table_of(Project), _project_columns(batch.ids, said, shapes, actor)),
        (table_of(CaseNumber), _case_number_columns(batch.ids, said)),
        (table_of(Volume), _volume_columns(batch.ids, said)),
        *contents_rows(batch.ids, said),
        *_places(plan, batch, said, shapes),
        (table_of(HistoryEntry), entry_columns(actor, Action.CREATED, batch.entry_ids, subjects, texts)),
    ]


def _said(plan: Plan, indices: Sequence[int]) -> dict[str, list[Any]]:
    """Field → values: the file's, and what is decided where the file is silent."""
    candidates = plan.candidates
    columns: dict[str, list[Any]] = {}
    for field in ("code", *SIMPLE, "case_numbers", "dwellings"):
        column = candidates.values.get(field)
        columns[field] = [None] * len(indices) if column is None else [column[index] for index in indices]
    columns["phase"] = [phase or Phase.IDEA for phase in columns["phase"]]
    columns["main_kind"] = [
        kind or candidates.kind_or_guess(index) for kind, index in zip(columns["main_kind"], indices, strict=True)
    ]
    columns["publication"] = [
        Publication.PUBLISHED if plan.terms.publish and not secret else Publication.DRAFT
        for secret in columns["confidential"]
    ]
    columns["volumes"] = [
        count if count is None else [[RUNNING_PERIOD, plan.terms.measure_id, plan.terms.year, count, None, None]]
        for count in columns.pop("dwellings")
    ]
    columns["city_share"] = [WHOLE if share is None else share for share in columns["city_share"]]
    columns["secondary_kinds"] = _kinds(plan, indices)
    _say_dates(plan, indices, columns)
    say_contents(plan, indices, columns)
    return columns


def _kinds(plan: Plan, indices: Sequence[int]) -> list[Any]:
    column = plan.candidates.values.get("secondary_kinds")
    return [[kind.value for kind in (column[index] if column else None) or ()] for index in indices]


def _say_dates(plan: Plan, indices: Sequence[int], columns: dict[str, list[Any]]) -> None:
    given = plan.candidates.values.keys() & DATES.keys()
    found = [dates_of_new(plan.candidates, index) if given else {} for index in indices]
    for name in dict.fromkeys(DATES.values()):
        columns[name] = [dates.get(name) for dates in found]


def _project_columns(
    ids: Sequence[int], said: dict[str, list[Any]], shapes: GeometryArray, actor: Actor
) -> dict[str, Values]:
    columns: dict[str, Values] = {
        "id": ids,
        **{name: said[name] for name in ("main_kind", "phase", "publication", "city_share")},
        "sort_key": [sort_key(name) for name in said["name"]],
        "search_text": [
            searchable(*row)
            for row in zip(said["code"], said["name"], said["case_numbers"], said["stated_area"], strict=True)
        ],
        "secondary_kinds": [orjson.dumps(kinds).decode() for kinds in said["secondary_kinds"]],
        "version": Same(1),
        "created_at": Same(actor.at),
        "updated_at": Same(actor.at),
        "geom": shapes,
    }
    for name in ("code", "name", *_TEXTS):
        columns[name] = [value or "" for value in said[name]] if any(said[name]) else Same("")
    for name in _FLAGS:
        columns[name] = [bool(value) for value in said[name]] if any(said[name]) else Same(value=False)
    for name in _OPTIONAL:
        if any(said[name]):
            columns[name] = said[name]
    return columns


_TEXTS = (
    "stated_area", "description_public", "link", "confidentiality_ground", "subtype", "description_internal",
    "serves_motivation",
)  # fmt: skip
_FLAGS = ("confidential", "location_approximate", "example_values")
_OPTIONAL = ("manager_id", "deputy_id", "parent_id", *dict.fromkeys(DATES.values()))


def searchable(code: str, name: str, case_numbers: Sequence[str] | None, stated_area: str | None) -> str:
    """What the list's search looks in, as the register's own service writes it."""
    return search_text(" ".join((code, name, *(case_numbers or ()), stated_area or "")))


def _case_number_columns(ids: Sequence[int], said: dict[str, list[Any]]) -> dict[str, Values]:
    rows = [
        (project_id, position, number)
        for project_id, numbers in zip(ids, said["case_numbers"], strict=True)
        for position, number in enumerate(numbers or (), start=1)
    ]
    return columns_of(("project_id", "position", "number"), rows)


def _volume_columns(ids: Sequence[int], said: dict[str, list[Any]]) -> dict[str, Values]:
    rows = [(one, *row) for one, of in zip(ids, said["volumes"], strict=True) for row in of or ()]
    return columns_of(("project_id", "period", "measure_id", "year", "planned", "started", "completed"), rows)


def _places(plan: Plan, batch: Batch, said: dict[str, list[Any]], shapes: GeometryArray) -> Rows:
    """ "Ligger i" and the map text of those that have a geometry."""
    located = plan.locations(batch.indices)
    areas = located.names_by_row(plan.outlines.lowest)
    drawn = np.flatnonzero(~shapely.is_missing(shapes)).tolist()
    facts = [
        Facts(
            said["code"][one], said["name"][one], said["main_kind"][one], said["phase"][one],
            goals=(), areas=areas.get(one, ()), approximate=bool(said["location_approximate"][one]),
            start=_year(said["start_forecast"][one] or said["start_decided"][one]),
            end=_year(said["end_forecast"][one] or said["end_decided"][one]),
        )
        for one in drawn
    ]  # fmt: skip
    features = make_features(shapes[drawn], facts)
    return [
        (table_of(Location), location_columns(batch.ids, located)),
        (table_of(ProjectDisplay), display_columns([batch.ids[one] for one in drawn], features)),
    ]


def _histories(said: dict[str, list[Any]], shapes: GeometryArray) -> list[str]:
    """The history's JSON of each project: field → [null, value] for what says something."""
    drawn = shapely.to_wkt(shapes, rounding_precision=-1)
    pieces = [_pieces(field, values) for field, values in said.items() if any(values)]
    pieces.append(['"geometry":[null,"' + wkt + '"]' if wkt else "" for wkt in drawn])
    return ["{" + ",".join(filter(None, row)) + "}" for row in zip(*pieces, strict=True)]


def _pieces(field: str, values: list[Any]) -> list[str]:
    head = f'"{field}":[null,'
    if values and isinstance(values[0], Enum | int):
        known = {value: head + orjson.dumps(value).decode() + "]" if value else "" for value in set(values)}
        return [known[value] for value in values]
    return ["" if value in _SILENT else head + orjson.dumps(value).decode() + "]" for value in values]


def _year(day: date | None) -> int | None:
    return day.year if day else None
