""" "Inget nytt" for many projects at once: what stood before still holds. The caller commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tracker.followup.checks_reading import among
from tracker.followup.following import bring_up
from tracker.followup.models import Period, ProjectReport
from tracker.followup.progress import own
from tracker.followup.queries import reporting_key
from tracker.followup.report_rules import Limits, unchanged_problems
from tracker.followup.reporting import SUBJECT, hold_open
from tracker.followup.sheet_reading import read_sheets
from tracker.followup.sheets import Sheet
from tracker.followup.vocabulary import Light, ReportState
from tracker.history.models import Action, HistoryEntry
from tracker.history.services import Actor
from tracker.messages import joined, message
from tracker.projects.bulk import Same, insert_columns, reserve_ids, table_of
from tracker.projects.models import Project
from tracker.projects.policies import Rights
from tracker.projects.recording import entry_columns
from tracker.projects.vocabulary import RUNNING_PERIOD


@dataclass(frozen=True, slots=True)
class Refusal:
    """A project for which "inget nytt" was not taken, and why."""

    code: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What came of it."""

    confirmed: tuple[int, ...]
    refused: tuple[Refusal, ...]


def confirm_unchanged(
    session: Session, period: Period, project_ids: Sequence[int], actor: Actor, rights: Rights
) -> Confirmation:
    """Confirm that nothing is new; those that cannot be confirmed are told with the reason, the others are.

    A project that never had a judgement becomes green: nothing new means according to plan. Raises ConflictError for
    a closed period. Ids of projects that are not expected to report, or not this person's to see, are passed over.
    """
    hold_open(session, period)
    ids = sorted(set(project_ids))
    held = select(ProjectReport.id).where(ProjectReport.period_id == period.id, among(ProjectReport.project_id, ids))
    session.execute(held.with_for_update())
    sheets = read_sheets(session, period, ids, rights.viewer)
    mine = _mine(session, ids, rights)
    limits = Limits(period.deviation_percent, period.deviation_ore)
    refused, good = [], []
    for sheet in sheets.values():
        if reason := _reason(sheet, sheet.project_id in mine, limits):
            refused.append(Refusal(sheet.code, sheet.name, reason))
        else:
            good.append(sheet)
    _write(session, period, good, actor)
    return Confirmation(tuple(one.project_id for one in good), tuple(sorted(refused, key=lambda one: one.code)))


def _mine(session: Session, ids: Sequence[int], rights: Rights) -> set[int]:
    """Those of the projects that these rights may report."""
    if rights.budget:
        return set(ids)
    rows = select(Project.id).where(among(Project.id, ids), own(rights.viewer.user_id or 0))
    return set(session.scalars(rows))


def _reason(sheet: Sheet, mine: bool, limits: Limits) -> str:
    """Why it cannot be confirmed; empty when it can."""
    if not mine:
        return message("Projektet rapporteras av sin projektledare, ersättaren eller en controller.")
    if sheet.state is not ReportState.WAITING:
        return message("Redan klart: %(state)s.", state=sheet.state.label.lower())
    return joined(" ", (one.reason for one in unchanged_problems(sheet, limits)))


def _write(session: Session, period: Period, good: Sequence[Sheet], actor: Actor) -> None:
    if not good:
        return
    ids = [one.project_id for one in good]
    mine = (ProjectReport.period_id == period.id, among(ProjectReport.project_id, ids))
    values = {
        "state": ReportState.UNCHANGED,
        "light": func.coalesce(ProjectReport.light, Light.GREEN),
        "reported_at": actor.at,
        "reported_by": actor.name,
        "version": ProjectReport.version + 1,
    }
    session.execute(update(ProjectReport).where(*mine).values(values).execution_options(synchronize_session=False))
    if reporting_key(session, period) == RUNNING_PERIOD:
        bring_up(session, period, ids)
    _record(session, period, good, actor)
    session.expire_all()


def _record(session: Session, period: Period, good: Sequence[Sheet], actor: Actor) -> None:
    reports = select(ProjectReport.project_id, ProjectReport.id, ProjectReport.version)
    reports = reports.where(
        ProjectReport.period_id == period.id, among(ProjectReport.project_id, [one.project_id for one in good])
    )
    subjects = {project_id: (report_id, version) for project_id, report_id, version in session.execute(reports)}
    table = table_of(HistoryEntry)
    columns = entry_columns(
        actor,
        Action.CHANGED,
        reserve_ids(session, table, len(good)),
        [subjects[one.project_id] for one in good],
        [orjson.dumps(_changes(one)).decode() for one in good],
    )
    insert_columns(session, table, columns | {"subject_kind": Same(SUBJECT), "note": Same(period.key)})


def _changes(sheet: Sheet) -> dict[str, list[str | None]]:
    changes: dict[str, list[str | None]] = {"state": [sheet.state.value, ReportState.UNCHANGED.value]}
    return changes if sheet.light else changes | {"light": [None, Light.GREEN.value]}
