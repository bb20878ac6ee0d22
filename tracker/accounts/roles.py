"""Roles and permissions: who may do what, in one table."""

from __future__ import annotations

from enum import StrEnum

from tracker.messages import message


class Role(StrEnum):
    """The roles of the product, weakest first. A higher role holds all that the lower ones hold."""

    READER = "reader"
    MANAGER = "manager"
    CONTROLLER = "controller"
    ADMIN = "admin"

    @property
    def label(self) -> str:
        """The role's name on screen."""
        return _LABELS[self]


_LABELS = {
    Role.READER: message("Läsare"),
    Role.MANAGER: message("Projektledare"),
    Role.CONTROLLER: message("Controller"),
    Role.ADMIN: message("Administratör"),
}


class Permission(StrEnum):
    """What a view asks for. `VIEW_PUBLIC` is everybody's, signed in or not."""

    VIEW_PUBLIC = "view-public"
    VIEW_DRAFTS = "view-drafts"
    VIEW_CONFIDENTIAL = "view-confidential"
    OWN_ACCOUNT = "own-account"
    OWN_TOKENS = "own-tokens"
    EDIT_PROJECT = "edit-project"
    REPORT_FIGURES = "report-figures"
    PUBLISH_PROJECT = "publish-project"
    EDIT_BUDGET = "edit-budget"
    EXPORT_INTERNAL = "export-internal"
    MANAGE_PERIODS = "manage-periods"
    EDIT_CATALOGUES = "edit-catalogues"
    MANAGE_USERS = "manage-users"


_PUBLIC = frozenset({Permission.VIEW_PUBLIC})
_READER = _PUBLIC | {Permission.VIEW_DRAFTS, Permission.OWN_ACCOUNT, Permission.OWN_TOKENS}
_MANAGER = _READER | {Permission.EDIT_PROJECT, Permission.REPORT_FIGURES}
_CONTROLLER = _MANAGER | {
    Permission.VIEW_CONFIDENTIAL,
    Permission.PUBLISH_PROJECT,
    Permission.EDIT_BUDGET,
    Permission.EXPORT_INTERNAL,
    Permission.MANAGE_PERIODS,
}
_ADMIN = _CONTROLLER | {Permission.EDIT_CATALOGUES, Permission.MANAGE_USERS}

PERMISSIONS: dict[Role | None, frozenset[Permission]] = {
    None: _PUBLIC,
    Role.READER: _READER,
    Role.MANAGER: _MANAGER,
    Role.CONTROLLER: _CONTROLLER,
    Role.ADMIN: _ADMIN,
}
"""None is the reader without a login."""
