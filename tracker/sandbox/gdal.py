"""What of GDAL a foreign file may reach: the drivers of the formats that we read, no network, no other file."""

from __future__ import annotations

DRIVERS = frozenset(
    {
        "CSV", "DXF", "ESRI Shapefile", "ESRIJSON", "FlatGeobuf", "GML", "GPKG", "GeoJSON", "GeoJSONSeq", "KML",
        "LIBKML", "MapInfo File", "TopoJSON",
    }
)  # fmt: skip
"""MapInfo and CSV are for outlines of areas alone. None of these follows a reference out of its file, as VRT does."""
SETTINGS = {
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{none}",
    "CPL_CURL_ENABLE_VSIMEM": "NO",
    "GDAL_HTTP_MAX_RETRY": "0",
    "GDAL_HTTP_CONNECTTIMEOUT": "1",
    "GDAL_HTTP_TIMEOUT": "1",
    "GDAL_HTTP_PROXY": "127.0.0.1:9",
    "GDAL_DISABLE_READDIR_ON_OPEN": "TRUE",
    "GDAL_NUM_THREADS": "1",
    "OGR_GPKG_NUM_THREADS": "1",
    "OGR_SQLITE_LOAD_EXTENSIONS": "",
    "OGR_SQLITE_PRAGMA": "trusted_schema=0,cell_size_check=1",
    "OGR_SQLITE_CACHE": "64",
    "GML_SKIP_RESOLVE_ELEMS": "ALL",
    "GML_DOWNLOAD_WFS_SCHEMA": "NO",
    "GML_EXTENT_BASED": "NO",
    "PROJ_NETWORK": "OFF",
}
"""Both as variables of the child's environment, which PROJ reads, and as GDAL's own settings."""


def keep_our_drivers() -> list[str]:
    """Take every other driver out of this process; gives the names of those that are left.

    Asks the library itself which drivers it has: a newer GDAL with a new driver opens no new door.
    """
    import pyogrio
    from pyogrio import _ogr

    pyogrio.set_gdal_config_options(SETTINGS)
    others = sorted(set(pyogrio.list_drivers()) - DRIVERS)
    pyogrio.set_gdal_config_options({"GDAL_SKIP": ",".join([*others, ""])})
    _ogr._register_drivers()
    return sorted(pyogrio.list_drivers())
