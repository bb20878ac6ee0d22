"""What an installation says of the backgrounds of its map; config.py reads it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tracker.errors import ConfigurationError

ORIGIN = re.compile(r"https?://(?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?")
"""Of a web site, as a content policy writes it."""
BACKGROUND_DEFAULTS: dict[str, str | int] = {
    "name": "Bakgrundskarta", "url": "", "wms": "", "layers": "", "format": "image/png", "version": "1.3.0",
    "crs": "EPSG:3857", "attribution": "", "opacity": 60,
}  # fmt: skip
"""What may be said of a background of the map: in the environment as MAP_BACKGROUND_…, in a file as [[background]]."""


def backgrounds(env: Mapping[str, str]) -> tuple[dict[str, str | int], ...]:
    """The backgrounds that a reader may lay under the map, each with the `origin` that its pictures come from."""
    path = env.get("MAP_BACKGROUNDS", "")
    if path:
        tables = _background_file(Path(path))
    else:
        said = {key: env[_variable(key)] for key in BACKGROUND_DEFAULTS if env.get(_variable(key))}
        tables = [said] if "url" in said or "wms" in said else []
        if said and not tables:
            raise ConfigurationError(f"{_variable(min(said))} är satt, men varken MAP_BACKGROUND_URL eller _WMS.")
    made = tuple(_background(table) for table in tables)
    if len({one["crs"] for one in made}) > 1 or len({one["name"] for one in made}) < len(made):
        raise ConfigurationError("Kartans bakgrunder ska ha olika namn och samma koordinatsystem (crs).")
    return made


def _variable(key: str) -> str:
    return f"MAP_BACKGROUND_{key.upper()}"


def _background_file(path: Path) -> list[dict[str, Any]]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get("background")
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"MAP_BACKGROUNDS: {path} går inte att läsa: {error}") from None
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ConfigurationError(f"MAP_BACKGROUNDS: {path} ska ha en tabell [[background]] för varje bakgrund.")
    return tables


def _background(said: Mapping[str, Any]) -> dict[str, str | int]:
    unknown = said.keys() - BACKGROUND_DEFAULTS.keys()
    made = BACKGROUND_DEFAULTS | dict(said)
    address = str(made["url"] or made["wms"])
    parts = urlsplit(address)
    wrong = {
        f"{min(unknown, default='')} är ingen inställning": bool(unknown),
        "{{, {% och {# betyder något annat för kartan": any(re.search(r"\{[{%#]", str(one)) for one in made.values()),
        "ange antingen url eller wms": bool(made["url"]) == bool(made["wms"]),
        "adressen ska börja med https:// (eller http://)": parts.scheme not in ("https", "http") or not parts.netloc,
        "värdnamnet är fel": not ORIGIN.fullmatch(_origin_of(address)),
        "url ska innehålla {z}, {x} och {y}": bool(made["url"]) and not all(f"{{{a}}}" in address for a in "zxy"),
        "wms kräver layers": bool(made["wms"]) and not made["layers"],
        "attribution (källa) saknas": not made["attribution"],
        "crs ska vara EPSG:3857 (wms: eller EPSG:3011)": made["crs"] not in ("EPSG:3857", made["wms"] and "EPSG:3011"),
        "version ska vara 1.1.1 eller 1.3.0": made["version"] not in ("1.1.1", "1.3.0"),
        "opacity ska vara 1–100 procent": not (str(made["opacity"]).isdecimal() and 1 <= int(made["opacity"]) <= 100),
    }
    for reason, holds in wrong.items():
        if holds:
            raise ConfigurationError(f"Kartans bakgrund {made['name']!r}: {reason}.")
    return made | {"opacity": int(made["opacity"]), "origin": _origin_of(address)}


def _origin_of(address: str) -> str:
    """The origin of an address as a content policy writes it; `{s}`, the servers a, b and c, is `*`."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}".lower().replace("{s}.", "*.")
