"""Periods and what belongs to one: reports of projects, the ledger's rows, totals to reconcile, reminders."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.areas.models import AreaSet
from tracker.database import Base, UtcDateTime, text_enum
from tracker.followup.vocabulary import Light, PeriodKind, PeriodState, ReportState, Target
from tracker.goals.models import GoalSet
from tracker.projects.models import Project
from tracker.projects.vocabulary import Flow


class Period(Base):
    """A round of follow-up with one as-of date; what bears two names (April and T1) is one row.

    `key` stands in addresses and in Figure.period: the code, and from version 2 on with "-v2" after it. A correction is
    a later version with its reason, beside the first.
    """

    __tablename__ = "period"
    __table_args__ = (UniqueConstraint("code", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(20), unique=True)
    code: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=1)
    year: Mapped[int] = mapped_column(index=True)
    kind: Mapped[PeriodKind] = mapped_column(text_enum(PeriodKind))
    as_of: Mapped[date]
    deadline: Mapped[date]
    state: Mapped[PeriodState] = mapped_column(text_enum(PeriodState), default=PeriodState.OPEN)
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why a version beside the first was made."""
    deviation_percent: Mapped[int]
    deviation_ore: Mapped[int] = mapped_column(BigInteger)
    """A deviation of at least both, of forecast outlay or income from the year's budget, needs a comment."""
    goal_set_id: Mapped[int] = mapped_column(ForeignKey("goal_set.id"))
    area_set_id: Mapped[int] = mapped_column(ForeignKey("area_set.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_by: Mapped[str] = mapped_column(String(200))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[str] = mapped_column(String(200), default="", server_default="")

    goal_set: Mapped[GoalSet] = relationship()
    area_set: Mapped[AreaSet] = relationship()

    @property
    def is_open(self) -> bool:
        """Whether it still takes reports."""
        return self.state is PeriodState.OPEN


class ProjectReport(Base):
    """What the manager of a project said in a period besides figures and volumes, which lie in their own tables.

    There is one for each project that is expected to report. The dates are the forecast of the schedule.
    """

    __tablename__ = "project_report"
    __table_args__ = (
        UniqueConstraint("period_id", "project_id"),
        Index("ix_project_report_project_id", "project_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"))
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"))
    state: Mapped[ReportState] = mapped_column(text_enum(ReportState), default=ReportState.WAITING)
    light: Mapped[Light | None] = mapped_column(text_enum(Light))
    light_text: Mapped[str] = mapped_column(Text, default="", server_default="")
    comment: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Why the forecast deviates from the budget."""
    start_forecast: Mapped[date | None]
    end_forecast: Mapped[date | None]
    reported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reported_by: Mapped[str] = mapped_column(String(200), default="", server_default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's name

    period: Mapped[Period] = relationship()
    project: Mapped[Project] = relationship()


class LedgerImport(Base):
    """A file of outcomes that was read into a period; a later one replaces its rows and is kept beside it."""

    __tablename__ = "ledger_import"
    id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(300))
    sha256: Mapped[str] = mapped_column(String(64))
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    imported_by: Mapped[str] = mapped_column(String(200))
    current: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What the file itself did not agree on: a total row that says another sum than the rows."""

    rows: Mapped[list[LedgerRow]] = relationship(order_by="LedgerRow.position", cascade="all, delete-orphan")


class LedgerRow(Base):
    """A row of the ledger as it was read: an outcome of a year, cumulative, in whole öre; project None is unmatched."""

    __tablename__ = "ledger_row"
    ledger_import_id: Mapped[int] = mapped_column(ForeignKey("ledger_import.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    row: Mapped[int]
    """Of the file, as a person counts it; a row with an outlay and an income is two."""
    reference: Mapped[str] = mapped_column(String(200))
    """The case number or project code as the file writes it."""
    text: Mapped[str] = mapped_column(String(300), default="", server_default="")
    year: Mapped[int]
    flow: Mapped[Flow] = mapped_column(text_enum(Flow))
    amount_ore: Mapped[int] = mapped_column(BigInteger)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id", ondelete="SET NULL"), index=True)


class LedgerMatch(Base):
    """A reference that a controller has led to a project by hand; it holds in every later file.

    `reference` is as `search_text` writes it. Codes and case numbers that mean one project go before it.
    """

    __tablename__ = "ledger_match"
    reference: Mapped[str] = mapped_column(String(200), primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    matched_by: Mapped[str] = mapped_column(String(200))
    matched_at: Mapped[datetime] = mapped_column(UtcDateTime)


class BudgetTotal(Base):
    """The total that the adopted budget holds for a year, which the projects' budgets are reconciled against."""

    __tablename__ = "budget_total"
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    flow: Mapped[Flow] = mapped_column(text_enum(Flow), primary_key=True)
    amount_ore: Mapped[int] = mapped_column(BigInteger)
    source: Mapped[str] = mapped_column(String(300), default="", server_default="")


class Explanation(Base):
    """A difference explained in writing. It covers `difference_ore` only: another difference is unexplained again."""

    __tablename__ = "explanation"
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), primary_key=True)
    target: Mapped[Target] = mapped_column(text_enum(Target), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    flow: Mapped[Flow] = mapped_column(text_enum(Flow), primary_key=True)
    difference_ore: Mapped[int] = mapped_column(BigInteger)
    text: Mapped[str] = mapped_column(Text)
    explained_by: Mapped[str] = mapped_column(String(200))
    explained_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Reminder(Base):
    """A reminder that went out, or the attempt; `result` is empty when it was handed to the mail server."""

    __tablename__ = "reminder"
    id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    address: Mapped[str] = mapped_column(String(320))
    projects: Mapped[int]
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_by: Mapped[str] = mapped_column(String(200))
    result: Mapped[str] = mapped_column(String(300), default="", server_default="")
