"""Personal tokens: what a program of somebody's shows instead of a password."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.accounts.models import User
from tracker.accounts.roles import Permission
from tracker.accounts.token_rules import TokenScope, permissions_of, scopes_of
from tracker.accounts.token_texts import PUBLIC_LENGTH
from tracker.database import Base, UtcDateTime, WordList


class AccessToken(Base):
    """A token of a person. Its secret is not here, only the SHA-256 of it."""

    __tablename__ = "access_token"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(PUBLIC_LENGTH), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    scopes: Mapped[list[str]] = mapped_column(WordList)
    secret_sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by: Mapped[str] = mapped_column(String(200), default="", server_default="")
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship()

    def is_live(self, now: datetime) -> bool:
        """Whether it opens anything: not revoked, not expired, and its owner's account not closed."""
        return self.revoked_at is None and now < self.expires_at and self.user.active

    @property
    def kinds(self) -> tuple[TokenScope, ...]:
        """Its scopes."""
        return scopes_of(self.scopes)

    @property
    def permissions(self) -> frozenset[Permission]:
        """What it may do at present: its owner's roles may have changed since it was made."""
        return permissions_of(self.kinds, self.user.permissions)
