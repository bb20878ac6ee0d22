"""Every page module, so that its routes are registered."""

from __future__ import annotations

from tracker.followup import chase_remind_views as _chase_remind_views  # noqa: F401
from tracker.followup import chase_views as _chase_views  # noqa: F401
from tracker.followup import grid_views as _grid_views  # noqa: F401
from tracker.followup import overview_views as _overview_views  # noqa: F401 - they add routes to the blueprint
from tracker.followup import period_views as _period_views  # noqa: F401
from tracker.followup import reconciliation_views as _reconciliation_views  # noqa: F401
from tracker.followup import report_drafts as _report_drafts  # noqa: F401
from tracker.followup import report_views as _report_views  # noqa: F401
from tracker.followup.blueprint import bp

__all__ = ["bp"]
