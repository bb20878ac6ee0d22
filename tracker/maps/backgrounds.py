"""The backgrounds that a reader may lay under the map, as configured; none by default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tracker.text import slug


@dataclass(frozen=True, slots=True)
class Background:
    """Tiles at `url` (XYZ), or the `layers` of a WMS at `wms`; `opacity` in percent; `crs` is that of its pictures."""

    name: str
    url: str
    wms: str
    layers: str
    format: str
    version: str
    crs: str
    attribution: str
    opacity: int

    @property
    def code(self) -> str:
        """The name as it stands in an address."""
        return slug(self.name) or "bakgrund"

    @property
    def north_first(self) -> bool:
        """Whether a box is asked for with northing first: WMS 1.3.0 follows the axis order that EPSG gives 3011."""
        return bool(self.wms) and self.version == "1.3.0" and self.crs == "EPSG:3011"


def backgrounds_of(settings: Mapping[str, Any]) -> tuple[Background, ...]:
    """The configured backgrounds, all in one coordinate system; config.py has checked them."""
    return tuple(
        Background(**{key: value for key, value in one.items() if key != "origin"})
        for one in settings["MAP_BACKGROUNDS"]
    )
