"""The pages of accounts: one's own, and everybody's for administrators."""

from __future__ import annotations

from tracker.accounts import account_views as _own  # noqa: F401 - pages on bp
from tracker.accounts import user_views as _all  # noqa: F401 - pages on bp
from tracker.accounts.account_blueprint import bp

__all__ = ["bp"]
