"""Requests that were sent with an Idempotency-Key, with the answer that each got."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base, UtcDateTime


class SentRequest(Base):
    """Written in the transaction of what was done, so that neither is there without the other."""

    __tablename__ = "sent_request"
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    """SHA-256 of method, address and body."""
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    status: Mapped[int]
    headers: Mapped[dict[str, str]] = mapped_column(JSON)
    body: Mapped[str] = mapped_column(Text)
