"""Closing a period: everything that its reports read and every file of them is kept, once and for ever.

In two steps, so that nobody waits while files are made. `prepare` reads the facts and makes the files without holding
anything. `close_prepared` then lets nobody else touch the periods, reads the facts once more, and keeps what was made
only when they are the same to the byte: what somebody reported in between is never lost. Whatever happens before the
commit, the period is open as before.
"""

from __future__ import annotations

import tempfile
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
from tracker.projects.vocabulary import RUNNING_PERIOD
from tracker.reports.closing_checks import Finding, stops_of
from tracker.reports.closing_files import Made
from tracker.reports.encoding import decode, encode, sum_of
from tracker.reports.facts import FORMAT_VERSION
from tracker.reports.models import PeriodFile, PeriodSnapshot
from tracker.reports.snapshots import KEPT_FOR, facts_to_keep
from tracker.reports.withholding import keep_matters

Render = Callable[[Mapping[Audience, bytes], Path], list[Made]]


class StoppedError(ConflictError):
    """The period cannot be closed yet; `stops` are the totals that do not reconcile."""

    def __init__(self, stops: Sequence[Finding]) -> None:
        self.stops = tuple(stops)
        super().__init__("Perioden kan inte stängas. " + " ".join(one.text for one in stops))


class ChangedMeanwhileError(ConflictError):
    """Something that the report tells was changed while its files were made: close again."""

    def __init__(self) -> None:
        super().__init__(
            "Någon ändrade uppgifter i perioden medan filerna skapades. Inget är stängt. Stäng en gång till."
        )


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is to be kept: the snapshots' bytes by audience, as of `closed_at`."""

    key: str
    closed_at: datetime
    appendix_limit_ore: int
    snapshots: Mapping[Audience, bytes]


def close_period(
    session: Session, key: str, actor: Actor, appendix_limit_ore: int, render: Render
) -> tuple[Period, tuple[str, ...]]:
    """Close a period: it and why some format is not kept. The caller commits.

    What the session has not committed is lost: reading ends before the files are made. Raises NotFoundError,
    ConflictError when it is closed already, StoppedError and ChangedMeanwhileError.
    """
    session.rollback()
    begin_reading(session)
    prepared = prepare(session, key, actor.at, appendix_limit_ore)
    session.rollback()
    with tempfile.TemporaryDirectory(prefix="portfolj-") as folder:
        files = render(prepared.snapshots, Path(folder))
        period = close_prepared(session, prepared, files, actor)
    return period, tuple(dict.fromkeys(one.problem for one in files if one.problem))


def begin_reading(session: Session) -> None:
    """Let what is read until the end of the transaction be of one moment."""
    if not session.in_transaction() and not is_sqlite(session):
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def prepare(session: Session, key: str, closed_at: datetime, appendix_limit_ore: int) -> Prepared:
    """Read what would be kept. Raises ConflictError or StoppedError; writes nothing."""
    period = _open_period(session, key)
    return Prepared(period.key, closed_at, appendix_limit_ore, _read(session, period, closed_at, appendix_limit_ore))


def close_prepared(session: Session, prepared: Prepared, files: Sequence[Made], actor: Actor) -> Period:
    """Keep what was made, and close. Raises ConflictError, StoppedError, ChangedMeanwhileError."""
    hold_periods(session)
    period = _open_period(session, prepared.key)
    snapshots = _read(session, period, prepared.closed_at, prepared.appendix_limit_ore)
    if snapshots != prepared.snapshots:
        raise ChangedMeanwhileError
    if source_key(session, period) == RUNNING_PERIOD:
        refresh_period(session, period, actor)
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
        raise ConflictError(f"Perioden {period.key} är redan stängd. En rättelse görs som en ny version av den.")
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
