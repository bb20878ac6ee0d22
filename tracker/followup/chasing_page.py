"""The page Bevaka as frozen data: progress by manager, counts by check, and one page of the list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.accounts.models import User
from tracker.followup.chasing import HIDDEN, NOBODY, Chased, ManagerLeft, managers_in
from tracker.followup.checks_queries import checks_of
from tracker.followup.checks_reading import among
from tracker.followup.checks_words import Check, Finding, Group, found
from tracker.followup.models import Period, ProjectReport
from tracker.followup.progress import Progress
from tracker.followup.reminding import LastReminder, last_reminders
from tracker.followup.vocabulary import ReportState
from tracker.messages import message
from tracker.projects.models import Project
from tracker.projects.policies import Viewer
from tracker.text import sort_key

NOBODY_NAME, HIDDEN_NAME = message("Utan projektledare"), message("Sekretess")
LACKING = {
    Check.GOALS: message("Ingen bedömning mot målen. Välj mål, eller ”inget bidrag” med skäl."),
    Check.PLACE: message("Inget läge på kartan. Rita det eller klistra in koordinater."),
    Check.SERVES: message("Inga betjänade områden är valda. Välj dem, annars räknas projektet där det ligger."),
    Check.ECONOMY: message("Inga belopp finns. Lägg in budget och prognos."),
    Check.DECISION: message("Beslutet som hör till skedet saknas. Lägg in det, eller ändra skedet."),
}
"""What the register lacks, as a finding says it."""


@dataclass(frozen=True, slots=True)
class ManagerRow:
    """A manager's line; those without one to name stand last."""

    manager_id: int
    name: str
    progress: Progress
    to_do: int
    last: LastReminder | None


@dataclass(frozen=True, slots=True)
class ChasedRow:
    """A line of the list."""

    code: str
    name: str
    confidential: bool
    manager: str
    state: ReportState
    reported_at: datetime | None
    findings: tuple[Finding, ...]


def manager_names(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """Manager id → name, also of those without one to name."""
    wanted = sorted({one for one in ids if one > 0})
    users = session.execute(select(User.id, User.name, User.email).where(among(User.id, wanted)))
    return {NOBODY: NOBODY_NAME, HIDDEN: HIDDEN_NAME} | {row.id: row.name or row.email for row in users}


def manager_rows(
    session: Session, period: Period, chased: Sequence[Chased], names: Mapping[int, str]
) -> list[ManagerRow]:
    """Those with most left first."""
    last = last_reminders(session, period)

    def order(one: ManagerLeft) -> tuple[bool, int, int, str]:
        return one.manager_id <= 0, -one.progress.waiting, -one.to_do, sort_key(names[one.manager_id])

    return [
        ManagerRow(one.manager_id, names[one.manager_id], one.progress, one.to_do, last.get(one.manager_id))
        for one in sorted(managers_in(chased), key=order)
    ]


def read_rows(
    session: Session, period: Period, chosen: Sequence[Chased], names: Mapping[int, str], viewer: Viewer, today: date
) -> Iterator[ChasedRow]:
    """The chosen projects with their sentences, in the order given."""
    ids = [one.id for one in chosen]
    said = checks_of(session, period, ids, viewer, today)
    statement = (
        select(Project.id, Project.name, Project.confidential, ProjectReport.reported_at)
        .join(ProjectReport, ProjectReport.project_id == Project.id)
        .where(ProjectReport.period_id == period.id, among(Project.id, ids))
    )
    about = {row.id: row for row in session.execute(statement)}
    for one in chosen:
        row = about[one.id]
        yield ChasedRow(one.code, row.name, row.confidential, names[one.manager_id], one.state, row.reported_at,
                        tuple(_findings(one, said.get(one.id, ()))))  # fmt: skip


def _findings(one: Chased, said: Sequence[Finding]) -> Iterator[Finding]:
    yield from said
    yield from (found(check, LACKING[check]) for check in one.checks if check.group is Group.MISSING)
