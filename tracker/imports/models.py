"""An upload on its way through the steps of an import, and what was answered for files of the same make."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base, UtcDateTime

PROJECTS = "projekt"


class Upload(Base):
    """A file that somebody is importing. It lies in the state folder under its token until the plan is applied or
    dropped; `choices` are the answers so far as JSON."""

    __tablename__ = "upload"
    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(300))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    choices: Mapped[str] = mapped_column(Text, default="{}")
    purpose: Mapped[str] = mapped_column(String(60), default=PROJECTS, server_default=PROJECTS)
    """What the file is read for: projects, or the ledger of a period."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RememberedSource(Base):
    """The columns and words of one kind of file as somebody matched them, offered for the next file with the same
    headers. `key` is a digest of the headers; `choices` JSON."""

    __tablename__ = "remembered_source"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(300))
    choices: Mapped[str] = mapped_column(Text)
    user_name: Mapped[str] = mapped_column(String(200))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
