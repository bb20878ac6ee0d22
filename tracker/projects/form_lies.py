""" "Ligger i" as the form shows it: by stadsdel and by area of the newest edition, with how much lies there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from tracker.areas.models import Area, AreaSet
from tracker.areas.queries import areas_upward, list_areas, lowest_set, newest_set
from tracker.messages import plural_message
from tracker.money import format_count
from tracker.projects.form_areas import area_text
from tracker.projects.locating import Lies, Outlines, load_outlines, locate_one
from tracker.projects.vocabulary import Scope
from tracker.web.content import format_share

SQUARE_METRES_SHOWN = 10_000
"""Areas from this size on are said in hectares."""


@dataclass(frozen=True, slots=True)
class LiesRow:
    """A part of the shape; `text` is what the field for served areas takes, `share` hundredths of a percent."""

    name: str
    text: str
    share: int
    share_text: str
    amount: str
    outer_city: bool


@dataclass(frozen=True, slots=True)
class LiesTable:
    """The parts in one set of areas, the largest first, what lies outside the city last."""

    title: str
    schematic: bool
    rows: tuple[LiesRow, ...]


def lies_tables(session: Session, geometry: BaseGeometry) -> list[LiesTable]:
    """The stadsdelar first, then the newest edition. `geometry` is valid, EPSG:3011."""
    outlines = load_outlines(session)
    lowest, newest = lowest_set(session), newest_set(session)
    parts = locate_one(outlines, geometry)
    own = next((one for one in outlines.sets if one.code == newest.code), None)
    if own is not None:
        upper = locate_one(Outlines((own,)), geometry)
    else:
        upper = _grouped(parts, areas_upward(session, newest))
    return [_table(session, lowest, parts), _table(session, newest, upper)]


def _grouped(parts: Sequence[Lies], upward: dict[int, int | None]) -> list[Lies]:
    """Add up the stadsdelar of each area."""
    groups: dict[int | None, list[Lies]] = {}
    for part in parts:
        groups.setdefault(upward.get(part.area_id) if part.area_id is not None else None, []).append(part)
    return [
        Lies(area_id, None, sum(one.share for one in group), sum(one.amount for one in group), group[0].dimension)
        for area_id, group in groups.items()
    ]


def _table(session: Session, area_set: AreaSet, parts: Sequence[Lies]) -> LiesTable:
    areas = {area.id: area for area in list_areas(session, area_set)}
    found = [(areas.get(part.area_id or 0), part) for part in parts]
    found.sort(key=lambda pair: (pair[0] is None, -pair[1].share, pair[0].code if pair[0] else ""))
    return LiesTable(area_set.name, area_set.schematic, tuple(_row(area, area_set.code, part) for area, part in found))


def _row(area: Area | None, set_code: str, part: Lies) -> LiesRow:
    return LiesRow(
        name=area.name if area else Scope.OUTSIDE.label,
        text=area_text(area.name, set_code) if area else Scope.OUTSIDE.label,
        share=part.share,
        share_text=format_share(part.share),
        amount=amount_text(part.amount, part.dimension),
        outer_city=area is not None and area.outer_city,
    )


def amount_text(amount: float, dimension: int) -> str:
    """ "3 punkter", "340 m", "2 400 m²" or "1,25 ha"."""
    if dimension == 0:
        count = format_count(round(amount))
        return plural_message("1 punkt", "%(count)s punkter", 1 if amount == 1 else 2, count=count)
    if dimension == 1:
        return f"{format_count(round(amount))} m"
    if amount < SQUARE_METRES_SHOWN:
        return f"{format_count(round(amount))} m²"
    return f"{amount / SQUARE_METRES_SHOWN:.2f}".rstrip("0").rstrip(".").replace(".", ",") + " ha"
