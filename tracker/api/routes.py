"""Every page of the blueprint, registered by importing its module."""

from __future__ import annotations

from tracker.api import index_views as _index_views  # noqa: F401 - they add their routes to the blueprint
from tracker.api import list_views as _list_views  # noqa: F401
from tracker.api import project_views as _project_views  # noqa: F401
from tracker.api import report_views as _report_views  # noqa: F401
from tracker.api.blueprint import bp

__all__ = ["bp"]
