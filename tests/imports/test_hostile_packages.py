"""GeoPackages made to harm: SQL that never ends or calls, triggers, WKB that claims what it has not."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import shapely

from tests.imports.files import write_geopackage
from tests.imports.hostile import read_or_reason, refused
from tracker.imports.sources import read_table
from tracker.sandbox import limits
from tracker.sandbox.limits import Limits

POINT = shapely.Point(153112, 6579142)
ENDS = "skadad|gick inte att läsa"
ENDLESS = (
    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x AS fid, 'A' AS kod, NULL AS geom FROM c"
)


@pytest.fixture(autouse=True)
def bounded() -> Iterator[None]:
    """What a child may take here."""
    kept = limits.current()
    limits.configure(Limits(memory_mb=512, seconds=20))
    yield
    limits.configure(kept)


def package(tmp_path: Path, *statements: str) -> Path:
    """A GeoPackage of one project, changed by hand."""
    path = write_geopackage(tmp_path / "a.gpkg", {"kod": ["A"], "namn": ["x"]}, [POINT])
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        triggers = [row[0] for row in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
        for name in triggers:
            file.execute(f'DROP TRIGGER "{name}"')
        file.execute("PRAGMA writable_schema=ON")
        for statement in statements:
            file.execute(statement)
    return path


def instead(sql: str) -> tuple[str, ...]:
    """A view in the place of the table."""
    return ("ALTER TABLE projekt RENAME TO gammal", f"CREATE VIEW projekt AS {sql}")


def test_a_view_that_never_ends(tmp_path: Path) -> None:
    limits.configure(Limits(memory_mb=512, seconds=3))
    refused(package(tmp_path, *instead(ENDLESS)), "längre tid än 3 sekunder|mer minne")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1 AS fid, load_extension('/tmp/x.so') AS kod, geom FROM gammal",
        "SELECT 1 AS fid, readfile('/etc/passwd') AS kod, geom FROM gammal",
        "SELECT 1 AS fid, hex(zeroblob(2000000000)) AS kod, geom FROM gammal",
        "SELECT 1 AS fid, printf('%.2000000000c', 'x') AS kod, geom FROM gammal",
        "SELECT 1 AS fid, ogr_geocode('Stockholm') AS kod, geom FROM gammal",
        "SELECT * FROM projekt",
        "SELECT * FROM saknas",
    ],
)
def test_a_view_that_calls(tmp_path: Path, sql: str) -> None:
    read = read_or_reason(package(tmp_path, *instead(sql)), "projekt")
    assert isinstance(read, str), "no such function is run"
    assert 10 < len(read) < 250


def test_triggers_are_never_run(tmp_path: Path) -> None:
    trigger = "CREATE TRIGGER onska AFTER INSERT ON projekt BEGIN SELECT load_extension('/tmp/x.so'); END"
    assert read_table(package(tmp_path, trigger)).columns["kod"] == ["A"]


def test_an_attached_database_is_not_reached(tmp_path: Path) -> None:
    other = tmp_path / "register.db"
    with closing(sqlite3.connect(other)) as file:
        file.execute("CREATE TABLE hemligt (kod TEXT)")
    virtual = f"CREATE VIRTUAL TABLE lank USING VirtualOGR('{other}')"
    path = write_geopackage(tmp_path / "a.gpkg", {"kod": ["A"]}, [POINT])
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("PRAGMA writable_schema=ON")
        file.execute(
            "INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql) VALUES ('table', 'lank', 'lank', 0, ?)",
            [virtual],
        )
    read = read_or_reason(path, "projekt")
    assert "hemligt" not in str(read)
    assert isinstance(read, str) or read.columns["kod"] == ["A"]


def blob(wkb: bytes) -> bytes:
    """A geometry as a GeoPackage keeps it."""
    return b"GP\x00\x01" + struct.pack("<i", 3011) + wkb


@pytest.mark.parametrize(
    "wkb",
    [
        struct.pack("<BII", 1, 2, 2**31) + bytes(64),
        struct.pack("<BII", 1, 2, 2**32 - 1) + bytes(64),
        struct.pack("<BII", 1, 6, 2**31 - 1) + bytes(64),
        struct.pack("<BIII", 1, 3, 1, 2**31) + bytes(64),
        struct.pack("<BII", 1, 7, 1) * 100_000 + shapely.to_wkb(POINT),
        struct.pack("<BI", 1, 4_000_000_000) + bytes(64),
        b"\x07" * 40,
        b"",
    ],
    ids=["linje", "linje32", "ytor", "ring", "djup", "slag", "skrap", "tom"],
)
def test_wkb_that_claims_what_it_has_not(tmp_path: Path, wkb: bytes) -> None:
    path = package(tmp_path)
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("UPDATE projekt SET geom = ?", [blob(wkb)])
    read = read_or_reason(path)
    if not isinstance(read, str):
        assert read.geometries is not None
        assert list(read.geometries) == [None] or read.geometries[0].is_empty
