"""Circles in proportion to the projects, for the pages around the map and its print: asked of the request's address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import g, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from tracker.extensions import db
from tracker.maps.blueprint import bp
from tracker.maps.choices import choices_from
from tracker.maps.listing import Asked, meant
from tracker.maps.sizes import SizedBy, Sizes, read_sizes
from tracker.projects.filters import filter_from
from tracker.projects.viewing import viewer

LABELS = {
    SizedBy.DECIDED: lazy_gettext("Beslutad utgift"),
    SizedBy.BUDGET: lazy_gettext("Fastställd budget, utgift, alla år"),
    SizedBy.DWELLINGS: lazy_gettext("Planerade bostäder"),
    SizedBy.WORKPLACES: lazy_gettext("Planerade arbetsplatser"),
}


@dataclass(frozen=True, slots=True)
class SizesBox:
    """What can be chosen, and what was; `sizes` is None without a choice."""

    offered: tuple[tuple[str, str], ...]
    chosen: str
    label: str
    note: str
    sizes: Sizes | None


@bp.context_processor
def _for_pages() -> dict[str, Callable[[], SizesBox]]:
    """The circles that a page's address asks for, read when the template asks and once for each answer."""
    return {"map_sizes": sizes_box}


def sizes_box() -> SizesBox:
    """The box of this request."""
    if "map_sizes" not in g:
        asked = Asked(filter_from(request.args), choices_from(request.args), viewer(), datetime.now(UTC))
        g.map_sizes = box_of(db.session(), asked)
    found: SizesBox = g.map_sizes
    return found


def box_of(session: Session, asked: Asked) -> SizesBox:
    """The box of what is asked for."""
    offered = tuple((one.value, str(label)) for one, label in LABELS.items())
    by = next((one for one in SizedBy if one.value == asked.choices.sized), None)
    if by is None:
        return SizesBox(offered, "", "", "", None)
    sizes = read_sizes(session, by, meant(session, asked), asked.viewer)
    return SizesBox(offered, by.value, str(LABELS[by]), _note(by), sizes)


def _note(by: SizedBy) -> str:
    if by is SizedBy.DECIDED:
        return str(_("Senaste beslutet som anger en utgift, i beslutets prisnivå; olika prisnivåer läggs inte ihop."))
    if by is SizedBy.BUDGET:
        return str(_("Bara budgetar som är fastställda ingår."))
    return str(_("Det som planeras i hela projektet, enligt det senaste årets uppgift."))
