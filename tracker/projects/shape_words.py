"""What a shape holds, in words."""

from __future__ import annotations

from typing import Any

import shapely

from tracker.geo.measure import flat_parts
from tracker.messages import joined, message
from tracker.money import NO_BREAK_SPACE
from tracker.projects.form_lies import amount_text


def shape_words(wkt: str) -> str:
    """ "Yta 1,2 ha, 3 punkter": what a geometry (WKT, EPSG:3011) holds, its kinds of the highest dimension first."""
    kinds: dict[int, list[Any]] = {}
    for part in flat_parts(shapely.from_wkt(wkt)):
        kinds.setdefault(int(shapely.get_dimensions(part)), []).append(part)
    told = []
    for dimension, parts in sorted(kinds.items(), reverse=True):
        amount = sum({1: part.length, 2: part.area}.get(dimension, 1) for part in parts)
        kind = _kind_words(dimension, len(parts))
        between = NO_BREAK_SPACE if len(parts) == 1 else f",{NO_BREAK_SPACE}"
        told.append(kind if dimension == 0 else joined(between, (kind, amount_text(amount, dimension))))
    return joined(", ", told)


def _kind_words(dimension: int, number: int) -> str:
    """Not plurals of one text: "Punkt" alone is a text of other pages."""
    one, several = (
        (message("Punkt"), message("%(num)s punkter", num=number)),
        (message("Linje"), message("%(num)s linjer", num=number)),
        (message("Yta"), message("%(num)s ytor", num=number)),
    )[dimension]
    return one if number == 1 else several
