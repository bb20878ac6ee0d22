"""Files of outlines for tests, written by GDAL from what is in the database."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from tracker.areas.models import LOWEST
from tracker.areas.queries import get_area_set, list_areas, outlines_of
from tracker.geo.crs import reproject

SOUTH = "Södermalm"
HALVES = ("Södermalm (västra delen)", "Södermalm (östra delen)")


def current_outlines(session: Session, code: str) -> dict[str, BaseGeometry]:
    """Name → outline (EPSG:3011) of a set as it is stored now."""
    area_set = get_area_set(session, code)
    outlines = outlines_of(session, area_set)
    names = {area.id: area.name for area in list_areas(session, area_set)}
    return {names[key]: shape for key, shape in zip(outlines.ids, outlines.shapes, strict=True)}


def write_outlines(
    path: Path,
    shapes: dict[str, BaseGeometry] | Sequence[tuple[str, BaseGeometry | None]],
    srid: int | None = 3011,
    field: str = "name",
    **options: str,
) -> Path:
    """Write name and shape (EPSG:3011) to a vector file; `srid` is what the file is in, None leaves it unsaid."""
    pairs = list(shapes.items()) if isinstance(shapes, dict) else list(shapes)
    array = np.empty(len(pairs), dtype=object)
    array[:] = [shape for _, shape in pairs]
    moved = reproject(array, 3011, srid or 3011)
    pyogrio.raw.write(
        path,
        geometry=shapely.to_wkb(moved),
        field_data=[np.array([name for name, _ in pairs], dtype=object)],
        fields=np.array([field]),
        geometry_type="Unknown" if path.suffix != ".shp" else "Polygon",
        crs=f"EPSG:{srid}" if srid else None,
        promote_to_multi=False,
        **options,
    )
    return path


def zip_folder(folder: Path, target: Path, inside: str = "", upper: bool = False) -> Path:
    """Zip the files of a folder, in a folder `inside` the zip and with capital extensions where asked for."""
    with zipfile.ZipFile(target, "w") as archive:
        for file in sorted(folder.iterdir()):
            suffix = file.suffix.upper() if upper else file.suffix
            archive.write(file, f"{inside}{file.stem}{suffix}")
    return target


def official(session: Session, code: str, shift: float = 40.0) -> dict[str, BaseGeometry]:
    """Outlines such as the city would send them: in capitals, Södermalm whole, all moved to the east (metres)."""
    shapes = current_outlines(session, code)
    if code == LOWEST:
        halves = [shapes.pop(name) for name in HALVES]
        shapes[SOUTH] = shapely.union_all(halves)
    return {name.upper(): shapely.affinity.translate(shape, shift) for name, shape in shapes.items()}
