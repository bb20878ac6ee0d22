"""Sign-ins and the tries to sign in: what the lock-out counts, and what a person sees of their own account."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base, UtcDateTime, text_enum


class Proof(StrEnum):
    """What was tried."""

    PASSWORD = "losenord"  # noqa: S105 - the name of a proof
    CODE = "kod"


class SignInAttempt(Base):
    """One try that has not succeeded. `account` is a keyed hash of the address, known or not; no address is kept."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index("ix_sign_in_attempt_account", "account", "kind", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(64))
    kind: Mapped[Proof] = mapped_column(text_enum(Proof))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class SignIn(Base):
    """One sign-in of a person; `address` is shortened so that it names a network and no machine."""

    __tablename__ = "sign_in"
    __table_args__ = (Index("ix_sign_in_user_id", "user_id", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    address: Mapped[str] = mapped_column(String(64))
    method: Mapped[str] = mapped_column(String(20))
