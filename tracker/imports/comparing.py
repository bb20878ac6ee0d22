"""A row against the project that it means: field → (old, new) as the history writes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from tracker.errors import Problem
from tracker.imports.candidates import Candidates
from tracker.imports.comparing_contents import (
    GOAL_FIELDS,
    compare_figures,
    compare_goals,
    compare_serves,
    compare_volumes,
    has_figures,
)
from tracker.imports.dates import Span
from tracker.imports.markup import DESCRIPTIONS, read_description
from tracker.imports.registered import Registered
from tracker.imports.values import read_text, without_guard
from tracker.measures.models import MainKind
from tracker.projects.inputs import ProjectInput
from tracker.projects.policies import SYSTEM_RIGHTS, Rights
from tracker.projects.rules import problems
from tracker.projects.vocabulary import Publication
from tracker.text import harmless

SIMPLE = (
    "name", "main_kind", "phase", "stated_area", "description_public", "link", "confidential",
    "confidentiality_ground", "subtype", "manager_id", "deputy_id", "description_internal", "serves_motivation",
    "parent_id", "city_share", "location_approximate", "example_values",
)  # fmt: skip
"""Fields of a project that are compared and written as they are."""
_SIMPLE = frozenset(SIMPLE)
DATES = {
    "start_decided": "start_decided", "start_forecast": "start_forecast", "end_decided": "end_decided",
    "end_forecast": "end_forecast", "start": "start_forecast", "end": "end_forecast",
}  # fmt: skip
"""Field of the file → field of the project; what does not say decided or forecast is a forecast."""
SAME_PLACE_METRES = 0.01
"""Files often carry two decimals: a shape within a centimetre of the stored one is the stored one."""
CUT, FULL_BYTES = "…", 245
"""A text of 254 bytes that ends so was cut by our own Shapefile; a shorter one was written by somebody."""
_LINE_BREAK = re.compile(r"\r\n?")
_JUDGED = frozenset({"main_kind", "secondary_kinds", *DATES.values()})

Pair = tuple[object, object]
Names = Mapping[tuple[str, int], str]
"""(field, id) → what a person reads."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a comparison follows."""

    measure_id: int | None
    year: int
    publish: bool
    rights: Rights = SYSTEM_RIGHTS
    hidden: Mapping[int, frozenset[str]] = field(default_factory=dict)
    """Project id → fields that whoever imports may not see, and so leaves as they are."""
    names: Names = field(default_factory=dict)
    """What the ids in goals, served areas and volumes are called."""


Part = Callable[[Candidates, int, Registered, Terms, Registered | None], Iterator[tuple[str, Pair]]]
Compare = Callable[[int, Registered, Registered | None], dict[str, Pair]]
"""(index, project, the project as it stood in the file's version) → what the row changes."""


def comparer(candidates: Candidates, terms: Terms) -> Compare:
    """Looks at what the file has columns for alone.

    It raises DomainError for figures that whoever imports may not set.
    """
    fields = candidates.values.keys()
    asked: list[tuple[bool, Part, str]] = [
        (bool(fields & {*SIMPLE, "secondary_kinds"}), _plain, ""),
        (bool(fields & DATES.keys()), _dates, ""),
        ("case_numbers" in fields, _case_numbers, "case_numbers"),
        (bool(fields & {"dwellings", "volume_rows"}), compare_volumes, "volumes"),
        (candidates.geometries is not None, _place, "geometry"),
        (bool(fields & {*GOAL_FIELDS}), compare_goals, "goals"),
        ("serves" in fields, compare_serves, "serves"),
        (has_figures(candidates), compare_figures, "figures"),
        (terms.publish, _publication, ""),
    ]
    parts = [(part, name) for wanted, part, name in asked if wanted]

    def compare(index: int, present: Registered, former: Registered | None = None) -> dict[str, Pair]:
        hidden = terms.hidden.get(present.id, frozenset())
        found = {
            name: pair
            for part, whole in parts
            if whole not in hidden
            for name, pair in part(candidates, index, present, terms, former)
        }
        return {name: pair for name, pair in found.items() if name not in hidden} if hidden else found

    return compare


def _plain(
    candidates: Candidates, index: int, present: Registered, _terms: Terms, _former: Registered | None
) -> Iterator[tuple[str, Pair]]:
    for name, column in candidates.values.items():
        if name not in _SIMPLE:
            continue
        new, old = column[index], getattr(present, name)
        if new is not None and new != old and not (isinstance(old, str) and _same_text(name, new, old)):
            yield name, (getattr(old, "value", old), getattr(new, "value", new))
    kinds = candidates.value("secondary_kinds", index)
    if kinds is not None and sorted(kinds) != sorted(present.secondary_kinds):
        yield "secondary_kinds", (list(present.secondary_kinds), [kind.value for kind in kinds])


def _same_text(name: str, new: str, old: str) -> bool:
    """Whether a text is the register's own as a file gives it back: every format has something it cannot keep.

    XML and spreadsheets have one kind of line break, our own CSV and XLSX leave out marks that turn the text, and an
    import takes tags and the guard of a formula away.
    """
    if new.endswith(CUT) and len(new.encode()) > FULL_BYTES and old.startswith(new.removesuffix(CUT)):
        return True  # a Shapefile's field is too short for it
    read = read_description if name in DESCRIPTIONS else read_text
    kept = _LINE_BREAK.sub("\n", harmless(read(harmless(old))))
    return _LINE_BREAK.sub("\n", harmless(new)) in (kept, without_guard(kept))


def _dates(
    candidates: Candidates, index: int, present: Registered, _terms: Terms, _former: Registered | None
) -> Iterator[tuple[str, Pair]]:
    for source, target in DATES.items():
        span: Span | None = candidates.value(source, index)
        if span is None or (source != target and candidates.value(target, index) is not None):
            continue
        old: date | None = getattr(present, target)
        shown = old or (getattr(present, target.replace("forecast", "decided")) if source != target else None)
        if not span.holds(shown):
            new = day_of(target, span)
            yield target, (old and old.isoformat(), new.isoformat())


def day_of(target: str, span: Span) -> date:
    """The first day of a span for a start, the last for an end."""
    return span.first if target.startswith("start") else span.last


def _case_numbers(
    candidates: Candidates, index: int, present: Registered, _terms: Terms, _former: Registered | None
) -> Iterator[tuple[str, Pair]]:
    numbers = candidates.value("case_numbers", index)
    if numbers is not None and numbers != present.case_numbers:
        yield "case_numbers", (list(present.case_numbers), list(numbers))


def _place(
    candidates: Candidates, index: int, present: Registered, _terms: Terms, _former: Registered | None
) -> Iterator[tuple[str, Pair]]:
    shape = None if candidates.geometries is None else candidates.geometries[index]
    if shape is not None and not same_place(shape, present.geometry):
        yield "geometry", (present.geometry and to_wkt(present.geometry), to_wkt(shape))


def same_place(new: BaseGeometry, old: BaseGeometry | None) -> bool:
    """Whether two shapes (EPSG:3011) are one, to the centimetre."""
    if old is None or shapely.equals_exact(new, old, tolerance=SAME_PLACE_METRES):
        return old is not None
    # A Shapefile turns rings the other way, KML makes a group of a collection of one kind: the place is the same.
    whole = [shapely.GeometryCollection(list(shapely.get_parts(shape))) for shape in (new, old)]
    turned = shapely.normalize(whole)
    return any(bool(shapely.equals_exact(*pair, tolerance=SAME_PLACE_METRES)) for pair in (whole, turned))


def to_wkt(shape: BaseGeometry) -> str:
    """EPSG:3011 as the history keeps it: every decimal."""
    return str(shapely.to_wkt(shape, rounding_precision=-1))


def _publication(
    candidates: Candidates, index: int, present: Registered, terms: Terms, _former: Registered | None
) -> Iterator[tuple[str, Pair]]:
    secret = present.confidential if (stated := candidates.value("confidential", index)) is None else stated
    if terms.publish and not secret and present.publication is not Publication.PUBLISHED:
        yield "publication", (present.publication.value, Publication.PUBLISHED.value)


def broken_rules(values: Mapping[str, Any]) -> list[Problem]:
    """The register's rules on dates and kinds, for the values that a project would have."""
    kinds = tuple(MainKind(kind) for kind in values.get("secondary_kinds") or ())
    given = ProjectInput(
        code="P-1", name="–", main_kind=MainKind(values["main_kind"]), secondary_kinds=kinds,
        **{name: _day(values.get(name)) for name in set(DATES.values())},  # type: ignore[arg-type]
    )  # fmt: skip
    return problems(given)


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value if isinstance(value, date) else None


def broken_by(fields: Mapping[str, Pair], present: Registered) -> list[Problem]:
    """The rules that a change would break; what was wrong before and is not touched is not its fault."""
    if not fields.keys() & _JUDGED:
        return []
    return broken_rules({name: fields[name][1] if name in fields else getattr(present, name) for name in _JUDGED})
