"""What is being typed and drawn but is not saved yet, and the mark that a form was sent once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base, UtcDateTime


class Draft(Base):
    """A form under work, kept for its author alone until it is saved or thrown away.

    `content` is the posted form as JSON: a list of [name, value] pairs, the drawn geometry among them as GeoJSON in
    EPSG:4326. `version` is that of the project when the form was opened, 0 for a new one.
    """

    __tablename__ = "draft"
    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    version: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(String(300), default="")
    content: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SentForm(Base):
    """A form for a new project that was saved: the same form sent again leads to the same project."""

    __tablename__ = "sent_form"
    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
