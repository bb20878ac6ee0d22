"""The theme that a map's address asks for, for its print: told as the page around the map tells it."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.maps.theme_asking import ThemeForm
from tracker.maps.theme_pages import ThemePage
from tracker.maps.theme_views import theme_box


@dataclass(frozen=True, slots=True)
class PrintedTheme:
    """`circles`: drawn as circles, not as fills."""

    page: ThemePage
    circles: bool


def read_map_theme() -> PrintedTheme | None:
    """The request's theme as whoever asks may have it; None without one, without figures, or for one not theirs."""
    box = theme_box()
    if box.page is None or box.offer is None or box.page.empty:
        return None
    return PrintedTheme(box.page, box.offer.chosen.get("theme_form") == ThemeForm.SYMBOL.value)
