"""What is reported of initiatives in a period: what was done and for whom. The caller commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tracker.errors import Problem
from tracker.followup.models import Period
from tracker.followup.versions import is_before, refuse_closed
from tracker.history.models import Action
from tracker.history.services import Actor, record
from tracker.initiatives.contents import SUBJECT
from tracker.initiatives.gathering import of_period, reports_in
from tracker.initiatives.models import Initiative, InitiativeReport
from tracker.initiatives.policies import may_change, visible_to
from tracker.messages import message
from tracker.projects.policies import Rights, Viewer

LONGEST = 8000


@dataclass(frozen=True, slots=True)
class Said:
    """What a row of the page says. `seen` is the mark of what stood there; `same`: what stands still holds."""

    done: str
    for_whom: str
    seen: str
    same: bool


@dataclass(frozen=True, slots=True)
class ReportRow:
    """An initiative in a period: what is shown, what is stored, and what came from an earlier period."""

    initiative: Initiative
    done: str
    for_whom: str
    stored: InitiativeReport | None
    earlier: InitiativeReport | None

    @property
    def seen(self) -> str:
        """The mark of what is stored: another mark means that somebody has reported in between."""
        return self.stored.reported_at.isoformat() if self.stored else ""

    @property
    def prefilled(self) -> bool:
        """Whether the text is that of an earlier period, not yet said of this one."""
        return self.stored is None and self.earlier is not None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a sent page. Nothing is saved when there are problems or somebody came between."""

    saved: int
    problems: Mapping[int, Problem]
    crossed: frozenset[int]
    """Initiatives that somebody else reported while the page was open."""


def list_report_rows(session: Session, period: Period, viewer: Viewer) -> list[ReportRow]:
    """Every initiative of the period that the viewer may see, by name, prefilled from the last report before."""
    conditions = [*visible_to(viewer), of_period(period)]
    found = select(Initiative).where(*conditions).options(selectinload(Initiative.owner))
    chosen = select(Initiative.id).where(*conditions)
    stored, earlier = reports_in(session, period, chosen), _earlier(session, period)
    return [
        _row(one, stored.get(one.id), earlier.get(one.id))
        for one in session.scalars(found.order_by(Initiative.sort_key, Initiative.code))
    ]


def _row(one: Initiative, stored: InitiativeReport | None, earlier: InitiativeReport | None) -> ReportRow:
    shown = stored or earlier
    return ReportRow(one, shown.done if shown else "", shown.for_whom if shown else one.for_whom, stored, earlier)


def _earlier(session: Session, period: Period) -> dict[int, InitiativeReport]:
    statement = (
        select(InitiativeReport)
        .join(Period, Period.id == InitiativeReport.period_id)
        .where(is_before(period))
        .order_by(Period.as_of, Period.code, Period.version)
    )
    return {one.initiative_id: one for one in session.scalars(statement)}


def list_reports(session: Session, initiative: Initiative) -> list[InitiativeReport]:
    """Its reports, the latest period first."""
    statement = (
        select(InitiativeReport)
        .join(Period, Period.id == InitiativeReport.period_id)
        .where(InitiativeReport.initiative_id == initiative.id)
        .options(selectinload(InitiativeReport.period))
        .order_by(Period.as_of.desc(), Period.version.desc())
    )
    return list(session.scalars(statement))


def report_initiatives(
    session: Session, period: Period, said: Mapping[int, Said], actor: Actor, rights: Rights
) -> Outcome:
    """Save the rows that say something new, or that what stands still holds; all of them or none.

    Raises ConflictError when the period is closed. Rows of initiatives that the person may not report are passed over.
    """
    # One writer of the period's reports at a time; whoever closes it waits too.
    session.refresh(period, with_for_update={"key_share": True})
    refuse_closed(period)
    rows = [
        row
        for row in list_report_rows(session, period, rights.viewer)
        if row.initiative.id in said and may_change(row.initiative, rights) and _says(row, said[row.initiative.id])
    ]
    problems = {row.initiative.id: one for row in rows for one in _problems(said[row.initiative.id])}
    crossed = frozenset(row.initiative.id for row in rows if row.seen != said[row.initiative.id].seen)
    if problems or crossed:
        return Outcome(0, problems, crossed)
    for row in rows:
        _save(session, period, row, said[row.initiative.id], actor)
    session.flush()
    return Outcome(len(rows), {}, frozenset())


def _says(row: ReportRow, said: Said) -> bool:
    changed = (said.done, said.for_whom) != (row.done, row.for_whom)
    return changed or (said.same and row.stored is None and bool(said.done))


def _problems(said: Said) -> Sequence[Problem]:
    if not said.done:
        return [Problem("done", message("Skriv vad som gjordes."))]
    if max(len(said.done), len(said.for_whom)) > LONGEST:
        return [Problem("done", message("Texten får ha högst %(most)s tecken.", most=LONGEST))]
    return []


def _save(session: Session, period: Period, row: ReportRow, said: Said, actor: Actor) -> None:
    report = row.stored if row.stored and row.stored.period_id == period.id else None
    before = (report.done, report.for_whom) if report else (None, None)
    if report is None:
        report = InitiativeReport(initiative_id=row.initiative.id, period_id=period.id)
        session.add(report)
    report.done, report.for_whom = said.done, said.for_whom
    report.reported_at, report.reported_by = actor.at, actor.name
    changes: dict[str, list[object]] = {}
    for field, old, new in zip(("done", "for_whom"), before, (said.done, said.for_whom), strict=True):
        if old != new:
            changes[f"report_{field}"] = [old, new]
    subject = (SUBJECT, row.initiative.id, row.initiative.version)
    record(session, actor, subject, Action.CHANGED, changes, f"Rapport {period.key}")
