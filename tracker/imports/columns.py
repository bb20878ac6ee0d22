"""Which column of a file says what: Swedish and English headers, and the names that databases give their fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracker.errors import RefusedFileError
from tracker.text import slug

ALIASES: Mapping[str, tuple[str, ...]] = {
    "code": (
        "projektnr", "projekt-nr", "projektnummer", "projektkod", "kod", "code", "project-code", "project-number",
        "objekt-id", "objectid",
    ),
    "name": ("projektnamn", "namn", "name", "project-name", "projekt", "benamning", "titel", "title"),
    "main_kind": (
        "huvudslag", "slag", "typ", "typ-gissad", "projekttyp", "kategori", "main-kind", "kind", "type", "category",
    ),
    "phase": ("skede", "fas", "projektskede", "status", "phase"),
    "stated_area": ("stadsdel", "stadsdelar", "stadsdelsomrade", "omrade", "district", "area"),
    "dwellings": (
        "antal-bostader", "antal-bostader-gissat", "bostader", "antal-lagenheter", "lagenheter", "dwellings", "homes",
    ),
    "case_numbers": ("diarienummer", "dnr", "diarienr", "arendenummer", "case-numbers", "case-number"),
    "description_public": ("beskrivning", "description"),
    "link": ("lank", "url", "link", "webbadress", "hemsida"),
    "confidential": ("sekretess", "sekretessmarkerad", "confidential"),
    "confidentiality_ground": ("lagrum", "sekretessgrund", "confidentiality-ground"),
    "northing": ("n", "nord", "northing", "n-koordinat", "koordinat-n", "nordlig-koordinat"),
    "easting": ("e", "ost", "easting", "e-koordinat", "koordinat-e", "ostlig-koordinat"),
    "x": ("x", "x-koordinat", "koordinat-x"),
    "y": ("y", "y-koordinat", "koordinat-y"),
    "latitude": ("latitud", "latitude", "lat"),
    "longitude": ("longitud", "longitude", "lon", "long", "lng"),
    "wkt": ("wkt", "geometri", "geometry", "geom", "the-geom"),
}  # fmt: skip
"""Field → headers that mean it, as `slug` writes them, the surest first."""

LABELS: Mapping[str, str] = {
    "code": "Projektkod",
    "name": "Namn",
    "main_kind": "Huvudslag",
    "phase": "Skede",
    "stated_area": "Stadsdel enligt källan",
    "dwellings": "Antal bostäder (planerade)",
    "volumes": "Antal bostäder (planerade)",
    "case_numbers": "Diarienummer",
    "description_public": "Beskrivning",
    "link": "Länk",
    "confidential": "Sekretess",
    "confidentiality_ground": "Lagrum",
    "publication": "Publicering",
    "geometry": "Läge",
}
"""Field → what a person reads."""


@dataclass(frozen=True, slots=True)
class Headers:
    """Field → the header of its column, and the headers that nothing is read from."""

    of: Mapping[str, str]
    unused: tuple[str, ...]

    def label(self, field: str) -> str:
        """The column as the file calls it; a field without a column by our own word."""
        return self.of.get(field) or LABELS.get(field, field)


def match_headers(headers: Iterable[str], file_name: str) -> Headers:
    """Find the columns. Raises RefusedFileError when none holds the projects' codes."""
    by_slug: dict[str, str] = {}
    for header in headers:
        by_slug.setdefault(slug(header), header)
    found = {
        field: by_slug[next(alias for alias in aliases if alias in by_slug)]
        for field, aliases in ALIASES.items()
        if any(alias in by_slug for alias in aliases)
    }
    if "code" not in found:
        raise RefusedFileError(
            f"{file_name} har ingen kolumn med projektens koder (till exempel Projektnr eller Kod). "
            f"Kolumnerna heter: {', '.join(by_slug.values()) or 'ingenting'}."
        )
    used = set(found.values())
    return Headers(found, tuple(header for header in headers if header not in used))
