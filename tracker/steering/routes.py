"""Every page module, so that its routes are registered."""

from __future__ import annotations

from tracker.steering import assignment_views, fulfilment_views, grid_views, indicator_views
from tracker.steering.blueprint import bp

__all__ = ["assignment_views", "bp", "fulfilment_views", "grid_views", "indicator_views"]
