"""Every page module, so that its routes are registered."""

from __future__ import annotations

from tracker.reports import close_views, compare_views, explained_views, files_views  # noqa: F401 - their routes
from tracker.reports.blueprint import bp

__all__ = ["bp"]
