"""What a plan does to a field, in words: values of the register as a person reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from tracker.imports.columns import label_of
from tracker.imports.wording_rows import NO_NAMES, ROWS, Names, rows_in_words
from tracker.measures.vocabulary import MainKind
from tracker.money import format_count
from tracker.projects.vocabulary import Phase, Publication

NOTHING = "inget"
LONGEST = 300
_SQUARE_METRES_PER_HECTARE = 10_000


def change_in_words(field: str, old: object, new: object, names: Names = NO_NAMES) -> tuple[str, str, str]:
    """The field's name, the old and the new value; a moved shape says how far, of lists only what differs is told."""
    if field == "geometry":
        return label_of(field), *_moved(_shape(old), _shape(new))
    if field in ROWS and (names or field == "figures"):
        before, after = rows_in_words(field, old, new, names)
        return ROWS[field], _short(before or NOTHING), _short(after or NOTHING)
    say = _SAYERS.get(field, _plain)
    return label_of(field), _short(say(old)), _short(say(new))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    if isinstance(value, list | tuple):
        return ", ".join(_plain(one) for one in value) or NOTHING
    return NOTHING if value in (None, "") else str(value)


def _labelled(members: type[StrEnum]) -> Callable[[object], str]:
    def say(value: object) -> str:
        return str(getattr(members(str(value)), "label", value)) if value else NOTHING

    return say


def _volumes(value: object) -> str:
    """A row is [period, measure, year, planned, started, completed]."""
    rows = value if isinstance(value, list) else []
    return ", ".join(f"{format_count(row[3] or 0)} ({row[2]})" for row in rows) or NOTHING


_SAYERS: Mapping[str, Callable[[object], str]] = {
    "main_kind": _labelled(MainKind),
    "phase": _labelled(Phase),
    "publication": _labelled(Publication),
    "volumes": _volumes,
}


def _shape(wkt: object) -> BaseGeometry | None:
    return shapely.from_wkt(wkt) if isinstance(wkt, str) and wkt else None


def _moved(old: BaseGeometry | None, new: BaseGeometry | None) -> tuple[str, str]:
    """A shape by its kind and size; of two alike, how far apart their middles are."""
    before, after = shape_in_words(old), shape_in_words(new)
    if old is None or new is None:
        return before, after
    metres = old.centroid.distance(new.centroid)
    return before, f"{after}, {_metres(metres)} bort" if metres >= 1 else f"{after}, ändrad form"


def shape_in_words(shape: BaseGeometry | None) -> str:
    """ "punkt N 6579153, E 153114", "linje 1 230 m", "yta 0,52 ha"."""
    if shape is None:
        return NOTHING
    if shape.geom_type == "Point":
        return f"punkt N {shape.y:.2f}, E {shape.x:.2f}".replace(".", ",")
    if shape.area:
        return f"yta {shape.area / _SQUARE_METRES_PER_HECTARE:.2f} ha".replace(".", ",")
    if shape.length:
        return f"linje {_metres(shape.length)}"
    return f"{shapely.get_num_geometries(shape)} punkter"


def _metres(metres: float) -> str:
    return f"{format_count(round(metres))} m" if metres < 10_000 else f"{format_count(round(metres / 1000))} km"


def label_or(value: Any) -> str:
    """The label of a stored word, nothing for nothing."""
    return str(getattr(value, "label", "") or "")
