"""Initiatives (insatser) with goals, assignments, areas and projects, and the standing perspectives of the board."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.accounts.models import User
from tracker.areas.models import Area
from tracker.database import Base, UtcDateTime, text_enum
from tracker.followup.models import Period
from tracker.goals.models import Assignment, Goal
from tracker.projects.models import Project
from tracker.projects.vocabulary import Publication


class Initiative(Base):
    """A method, an agreement, a consultation: what is done, for whom, and when. Text alone; no money, no shape."""

    __tablename__ = "initiative"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    sort_key: Mapped[str] = mapped_column(String(600))
    description: Mapped[str] = mapped_column(Text, default="", server_default="")
    for_whom: Mapped[str] = mapped_column(Text, default="", server_default="")
    start_date: Mapped[date | None]
    end_date: Mapped[date | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    publication: Mapped[Publication] = mapped_column(text_enum(Publication), default=Publication.DRAFT)
    confidential: Mapped[bool] = mapped_column(default=False)
    confidentiality_ground: Mapped[str] = mapped_column(String(100), default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's name

    owner: Mapped[User | None] = relationship()
    goals: Mapped[list[Goal]] = relationship(secondary="initiative_goal", order_by="Goal.code")
    assignments: Mapped[list[Assignment]] = relationship(secondary="initiative_assignment", order_by="Assignment.code")
    areas: Mapped[list[Area]] = relationship(secondary="initiative_area", order_by="Area.sort_key")
    projects: Mapped[list[Project]] = relationship(secondary="initiative_project", order_by="Project.sort_key")
    answers: Mapped[list[PerspectiveAnswer]] = relationship(cascade="all, delete-orphan", passive_deletes=True)
    reports: Mapped[list[InitiativeReport]] = relationship(cascade="all, delete-orphan", passive_deletes=True)


class InitiativeGoal(Base):
    """Which goals or aspects an initiative serves."""

    __tablename__ = "initiative_goal"
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"), primary_key=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"), primary_key=True, index=True)


class InitiativeAssignment(Base):
    """Which assignments an initiative carries out."""

    __tablename__ = "initiative_assignment"
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"), primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), primary_key=True, index=True)


class InitiativeArea(Base):
    """Where an initiative is done; none is the whole city."""

    __tablename__ = "initiative_area"
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"), primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"), primary_key=True, index=True)


class InitiativeProject(Base):
    """Which projects an initiative goes with."""

    __tablename__ = "initiative_project"
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"), primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True, index=True)


class Perspective(Base):
    """A standing perspective of the board: accessibility, gender equality, children; data, seeded."""

    __tablename__ = "perspective"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    question: Mapped[str] = mapped_column(Text)
    position: Mapped[int]


class PerspectiveAnswer(Base):
    """What an initiative means in a perspective."""

    __tablename__ = "perspective_answer"
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"), primary_key=True)
    perspective_id: Mapped[int] = mapped_column(ForeignKey("perspective.id"), primary_key=True)
    answer: Mapped[str] = mapped_column(Text)

    perspective: Mapped[Perspective] = relationship()


class InitiativeReport(Base):
    """What was done and for whom in a period."""

    __tablename__ = "initiative_report"
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"), primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), primary_key=True, index=True)
    done: Mapped[str] = mapped_column(Text)
    for_whom: Mapped[str] = mapped_column(Text, default="", server_default="")
    reported_by: Mapped[str] = mapped_column(String(200))
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime)

    period: Mapped[Period] = relationship()
