"""Reading outlines: formats, zips, encodings, coordinate systems, layers; and what is refused, with its reason."""

from __future__ import annotations

from pathlib import Path

import pyogrio
import pytest
import shapely

from tests.areas.outline_makers import write_outlines, zip_folder
from tests.geometries import array, square
from tracker.areas.outline_files import Reading, read_outlines
from tracker.errors import RefusedFileError
from tracker.geo.crs import reproject

EAST, NORTH = 150_000.0, 6_580_000.0
SHAPES = {"Ängen": square(EAST, NORTH, 500), "Åkern": square(EAST + 500, NORTH, 500)}
ANY = Reading()


def known(name: str) -> bool:
    return name in SHAPES


def shapefile(folder: Path, srid: int | None = 3011, encoding: str = "ISO-8859-1") -> Path:
    """A Shapefile's parts in a folder, without .cpg, and without .prj when `srid` is None."""
    folder.mkdir()
    write_outlines(folder / "ytor.shp", SHAPES, srid, encoding=encoding)
    (folder / "ytor.cpg").unlink(missing_ok=True)
    return folder


@pytest.mark.parametrize("srid", [3011, 3006, 3021, 3152])
@pytest.mark.parametrize("inside", ["", "Mina kartor/"])
@pytest.mark.parametrize("upper", [False, True])
def test_a_zipped_shapefile_is_read_in_every_system(tmp_path: Path, srid: int, inside: str, upper: bool) -> None:
    path = zip_folder(shapefile(tmp_path / "ytor", srid), tmp_path / "ytor.zip", inside, upper)
    found = read_outlines(path, Reading(name_field="NAME"), known)
    assert found.names == ["Ängen", "Åkern"]
    for shape, right in zip(found.shapes, SHAPES.values(), strict=True):
        assert shapely.hausdorff_distance(shape, right) < 0.01


@pytest.mark.parametrize("encoding", ["UTF-8", "CP850"])
def test_the_encoding_is_found_from_the_names(tmp_path: Path, encoding: str) -> None:
    folder = shapefile(tmp_path / "ytor", encoding=encoding)
    dbf = bytearray((folder / "ytor.dbf").read_bytes())
    dbf[29] = 0  # no language mark: the file does not say its encoding
    (folder / "ytor.dbf").write_bytes(dbf)
    found = read_outlines(folder / "ytor.shp", ANY, known)
    assert found.names == ["Ängen", "Åkern"]
    assert found.notes == (f"Namnen lästes med teckenkodningen {encoding}.",)


def test_geojson_and_geopackage_give_the_same(tmp_path: Path) -> None:
    geojson = read_outlines(write_outlines(tmp_path / "a.geojson", SHAPES, 4326), ANY, known)
    package = read_outlines(write_outlines(tmp_path / "a.gpkg", SHAPES, 3011), ANY, known)
    assert geojson.names == package.names == ["Ängen", "Åkern"]
    for one, other in zip(geojson.shapes, package.shapes, strict=True):
        assert shapely.hausdorff_distance(one, other) < 0.02


def test_heights_are_dropped_and_that_is_said(tmp_path: Path) -> None:
    lifted = {name: shapely.force_3d(shape, 12.0) for name, shape in SHAPES.items()}
    found = read_outlines(write_outlines(tmp_path / "z.gpkg", lifted), ANY, known)
    assert not shapely.has_z(found.shapes).any()
    assert found.notes == ("Höjdvärden (Z) togs bort.",)


def test_a_missing_system_is_proposed_and_can_be_said(tmp_path: Path) -> None:
    folder = shapefile(tmp_path / "ytor", 3006)
    (folder / "ytor.prj").unlink()
    path = zip_folder(folder, tmp_path / "ytor.zip")
    with pytest.raises(RefusedFileError, match=r"SWEREF 99 TM \(EPSG:3006\). Ange --crs"):
        read_outlines(path, ANY, known)
    found = read_outlines(path, Reading(srid=3006), known)
    assert shapely.hausdorff_distance(found.shapes[0], SHAPES["Ängen"]) < 0.01


def test_a_wrong_system_is_said_once_with_the_likely_one(tmp_path: Path) -> None:
    path = write_outlines(tmp_path / "a.geojson", SHAPES, 4326)
    with pytest.raises(RefusedFileError, match=r"långt utanför Stockholm.*WGS 84"):
        read_outlines(path, Reading(srid=3011), known)
    with pytest.raises(RefusedFileError, match="EPSG:999999"):
        read_outlines(path, Reading(srid=999999), known)


def test_swapped_axes_are_named(tmp_path: Path) -> None:
    swapped = {name: shapely.transform(shape, lambda xy: xy[:, ::-1]) for name, shape in SHAPES.items()}
    path = write_outlines(tmp_path / "swapped.gpkg", swapped, 3011)
    with pytest.raises(RefusedFileError, match="nordlig koordinat först"):
        read_outlines(path, ANY, known)


def test_a_stated_system_that_is_overruled_is_noted(tmp_path: Path) -> None:
    path = tmp_path / "tm.geojson"
    path.write_text(shapely_collection(3006), encoding="utf-8")
    found = read_outlines(path, Reading(srid=3006), known)
    assert found.notes == ("Filen anger WGS 84 (longitud/latitud); SWEREF 99 TM användes eftersom det angavs.",)
    assert shapely.hausdorff_distance(found.shapes[0], SHAPES["Ängen"]) < 0.01


def shapely_collection(srid: int) -> str:
    """GeoJSON with other coordinates than longitude and latitude, and no word of it."""
    moved = reproject(array(*SHAPES.values()), 3011, srid)
    features = ",".join(
        f'{{"type":"Feature","properties":{{"name":"{name}"}},"geometry":{shapely.to_geojson(shape)}}}'
        for name, shape in zip(SHAPES, moved, strict=True)
    )
    return f'{{"type":"FeatureCollection","features":[{features}]}}'


def test_several_layers_are_asked_about(tmp_path: Path) -> None:
    path = write_outlines(tmp_path / "two.gpkg", SHAPES, layer="ytor")
    pyogrio.raw.write(
        path,
        geometry=shapely.to_wkb(list(SHAPES.values())),
        field_data=[],
        fields=[],
        geometry_type="Polygon",
        crs="EPSG:3011",
        layer="annat",
    )
    with pytest.raises(RefusedFileError, match="ytor, annat"):
        read_outlines(path, ANY, known)
    assert read_outlines(path, Reading(layer="ytor"), known).names == ["Ängen", "Åkern"]
    with pytest.raises(RefusedFileError, match="inget lager ”finns inte”"):
        read_outlines(path, Reading(layer="finns inte"), known)


def test_the_field_with_names_is_found_or_asked_for(tmp_path: Path) -> None:
    path = write_outlines(tmp_path / "a.geojson", SHAPES, 4326, field="benamning")
    assert read_outlines(path, ANY, known).names == ["Ängen", "Åkern"]
    assert read_outlines(path, Reading(name_field="Benamning"), known).names == ["Ängen", "Åkern"]
    with pytest.raises(RefusedFileError, match=r"inget fält ”namn”\. Fälten är: benamning"):
        read_outlines(path, Reading(name_field="namn"), known)
    with pytest.raises(RefusedFileError, match="Inget fält har namn"):
        read_outlines(path, ANY, lambda _name: False)


def test_what_is_no_map_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "a.txt"
    text.write_text("hej", encoding="utf-8")
    with pytest.raises(RefusedFileError, match=r"a\.txt går inte att läsa"):
        read_outlines(text, ANY, known)
    (tmp_path / "tom").mkdir()
    (tmp_path / "tom" / "las.mig").write_text("hej", encoding="utf-8")
    with pytest.raises(RefusedFileError, match="innehåller: ingen"):
        read_outlines(zip_folder(tmp_path / "tom", tmp_path / "tom.zip"), ANY, known)


def test_a_zip_with_two_maps_is_refused_by_their_names(tmp_path: Path) -> None:
    folder = tmp_path / "flera"
    folder.mkdir()
    write_outlines(folder / "a.geojson", SHAPES, 4326)
    write_outlines(folder / "b.geojson", SHAPES, 4326)
    with pytest.raises(RefusedFileError, match=r"a\.geojson, b\.geojson"):
        read_outlines(zip_folder(folder, tmp_path / "flera.zip"), ANY, known)


def test_a_text_file_in_windows_1252_is_refused(tmp_path: Path) -> None:
    for name, header in (("a.csv", "namn;WKT"), ("b.csv", "område;WKT")):
        path = tmp_path / name
        path.write_bytes(f'{header}\nÄngen;"POINT (150000 6580000)"\n'.encode("cp1252"))
        with pytest.raises(RefusedFileError, match=f"{name} är inte i teckenkodningen UTF-8"):
            read_outlines(path, ANY, known)


def test_what_is_no_map_is_refused_in_swedish(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    path.write_bytes(b"something else entirely")
    with pytest.raises(RefusedFileError, match=r"^a\.gpkg går inte att läsa som karta: den är skadad[^:]*$"):
        read_outlines(path, ANY, known)


def test_a_layer_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = write_outlines(tmp_path / "a.gpkg", SHAPES, layer="ytor")
    with pytest.raises(RefusedFileError, match=r"inget lager ”annat”\. Den har: ytor"):
        read_outlines(path, Reading(layer="annat"), known)
