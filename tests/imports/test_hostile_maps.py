"""Maps made to harm: Shapefiles that lie, XML, JSON and drawings without bottom."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import shapely

from tests.imports.files import write_geojson
from tests.imports.hostile import read_or_reason, refused
from tracker.errors import RefusedFileError
from tracker.imports.candidates import interpret
from tracker.imports.choices import Choices
from tracker.imports.sources import read_table
from tracker.sandbox import limits
from tracker.sandbox.limits import Limits

POINT = shapely.Point(153112, 6579142)
ENDS = "skadad|gick inte att läsa"


@pytest.fixture(autouse=True)
def bounded() -> Iterator[None]:
    """What a child may take here."""
    kept = limits.current()
    limits.configure(Limits(memory_mb=512, seconds=20))
    yield
    limits.configure(kept)


# Shapefiles


def shapefile(tmp_path: Path) -> Path:
    import numpy as np
    import pyogrio

    folder = tmp_path / "shp"
    folder.mkdir()
    pyogrio.raw.write(
        folder / "a.shp", shapely.to_wkb(np.array([POINT.buffer(5)], dtype=object)), [np.array(["A"], dtype=object)],
        ["kod"], driver="ESRI Shapefile", geometry_type="Polygon", crs="EPSG:3011",
    )  # fmt: skip
    return folder / "a.shp"


def change(suffix: str, place: int, form: str, value: int) -> Callable[[Path], None]:
    """Put a number at a place of one of the parts."""

    def do(path: Path) -> None:
        part = path.with_suffix(suffix)
        data = bytearray(part.read_bytes())
        data[place : place + struct.calcsize(form)] = struct.pack(form, value)
        part.write_bytes(data)

    return do


@pytest.mark.parametrize(
    "harm",
    [
        change(".shp", 24, ">i", 2**31 - 1), change(".shp", 24, ">i", -5), change(".shp", 104, ">i", 2**31 - 1),
        change(".shp", 144, "<i", 2**31 - 1), change(".shp", 148, "<i", 2**31 - 1), change(".shp", 152, "<i", 2**30),
        change(".shx", 24, ">i", 2**31 - 1), change(".shx", 100, ">i", 2**31 - 1), change(".shx", 104, ">i", -1),
        change(".dbf", 4, "<I", 2**31 - 1), change(".dbf", 8, "<H", 65_535), change(".dbf", 10, "<H", 65_535),
        change(".dbf", 8, "<H", 0), change(".dbf", 48, "<B", 255),
    ],
)  # fmt: skip
def test_a_shapefile_that_lies(tmp_path: Path, harm: Callable[[Path], None]) -> None:
    """Lengths, offsets, counts of parts and points, records and fields: refused, or read without what is not there."""
    path = shapefile(tmp_path)
    harm(path)
    read = read_or_reason(path)
    assert 10 < len(read) < 250 if isinstance(read, str) else len(read.rows) < 1000


# JSON


@pytest.mark.parametrize(
    "text",
    [
        '{"type":"FeatureCollection","features":' + "[" * 100_000,
        "[" * 100_000 + "]" * 100_000,
        '{"a":' * 100_000 + "1" + "}" * 100_000,
        '{"type":"GeometryCollection","geometries":[' * 100_000 + "]}" * 100_000,
        '{"type":"Feature","geometry":null,"properties":{"kod":' + '{"a":' * 100_000 + "1" + "}" * 100_001 + "}",
        '{"type":"Polygon","coordinates":' + "[" * 100_000 + "1" + "]" * 100_000 + "}",
    ],
    ids=["oppen", "listor", "objekt", "samlingar", "egenskap", "koordinater"],
)
def test_json_without_bottom(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(text, encoding="utf-8")
    refused(path, f"{ENDS}|tom|inga")


@pytest.mark.parametrize("number", ["1e308", "-1e308", "1e999", "NaN", "Infinity", "1e-320", "9" * 400])
def test_numbers_that_are_nowhere(tmp_path: Path, number: str) -> None:
    """Read or refused; what is read is refused row by row."""
    path = write_geojson(
        tmp_path / "a.geojson", [({"kod": "A", "namn": "x"}, {"type": "Point", "coordinates": [18.05, 59.33]})]
    )
    path.write_text(path.read_text(encoding="utf-8").replace("18.05", number), encoding="utf-8")
    read = read_or_reason(path)
    if isinstance(read, str):
        return
    with suppress(RefusedFileError):
        found = interpret(read, Choices(srid=4326))
        assert found.geometries is None or found.geometries[0] is None or shapely.is_empty(found.geometries[0])


def test_wkt_deep_in_itself_in_a_cell(tmp_path: Path) -> None:
    deep = "GEOMETRYCOLLECTION(" * 100_000 + "POINT(153112 6579142)" + ")" * 100_000
    path = tmp_path / "a.csv"
    path.write_text(f"kod;namn;wkt\nA;x;{deep}\nB;y;POINT(153112 6579142)\n", encoding="utf-8")
    found = interpret(read_table(path), Choices(srid=3011))
    assert found.geometries is not None
    assert [one is None for one in found.geometries] == [True, False]
    assert any("för många nivåer" in str(one) for one in found.refused.values())


def test_ten_thousand_properties(tmp_path: Path) -> None:
    properties = {f"k{n}": n for n in range(10_000)}
    refused(write_geojson(tmp_path / "a.geojson", [(properties, None)]), "10000 kolumner")


# XML


def kml(inside: str) -> str:
    return f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{inside}</Document></kml>'


def test_folders_deep_in_each_other(tmp_path: Path) -> None:
    path = tmp_path / "a.kml"
    path.write_text(kml("<Folder>" * 100_000 + "</Folder>" * 100_000), encoding="utf-8")
    refused(path, f"{ENDS}|tom|inga")


def test_a_document_type_far_into_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.kml"
    path.write_text("<!--" + "x" * 200_000 + "-->" + '<!DOCTYPE kml [<!ENTITY a "ha">]>' + kml("&a;"), encoding="utf-8")
    refused(path, "DOCTYPE|varken kartfil")


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """Neither to the network nor to another file."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        link = f"<NetworkLink><name>A</name><Link><href>{address}</href></Link></NetworkLink>"
        mark = "<Placemark><name>A</name><Point><coordinates>18.05,59.33</coordinates></Point></Placemark>"
        (tmp_path / "a.kml").write_text(kml(f"{link}{mark}"), encoding="utf-8")
        table = read_table(tmp_path / "a.kml")
        assert len(table.rows) == 1
        (tmp_path / "a.gml").write_text(
            '<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml" xmlns:x="http://x" '
            'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
            f'xsi:schemaLocation="http://x {address}.xsd"><gml:featureMember><x:p><x:kod>A</x:kod>'
            f'<x:g xlink:href="{address}"/></x:p></gml:featureMember></gml:FeatureCollection>',
            encoding="utf-8",
        )
        read_table(tmp_path / "a.gml")
        with pytest.raises(BlockingIOError):
            server.accept()


@pytest.mark.parametrize(
    "text",
    [
        "<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>"
        "</OGRVRTDataSource>",
        "<VRTDataset rasterXSize='1' rasterYSize='1'/>",
        "<GPX version='1.1'><wpt lat='59' lon='18'/></GPX>",
        "<WFSDataSource><URL>http://127.0.0.1:9/</URL></WFSDataSource>",
        "<OGRWFSDataSource><URL>http://127.0.0.1:9/</URL></OGRWFSDataSource>",
        json.dumps({"type": "gdal_streamed_alg", "command_line": "gdal vector read /etc/passwd"}),
        json.dumps({"type": "tiledb", "uri": "/etc/passwd"}),
    ],
)
@pytest.mark.parametrize("name", ["a.gml", "a.kml", "a.geojson", "a.vrt"])
def test_what_only_points_at_other_things(tmp_path: Path, text: str, name: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    refused(path, f"{ENDS}|varken kartfil|tom|inga")


@pytest.mark.parametrize(
    "text", ["  0\nSECTION\n" * 200_000, "  0\nSECTION\n  2\nBLOCKS\n" + "  0\nINSERT\n  2\nA\n" * 50_000]
)
def test_a_drawing_without_end(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.dxf").write_text(text, encoding="utf-8")
    refused(tmp_path / "a.dxf", f"{ENDS}|tom|inga")


def test_a_block_that_holds_itself(tmp_path: Path) -> None:
    block = "  0\nBLOCK\n  2\nA\n  0\nINSERT\n  2\nA\n  0\nINSERT\n  2\nA\n  0\nENDBLK\n"
    insert = "  0\nSECTION\n  2\nENTITIES\n  0\nINSERT\n  2\nA\n  0\nENDSEC\n"
    (tmp_path / "a.dxf").write_text(
        f"  0\nSECTION\n  2\nBLOCKS\n{block}  0\nENDSEC\n{insert}  0\nEOF\n", encoding="utf-8"
    )
    refused(tmp_path / "a.dxf", f"{ENDS}|tom|inga")
