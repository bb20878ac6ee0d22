"""Every page module, so that its routes are registered."""

from __future__ import annotations

from tracker.maps import area_page_views as _area_page_views  # noqa: F401 - they add routes to the blueprint
from tracker.maps import data_views as _data_views  # noqa: F401
from tracker.maps import embed_views as _embed_views  # noqa: F401
from tracker.maps import find_views as _find_views  # noqa: F401
from tracker.maps import goal_page_views as _goal_page_views  # noqa: F401
from tracker.maps import here_views as _here_views  # noqa: F401
from tracker.maps import listing_views as _listing_views  # noqa: F401
from tracker.maps import print_views as _print_views  # noqa: F401
from tracker.maps import sizes_box as _sizes_box  # noqa: F401
from tracker.maps import theme_line_views as _theme_line_views  # noqa: F401
from tracker.maps import theme_views as _theme_views  # noqa: F401
from tracker.maps import views as _views  # noqa: F401
from tracker.maps.blueprint import bp

__all__ = ["bp"]
