"""Writing a plan, all of it or nothing: the caller's one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.errors import ConflictError, RefusedFileError
from tracker.history.models import HistoryEntry
from tracker.history.services import Actor
from tracker.imports.additions import Batch, new_rows
from tracker.imports.findings import rows_in_words
from tracker.imports.plan import Plan
from tracker.imports.updates import change_projects
from tracker.messages import message, plural_message
from tracker.projects.bulk import reserve_ids, table_of, write_batches
from tracker.projects.display import refresh_display
from tracker.projects.models import GoalAssessment, GoalTag, Project

BATCH = 5_000
CHANGED_SINCE = message(
    "Registret har ändrats sedan du såg planen, så ingenting har sparats. Se över den nya planen och godkänn den igen."
)


@dataclass(frozen=True, slots=True)
class Applied:
    """What was written."""

    added: int
    changed: int
    unchanged: int
    project_ids: tuple[int, ...]
    """Of every row of the file, unchanged ones included."""
    left: int = 0
    """Refused rows, and rows with an open conflict, that were left out."""


def apply_plan(
    session: Session,
    plan: Plan,
    actor: Actor,
    progress: Callable[[int], None] = lambda _: None,
    *,
    leave_refused: bool = False,
    expected: str | None = None,
) -> Applied:
    """Write a plan made in the same transaction, which the caller has begun with `begin_writing`.

    `progress` is told how many rows were written since the last time. Raises RefusedFileError, and writes
    nothing, when the plan refuses any row, unless the person asked to leave those out (`leave_refused`);
    ConflictError when the plan is not the one that was seen (`expected`, its fingerprint) or when somebody else
    saved one of the projects since it was made, and then the caller rolls back.
    """
    if plan.open_conflicts and not leave_refused:
        raise RefusedFileError(conflicts_in_words(len(plan.open_conflicts)))
    if plan.refused and not leave_refused:
        raise RefusedFileError(
            message(
                "%(rows)s i filen kan inte tas emot, så ingenting har sparats.", rows=rows_in_words(plan.refused_rows)
            )
        )
    if expected is not None and plan.fingerprint() != expected:
        raise ConflictError(CHANGED_SINCE)
    ids = [project_id for _, project_id in plan.unchanged] + [change.project_id for change in plan.changes]
    with _told_of_others(session):
        ids += _add(session, plan, actor, progress)
        if plan.changes:
            change_projects(session, plan, plan.changes, actor)
            progress(len(plan.changes))
    left = plan.refused_rows + len(plan.open_conflicts)
    return Applied(len(plan.additions), len(plan.changes), len(plan.unchanged), tuple(ids), left)


def conflicts_in_words(count: int) -> str:
    """What keeps a plan with open conflicts from being applied."""
    return plural_message(
        "1 rad är ändrad både i filen och i registret. Välj vad som ska gälla; ingenting har sparats.",
        "%(num)s rader är ändrade både i filen och i registret. Välj vad som ska gälla; ingenting har sparats.",
        count,
    )


@contextmanager
def _told_of_others(session: Session) -> Iterator[None]:
    """On PostgreSQL two imports can plan at once. COPY goes past SQLAlchemy, so the driver's own error counts too."""
    driver = session.get_bind().dialect.loaded_dbapi
    try:
        yield
    except (IntegrityError, driver.IntegrityError) as error:
        raise ConflictError(
            message("Någon annan sparade samma projekt under tiden. Inget har ändrats; kör importen igen.")
        ) from error


def _add(session: Session, plan: Plan, actor: Actor, progress: Callable[[int], None]) -> list[int]:
    ids = reserve_ids(session, table_of(Project), len(plan.additions))
    entry_ids = reserve_ids(session, table_of(HistoryEntry), len(plan.additions))
    parts = [slice(start, start + BATCH) for start in range(0, len(ids), BATCH)]
    batches = (new_rows(plan, Batch(plan.additions[part], ids[part], entry_ids[part]), actor) for part in parts)
    write_batches(session, batches, progress)
    told = [plan.candidates.values[name] for name in ("goals", "serves") if name in plan.candidates.values]
    tagged = [one for one, index in zip(ids, plan.additions, strict=True) if any(column[index] for column in told)]
    if tagged:
        refresh_display(session, tagged)  # the map text names goals and served areas
    return ids


def count_without_goals(session: Session, project_ids: Iterable[int]) -> int:
    """How many of these projects nobody has judged against the goals yet."""
    judged = set(session.scalars(select(GoalTag.project_id).distinct()))
    judged |= set(session.scalars(select(GoalAssessment.project_id).distinct()))
    return len(set(project_ids) - judged)
