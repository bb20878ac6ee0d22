"""What is counted for a project: money per year, volumes per year, decisions. Money is whole öre."""

from __future__ import annotations

from datetime import date as Date  # noqa: N812 - a column is called date

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.database import Base, text_enum
from tracker.measures.models import Measure
from tracker.projects.vocabulary import RUNNING_PERIOD, Flow, Gate


class Figure(Base):
    """Budget, outcome and forecast of a project in one year, in whole öre; None is not given, 0 is zero.

    Budget and outcome belong to the controller, forecast to the manager. A manager's first budget is preliminary.
    """

    __tablename__ = "figure"
    __table_args__ = (Index("ix_figure_period_year", "period", "year"),)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True)
    period: Mapped[str] = mapped_column(String(20), primary_key=True, default=RUNNING_PERIOD)
    year: Mapped[int] = mapped_column(primary_key=True, index=True)
    flow: Mapped[Flow] = mapped_column(text_enum(Flow), primary_key=True)
    budget_ore: Mapped[int | None] = mapped_column(BigInteger)
    outcome_ore: Mapped[int | None] = mapped_column(BigInteger)
    forecast_ore: Mapped[int | None] = mapped_column(BigInteger)
    budget_preliminary: Mapped[bool] = mapped_column(default=False)


class Volume(Base):
    """A count in one year. Started and completed happened in that year; planned is the position as of that year.

    The three are never added. A report for a year takes the newest `planned` up to it.
    """

    __tablename__ = "volume"
    __table_args__ = (Index("ix_volume_period_year", "period", "year"),)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True)
    period: Mapped[str] = mapped_column(String(20), primary_key=True, default=RUNNING_PERIOD)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    planned: Mapped[int | None] = mapped_column(BigInteger)
    started: Mapped[int | None] = mapped_column(BigInteger)
    completed: Mapped[int | None] = mapped_column(BigInteger)

    measure: Mapped[Measure] = relationship()


class Decision(Base):
    """A decision at a gate. Every revision is a row of its own; amounts in whole öre at a stated price level."""

    __tablename__ = "decision"
    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    gate: Mapped[Gate] = mapped_column(text_enum(Gate))
    body: Mapped[str] = mapped_column(String(200), default="")
    date: Mapped[Date | None]
    case_number: Mapped[str] = mapped_column(String(100), default="")
    paragraph: Mapped[str] = mapped_column(String(40), default="")
    outlay_ore: Mapped[int | None] = mapped_column(BigInteger)
    income_ore: Mapped[int | None] = mapped_column(BigInteger)
    price_level: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(Text, default="")
