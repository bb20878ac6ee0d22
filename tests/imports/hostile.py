"""How a hostile file is met: a sentence that says why, an empty temporary folder, little memory of this process."""

from __future__ import annotations

import struct
import tempfile
import tracemalloc
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tracker.errors import RefusedFileError
from tracker.imports.contents import inspect_file
from tracker.imports.sources import Table, read_table

PARENT_BYTES = 64 * 2**20
"""What this process may take while a child reads."""


def refused(path: Path, reason: str, title: str = "filen") -> None:
    """Looking at it or reading it gives one Swedish sentence that matches, and nothing stays behind."""
    usual, place = tempfile.tempdir, path.parent / "privat"
    place.mkdir(exist_ok=True)
    tempfile.tempdir = str(place)
    tracemalloc.start()
    try:
        with pytest.raises(RefusedFileError, match=reason) as told:
            _walk(path, title)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        tempfile.tempdir = usual
    assert peak < PARENT_BYTES
    assert title in str(told.value)
    assert 10 < len(str(told.value)) < 250
    assert not {"Traceback", "Error", "Exception", "None"} & set(str(told.value).split())
    assert list(place.iterdir()) == []


def _walk(path: Path, title: str) -> None:
    inspect_file(path, title)
    read_table(path, title=title)


def read_or_reason(path: Path, layer: str | None = None) -> Table | str:
    """What was read, or the sentence that says why not."""
    try:
        return read_table(path, layer)
    except RefusedFileError as error:
        return str(error)


def zipped(path: Path, members: Mapping[str, bytes] | Sequence[tuple[str | zipfile.ZipInfo, bytes]]) -> Path:
    """An archive of these members, which may have the same name."""
    pairs = members.items() if isinstance(members, Mapping) else members
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in pairs:
            archive.writestr(name, data)
    return path


def overlapping(path: Path, count: int, size: int) -> Path:
    """Fifield's bomb in its simplest form: many entries of the directory that share one member of zeros."""
    packed = zlib.compress(bytes(size), 9)[2:-4]
    check = zlib.crc32(bytes(size))
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 0, check, len(packed), size, 5, 0) + b"a.csv" + packed
    entries = b"".join(
        struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, check, len(packed), size, 9, 0, 0, 0, 0, 0, 0)
        + f"{n:05}.csv".encode()
        for n in range(count)
    )
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(entries), len(local), 0)
    path.write_bytes(local + entries + end)
    return path
