"""What a plan does to a field, in words: values of the register as a person reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from tracker.imports.columns import label_of
from tracker.imports.wording_rows import BETWEEN, NO_NAMES, ROWS, Names, rows_in_words
from tracker.measures.vocabulary import MainKind
from tracker.messages import joined, message
from tracker.money import format_count
from tracker.projects.vocabulary import Phase, Publication

NOTHING = message("inget")
LONGEST = 300
_SQUARE_METRES_PER_HECTARE = 10_000


def change_in_words(field: str, old: object, new: object, names: Names = NO_NAMES) -> tuple[str, str, str]:
    """The field's name, the old and the new value; a moved shape says how far, of lists only what differs is told."""
    if field == "geometry":
        return label_of(field), *_moved(_shape(old), _shape(new))
    if field in ROWS and (names or field == "figures"):
        before, after = rows_in_words(field, old, new, names)
        return ROWS[field], _listed(before), _listed(after)
    say = _SAYERS.get(field, _plain)
    return label_of(field), _short(say(old)), _short(say(new))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _listed(facts: Sequence[str]) -> str:
    """The facts as one text; where it would grow too long, as many as fit and how many more there are."""
    if not facts:
        return NOTHING
    kept, letters = [_short(facts[0])], len(facts[0])
    for fact in facts[1:]:
        letters += len(BETWEEN) + len(fact)
        if letters > LONGEST:
            break
        kept.append(fact)
    shown, more = joined(BETWEEN, kept), len(facts) - len(kept)
    return message("%(shown)s och %(more)s till", shown=shown, more=more) if more else shown


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return message("Ja") if value else message("Nej")
    if isinstance(value, list | tuple):
        return joined(", ", [_plain(one) for one in value]) if value else NOTHING
    return NOTHING if value in (None, "") else str(value)


def _labelled(members: type[StrEnum]) -> Callable[[object], str]:
    def say(value: object) -> str:
        return str(getattr(members(str(value)), "label", value)) if value else NOTHING

    return say


def _volumes(value: object) -> str:
    """A row is [period, measure, year, planned, started, completed]."""
    rows = value if isinstance(value, list) else []
    return ", ".join(f"{format_count(row[3] or 0)} ({row[2]})" for row in rows) or NOTHING


def _kinds(value: object) -> str:
    kinds = value if isinstance(value, list) else []
    return joined(", ", [MainKind(one).label.lower() for one in kinds]) if kinds else NOTHING


_SAYERS: Mapping[str, Callable[[object], str]] = {
    "main_kind": _labelled(MainKind),
    "phase": _labelled(Phase),
    "publication": _labelled(Publication),
    "volumes": _volumes,
    "secondary_kinds": _kinds,
}


def _shape(wkt: object) -> BaseGeometry | None:
    return shapely.from_wkt(wkt) if isinstance(wkt, str) and wkt else None


def _moved(old: BaseGeometry | None, new: BaseGeometry | None) -> tuple[str, str]:
    """A shape by its kind and size; of two alike, how far apart their middles are."""
    before, after = shape_in_words(old), shape_in_words(new)
    if old is None or new is None:
        return before, after
    metres = old.centroid.distance(new.centroid)
    return before, _with_change(after, metres)


def _with_change(shape: str, metres: float) -> str:
    if metres >= 1:
        return message("%(shape)s, %(distance)s bort", shape=shape, distance=_metres(metres))
    return message("%(shape)s, ändrad form", shape=shape)


def shape_in_words(shape: BaseGeometry | None) -> str:
    """ "punkt N 6579153, E 153114", "linje 1 230 m", "yta 0,52 ha"."""
    if shape is None:
        return NOTHING
    if shape.geom_type == "Point":
        return message("punkt N %(north)s, E %(east)s", north=_decimals(shape.y), east=_decimals(shape.x))
    if shape.area:
        return message("yta %(hectares)s ha", hectares=_decimals(shape.area / _SQUARE_METRES_PER_HECTARE))
    if shape.length:
        return message("linje %(length)s", length=_metres(shape.length))
    return message("%(num)s punkter", num=int(shapely.get_num_geometries(shape)))


def _decimals(number: float) -> str:
    return f"{number:.2f}".replace(".", ",")


def _metres(metres: float) -> str:
    return f"{format_count(round(metres))} m" if metres < 10_000 else f"{format_count(round(metres / 1000))} km"


def label_or(value: Any) -> str:
    """The label of a stored word, nothing for nothing."""
    return str(getattr(value, "label", "") or "")
