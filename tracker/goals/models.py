"""Goal editions, their trees, and what hangs on them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.database import Base, text_enum
from tracker.goals.vocabulary import AssignmentStatus, GoalSetKind

__all__ = [
    "Assignment", "AssignmentGoal", "AssignmentStatus", "Concept", "Goal", "GoalCrosswalk", "GoalLink", "GoalSet",
    "GoalSetKind", "StrategicQuestion",
]  # fmt: skip


class GoalSet(Base):
    """An edition of goals with the years it is valid for. A locked edition is never changed, only succeeded."""

    __tablename__ = "goal_set"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[GoalSetKind] = mapped_column(text_enum(GoalSetKind), default=GoalSetKind.INTEGRATION)
    valid_from_year: Mapped[int]
    valid_to_year: Mapped[int | None]
    predecessor_id: Mapped[int | None] = mapped_column(ForeignKey("goal_set.id"))
    locked: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Text, default="")

    predecessor: Mapped[GoalSet | None] = relationship(remote_side="GoalSet.id")
    goals: Mapped[list[Goal]] = relationship(back_populates="goal_set", order_by="Goal.code")
    concepts: Mapped[list[Concept]] = relationship(order_by="Concept.position")


class Goal(Base):
    """A goal, or an aspect of one (then `parent_id` is set). Codes sort: G1 before G1a before G2."""

    __tablename__ = "goal"
    __table_args__ = (UniqueConstraint("goal_set_id", "code"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    goal_set_id: Mapped[int] = mapped_column(ForeignKey("goal_set.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("goal.id"))
    code: Mapped[str] = mapped_column(String(20))
    name_sv: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    text_sv: Mapped[str] = mapped_column(Text, default="")
    text_en: Mapped[str] = mapped_column(Text, default="")
    outer_city_measures: Mapped[bool] = mapped_column(default=False)
    """The goal is about measures in the outer city: a tag without a served ytterstad area is warned about."""

    goal_set: Mapped[GoalSet] = relationship(back_populates="goals")
    parent: Mapped[Goal | None] = relationship(remote_side="Goal.id", back_populates="aspects")
    aspects: Mapped[list[Goal]] = relationship(back_populates="parent", order_by="Goal.code")
    questions: Mapped[list[StrategicQuestion]] = relationship(order_by="StrategicQuestion.position")
    budget_goals: Mapped[list[Goal]] = relationship(
        secondary="goal_link",
        primaryjoin="Goal.id == GoalLink.goal_id",
        secondaryjoin="Goal.id == GoalLink.budget_goal_id",
        order_by="Goal.code",
        viewonly=True,
    )


class GoalLink(Base):
    """An integration goal makes a budget goal concrete."""

    __tablename__ = "goal_link"
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"), primary_key=True)
    budget_goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"), primary_key=True)


class GoalCrosswalk(Base):
    """Where a goal of one edition continues in a later one; the weights of one `from_goal_id` share it."""

    __tablename__ = "goal_crosswalk"
    from_goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"), primary_key=True)
    to_goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"), primary_key=True)
    weight: Mapped[int] = mapped_column(default=1)


class StrategicQuestion(Base):
    """A question that helps to judge whether a project contributes. `proposed`: the wording is ours."""

    __tablename__ = "strategic_question"
    id: Mapped[int] = mapped_column(primary_key=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"), index=True)
    position: Mapped[int]
    text_sv: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text, default="")
    proposed: Mapped[bool] = mapped_column(default=True)


class Concept(Base):
    """A defined term of an edition. `proposed`: the wording is ours."""

    __tablename__ = "concept"
    __table_args__ = (UniqueConstraint("goal_set_id", "term"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    goal_set_id: Mapped[int] = mapped_column(ForeignKey("goal_set.id"), index=True)
    position: Mapped[int]
    term: Mapped[str] = mapped_column(String(120))
    definition: Mapped[str] = mapped_column(Text)
    proposed: Mapped[bool] = mapped_column(default=True)


class Assignment(Base):
    """An assignment (uppdrag) that the budget gives a board, with the goals it serves."""

    __tablename__ = "assignment"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    text: Mapped[str] = mapped_column(Text)
    owner_board: Mapped[str] = mapped_column(String(200))
    budget_year: Mapped[int]
    due: Mapped[date | None]
    status: Mapped[AssignmentStatus] = mapped_column(text_enum(AssignmentStatus))
    source: Mapped[str] = mapped_column(String(300), default="")

    goals: Mapped[list[Goal]] = relationship(secondary="assignment_goal", order_by="Goal.code")


class AssignmentGoal(Base):
    """Which goals an assignment serves."""

    __tablename__ = "assignment_goal"
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"), primary_key=True)
