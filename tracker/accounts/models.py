"""Users and roles, with the columns that Flask-Security asks for."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, ClassVar

from flask_security import RoleMixin, UserMixin
from flask_security.models import sqla
from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.accounts.roles import PERMISSIONS, Permission
from tracker.accounts.roles import Role as RoleName
from tracker.database import Base

sqla.FsModels.set_db_info(base_model=Base)  # type: ignore[no-untyped-call]

if TYPE_CHECKING:
    # The library's mixins are declared for another base class; these lines say what we use of them.

    class _UserMixin(UserMixin):
        id: Mapped[int]
        email: Mapped[str]
        password: Mapped[str | None]
        active: Mapped[bool]
        fs_uniquifier: Mapped[str]
        roles: Mapped[list[Role]]  # type: ignore[assignment]

    class _RoleMixin(RoleMixin):
        id: Mapped[int]
        name: Mapped[str]
        description: Mapped[str | None]
else:
    _UserMixin, _RoleMixin = sqla.FsUserMixin, sqla.FsRoleMixin


class Role(Base, _RoleMixin):
    """A role; its name is one of `tracker.accounts.roles.Role`."""

    __tablename__ = "role"


class User(Base, _UserMixin):
    """A person of the department. `is_example` marks accounts made with the example data."""

    __tablename__ = "user"

    name: Mapped[str] = mapped_column(String(200), default="")
    is_example: Mapped[bool] = mapped_column(default=False)
    roles_needing_code: ClassVar[Callable[[], Collection[str]]] = staticmethod(lambda: ())
    """Tells the names of roles that may not sign in without a second factor; starting.py lets it read the settings."""
    tf_last_counter: Mapped[int | None] = mapped_column(BigInteger)
    """Which step of time the last code of the second factor was for; a code opens once."""

    @property
    def permissions(self) -> frozenset[Permission]:
        """The union of what the user's roles allow."""
        allowed = PERMISSIONS[None]
        for role in self.roles:
            allowed |= PERMISSIONS[RoleName(role.name)]
        return allowed

    def check_tf_required_setup(self) -> bool:
        """Whether one of the user's roles may not sign in without a second factor (REQUIRE_SECOND_FACTOR)."""
        needing = User.roles_needing_code()
        return any(role.name in needing for role in self.roles)

    def check_tf_required(
        self, tf_setup_methods: list[tuple[str, str]], tf_fresh: bool
    ) -> tuple[bool, list[tuple[str, str]]]:
        """Whether signing in asks for a code: where one is set up, or a role needs it. Asked by the library."""
        required, methods = super().check_tf_required(tf_setup_methods, tf_fresh)
        return required or self.check_tf_required_setup(), methods
