"""Archives made to harm: bombs, names that lead astray, entries that lie. Each is refused, or harmless."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.imports.hostile import overlapping, refused, zipped
from tracker.imports.contents import inspect_file
from tracker.imports.sources import read_table

CSV = b"kod;namn\nA;x\n"


def archive(members: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return made.getvalue()


def info(name: str, **given: Any) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    made.compress_type = zipfile.ZIP_DEFLATED
    for key, value in given.items():
        setattr(made, key, value)
    return made


def test_archives_in_archives_are_not_followed(tmp_path: Path) -> None:
    """42.zip: sixteen archives of sixteen archives; each level is small."""
    inner = archive({f"{n}.zip": archive({"0.dll": bytes(2**20)}) for n in range(16)})
    refused(zipped(tmp_path / "42.zip", {f"lib {n}.zip": inner for n in range(16)}), "bara andra arkiv")


def test_an_archive_beside_a_table_is_left_alone(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.csv": CSV, "b.zip": archive({"0.dll": bytes(8 * 2**20)})})
    assert read_table(path).columns == {"kod": ["A"], "namn": ["x"]}


def test_a_ratio_without_measure(tmp_path: Path) -> None:
    refused(zipped(tmp_path / "a.zip", {"a.csv": b"kod;namn\n" + b"A;x\n" * 2**23}), "orimligt stor")


def test_entries_that_share_their_bytes(tmp_path: Path) -> None:
    refused(overlapping(tmp_path / "a.zip", 600, 2**20), "orimligt stor")


def test_a_directory_without_end(tmp_path: Path) -> None:
    refused(zipped(tmp_path / "a.zip", {f"{n}.txt": b"" for n in range(2001)}), "innehåller 2001 filer")
    refused(overlapping(tmp_path / "b.zip", 50_000, 10), "innehåller 50000 filer")


@pytest.mark.parametrize(
    "name",
    [
        "../../../../etc/cron.d/a.csv", "/etc/cron.d/a.csv", "..\\..\\windows\\a.csv", "C:\\windows\\a.csv",
        "a/../../../b.csv", "./././a.csv", "con.csv", "a\nb.csv", "\u202evsc.a.csv", f"{'x' * 300}.csv", " .csv",
        ".dold.csv", "a.csv/../a.csv", "~/.ssh/a.csv",
    ],
)  # fmt: skip
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path / "a.zip", {name: CSV})
    before = sorted(tmp_path.rglob("*"))
    assert read_table(path).columns["kod"] == ["A"]
    assert sorted(tmp_path.rglob("*")) == before


def test_a_name_with_a_zero_byte(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a_b.csv": CSV})
    path.write_bytes(path.read_bytes().replace(b"a_b.csv", b"a\x00b.csv"))
    refused(path, "ingen karta och ingen tabell|skadad")


def test_links_are_not_followed(tmp_path: Path) -> None:
    link = info("a.csv", external_attr=(stat.S_IFLNK | 0o777) << 16)
    refused(zipped(tmp_path / "a.zip", [(link, b"/etc/passwd")]), "ingen karta och ingen tabell")


@pytest.mark.parametrize("names", [("a.csv", "a.csv"), ("a.csv", "A.CSV"), ("x/a.gpkg", "x/A.gpkg")])
def test_two_of_one_name(tmp_path: Path, names: tuple[str, str]) -> None:
    with pytest.warns(UserWarning, match="Duplicate name") if names[0] == names[1] else _nothing():
        path = zipped(tmp_path / "a.zip", [(names[0], CSV), (names[1], CSV)])
    refused(path, "två filer som heter")


def _nothing() -> Any:
    from contextlib import nullcontext

    return nullcontext()


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_packings_are_refused(tmp_path: Path, method: int) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", method) as packed:
        packed.writestr("a.csv", CSV * 1000)
    refused(tmp_path / "a.zip", "skadad eller avkortad")


@pytest.mark.parametrize(("place", "width"), [(22, 4), (18, 4), (26, 2), (28, 2), (0, 4)])
def test_headers_that_lie(tmp_path: Path, place: int, width: int) -> None:
    """Sizes, lengths and the mark of a member's own header."""
    data = bytearray(zipped(tmp_path / "a.zip", {"a.csv": CSV * 100}).read_bytes())
    data[place : place + width] = b"\xff" * width
    (tmp_path / "a.zip").write_bytes(data)
    if place in (18, 22):  # the directory says it too, and is believed
        assert len(read_table(tmp_path / "a.zip").rows) == 199
    else:
        refused(tmp_path / "a.zip", "skadad eller avkortad|varken kartfil")


@pytest.mark.parametrize(("place", "value"), [(20, 2**31), (24, 10), (24, 2**32 - 1), (42, 2**31), (16, 1)])
def test_a_directory_that_lies(tmp_path: Path, place: int, value: int) -> None:
    """Packed size, size, offset and checksum."""
    data = bytearray(zipped(tmp_path / "a.zip", {"a.csv": CSV * 100}).read_bytes())
    start = data.index(b"PK\x01\x02")
    data[start + place : start + place + 4] = value.to_bytes(4, "little")
    (tmp_path / "a.zip").write_bytes(data)
    if place == 20:  # the packed bytes say themselves where they end
        assert len(read_table(tmp_path / "a.zip").rows) == 199
    else:
        refused(tmp_path / "a.zip", "skadad|orimligt stor")


def test_a_comment_that_hides_the_end(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.csv": CSV})
    path.write_bytes(path.read_bytes()[:-22] + b"PK\x05\x06" + b"\xff" * 18)
    refused(path, "skadad")


def test_a_kmz_with_a_document_type(tmp_path: Path) -> None:
    text = b'<!DOCTYPE kml [<!ENTITY a "ha">]><kml xmlns="http://www.opengis.net/kml/2.2"><name>&a;</name></kml>'
    refused(zipped(tmp_path / "a.kmz", {"doc.kml": text}), "DOCTYPE")


def test_a_document_inside_that_is_something_else(tmp_path: Path) -> None:
    refused(zipped(tmp_path / "a.zip", {"a.gpkg": b"%PDF-1.4\n"}), "PDF")
    assert inspect_file(zipped(tmp_path / "b.zip", {"a.gpkg": b'{"type": "Point", "coordinates": [18, 59]}'})).layers
