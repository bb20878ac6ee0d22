"""Small files for tests of the import, written by other programs' libraries or by hand."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
import xlsxwriter

HEADERS = ("Projektnr", "Projektnamn", "Stadsdel", "Skede", "Typ", "Antal bostäder", "N", "E", "Länk")
ROWS: tuple[tuple[Any, ...], ...] = (
    (
        "P-1",
        "Bostäder vid Rinkeby torg",
        "Rinkeby",
        "Planering",
        "Bostad",
        120,
        6585893.85,
        145965.26,
        "https://a.se/1",
    ),
    ("P-2", "Cykelbana på Hantverkargatan", "Kungsholmen", "Pågående", "Trafik", None, 6579142.0, 153112.0, None),
    ("P-3", "Kvarteret Åäö", None, None, "Övrigt", None, None, None, None),
)
"""Three projects: two with a place (EPSG:3011), one without place, phase, or a kind of ours."""


def write_csv(
    path: Path,
    rows: Sequence[Sequence[Any]] = ROWS,
    headers: Sequence[str] = HEADERS,
    encoding: str = "cp1252",
    delimiter: str = ";",
) -> Path:
    """A CSV file the Swedish way: decimal comma, CRLF."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([headers, *(map(_swedish, row) for row in rows)])
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def _swedish(value: Any) -> str:
    if value is None:
        return ""
    return str(value).replace(".", ",") if isinstance(value, float) else str(value)


def write_xlsx(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
    """A workbook with the sheets given, None as an empty cell."""
    with xlsxwriter.Workbook(str(path)) as book:
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            for number, row in enumerate(rows):
                for place, value in enumerate(row):
                    if value is not None:
                        sheet.write(number, place, value)
    return path


def write_geopackage(
    path: Path, columns: Mapping[str, Sequence[Any]], shapes: Sequence[Any], layer: str = "projekt", srid: int = 3011
) -> Path:
    """A layer of a GeoPackage, added to the file if there is one."""
    pyogrio.raw.write(
        path,
        shapely.to_wkb(np.array(shapes, dtype=object)),
        [np.array(values, dtype=object) for values in columns.values()],
        list(columns),
        layer=layer,
        driver="GPKG",
        geometry_type="Unknown",
        crs=f"EPSG:{srid}",
        append=path.exists(),
    )
    return path


def write_geojson(path: Path, features: Sequence[tuple[Mapping[str, Any], Mapping[str, Any] | None]]) -> Path:
    """A FeatureCollection of (properties, geometry), as it is written by hand: no "crs"."""
    listed = [{"type": "Feature", "properties": one, "geometry": geometry} for one, geometry in features]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": listed}), encoding="utf-8")
    return path
