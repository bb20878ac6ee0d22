"""Every page module, so that its routes are registered."""

from __future__ import annotations

from tracker.initiatives import form_views, report_views, views
from tracker.initiatives.blueprint import bp

__all__ = ["bp", "form_views", "report_views", "views"]
