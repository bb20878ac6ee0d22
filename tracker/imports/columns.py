"""Which column of a file says what: Swedish and English headers, and the names that databases give their fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracker.errors import RefusedFileError
from tracker.imports.amounts import amount_column, of_field
from tracker.imports.beside_tables import TABLES
from tracker.messages import message
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
    "description_public": ("beskrivning", "description", "beskr"),
    "link": ("lank", "url", "link", "webbadress", "hemsida"),
    "confidential": ("sekretess", "sekretessmarkerad", "confidential"),
    "confidentiality_ground": ("lagrum", "sekretessgrund", "confidentiality-ground"),
    "secondary_kinds": ("ytterligare-slag", "andra-slag", "secondary-kinds", "ytterl-sl"),
    "subtype": ("undertyp", "delslag", "subtype"),
    "manager": (
        "projektledare", "ansvarig-projektledare", "projektledare-e-post", "ansvarig", "manager", "project-manager",
    ),
    "deputy": ("bitradande-projektledare", "bitradande", "ersattare", "deputy"),
    "start_decided": ("start-beslutad", "beslutad-start", "beslutat-startdatum", "start-decided"),
    "start_forecast": ("start-prognos", "prognos-start", "prognostiserad-start", "start-forecast"),
    "end_decided": ("slut-beslutat", "slut-beslutad", "beslutat-slut", "beslutat-slutdatum", "end-decided"),
    "end_forecast": ("slut-prognos", "prognos-slut", "prognostiserat-slut", "end-forecast"),
    "start": ("start", "startdatum", "byggstart", "start-date"),
    "end": ("slut", "slutdatum", "fardigstallande", "fardigt", "end-date"),
    "description_internal": (
        "intern-beskrivning", "beskrivning-intern", "interna-anteckningar", "anteckningar", "internal-description",
    ),
    "serves": ("betjanar", "betjanade-omraden", "betjanar-omraden", "serves", "served-areas"),
    "serves_motivation": ("betjanar-motivering", "motivering-betjanar", "motivering", "serves-motivation"),
    "goals": ("mal", "malkoder", "integrationsmal", "goals"),
    "parent": ("program", "programkod", "ingar-i", "overordnat-projekt", "programme", "programme-code", "parent"),
    "city_share": ("stadens-andel", "stadens-finansieringsandel", "finansieringsandel", "city-share"),
    "location_approximate": ("ungefarligt-lage", "location-approximate", "ungef-lage"),
    "example_values": ("exempelvarden", "example-values", "exempelv"),
    "version": ("version", "radversion", "row-version"),
    **{field: (slug(table.header),) for field, table in TABLES.items()},
    "northing": ("n", "nord", "northing", "n-koordinat", "koordinat-n", "nordlig-koordinat"),
    "easting": ("e", "ost", "easting", "e-koordinat", "koordinat-e", "ostlig-koordinat"),
    "x": ("x", "x-koordinat", "koordinat-x"),
    "y": ("y", "y-koordinat", "koordinat-y"),
    "latitude": ("latitud", "latitude", "lat"),
    "longitude": ("longitud", "longitude", "lon", "long", "lng"),
    "wkt": ("wkt", "geometri", "geometry", "geom", "the-geom"),
}  # fmt: skip
"""Field → headers that mean it, as `slug` writes them, the surest first. Amounts: see amounts.py."""

LABELS: Mapping[str, str] = {
    "code": message("Projektkod"),
    "name": message("Namn"),
    "main_kind": message("Huvudslag"),
    "phase": message("Skede"),
    "stated_area": message("Stadsdel enligt källan"),
    "dwellings": message("Antal bostäder (planerade)"),
    "volumes": message("Antal bostäder (planerade)"),
    "case_numbers": message("Diarienummer"),
    "description_public": message("Beskrivning"),
    "link": message("Länk"),
    "confidential": message("Sekretess"),
    "confidentiality_ground": message("Lagrum"),
    "secondary_kinds": message("Ytterligare slag"),
    "subtype": message("Undertyp"),
    "manager": message("Projektledare"),
    "manager_id": message("Projektledare"),
    "deputy": message("Biträdande projektledare"),
    "deputy_id": message("Biträdande projektledare"),
    "start_decided": message("Beslutad start"),
    "start_forecast": message("Start enligt prognos"),
    "end_decided": message("Beslutat slut"),
    "end_forecast": message("Slut enligt prognos"),
    "start": message("Start"),
    "end": message("Slut"),
    "description_internal": message("Intern beskrivning"),
    "serves": message("Betjänar"),
    "serves_motivation": message("Motivering till betjänar"),
    "goals": message("Mål"),
    "figures": message("Ekonomi"),
    "parent": message("Ingår i program"),
    "parent_id": message("Ingår i program"),
    "city_share": message("Stadens andel"),
    "location_approximate": message("Ungefärligt läge"),
    "example_values": message("Exempelvärden"),
    "publication": message("Publicering"),
    "version": message("Version (ur vårt uttag)"),
    "geometry": message("Läge"),
    **{field: message("Tabellen %(table)s i vårt GeoPackage", table=table.name) for field, table in TABLES.items()},
    "northing": message("Nordlig koordinat (N)"),
    "easting": message("Östlig koordinat (E)"),
    "x": message("Koordinat X"),
    "y": message("Koordinat Y"),
    "latitude": message("Latitud"),
    "longitude": message("Longitud"),
    "wkt": message("Geometri som WKT"),
}
"""Field → what a person reads."""

OUR_OWN = frozenset({"rad", "orsak"})
"""Columns that a file of refused rows has for the person who mends it; nothing is read from them."""


@dataclass(frozen=True, slots=True)
class Headers:
    """Field → the header of its column, and the headers that nothing is read from."""

    of: Mapping[str, str]
    unused: tuple[str, ...]

    def label(self, field: str) -> str:
        """The column as the file calls it; a field without a column by our own word."""
        return self.of.get(field) or label_of(field)


def label_of(field: str) -> str:
    """What a person reads for a field."""
    amount = of_field(field)
    return amount.label if amount else LABELS.get(field, field)


def is_known(header: str) -> bool:
    """Whether a header means a field."""
    return slug(header) in _KNOWN or amount_column(header) is not None


_KNOWN = frozenset[str]().union(*ALIASES.values())


def match_headers(headers: Iterable[str], chosen: Mapping[str, str] | None = None) -> Headers:
    """Find the columns: what a person chose first, then by aliases. Headers that the file lacks are passed over."""
    listed = list(headers)
    chosen = chosen or {}
    found = {field: header for field, header in chosen.items() if header in listed}
    free = [header for header in listed if header not in set(found.values())]
    by_slug: dict[str, str] = {}
    for header in free:
        by_slug.setdefault(slug(header), header)
    for field, aliases in ALIASES.items():
        named = [by_slug[alias] for alias in aliases if alias in by_slug]
        if field not in chosen and named:
            found[field] = named[0]
    for header in free:
        amount = amount_column(header)
        if amount and amount.field not in chosen and amount.field not in found:
            found[amount.field] = header
    used = set(found.values())
    ordered = {field: found[field] for field in (*ALIASES, *found) if field in found}
    unused = (header for header in listed if header not in used and slug(header) not in OUR_OWN)
    return Headers(ordered, tuple(unused))


def require_key(headers: Headers, file_name: str, listed: Iterable[str]) -> None:
    """Raises RefusedFileError when no column tells the projects apart."""
    if not headers.of.keys() & {"code", "case_numbers"}:
        raise RefusedFileError(
            message(
                "%(file)s har ingen kolumn med projektens koder (till exempel Projektnr eller Kod) eller diarienummer. "
                "Kolumnerna heter: %(names)s.",
                file=file_name,
                names=", ".join(listed) or message("ingenting"),
            )
        )
