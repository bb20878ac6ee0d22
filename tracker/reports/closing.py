"""Closing a period: everything that its reports read and every file of them is kept, once and for ever.

In two steps, so that nobody waits while files are made. `prepare` lets nobody else touch the periods, brings the
period up to the register, and reads the facts: they hold as of that moment. While the files are made nothing is held.
`close_prepared` keeps what was made when nothing that belongs to the period alone was changed since: what somebody
reported in between is never lost, and what changed in the register belongs to the next period. Whatever happens before
the commit, the period is open as before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from tracker.database import begin_writing, is_sqlite
from tracker.errors import ConflictError
from tracker.exports.audience import Audience
from tracker.followup.models import Period
from tracker.followup.opening import SUBJECT
from tracker.followup.queries import get_period, source_key
from tracker.followup.refreshing import refresh_period
from tracker.followup.vocabulary import PeriodState
from tracker.history.models import Action
from tracker.history.services import Actor, record
from tracker.messages import joined, message
from tracker.projects.vocabulary import RUNNING_PERIOD
from tracker.reports.closing_checks import Finding, stops_of
from tracker.reports.closing_files import Made
from tracker.reports.closing_signs import sign_of
from tracker.reports.encoding import decode, encode, sum_of
from tracker.reports.facts import FORMAT_VERSION
from tracker.reports.models import PeriodFile, PeriodSnapshot
from tracker.reports.snapshots import KEPT_FOR, facts_to_keep
from tracker.reports.withholding import keep_matters
from tracker.reports.working_folders import CLOSING, working_folder

Render = Callable[[Mapping[Audience, bytes], Path], list[Made]]


class StoppedError(ConflictError):
    """The period cannot be closed yet; `stops` are the totals that do not reconcile."""

    def __init__(self, stops: Sequence[Finding]) -> None:
        self.stops = tuple(stops)
        why = joined(" ", [one.text for one in stops])
        super().__init__(message("Perioden kan inte stängas. %(why)s", why=why))


class ChangedMeanwhileError(ConflictError):
    """Something that belongs to the period was changed while its files were made: close again."""

    def __init__(self) -> None:
        super().__init__(
            message(
                "Någon rapporterade eller ändrade i perioden medan filerna skapades. Inget är stängt. "
                "Stäng en gång till."
            )
        )


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is to be kept: the snapshots' bytes by audience, as of `closed_at`, and the sum of the period's own rows."""

    key: str
    closed_at: datetime
    snapshots: Mapping[Audience, bytes]
    sign: str


def close_period(
    session: Session, key: str, actor: Actor, appendix_limit_ore: int, render: Render
) -> tuple[Period, tuple[str, ...]]:
    """Close a period: it and why some format is not kept. The caller commits.

    What the session has not committed is lost: what is read is committed before the files are made. Raises
    NotFoundError, ConflictError when it is closed already, StoppedError and ChangedMeanwhileError.
    """
    session.rollback()
    prepared = prepare(session, key, actor, appendix_limit_ore)
    session.commit()
    with working_folder(CLOSING) as folder:
        files = render(prepared.snapshots, folder)
        period = close_prepared(session, prepared, files, actor)
    return period, tuple(dict.fromkeys(one.problem for one in files if one.problem))


def begin_reading(session: Session) -> None:
    """Let what is read until the end of the transaction be of one moment."""
    if not session.in_transaction() and not is_sqlite(session):
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def prepare(session: Session, key: str, actor: Actor, appendix_limit_ore: int) -> Prepared:
    """Read what would be kept, and let the period's own rows say the same. The caller commits.

    While a period follows the register its rows are only a copy (following.py): bringing them up closes nothing.
    Raises ConflictError or StoppedError.
    """
    hold_periods(session)
    period = _open_period(session, key)
    if source_key(session, period) == RUNNING_PERIOD:
        refresh_period(session, period, actor)
    snapshots = _read(session, period, actor.at, appendix_limit_ore)
    return Prepared(period.key, actor.at, snapshots, sign_of(session, period))


def close_prepared(session: Session, prepared: Prepared, files: Sequence[Made], actor: Actor) -> Period:
    """Keep what was made, and close. Raises ConflictError, ChangedMeanwhileError."""
    hold_periods(session)
    period, snapshots = _open_period(session, prepared.key), prepared.snapshots
    if sign_of(session, period) != prepared.sign:
        raise ChangedMeanwhileError
    _keep_snapshots(session, period, snapshots)
    for one in files:
        _keep_file(session, period, one)
    period.state, period.closed_at, period.closed_by = PeriodState.CLOSED, prepared.closed_at, actor.name
    sums = {audience.value: sum_of(content) for audience, content in snapshots.items()}
    changes: dict[str, list[object]] = {
        "state": [PeriodState.OPEN.value, PeriodState.CLOSED.value], "snapshots": [None, sums]
    }  # fmt: skip
    problems = " ".join(dict.fromkeys(one.problem for one in files if one.problem))
    record(session, actor, (SUBJECT, period.id, period.version), Action.CHANGED, changes, note=problems)
    session.flush()
    return period


def hold_periods(session: Session) -> None:
    """Let nobody else report in, open, correct or close a period until the transaction ends; all may read.

    Whoever reports holds the period's row (FOR SHARE). The lock on the table waits for them, and is taken before
    anything is read, so that what they committed is seen.
    """
    if is_sqlite(session):
        begin_writing(session)
        return
    begin_reading(session)
    session.connection().execute(text("LOCK TABLE period IN EXCLUSIVE MODE"))


def _open_period(session: Session, key: str) -> Period:
    period = get_period(session, key)
    if not period.is_open:
        raise ConflictError(
            message("Perioden %(key)s är redan stängd. En rättelse görs som en ny version av den.", key=period.key)
        )
    return period


def _read(session: Session, period: Period, closed_at: datetime, appendix_limit_ore: int) -> dict[Audience, bytes]:
    """The snapshots' bytes. Raises StoppedError when what the office's says does not reconcile."""
    snapshots: dict[Audience, bytes] = {}
    for audience in KEPT_FOR:
        facts = facts_to_keep(session, period, audience, closed_at, appendix_limit_ore)
        if audience is Audience.INTERNAL and (stops := stops_of(facts)):
            raise StoppedError(stops)
        snapshots[audience] = encode(facts)
    return snapshots


def _keep_snapshots(session: Session, period: Period, snapshots: Mapping[Audience, bytes]) -> None:
    for audience, content in snapshots.items():
        values = {
            "period_id": period.id, "audience": audience.value, "format_version": FORMAT_VERSION,
            "sha256": sum_of(content), "size_bytes": len(content), "content": content,
        }  # fmt: skip
        session.execute(insert(PeriodSnapshot), [values])
    keep_matters(session, period, decode(snapshots[Audience.PUBLIC]))


def _keep_file(session: Session, period: Period, one: Made) -> None:
    """A file at a time, so that no more than one is in memory."""
    if one.path is None:
        return
    content = one.path.read_bytes()
    if sum_of(content) != one.sha256:
        raise ValueError(f"{one.name} was changed after it was made")
    values = {
        "period_id": period.id, "format": one.form, "rule": one.rule.value, "audience": one.audience.value,
        "name": one.name, "sha256": one.sha256, "size_bytes": one.size_bytes, "content": content,
    }  # fmt: skip
    session.execute(insert(PeriodFile), [values])
