"""Every page module, so that its routes are registered."""

from __future__ import annotations

from tracker.followup import overview_views as _overview_views  # noqa: F401 - they add routes to the blueprint
from tracker.followup import period_views as _period_views  # noqa: F401
from tracker.followup.blueprint import bp

__all__ = ["bp"]
