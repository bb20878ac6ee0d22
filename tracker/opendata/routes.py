"""Every page of the blueprint, registered by importing its module."""

from __future__ import annotations

from tracker.opendata import (  # noqa: F401 - their routes
    contribution_views,
    dcat_views,
    feed_views,
    identifier_views,
    oc4ids_views,
    page_views,
)
from tracker.opendata.blueprint import bp

__all__ = ["bp"]
