"""What the forms of the measures hand to their services."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.measures.vocabulary import MainKind, MeasureGroup


@dataclass(frozen=True, slots=True)
class MeasureInput:
    """A measure. `code` and `group` are fixed once it is made, for sums and old projects rest on them."""

    code: str
    group: MeasureGroup
    kind: MainKind | None
    name_sv: str
    name_en: str
    unit: str
    help_sv: str
    active: bool
