"""Every page of the blueprint, registered by importing its module."""

from __future__ import annotations

from tracker.ogc import collection_views, item_views, landing_views
from tracker.ogc.blueprint import bp

__all__ = ["bp", "collection_views", "item_views", "landing_views"]
