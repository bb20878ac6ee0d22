"""Every page of the blueprint, registered by importing its module."""

from __future__ import annotations

from tracker.opendata import contribution_views, oc4ids_views, page_views  # noqa: F401 - their routes
from tracker.opendata.blueprint import bp

__all__ = ["bp"]
