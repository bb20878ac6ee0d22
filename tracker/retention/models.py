"""Decisions on disposal and what was done by them. Triggers refuse change."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.database import Base, UtcDateTime


class DisposalDecision(Base):
    """A gallringsbeslut as it was made outside the product: its number, day and maker, and the rules it covers."""

    __tablename__ = "disposal_decision"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(100), unique=True)
    decided_on: Mapped[date]
    decided_by: Mapped[str] = mapped_column(String(200))
    what: Mapped[str] = mapped_column(Text)
    rules: Mapped[list[str]] = mapped_column(JSON)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(String(200))


class Disposal(Base):
    """One rule carried out under a decision: how much older than `before` went, when, by whom."""

    __tablename__ = "disposal"
    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("disposal_decision.id"), index=True)
    rule: Mapped[str] = mapped_column(String(40))
    before: Mapped[datetime] = mapped_column(UtcDateTime)
    removed: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(200))

    decision: Mapped[DisposalDecision] = relationship()
