"""Reading periods."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from tracker.errors import InvalidInputError, NotFoundError
from tracker.followup.codes import PeriodCode
from tracker.followup.models import Period, ProjectReport
from tracker.followup.vocabulary import PeriodKind, PeriodState, ReportState
from tracker.messages import message
from tracker.projects.vocabulary import RUNNING_PERIOD


def list_periods(session: Session, year: int | None = None) -> list[Period]:
    """In order of time, versions of one beside each other; those of a year or all."""
    statement = select(Period).order_by(Period.as_of, Period.code, Period.version)
    return list(session.scalars(statement if year is None else statement.where(Period.year == year)))


def get_period(session: Session, key: str) -> Period:
    """By its key, or by either of its names ("2005-04" is 2005-T1), then the newest version. Raises NotFoundError."""
    found = session.scalar(select(Period).where(Period.key == key))
    if found is None and "-v" not in key:
        try:
            found = find_newest(session, PeriodCode.read(key))
        except InvalidInputError as error:
            raise NotFoundError(str(error)) from error
    if found is None:
        raise NotFoundError(message("Perioden %(key)s är inte öppnad.", key=key))
    return found


def find_newest(session: Session, code: PeriodCode) -> Period | None:
    """The newest version of a round; None while it is not opened."""
    return session.scalar(select(Period).where(Period.code == str(code)).order_by(Period.version.desc()).limit(1))


def list_versions(session: Session, code: str) -> list[Period]:
    """A round and its corrections, the first version first."""
    return list(session.scalars(select(Period).where(Period.code == code).order_by(Period.version)))


def find_last(session: Session, before: date | None = None) -> Period | None:
    """The period that stands latest in time, or latest before a day, in its newest version; None before the first."""
    statement = select(Period).order_by(Period.as_of.desc(), Period.version.desc(), Period.id.desc()).limit(1)
    return session.scalar(statement if before is None else statement.where(Period.as_of < before))


def find_before(session: Session, period: Period) -> Period | None:
    """The newest version of the period before this one in time."""
    return find_last(session, period.as_of)


def list_open(session: Session) -> list[Period]:
    """Those that take reports, in order of time."""
    statement = select(Period).where(Period.state == PeriodState.OPEN)
    return list(session.scalars(statement.order_by(Period.as_of, Period.version)))


def is_newest(session: Session, period: Period) -> bool:
    """Whether what is reported in it is also what the register says now.

    A correction of an earlier period leaves the register alone; of the latest one it does not.
    """
    return not list_later(session, period)


def list_later(session: Session, period: Period) -> list[Period]:
    """Those that take over from it, in order of time: later in time, or a later version of it.

    The plan of the year to come is opened in the autumn and takes over from no period of the old year, whose outcome is
    not known yet: both then say what the register says.
    """
    after = Period.as_of > period.as_of
    if period.kind is not PeriodKind.PLAN:
        after = and_(after, Period.kind != PeriodKind.PLAN)
    corrected = and_(Period.code == period.code, Period.version > period.version)
    return list(session.scalars(select(Period).where(or_(after, corrected)).order_by(Period.as_of, Period.version)))


def find_taking_over(session: Session, period: Period, project_ids: Collection[int]) -> tuple[Period, int] | None:
    """The newest open period after a closed one where any of the projects waits, and how many of them do."""
    for one in reversed(list_later(session, period)):
        if one.is_open:
            waiting = select(func.count()).where(
                ProjectReport.period_id == one.id,
                ProjectReport.state == ReportState.WAITING,
                ProjectReport.project_id.in_(project_ids),
            )
            if count := session.scalar(waiting):
                return one, count
    return None


def source_key(session: Session, period: Period) -> str:
    """Under which key a period's present figures stand: while it is open and the newest, the register's own.

    So a budget that was changed after the opening is counted at once by every page and report, and by closing. A
    correction begins as the closed version ended, and keeps its own.
    """
    return period.key if period.version > 1 else reporting_key(session, period)


def reporting_key(session: Session, period: Period) -> str:
    """What is reported in a period is measured by and written to these figures: the register's while it is the newest.

    Also in a correction of the latest period.
    """
    return RUNNING_PERIOD if period.is_open and is_newest(session, period) else period.key
