"""Opening a period: every project's figures and volumes are there from the start, and only what is new is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, exists, func, insert, literal, or_, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.elements import ColumnElement

from tracker.areas.queries import area_set_for_year
from tracker.database import is_sqlite
from tracker.errors import ConflictError
from tracker.followup.codes import PeriodCode, key_of
from tracker.followup.following import begin_amounts, settle_newest
from tracker.followup.limits import PeriodTerms, check_terms
from tracker.followup.models import BudgetTotal, Period, ProjectReport
from tracker.followup.queries import find_last, find_newest
from tracker.followup.vocabulary import PeriodState, ReportState
from tracker.goals.queries import goal_set_for_year
from tracker.history.models import Action
from tracker.history.services import Actor, record
from tracker.messages import Message, message
from tracker.projects.figures import Figure
from tracker.projects.models import Project
from tracker.projects.vocabulary import RUNNING_PERIOD, Phase

SUBJECT = "period"
DEFAULT_DEVIATION_ORE = 100_000_000
"""One million kronor: what the first period asks comments from, until a controller says something else."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What a controller says when opening; None is the usual, or what the last period had."""

    as_of: date | None = None
    deadline: date | None = None
    deviation_percent: int | None = None
    deviation_ore: int | None = None


USUAL = Opening()


def open_period(session: Session, code: PeriodCode, actor: Actor, percent: int, said: Opening = USUAL) -> Period:
    """Open a period and fill it with the figures that hold: the register's, unless a later period is there already.

    `percent` is the installation's limit of deviation, for the first period. Raises ConflictError when it is already
    open or closed, InvalidInputError for what was said.
    """
    present = find_newest(session, code)
    if present is not None:
        raise ConflictError(_not_again(present, str(code)))
    as_of = said.as_of or code.as_of
    last = find_last(session, as_of)
    terms = usual_terms(code, last, percent, said)
    check_terms(as_of, terms)
    period = Period(
        key=key_of(code, 1),
        code=str(code),
        version=1,
        year=code.year,
        kind=code.kind,
        as_of=as_of,
        deadline=terms.deadline,
        state=PeriodState.OPEN,
        deviation_percent=terms.deviation_percent,
        deviation_ore=terms.deviation_ore,
        goal_set_id=goal_set_for_year(session, code.year).id,
        area_set_id=area_set_for_year(session, code.year).id,
        opened_at=actor.at,
        opened_by=actor.name,
    )
    settle_newest(session)
    _add(session, period)
    begin_amounts(session, period, last)
    _let_the_planner_count(session)
    _expect_reports(session, period, last)
    _carry_totals(session, period, last)
    record(session, actor, (SUBJECT, period.id, period.version), Action.CREATED, {"key": [None, period.key]})
    return period


def _not_again(present: Period, code: str) -> Message:
    if present.is_open:
        return message("Perioden %(code)s är redan öppen.", code=code)
    return message("Perioden %(code)s är stängd och öppnas aldrig igen; gör en rättelse i stället.", code=code)


def usual_terms(code: PeriodCode, last: Period | None, percent: int, said: Opening = USUAL) -> PeriodTerms:
    """What holds where nothing else is said: the days of the round, and the limits of the last period."""
    return PeriodTerms(
        said.deadline or code.deadline,
        _first(said.deviation_percent, last.deviation_percent if last else None, percent),
        _first(said.deviation_ore, last.deviation_ore if last else None, DEFAULT_DEVIATION_ORE),
    )


def _add(session: Session, period: Period) -> None:
    """Two controllers may open one period in the same moment: the database lets one of them through."""
    session.add(period)
    try:
        session.flush()
    except IntegrityError as error:
        raise ConflictError(_not_again(period, period.code)) from error


def _let_the_planner_count(session: Session) -> None:
    """PostgreSQL plans by what it counted last, and the rows of this period and the one before may have come since.

    Without, it took the reports of the period before one by one for each of 20,000 projects: 29 s of 36.
    """
    if not is_sqlite(session):
        session.execute(text("ANALYZE figure, volume, project_report"))


def _first(*values: int | None) -> int:
    return next(value for value in values if value is not None)


def _expect_reports(session: Session, period: Period, last: Period | None) -> None:
    """One report for each project that goes on, or has money in the year; the last judgement is carried over."""
    before = aliased(ProjectReport)
    columns = {
        "period_id": literal(period.id),
        "project_id": Project.id,
        "state": literal(ReportState.WAITING, ProjectReport.state.type),
        "light": before.light,
        "light_text": func.coalesce(before.light_text, ""),
        "comment": func.coalesce(before.comment, ""),
        "start_forecast": Project.start_forecast,
        "end_forecast": Project.end_forecast,
        "version": literal(1),
    }
    carried = and_(before.project_id == Project.id, before.period_id == (last.id if last else 0))
    rows = (
        select(*columns.values())
        .select_from(Project)
        .outerjoin(before, carried)
        .where(*expected_to_report(period.year, period.key))
    )
    session.execute(insert(ProjectReport).from_select(list(columns), rows))


def expected_to_report(year: int, key: str) -> list[ColumnElement[bool]]:
    """Conditions on `project`: it is expected to report. A programme has no figures of its own."""
    child = aliased(Project)
    figures = exists().where(Figure.project_id == Project.id, Figure.period == key, Figure.year == year)
    goes_on = Project.phase.not_in((Phase.CLOSED, Phase.ABORTED))
    return [or_(goes_on, figures), ~exists().where(child.parent_id == Project.id)]


def count_expected(session: Session, year: int) -> int:
    """How many projects a period of that year would ask for a report if it were opened now."""
    return session.scalar(select(func.count(Project.id)).where(*expected_to_report(year, RUNNING_PERIOD))) or 0


def _carry_totals(session: Session, period: Period, last: Period | None) -> None:
    """The adopted budget's totals stand until a controller says otherwise."""
    if last is None:
        return
    columns = (BudgetTotal.year, BudgetTotal.flow, BudgetTotal.amount_ore, BudgetTotal.source)
    rows = select(literal(period.id), *columns).where(BudgetTotal.period_id == last.id)
    session.execute(insert(BudgetTotal).from_select(["period_id", "year", "flow", "amount_ore", "source"], rows))
