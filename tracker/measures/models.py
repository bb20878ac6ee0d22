"""Measures: data, so that a department can count what it needs."""

from __future__ import annotations

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base, text_enum
from tracker.measures.vocabulary import MainKind, MeasureGroup

__all__ = ["MainKind", "Measure", "MeasureGroup"]


class Measure(Base):
    """Something that is counted for a project, per year: unit, the kind it belongs to, and its group."""

    __tablename__ = "measure"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    name_sv: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    unit: Mapped[str] = mapped_column(String(40))
    kind: Mapped[MainKind | None] = mapped_column(text_enum(MainKind))
    """The main kind that is asked for it first; None for all kinds."""
    group: Mapped[MeasureGroup] = mapped_column("measure_group", text_enum(MeasureGroup))
    position: Mapped[int]
    help_sv: Mapped[str] = mapped_column(Text, default="")
    active: Mapped[bool] = mapped_column(default=True)
