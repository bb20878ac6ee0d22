"""The signed-in person as the register's queries and services take them."""

from __future__ import annotations

from tracker.accounts.login import can, person
from tracker.accounts.roles import Permission
from tracker.projects.policies import Rights, Viewer


def viewer() -> Viewer:
    """What whoever asks may see."""
    user = person()
    return Viewer(
        drafts=can(Permission.VIEW_DRAFTS),
        confidential=can(Permission.VIEW_CONFIDENTIAL),
        user_id=user.id if user else None,
    )


def rights() -> Rights:
    """What whoever asks may set beyond a manager's own fields."""
    return Rights(
        budget=can(Permission.EDIT_BUDGET),
        publish=can(Permission.PUBLISH_PROJECT),
        review_own=can(Permission.MANAGE_USERS),
        viewer=viewer(),
    )
