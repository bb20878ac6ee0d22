"""Who is to be reminded of a period, of what, and when it was done last. Letters are written in reminding_letters.py.

A letter goes to the manager; where the account is closed or there is none, to the deputy. It leaves the house, so it
names a confidential project by its code only, and tells nothing of what a field hides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from tracker.accounts.models import User
from tracker.followup.chasing import Chased, read_chased
from tracker.followup.checks_queries import checks_of
from tracker.followup.checks_reading import among
from tracker.followup.checks_words import Check, Finding, Group
from tracker.followup.models import Period, Reminder
from tracker.projects.models import Project
from tracker.projects.policies import INTERNAL, SHELL
from tracker.web.content import STOCKHOLM

BEING_SENT = "skickas"
BY_HAND = "för hand"
REACHED = ("", BY_HAND)
"""Results of a reminder that went out; BEING_SENT is one whose end nobody knows, if it stays."""


@dataclass(frozen=True, slots=True)
class RemindedProject:
    """A project in a letter; `name` is empty where it is confidential, `untold` what must not be told in a letter."""

    code: str
    name: str
    deputy: bool
    waiting: bool
    findings: tuple[Finding, ...]
    untold: int


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person to remind, and when that was done last in the period."""

    user_id: int
    name: str
    address: str
    projects: tuple[RemindedProject, ...]
    last: LastReminder | None = None

    def reminded_on(self, day: date) -> bool:
        """Whether a reminder went out that day, or may have."""
        return self.last is not None and self.last.reached_at is not None and _day(self.last.reached_at) == day


@dataclass(frozen=True, slots=True)
class LastReminder:
    """When a person was last reminded, and why the newest attempt failed, if it did."""

    reached_at: datetime | None
    failed_at: datetime | None = None
    failure: str = ""


def list_recipients(session: Session, period: Period, today: date, *, deputies: bool = False) -> list[Recipient]:
    """Everybody with something left, by name; with `deputies` they are reminded of their projects as well."""
    left = [one for one in read_chased(session, period, INTERNAL, today) if one.to_do]
    people = _people(session, left)
    responsible: dict[int, list[tuple[Chased, bool]]] = defaultdict(list)
    for one in left:
        for user_id, deputy in _responsible(people.get(one.id, (None, None)), deputies):
            responsible[user_id].append((one, deputy))
    told = _told(session, period, left, today)
    last = last_reminders(session, period)
    users = session.scalars(select(User).where(among(User.id, sorted(responsible))))
    found = [
        Recipient(user.id, user.name or user.email, user.email, tuple(_projects(responsible[user.id], told)),
                  last.get(user.id))
        for user in users
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.name.casefold(), one.user_id))


def _people(session: Session, left: Sequence[Chased]) -> dict[int, tuple[int | None, int | None]]:
    """Project id → manager and deputy, each None where the account is closed or there is none."""
    manager, deputy = aliased(User), aliased(User)
    statement = (
        select(Project.id, manager.id, deputy.id)
        .outerjoin(manager, (manager.id == Project.manager_id) & manager.active)
        .outerjoin(deputy, (deputy.id == Project.deputy_id) & deputy.active)
        .where(among(Project.id, [one.id for one in left]))
    )
    return {row[0]: (row[1], row[2]) for row in session.execute(statement)}


def _responsible(people: tuple[int | None, int | None], deputies: bool) -> Iterator[tuple[int, bool]]:
    manager, deputy = people
    if manager is not None:
        yield manager, False
    if deputy is not None and deputy != manager and (deputies or manager is None):
        yield deputy, True


@dataclass(frozen=True, slots=True)
class _Told:
    names: Mapping[int, str]
    findings: Mapping[int, tuple[Finding, ...]]


def _told(session: Session, period: Period, left: Sequence[Chased], today: date) -> _Told:
    """What may stand in a letter: names and findings of what is not confidential; SHELL sees no more."""
    ids = [one.id for one in left]
    open_names = select(Project.id, Project.name).where(among(Project.id, ids), Project.confidential.is_(False))
    names = {row[0]: " ".join(row[1].split()) for row in session.execute(open_names)}
    return _Told(names, checks_of(session, period, ids, SHELL, today))


def _projects(own: Sequence[tuple[Chased, bool]], told: _Told) -> Iterator[RemindedProject]:
    for one, deputy in own:
        doubts = {check for check in one.checks if check.group is Group.DOUBT}
        findings = tuple(
            finding for finding in told.findings.get(one.id, ()) if finding.check is not Check.NOT_REPORTED
        )
        untold = len(doubts - {finding.check for finding in findings})
        yield RemindedProject(one.code, told.names.get(one.id, ""), deputy, one.waiting, findings, untold)


def last_reminders(session: Session, period: Period) -> dict[int, LastReminder]:
    """User id → the last reminder in the period; a failure counts while nothing has reached the person since."""
    person = func.coalesce(Reminder.user_id, 0)
    statement = select(person, Reminder.result, func.max(Reminder.sent_at)).where(Reminder.period_id == period.id)
    reached: dict[int, datetime] = {}
    failed: dict[int, tuple[datetime, str]] = {}
    for user_id, result, at in session.execute(statement.group_by(person, Reminder.result)):
        if result in (*REACHED, BEING_SENT):
            reached[user_id] = max(at, reached.get(user_id, at))
        else:
            failed[user_id] = max((at, result), failed.get(user_id, (at, "")))
    return {user_id: _last(reached.get(user_id), failed.get(user_id)) for user_id in {*reached, *failed}}


def _last(reached: datetime | None, failed: tuple[datetime, str] | None) -> LastReminder:
    if failed is None or (reached is not None and reached > failed[0]):
        return LastReminder(reached)
    return LastReminder(reached, *failed)


def _day(moment: datetime) -> date:
    return moment.astimezone(STOCKHOLM).date()
