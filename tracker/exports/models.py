"""Reports that stand ready while nothing changes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base, UtcDateTime


class StandingReport(Base):
    """A reckoned report as its page needs it, kept until the register changes; it may be thrown away at any time."""

    __tablename__ = "standing_report"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    revision: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    content: Mapped[bytes] = mapped_column(LargeBinary)
