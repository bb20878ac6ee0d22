"""Assignments as they go, indicators with their values, and how far goals are met."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.areas.models import Area
from tracker.database import Base, UtcDateTime, text_enum
from tracker.followup.models import Period
from tracker.goals.models import Assignment, AssignmentStatus, Goal
from tracker.projects.models import Project
from tracker.steering.vocabulary import Direction, Fulfilment


class AssignmentProject(Base):
    """Which projects carry out an assignment."""

    __tablename__ = "assignment_project"
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True, index=True)

    project: Mapped[Project] = relationship()


class AssignmentReport(Base):
    """How an assignment stood in a period."""

    __tablename__ = "assignment_report"
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), primary_key=True, index=True)
    status: Mapped[AssignmentStatus] = mapped_column(text_enum(AssignmentStatus))
    text: Mapped[str] = mapped_column(Text, default="", server_default="")
    reported_by: Mapped[str] = mapped_column(String(200))
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime)

    assignment: Mapped[Assignment] = relationship()
    period: Mapped[Period] = relationship()


class Indicator(Base):
    """Something measured for a goal. Values are whole numbers of 10^-decimals of the unit."""

    __tablename__ = "indicator"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    unit: Mapped[str] = mapped_column(String(40))
    decimals: Mapped[int] = mapped_column(default=0)
    direction: Mapped[Direction] = mapped_column(text_enum(Direction), default=Direction.HIGHER)
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"), index=True)
    description: Mapped[str] = mapped_column(Text, default="", server_default="")
    source: Mapped[str] = mapped_column(String(300), default="", server_default="")

    goal: Mapped[Goal] = relationship()
    values: Mapped[list[IndicatorValue]] = relationship(
        order_by="IndicatorValue.year, IndicatorValue.area_id", cascade="all, delete-orphan"
    )


class IndicatorValue(Base):
    """Target, forecast and outcome of one year in an area of any edition; without an area, in the whole city."""

    __tablename__ = "indicator_value"
    __table_args__ = (UniqueConstraint("indicator_id", "year", "area_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id", ondelete="CASCADE"))
    year: Mapped[int]
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"), index=True)
    target: Mapped[int | None] = mapped_column(BigInteger)
    forecast: Mapped[int | None] = mapped_column(BigInteger)
    outcome: Mapped[int | None] = mapped_column(BigInteger)

    area: Mapped[Area | None] = relationship()


class GoalFulfilment(Base):
    """How far the board judges a goal to be met in a period, with the motivation."""

    __tablename__ = "goal_fulfilment"
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"), primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), primary_key=True, index=True)
    level: Mapped[Fulfilment] = mapped_column(text_enum(Fulfilment))
    motivation: Mapped[str] = mapped_column(Text)
    judged_by: Mapped[str] = mapped_column(String(200))
    judged_at: Mapped[datetime] = mapped_column(UtcDateTime)

    goal: Mapped[Goal] = relationship()
    period: Mapped[Period] = relationship()
