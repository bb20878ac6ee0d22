"""What a feature tells of itself, and what can be asked of it: names, titles and types."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from tracker.measures.models import MainKind
from tracker.messages import message
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

    @property
    def label(self) -> str:
        """What the type is called on a page."""
        return _LABELS[self]


_LABELS = {
    Kind.TEXT: message("text"),
    Kind.WHOLE: message("heltal"),
    Kind.NUMBER: message("tal"),
    Kind.TRUTH: message("ja/nej"),
    Kind.DAY: message("datum"),
    Kind.TEXTS: message("lista av texter"),
}

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
    Property("code", message("Kod"), description=message("Projektets kod; samma värde som id.")),
    Property("name", message("Namn")),
    Property("kind", message("Huvudslag"), words=tuple(one.value for one in MainKind)),
    Property("phase", message("Skede"), words=tuple(one.value for one in Phase)),
    Property("goals", message("Mål"), Kind.TEXTS, message("Koder för de mål som projektet bidrar till.")),
    Property(
        "areas",
        message("Områden"),
        Kind.TEXTS,
        message("Områden som projektet betjänar, annars stadsdelar som det ligger i."),
    ),
    Property("start", message("Startår"), Kind.WHOLE, message("Bedömt före beslutat.")),
    Property("end", message("Slutår"), Kind.WHOLE, message("Bedömt före beslutat.")),
    Property("approximate", message("Ungefärligt läge"), Kind.TRUTH),
    Property(
        "start_date", message("Start"), Kind.DAY, message("Bedömd före beslutad; bara att fråga efter."), told=False
    ),
    Property("end_date", message("Slut"), Kind.DAY, message("Bedömt före beslutat; bara att fråga efter."), told=False),
)
AREA = (
    Property("code", message("Kod")),
    Property("name", message("Namn")),
    Property("region", message("Stadens del"), description=message("innerstad, vasterort eller soderort")),
    Property("ytterstad", message("Ytterstad"), Kind.TRUTH),
    Property("edition", message("Indelning")),
    Property(
        "schematic", message("Schematisk gräns"), Kind.TRUTH, message("Gränsen är en skiss och inte stadens egen.")
    ),
    Property("inhabitants", message("Invånare"), Kind.WHOLE, message("Senaste kända antal.")),
    Property("inhabitants_year", message("Invånare vid slutet av år"), Kind.WHOLE),
)


def named(properties: Iterable[Property]) -> dict[str, Property]:
    """By name."""
    return {one.name: one for one in properties}
