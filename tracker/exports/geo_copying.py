"""From a GeoPackage of ours to a format that only a driver writes, feature by feature."""

from __future__ import annotations

from pathlib import Path

import pyogrio

from tracker.geo.crs import STORAGE_SRID

BATCH = 1_000
"""Features that are in memory at once on their way; the library's own number is 65,536."""


def copy_layer(source: Path, layer: str, target: Path, driver: str, geometry_type: str | None, **options: str) -> None:
    """Write a layer, or (without a type of geometry) a table, as a file of its own; `options` are the driver's."""
    with pyogrio.open_arrow(source, layer=layer, use_pyarrow=False, batch_size=BATCH) as (meta, stream):
        pyogrio.write_arrow(
            stream,
            target,
            driver=driver,
            layer=target.stem,
            geometry_name=(meta["geometry_name"] or "geom") if geometry_type else None,
            geometry_type=geometry_type,
            crs=f"EPSG:{STORAGE_SRID}" if geometry_type else None,
            **options,
        )
