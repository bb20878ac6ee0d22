"""What closing keeps of a period."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base


class PeriodSnapshot(Base):
    """Every fact that the reports of a closed period read, for one audience. Triggers refuse change."""

    __tablename__ = "period_snapshot"
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), primary_key=True)
    audience: Mapped[str] = mapped_column(String(20), primary_key=True)
    format_version: Mapped[int]
    """Which reader understands `content`."""
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class PeriodFile(Base):
    """A rendered file of a closed period, kept byte for byte. Triggers refuse change."""

    __tablename__ = "period_file"
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), primary_key=True)
    format: Mapped[str] = mapped_column(String(10), primary_key=True)
    rule: Mapped[str] = mapped_column(String(20), primary_key=True)
    audience: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class PublishedMatter(Base):
    """A project or an initiative that the public files of a closed period tell of: made secret, it withholds them."""

    __tablename__ = "published_matter"
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    """ "projekt" or "insats"."""
    # No foreign key: the files tell of the matter whatever becomes of its row.
    matter_id: Mapped[int] = mapped_column(primary_key=True)
    secrets: Mapped[str] = mapped_column(String(400), default="", server_default="")
    """The names of the fields that were confidential at closing and so are not in the files, with commas between."""
