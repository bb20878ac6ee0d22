"""One append-only table; triggers in the database refuse UPDATE and DELETE (and TRUNCATE)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base, UtcDateTime, text_enum


class Origin(StrEnum):
    """By which door a change came in."""

    FORM = "formular"
    IMPORT = "import"
    COMMAND = "kommando"
    SEED = "grunddata"
    API = "api"


class Action(StrEnum):
    """What was done to the thing."""

    CREATED = "skapad"
    CHANGED = "andrad"
    PUBLISHED = "publicerad"
    RESTORED = "aterstalld"


class HistoryEntry(Base):
    """One change of one thing. `changes` maps a field's name to [old, new]; geometry as WKT in EPSG:3011."""

    __tablename__ = "history_entry"
    __table_args__ = (Index("ix_history_entry_subject", "subject_kind", "subject_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    actor_name: Mapped[str] = mapped_column(String(200))
    origin: Mapped[Origin] = mapped_column(text_enum(Origin))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    subject_version: Mapped[int] = mapped_column(default=1)
    action: Mapped[Action] = mapped_column(text_enum(Action))
    note: Mapped[str] = mapped_column(String(300), default="", server_default="")
    """What the fields do not say: the file of an import, the version that was restored, the reason of a review."""
    changes: Mapped[dict[str, list[object]]] = mapped_column(JSON)


class RegisterWrite(Base):
    """One committed write, or many folded into one: the sum of `number` grows with each (see revision.py)."""

    __tablename__ = "register_write"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
