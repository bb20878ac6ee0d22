"""A project, and the catalogues that its history points into, as rows of the tables in fields.py."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.accounts.models import User
from tracker.areas.models import Area, AreaSet
from tracker.geo.stored import from_stored
from tracker.goals.models import Goal, GoalSet, StrategicQuestion
from tracker.history.models import HistoryEntry
from tracker.measures.models import Measure
from tracker.projects.history_replay import entries_of
from tracker.projects.masking import told_changes
from tracker.projects.models import Project
from tracker.projects.secrecy import Hidden

Row = dict[str, Any]
Tables = dict[str, list[Row]]


def plain(value: object) -> object:
    """A value as CSV and JSON both write it: days and moments as ISO 8601, words by their stored value."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def cells(**values: object) -> Row:
    """A row of plain values."""
    return {name: plain(value) for name, value in values.items()}


def project_row(project: Project, parent: Project | None) -> Row:
    """The project's own fields. `project` is as it may be told; `parent` its programme, when that may be named."""
    geometry = from_stored(project.geom)
    return cells(
        kod=project.code, namn=project.name, huvudslag=project.main_kind,
        ytterligare_slag=" ".join(project.secondary_kinds), undertyp=project.subtype, skede=project.phase,
        projektledare=_name(project.manager), ersattare=_name(project.deputy), start_beslutad=project.start_decided,
        start_prognos=project.start_forecast, slut_beslutat=project.end_decided, slut_prognos=project.end_forecast,
        beskrivning=project.description_public, intern_beskrivning=project.description_internal, lank=project.link,
        omrade_enligt_kallan=project.stated_area, stadens_andel=project.city_share, sekretess=project.confidential,
        lagrum=project.confidentiality_ground, publicering=project.publication,
        program=parent.code if parent is not None else "", motivering_omraden=project.serves_motivation,
        ungefarligt_lage=project.location_approximate, exempelvarden=project.example_values,
        geometri_wkt=None if geometry is None else shapely.to_wkt(geometry, rounding_precision=-1),
        registrerat=project.created_at, andrat=project.updated_at, version=project.version,
    )  # fmt: skip


def _name(user: User | None) -> str:
    return "" if user is None else user.name or user.email


@dataclass(frozen=True, slots=True)
class Names:
    """Codes by id: of the area editions and of the goals."""

    sets: Mapping[int, str]
    goals: Mapping[int, str]


def read_names(session: Session) -> Names:
    """As they are in the catalogues."""
    sets = dict(session.execute(select(AreaSet.id, AreaSet.code)).tuples().all())
    return Names(sets, dict(session.execute(select(Goal.id, Goal.code)).tuples().all()))


def related_rows(project: Project, names: Names) -> Iterator[tuple[str, Row]]:
    """(table, row) for what belongs to a project as it may be told."""
    code = project.code
    for number in project.case_numbers:
        yield "diarienummer", cells(projekt=code, ordning=number.position, nummer=number.number)
    for tag in sorted(project.goal_tags, key=lambda one: (one.goal.goal_set_id, one.goal.code)):
        edition = tag.goal.goal_set.code
        yield (
            "malkopplingar",
            cells(projekt=code, malutgava=edition, mal=tag.goal.code, styrka=tag.weight, motivering=tag.motivation),
        )
    for none in sorted(project.goal_assessments, key=lambda one: one.goal_set.code):
        yield "utan_bidrag", cells(projekt=code, malutgava=none.goal_set.code, skal=none.reason)
    for answer in sorted(project.answers, key=lambda one: one.question_id):
        goal = names.goals[answer.question.goal_id]
        yield "svar", cells(projekt=code, mal=goal, fraga=answer.question.text_sv, svar=answer.answer)
    yield from _places(project, names.sets)
    for made in project.decisions:
        yield "beslut", cells(
            projekt=code, beslutspunkt=made.gate, datum=made.date, organ=made.body, diarienummer=made.case_number,
            paragraf=made.paragraph, utgift_ore=made.outlay_ore, inkomst_ore=made.income_ore,
            prisniva=made.price_level, anteckning=made.note,
        )  # fmt: skip
    for mark in project.secret_fields:
        yield "sekretess", cells(projekt=code, uppgift=mark.field, lagrum=mark.ground)


def _places(project: Project, sets: Mapping[int, str]) -> Iterator[tuple[str, Row]]:
    for served in project.serves:
        area = served.area
        yield "betjanar", cells(
            projekt=project.code, ordning=served.position, omfattning=served.scope,
            omradesutgava=area.area_set.code if area else "", omrade=area.code if area else "", andel=served.share,
        )  # fmt: skip
    for place in project.locations:
        edition = sets.get(place.area_set_id, "")
        area_code = place.area.code if place.area else ""
        yield "ligger_i", cells(projekt=project.code, omradesutgava=edition, omrade=area_code, andel=place.share)


def counted_rows(project: Project, figures: list[Any], volumes: list[Any]) -> Iterator[tuple[str, Row]]:
    """Money and counts of every period, in order."""
    for one in sorted(figures, key=lambda one: (one.period, one.year, one.flow.value)):
        yield "siffror", cells(
            projekt=project.code, period=one.period, ar=one.year, flode=one.flow, budget_ore=one.budget_ore,
            utfall_ore=one.outcome_ore, prognos_ore=one.forecast_ore, preliminar_budget=one.budget_preliminary,
        )  # fmt: skip
    for one in sorted(volumes, key=lambda one: (one.period, one.measure.code, one.year)):
        yield "matt", cells(
            projekt=project.code, period=one.period, ar=one.year, matt=one.measure.code, enhet=one.measure.unit,
            planerat=one.planned, paborjat=one.started, fardigt=one.completed,
        )  # fmt: skip


def history_rows(session: Session, project: Project, hidden: Hidden) -> Iterator[tuple[str, Row]]:
    """The whole history, the oldest first; what is hidden now is hidden of old too."""
    for entry in session.scalars(entries_of(project).order_by(HistoryEntry.id)):
        changes = told_changes(entry.changes, hidden)
        yield "historik", cells(
            projekt=project.code, nummer=entry.id, tidpunkt=entry.at, vem=entry.actor_name, vag=entry.origin,
            handelse=entry.action, version=entry.subject_version, anmarkning=entry.note,
            andringar=json.dumps(changes, ensure_ascii=False, sort_keys=True),
        )  # fmt: skip


def catalogue_tables(session: Session) -> Tables:
    """The catalogues, by id."""
    goals = select(Goal, GoalSet.code).join(GoalSet, Goal.goal_set_id == GoalSet.id).order_by(Goal.id)
    areas = select(Area.id, AreaSet.code, Area.code, Area.name).join(AreaSet).order_by(Area.id)
    asked = select(StrategicQuestion.id, Goal.code, StrategicQuestion.text_sv).join(Goal).order_by(StrategicQuestion.id)
    return {
        "malkatalog": [
            cells(id=one.id, malutgava=edition, mal=one.code, namn=one.name_sv, text=one.text_sv)
            for one, edition in session.execute(goals)
        ],
        "omradeskatalog": [
            cells(id=number, omradesutgava=edition, omrade=code, namn=name)
            for number, edition, code, name in session.execute(areas)
        ],
        "mattkatalog": [
            cells(id=one.id, matt=one.code, namn=one.name_sv, enhet=one.unit)
            for one in session.scalars(select(Measure).order_by(Measure.id))
        ],
        "fragekatalog": [cells(id=number, mal=goal, fraga=text) for number, goal, text in session.execute(asked)],
        "anvandare": [cells(id=one.id, namn=_name(one)) for one in session.scalars(select(User).order_by(User.id))],
    }
