"""Every kind of file, and every kind of file that is none: judged by content, bounded, refused in one sentence."""

from __future__ import annotations

import struct
import time
import tracemalloc
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.geometries import CITY_HALL, RINKEBY, array
from tests.imports.files import write_csv, write_geojson, write_geopackage, write_xlsx
from tracker.errors import RefusedFileError
from tracker.geo.crs import reproject
from tracker.imports import archives, extents
from tracker.imports.candidates import interpret
from tracker.imports.choices import Choices
from tracker.imports.contents import inspect_file
from tracker.imports.looking import inspect_file_here
from tracker.imports.reading import read_table_here
from tracker.imports.sources import read_table

DATA = Path(__file__).parent / "data"
SHAPES = array(CITY_HALL, RINKEBY)
FIELDS = {"kod": ["P-1", "P-2"], "namn": ["Hägersten", "Åkeshov"]}


def write_vector(
    path: Path, driver: str, srid: int, fields: Mapping[str, Sequence[Any]] = FIELDS, **given: Any
) -> Path:
    """Two points of the city in a file of another program's kind."""
    options = {"geometry_type": "Point", "crs": f"EPSG:{srid}"} | given
    columns = [np.array(values, dtype=object) for values in fields.values()]
    pyogrio.raw.write(
        path, shapely.to_wkb(reproject(SHAPES, 3011, srid)), columns, list(fields), driver=driver, **options
    )
    return path


def zipped(path: Path, members: Mapping[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> Path:
    """An archive of these members."""
    with zipfile.ZipFile(path, "w", kind) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def shapefile(folder: Path, encoding: str | None = "cp1252", srid: int = 3011) -> dict[str, bytes]:
    """Suffix → bytes of a Shapefile with Swedish letters, without a .cpg."""
    folder.mkdir(exist_ok=True)
    write_vector(folder / "a.shp", "ESRI Shapefile", srid, encoding=encoding)
    return {one.suffix: one.read_bytes() for one in folder.iterdir() if one.suffix != ".cpg"}


def assert_both(path: Path, srid: int | None) -> None:
    """Both points are where they are, with their names."""
    table = read_table(path)
    assert table.srid == srid
    assert [str(name) for name in table.columns["namn"]] == FIELDS["namn"]
    found = interpret(table)
    assert found.refused == {}
    assert found.geometries is not None
    assert float(np.max(shapely.distance(found.geometries, SHAPES))) < 0.01


@pytest.mark.parametrize(
    ("name", "driver", "srid", "kind"),
    [
        ("a.fgb", "FlatGeobuf", 3006, "FlatGeobuf"),
        ("a.gml", "GML", 3011, "GML"),
        ("a.gpkg", "GPKG", 3021, "GeoPackage"),
        ("a.geojson", "GeoJSON", 4326, "GeoJSON"),
    ],
)
def test_map_files_of_every_kind(tmp_path: Path, name: str, driver: str, srid: int, kind: str) -> None:
    path = write_vector(tmp_path / name, driver, srid)
    contents = inspect_file(path)
    assert (contents.kind, contents.only is not None) == (kind, True)
    assert [(one.rows, one.has_shapes, one.sample) for one in contents.layers] == [(2, True, ())]
    assert_both(path, srid)
    assert sorted(one.name for one in tmp_path.iterdir() if one.suffix != ".xsd") == [name], "nothing is left beside it"


def test_kml_names_its_placemarks(tmp_path: Path) -> None:
    marks = "".join(
        f'<Placemark><name>{name}</name><ExtendedData><Data name="kod"><value>{code}</value></Data></ExtendedData>'
        f"<Point><coordinates>{x},{y},7</coordinates></Point></Placemark>"
        for code, name, (x, y) in zip(
            *FIELDS.values(), shapely.get_coordinates(reproject(SHAPES, 3011, 4326)), strict=True
        )
    )
    text = f'<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{marks}</Document></kml>'
    path = tmp_path / "a.kml"
    path.write_text(text, encoding="utf-8")
    for one in (path, zipped(tmp_path / "a.kmz", {"doc.kml": text.encode()})):
        table = read_table(one)
        found = interpret(table)
        assert found.values["name"] == FIELDS["namn"]
        assert found.values["code"] == FIELDS["kod"]
        assert found.refused == {}
        assert found.geometries is not None
        assert float(np.max(shapely.distance(found.geometries, SHAPES))) < 0.01
        assert not shapely.has_z(table.geometries).any()


def test_a_drawing_has_no_codes_until_its_columns_are_matched(tmp_path: Path) -> None:
    path = tmp_path / "a.dxf"
    write_vector(path, "DXF", 3011, {"Layer": ["P-1", "P-2"]})
    assert inspect_file(path).kind == "DXF (CAD)"
    table = read_table(path)
    with pytest.raises(RefusedFileError, match="ingen kolumn med projektens koder"):
        interpret(table)
    found = interpret(table, Choices(columns={"code": "Layer", "name": "Layer"}, srid=3011))
    assert found.values["code"] == ["P-1", "P-2"]
    assert found.geometries is not None
    assert float(np.max(shapely.distance(found.geometries, SHAPES))) < 0.01


@pytest.mark.parametrize("name", ["projekt.xls", "projekt.ods"])
def test_older_and_open_spreadsheets(name: str) -> None:
    found = interpret(read_table(DATA / name))
    assert found.values["code"] == ["P-1", "P-2"]
    assert found.values["dwellings"] == [120, None]
    assert [span.label for span in found.values["start"]] == ["2005-04-30", "2006-01-15"]
    assert found.refused == {}


def test_titles_above_the_headers_are_passed_over(tmp_path: Path) -> None:
    rows: list[list[str | None]] = [
        ["Projektlista 2005"],
        [None],
        ["Utskriven", "2005-04-30"],
        ["Kod", "Namn", "Skede"],
        ["P-1", "x", "Idé"],
    ]
    path = write_xlsx(tmp_path / "a.xlsx", {"Projekt": rows})
    (layer,) = inspect_file(path).layers
    assert (layer.header_row, layer.rows, layer.sample[3][:2]) == (4, 1, ("Kod", "Namn"))
    assert list(read_table(path).rows) == [5]
    assert list(read_table(path, header_row=1).columns) == ["Projektlista 2005"]
    with pytest.raises(RefusedFileError, match="ingen rad 9"):
        read_table(path, header_row=9)


def test_case_24_text_that_is_no_utf8_is_read(tmp_path: Path) -> None:
    for encoding in ("cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "latin-1"):
        table = read_table(write_csv(tmp_path / "a.csv", encoding=encoding))
        assert table.columns["Projektnamn"][2] == "Kvarteret Åäö"


# Zipped Shapefiles


@pytest.mark.parametrize(
    "names",
    [
        {".shp": "a.shp", ".shx": "a.shx", ".dbf": "a.dbf", ".prj": "a.prj"},
        {".shp": "Mina kartor/å b.SHP", ".shx": "Mina kartor/å b.SHX", ".dbf": "Mina kartor/å b.DBF",
         ".prj": "Mina kartor/å b.PRJ"},
        {".shp": "a.SHP", ".shx": "A.shx", ".dbf": "a.DBF", ".prj": "a.Prj"},
        {".shp": "x\\a.shp", ".shx": "x\\a.shx", ".dbf": "x\\a.dbf", ".prj": "x\\a.prj"},
    ],
)  # fmt: skip
def test_case_22_a_zipped_shapefile_whatever_its_names(tmp_path: Path, names: dict[str, str]) -> None:
    files = shapefile(tmp_path / "shp")
    members = {name: files[suffix] for suffix, name in names.items()}
    extra = {"__MACOSX/._a.shp": b"x", "__MACOSX/Mina kartor/._a.dbf": b"y", ".DS_Store": b"z", "las.txt": b"hej"}
    assert_both(zipped(tmp_path / "a.zip", members | extra), 3011)


@pytest.mark.parametrize(
    ("encoding", "cpg", "note"),
    [
        ("cp1252", None, False),
        ("cp1252", b"UTF-8", True),
        ("cp1252", b"1252", False),
        ("cp1252", b"ISO-8859-1", False),
        ("UTF-8", None, False),
        ("UTF-8", b"UTF-8", False),
        ("UTF-8", b"ISO-8859-1", True),
        ("UTF-8", b"strunt", False),
        ("cp850", b"850", False),
    ],
)
def test_case_21_the_bytes_decide_the_encoding_not_the_cpg(
    tmp_path: Path, encoding: str, cpg: bytes | None, note: bool
) -> None:
    files = {f"a{suffix}": data for suffix, data in shapefile(tmp_path / "shp", encoding).items()}
    if cpg is not None:
        files["a.cpg"] = cpg
    path = zipped(tmp_path / "a.zip", files)
    assert read_table(path).columns["namn"] == FIELDS["namn"]
    assert any(".cpg" in one for one in inspect_file(path).notes) == note


def test_case_7_without_a_prj_the_system_is_not_stated(tmp_path: Path) -> None:
    files = shapefile(tmp_path / "shp", srid=3006)
    del files[".prj"]
    assert_both(zipped(tmp_path / "a.zip", {f"x/a{suffix}": data for suffix, data in files.items()}), None)


def test_several_shapefiles_are_layers(tmp_path: Path) -> None:
    files = shapefile(tmp_path / "shp")
    members = {f"{stem}{suffix}": data for stem in ("ett", "två") for suffix, data in files.items()}
    path = zipped(tmp_path / "a.zip", members)
    assert [one.name for one in inspect_file(path).layers] == ["ett", "två"]
    with pytest.raises(RefusedFileError, match="flera lager"):
        read_table(path)
    assert read_table(path, "två").columns["kod"] == ["P-1", "P-2"]


@pytest.mark.parametrize("lacking", [".dbf", ".shx"])
def test_a_shapefile_that_lacks_a_part_says_which(tmp_path: Path, lacking: str) -> None:
    files = {f"a{suffix}": data for suffix, data in shapefile(tmp_path / "shp").items() if suffix != lacking}
    with pytest.raises(RefusedFileError, match=f"saknar \\{lacking}"):
        inspect_file(zipped(tmp_path / "a.zip", files))


def test_one_map_in_an_archive_is_read(tmp_path: Path) -> None:
    inner = write_geopackage(tmp_path / "a.gpkg", FIELDS, [CITY_HALL, RINKEBY]).read_bytes()
    assert_both(zipped(tmp_path / "a.zip", {"mapp/a.gpkg": inner}), 3011)
    with pytest.raises(RefusedFileError, match="flera filer"):
        inspect_file(zipped(tmp_path / "b.zip", {"a.gpkg": inner, "b.gpkg": inner}))


# The content decides, not the suffix


def test_a_wrong_suffix_is_seen_through_and_said(tmp_path: Path) -> None:
    book = write_xlsx(tmp_path / "a.xlsx", {"A": [["kod", "namn"], ["P-1", "x"]]})
    for name in ("a.csv", "a.geojson", "a.zip", "a.xls"):
        path = tmp_path / name
        path.write_bytes(book.read_bytes())
        contents = inspect_file(path)
        assert contents.kind == "kalkylblad (Excel)"
        assert contents.notes == (f"Filen heter .{name[2:]} men är kalkylblad (Excel) och har lästs så.",)
        assert read_table(path).columns["kod"] == ["P-1"]


@pytest.mark.parametrize("suffix", [".csv", ".txt", ".kml", ".zip"])
def test_a_map_under_another_name_is_read(tmp_path: Path, suffix: str) -> None:
    path = write_vector(tmp_path / "a.gpkg", "GPKG", 3011).rename(tmp_path / f"a{suffix}")
    assert_both(path, 3011)


def test_a_csv_called_xls_is_a_csv(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.xls", [("P-1", "x")], ("Kod", "Namn"))
    assert inspect_file(path).kind == "texttabell (CSV)"
    assert read_table(path).columns["Kod"] == ["P-1"]


def test_the_persons_own_name_of_the_file_is_told(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "0f3a", [("P-1", "x")], ("Kod", "Namn"))
    assert read_table(path, title="mina projekt.csv").name == "mina projekt.csv"
    assert inspect_file(path, "mina projekt.csv").notes == ("Läst som UTF-8 med ; mellan kolumnerna.",)


# Broken, empty, locked, and not ours

GZIP, PDF = b"\x1f\x8b\x08\x00" + bytes(40), b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.gpkg", b"", "är tom"),
        ("a.csv", b"", "är tom"),
        ("a.xlsx", b"", "är tom"),
        ("a.csv", b"\r\n\r\n", "varken kartfil|är tom"),
        ("a.pdf", PDF, "är en PDF"),
        ("a.csv", PDF, "är en PDF"),
        ("a.csv.gz", GZIP, "gzip"),
        ("a.rar", b"Rar!\x1a\x07\x01\x00" + bytes(30), "RAR"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c" + bytes(30), "7z"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(30), "bild"),
        ("a.dwg", b"AC1032" + bytes(60), "DWG"),
        ("a.bin", bytes(range(256)) * 9, "varken kartfil"),
        ("a.zip", b"PK\x03\x04" + bytes(100), "skadad"),
        ("a.xlsx", b"PK\x03\x04" + bytes(100), "skadad"),
        ("a.xls", OLE, "går inte att läsa som kalkylblad"),
        ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "lösenord"),
        ("a.doc", OLE + "WordDocument".encode("utf-16-le"), "Word-dokument"),
        ("a.xls", b"<html><body><table><tr><td>Kod</td></tr></table></body></html>", "webbsida"),
        ("a.xml", b"<?xml version='1.0'?><rot/>", "varken kartfil"),
        ("a.vrt", b"<OGRVRTDataSource><OGRVRTLayer name='x'/></OGRVRTDataSource>", "varken kartfil"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": [{"type', "skadad"),
        ("a.geojson", b'{"a": 1}', "skadad|tom"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": []}', "tom|inga"),
        ("a.gpkg", b"SQLite format 3\x00" + bytes(4000), "skadad"),
        ("a.fgb", b"fgb\x03fgb\x00" + bytes(60), "skadad|tom"),
        ("a.kml", b"<kml><Document><Placemark>", "skadad|tom"),
        ("a.gml", b"<gml:FeatureCollection xmlns:gml='http://www.opengis.net/gml'><gml:feat", "skadad|tom"),
        ("a.dxf", b"  0\nSECTION\n  2\nENT", "skadad|tom"),
        ("a.shp", struct.pack(">7i", 9994, 0, 0, 0, 0, 0, 50) + bytes(80), "saknar .dbf och .shx"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_one_clear_sentence(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(RefusedFileError, match=reason) as refused:
        inspect_file(path)
    said = str(refused.value)
    assert 10 < len(said) < 200
    assert not {"Traceback", "Error", "driver", "supported", "None"} & set(said.split())


@pytest.mark.parametrize("kind", ["xlsx", "gpkg", "zip", "geojson", "ods", "xls"])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.95])
def test_a_file_that_was_cut_off_is_refused_or_read_never_a_crash(tmp_path: Path, kind: str, part: float) -> None:
    whole = {
        "xlsx": lambda: write_xlsx(
            tmp_path / "w.xlsx", {"A": [["kod", "namn"], *([f"P-{n}", "x"] for n in range(99))]}
        ),
        "gpkg": lambda: write_geopackage(tmp_path / "w.gpkg", FIELDS, [CITY_HALL, RINKEBY]),
        "zip": lambda: zipped(tmp_path / "w.zip", {f"a{k}": v for k, v in shapefile(tmp_path / "shp").items()}),
        "geojson": lambda: write_vector(tmp_path / "w.geojson", "GeoJSON", 4326),
        "ods": lambda: DATA / "projekt.ods",
        "xls": lambda: DATA / "projekt.xls",
    }[kind]()
    data = whole.read_bytes()
    path = tmp_path / f"a.{kind}"
    path.write_bytes(data[: int(len(data) * part)])
    with suppress(RefusedFileError):
        interpret(read_table(path))


def test_an_archive_with_a_password_is_told(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.csv": b"kod;namn\nA;x\n"}, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    data[6] |= 1
    place = data.index(b"PK\x01\x02")
    data[place + 8] |= 1
    path.write_bytes(bytes(data))
    with pytest.raises(RefusedFileError, match="lösenord"):
        inspect_file(path)


def test_an_opendocument_with_a_password_is_told(tmp_path: Path) -> None:
    members = {
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": b"<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>",
        "content.xml": bytes(range(256)),
    }
    with pytest.raises(RefusedFileError, match="lösenord"):
        inspect_file(zipped(tmp_path / "a.ods", members))


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_spreadsheet_is_refused_or_read_never_a_crash(tmp_path: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["projekt.ods", "projekt.xls"]))
    damaged = bytearray((DATA / name).read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(damaged) - 1), min_size=1, max_size=8)):
        damaged[place] = data.draw(st.integers(0, 255))
    path = tmp_path / name
    path.write_bytes(damaged)
    with suppress(RefusedFileError):
        interpret(read_table(path), Choices(code_prefix="X"))


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"inre.zip": b"PK\x05\x06" + bytes(18)}, "bara andra arkiv"),
        ({"las.md": b"hej"}, "ingen karta och ingen tabell"),
        ({"word/document.xml": b"<x/>"}, "Office-dokument"),
        ({"../../etc/x.exe": b"x"}, "ingen karta"),
    ],
)
def test_an_archive_without_a_map_is_refused(tmp_path: Path, members: dict[str, bytes], reason: str) -> None:
    with pytest.raises(RefusedFileError, match=reason):
        inspect_file(zipped(tmp_path / "a.zip", members))


def test_names_that_lead_out_of_the_folder_lead_nowhere(tmp_path: Path) -> None:
    files = shapefile(tmp_path / "shp")
    members = {f"../../../../tmp/utanför{suffix}": data for suffix, data in files.items()}
    assert_both(zipped(tmp_path / "a.zip", members), 3011)
    absolute = {f"/tmp/absolut{suffix}": data for suffix, data in files.items()}  # noqa: S108 - a name in an archive
    assert_both(zipped(tmp_path / "b.zip", absolute), 3011)
    assert not Path("/tmp/absolut.shp").exists()  # noqa: S108


# Bombs: bounded in memory


def bounded(path: Path, reason: str) -> None:
    """Refused, with little memory on the way."""
    tracemalloc.start()
    begin = time.perf_counter()
    try:
        with pytest.raises(RefusedFileError, match=reason):
            inspect_file(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 64 * 2**20
    assert time.perf_counter() - begin < 60, "a bomb must not hold the process"


def test_an_archive_of_zeros_is_refused_by_its_ratio(tmp_path: Path) -> None:
    bounded(zipped(tmp_path / "a.zip", {"a.csv": bytes(100 * 2**20)}), "orimligt stor")
    content = {"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": bytes(100 * 2**20)}
    bounded(zipped(tmp_path / "a.xlsx", content), "orimligt stor")


def test_an_archive_that_lies_about_its_sizes_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.xlsx", {"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": bytes(40 * 2**20)})
    data = bytearray(path.read_bytes())
    size = struct.pack("<I", 40 * 2**20)
    for place in [place for place in range(len(data) - 4) if data[place : place + 4] == size]:
        data[place : place + 4] = struct.pack("<I", 100)
    path.write_bytes(bytes(data))
    bounded(path, "orimligt stor")


def test_an_archive_of_too_many_files_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 50)
    with pytest.raises(RefusedFileError, match="innehåller 51 filer"):
        inspect_file_here(zipped(tmp_path / "a.zip", {f"{n}.csv": b"a;b" for n in range(51)}))


BILLION = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_in_xml_are_refused(tmp_path: Path, encoding: str) -> None:
    for name, rest in (
        ("a.kml", b"<kml>&b;</kml>"),
        ("a.gml", b"<FeatureCollection xmlns='x'>&b;</FeatureCollection>"),
    ):
        path = tmp_path / name
        path.write_bytes((BILLION + rest).decode().encode(encoding))
        bounded(path, "DOCTYPE")


def test_entities_in_a_workbook_are_refused(tmp_path: Path) -> None:
    sheet = {"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": BILLION + b"<worksheet>&b;</worksheet>"}
    bounded(zipped(tmp_path / "a.xlsx", sheet), "DOCTYPE")
    mark = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": BILLION + b"<x>&b;</x>"}
    bounded(zipped(tmp_path / "a.ods", mark), "DOCTYPE")


def test_an_external_entity_reads_no_file(tmp_path: Path) -> None:
    text = b'<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/hostname">]><kml><name>&x;</name></kml>'
    (tmp_path / "a.kml").write_bytes(text)
    bounded(tmp_path / "a.kml", "DOCTYPE")


def test_one_value_in_the_last_corner_is_not_laid_out(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("A")
        sheet.write_row(0, 0, ["Kod", "Namn"])
        sheet.write(1_048_575, 16_383, "x")
    bounded(path, "når orimligt långt ut")


def test_repeated_cells_of_opendocument_are_not_unfolded(tmp_path: Path) -> None:
    with zipfile.ZipFile(DATA / "projekt.ods") as archive:
        members = {one: archive.read(one) for one in archive.namelist()}
    cell = b'<table:table-cell office:value-type="string" table:number-columns-repeated="16000"><text:p>x</text:p>'
    row = b'<table:table-row table:number-rows-repeated="100000">' + cell + b"</table:table-cell></table:table-row>"
    members["content.xml"] = members["content.xml"].replace(b"</table:table>", row + b"</table:table>", 1)
    bounded(zipped(tmp_path / "a.ods", members), "når orimligt långt ut")


def test_case_27_a_sheet_of_16384_columns_has_those_that_are_used(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet, shade = book.add_worksheet("A"), book.add_format({"bg_color": "#ffff00"})
        for number, row in enumerate([["Kod", "Namn", *"CDEFGH"], *([f"P-{n}", "x", *"cdefgh"] for n in range(20))]):
            sheet.write_row(number, 0, row)
            for place in range(8, 16_384):
                sheet.write_blank(number, place, None, shade)
    table = read_table(path)
    assert (len(table.columns), len(table.rows)) == (8, 20)
    assert interpret(table).notes == ("Kolumner som inte läses: C, D, F, G, H.",)
    (layer,) = inspect_file(path).layers
    assert len(layer.sample[0]) == 8


def test_case_27_in_text_too(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Kod;Namn" + ";" * 16_382 + "\nP-1;x" + ";" * 16_382 + "\n", encoding="utf-8")
    assert read_table(path).columns == {"Kod": ["P-1"], "Namn": ["x"]}


def test_a_sheet_beyond_the_bound_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extents, "MAX_CELLS", 20)
    assert len(read_table_here(write_xlsx(tmp_path / "a.xlsx", {"A": [["Kod", "Namn"], ["P-1", "x"]]})).rows) == 1
    with pytest.raises(RefusedFileError, match="når orimligt långt ut"):
        read_table_here(
            write_xlsx(tmp_path / "b.xlsx", {"A": [["Kod", "Namn"], *([f"P-{n}", "x"] for n in range(20))]})
        )


def test_nothing_is_left_in_the_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "tmp"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    files = {f"a{suffix}": data for suffix, data in shapefile(tmp_path / "shp").items()}
    read_table(zipped(tmp_path / "a.zip", files))
    with pytest.raises(RefusedFileError):
        inspect_file(zipped(tmp_path / "b.zip", {"a.geojson": b"{"}))
    assert list(place.iterdir()) == []


def test_case_14_heights_and_measures_are_dropped_and_said(tmp_path: Path) -> None:
    feature = ({"kod": "A", "namn": "x"}, {"type": "Point", "coordinates": [18.05, 59.33, 31]})
    for one in (write_geojson(tmp_path / "a.geojson", [feature]),):
        table = read_table(one)
        assert "Höjder (Z) i filen tas inte med." in table.notes
        assert not shapely.has_z(table.geometries).any()
    path = tmp_path / "m.csv"
    rows = [
        ("P-1", "x", "POINT ZM (153112 6579142 3 4)"),
        ("P-2", "y", "LINESTRING Z (153112 6579142 1, 153200 6579200 2)"),
    ]
    found = interpret(read_table(write_csv(path, rows, ("Kod", "Namn", "WKT"))))
    assert found.geometries is not None
    assert [shapely.get_coordinate_dimension(shape) for shape in found.geometries] == [2, 2]
