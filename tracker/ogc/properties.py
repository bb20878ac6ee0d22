"""What a feature tells of itself, and what can be asked of it: names, Swedish titles and types."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from tracker.measures.models import MainKind
from tracker.projects.vocabulary import Phase

Value = str | int | float | bool | date


class Kind(StrEnum):
    """The type of a property."""

    TEXT = "text"
    WHOLE = "heltal"
    NUMBER = "tal"
    TRUTH = "ja/nej"
    DAY = "datum"
    TEXTS = "lista av texter"


_SCHEMAS: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {"type": "string"},
    Kind.WHOLE: {"type": "integer"},
    Kind.NUMBER: {"type": "number"},
    Kind.TRUTH: {"type": "boolean"},
    Kind.DAY: {"type": "string", "format": "date"},
    Kind.TEXTS: {"type": "array", "items": {"type": "string"}},
}


@dataclass(frozen=True, slots=True)
class Property:
    """`told`: features have it; what is not told can only be asked about. `words`: the only values."""

    name: str
    title: str
    kind: Kind = Kind.TEXT
    description: str = ""
    words: tuple[str, ...] = ()
    told: bool = True

    @property
    def schema(self) -> dict[str, Any]:
        """As JSON Schema."""
        found = {"title": self.title, **_SCHEMAS[self.kind]}
        if self.description:
            found["description"] = self.description
        if self.words:
            found["enum"] = list(self.words)
        return found

    @property
    def sortable(self) -> bool:
        return self.kind is not Kind.TEXTS


PROJECT = (
    Property("code", "Kod", description="Projektets kod; samma värde som id."),
    Property("name", "Namn"),
    Property("kind", "Huvudslag", words=tuple(one.value for one in MainKind)),
    Property("phase", "Skede", words=tuple(one.value for one in Phase)),
    Property("goals", "Mål", Kind.TEXTS, "Koder för de mål som projektet bidrar till."),
    Property("areas", "Områden", Kind.TEXTS, "Områden som projektet betjänar, annars stadsdelar som det ligger i."),
    Property("start", "Startår", Kind.WHOLE, "Bedömt före beslutat."),
    Property("end", "Slutår", Kind.WHOLE, "Bedömt före beslutat."),
    Property("approximate", "Ungefärligt läge", Kind.TRUTH),
    Property("start_date", "Start", Kind.DAY, "Bedömd före beslutad; bara att fråga efter.", told=False),
    Property("end_date", "Slut", Kind.DAY, "Bedömt före beslutat; bara att fråga efter.", told=False),
)
AREA = (
    Property("code", "Kod"),
    Property("name", "Namn"),
    Property("region", "Stadens del", description="innerstad, vasterort eller soderort"),
    Property("ytterstad", "Ytterstad", Kind.TRUTH),
    Property("edition", "Indelning"),
    Property("schematic", "Schematisk gräns", Kind.TRUTH, "Gränsen är en skiss och inte stadens egen."),
    Property("inhabitants", "Invånare", Kind.WHOLE, "Senaste kända antal."),
    Property("inhabitants_year", "Invånare vid slutet av år", Kind.WHOLE),
)


def named(properties: Iterable[Property]) -> dict[str, Property]:
    """By name."""
    return {one.name: one for one in properties}
