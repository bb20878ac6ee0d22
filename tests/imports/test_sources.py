"""Reading files: encodings, separators, sheets, layers, stated coordinate systems."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from tests.geometries import CITY_HALL, RINKEBY
from tests.imports.files import HEADERS, ROWS, write_csv, write_geojson, write_geopackage, write_xlsx
from tracker.errors import RefusedFileError
from tracker.imports import texts
from tracker.imports.candidates import interpret
from tracker.imports.choices import Choices
from tracker.imports.reading import read_table_here
from tracker.imports.sources import read_table
from tracker.imports.texts import decode, find_delimiter


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_text_in_any_encoding_gives_the_same_cells(tmp_path: Path, encoding: str, delimiter: str) -> None:
    table = read_table(write_csv(tmp_path / "a.csv", encoding=encoding, delimiter=delimiter))
    assert tuple(table.columns) == HEADERS
    assert table.columns["Projektnamn"] == [row[1] for row in ROWS]
    assert table.columns["N"] == ["6585893,85", "6579142,0", None]
    assert list(table.rows) == [2, 3, 4]
    assert table.geometries is None
    assert table.srid is None


def test_a_comma_file_with_quotes_and_line_breaks(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('kod,namn\nA,"Ett, två\nrader"\n\nB,"""citat"""\n', encoding="utf-8")
    table = read_table(path)
    assert table.columns == {"kod": ["A", "B"], "namn": ["Ett, två\nrader", '"citat"']}
    assert list(table.rows) == [2, 4]


def test_excels_own_separator_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("sep=,\nkod,namn\nA,x;y;z\n", encoding="utf-8")
    assert read_table(path).columns == {"kod": ["A"], "namn": ["x;y;z"]}


def test_bytes_that_are_no_unicode_are_windows() -> None:
    assert decode("Å–Ö ”x”".encode("cp1252")) == ("Å–Ö ”x”", "Windows-1252")
    assert decode(b"") == ("", "UTF-8")
    assert find_delimiter("a;b;c\n1,5;2,5;3,5\n") == ";"


def test_a_sheet_with_empty_rows_and_phantom_columns(tmp_path: Path) -> None:
    wide = [None] * 3_000
    rows: list[list[str | None]] = [
        [None],
        ["Kod", None, "Namn", *wide],
        ["A", "löst", "x", *wide],
        [None],
        ["B", None, "  "],
    ]
    table = read_table(write_xlsx(tmp_path / "a.xlsx", {"Projekt": rows, "Tom": []}))
    assert table.columns == {"Kod": ["A", "B"], "Namn": ["x", None]}
    assert list(table.rows) == [3, 5]
    assert table.name == "a.xlsx, bladet Projekt"


def test_several_sheets_are_asked_about(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"Ett": [["Kod"], ["A"]], "Två": [["Kod"], ["B"]]})
    with pytest.raises(RefusedFileError, match=r"Välj ett med --layer: Ett, Två"):
        read_table(path)
    assert read_table(path, "Två").columns == {"Kod": ["B"]}
    with pytest.raises(RefusedFileError, match="inget blad ”Tre”"):
        read_table(path, "Tre")


@pytest.mark.parametrize("rows", [[], [["Kod"]]])
def test_a_sheet_without_rows_is_refused(tmp_path: Path, rows: list[list[str]]) -> None:
    with pytest.raises(RefusedFileError, match=r"tom|inga rader"):
        read_table(write_xlsx(tmp_path / "a.xlsx", {"Projekt": rows}))


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedFileError, match="två kolumner med rubriken ”Kod”"):
        read_table(write_csv(tmp_path / "a.csv", [("A", "B")], ("Kod", "Kod")))


def test_a_geopackage_states_its_system(tmp_path: Path) -> None:
    path = write_geopackage(tmp_path / "a.gpkg", {"kod": ["A", "B"], "antal": [3.0, None]}, [CITY_HALL, RINKEBY])
    table = read_table(path)
    assert table.srid == 3011
    assert table.columns["kod"] == ["A", "B"]
    assert table.geometries is not None
    assert table.geometries[0].equals(CITY_HALL)
    assert list(table.rows) == [1, 2]


def test_several_layers_are_asked_about(tmp_path: Path) -> None:
    path = write_geopackage(tmp_path / "a.gpkg", {"kod": ["A"]}, [CITY_HALL], layer="ett")
    write_geopackage(path, {"kod": ["B"]}, [RINKEBY], layer="två")
    with pytest.raises(RefusedFileError, match=r"flera lager. Välj ett med --layer: ett, två"):
        read_table(path)
    assert read_table(path, "två").columns["kod"] == ["B"]
    with pytest.raises(RefusedFileError, match="inget lager ”tre”"):
        read_table(path, "tre")


def test_heights_are_dropped_and_said(tmp_path: Path) -> None:
    path = write_geojson(
        tmp_path / "a.geojson", [({"kod": "A"}, {"type": "Point", "coordinates": [18.05, 59.33, 7.5]})]
    )
    table = read_table(path)
    assert table.geometries is not None
    assert not shapely.has_z(table.geometries[0])
    assert any("Höjder" in note for note in table.notes)
    assert table.srid == 4326


def test_metres_in_geojson_are_no_degrees(tmp_path: Path) -> None:
    path = write_geojson(tmp_path / "a.geojson", [({"kod": "A"}, {"type": "Point", "coordinates": [153112, 6579142]})])
    table = read_table(path)
    assert table.srid is None
    assert any("inte grader" in note for note in table.notes)


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.xlsx"])
def test_a_file_that_is_something_else_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"%PDF-1.4 something else entirely")
    with pytest.raises(RefusedFileError, match=name):
        read_table(path)


def test_latin_letters_of_a_shapefile_without_codepage(shared_data: Path) -> None:
    table = read_table(shared_data / "areas" / "stadsdelar_fullsize_3011_nocpg.zip")
    assert table.srid == 3011
    assert "HÄGERSTEN" in table.columns["name"]
    assert len(table.rows) == 117


@pytest.mark.parametrize(
    "text",
    [
        'kod;namn;antal\nN-2;a;1\nN-3;"oavslutad;1\nN-4;b;2\n',
        'kod;namn;antal\nN-2;a;1\nN-3;"oavslutad;1\nN-4;"b";2\n',
        'kod;namn;antal\nN-2;"a ""b"" c";1\nN-3;"Rosen" i Solna;1\n',
        'sep=;\nkod;namn;antal\nN-3;"oavslutad;1\n',
    ],
)
def test_a_quote_that_is_not_closed_swallows_no_rows(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RefusedFileError, match=r"a\.csv, rad 3: ett citattecken är inte avslutat"):
        read_table(path)


def test_a_quote_inside_an_unquoted_cell_is_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('kod;namn\nA;Kv. "Rosen"\nB;x\n', encoding="utf-8")
    assert read_table(path).columns["namn"] == ['Kv. "Rosen"', "x"]


@pytest.mark.parametrize("data", [b"\xff\xfek\x00o", "kod;namn\nA;x\n".encode("utf-16-le") + b"y"])
def test_half_a_character_of_utf_16_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    with pytest.raises(RefusedFileError, match=r"a\.csv ser ut att vara UTF-16"):
        read_table(path)


def test_a_shape_of_200_000_vertices_is_read_back(tmp_path: Path) -> None:
    angles = np.linspace(0, 2 * np.pi, 200_000, endpoint=False)
    shape = shapely.Polygon(np.column_stack([153_112 + 900 * np.cos(angles), 6_579_142 + 900 * np.sin(angles)]))
    wkt = shapely.to_wkt(shape, rounding_precision=-1)
    assert len(wkt) > 131_072
    table = read_table(write_csv(tmp_path / "a.csv", [("A", wkt)], ("kod", "wkt")))
    assert shapely.equals_exact(shapely.from_wkt(table.columns["wkt"][0]), shape)


def test_a_cell_beyond_the_bound_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "MAX_CELL", 1_000)
    path = write_csv(tmp_path / "a.csv", [("A", "x"), ("B", "y" * 1_001)], ("kod", "namn"))
    with pytest.raises(RefusedFileError, match="rad 3: en cell är längre än 1000 tecken"):
        read_table_here(path)


def test_lists_and_objects_in_geojson_become_text(tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [18.05, 59.33]}
    properties = {"kod": "A", "dnr": ["E 1", "E 2"], "antal": [1, 2], "övrigt": {"x": 1}}
    path = write_geojson(tmp_path / "a.geojson", [(properties, point), ({"kod": "B"}, point)])
    table = read_table(path)
    assert table.columns["dnr"] == ["E 1; E 2", None]
    assert table.columns["antal"] == ["1; 2", None]
    assert table.columns["övrigt"] == ['{ "x": 1 }', None]
    assert interpret(table).values["case_numbers"] == [("E 1", "E 2"), None]


@pytest.mark.parametrize("srid", [99_999, 5613])
def test_an_unknown_system_is_refused_also_without_coordinates(tmp_path: Path, srid: int) -> None:
    table = read_table(write_csv(tmp_path / "a.csv", [("A", "x")], ("kod", "namn")))
    with pytest.raises(RefusedFileError, match=f"EPSG:{srid} är inget"):
        interpret(table, Choices(srid=srid))
    assert len(interpret(table, Choices(srid=3006))) == 1


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.shp", "a.xlsx"])
def test_refusals_do_not_pass_on_english(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"something else entirely")
    with pytest.raises(RefusedFileError) as refused:
        read_table(path)
    for word in ("not", "supported", "file", "error", "Cannot"):
        assert word not in str(refused.value).split()
