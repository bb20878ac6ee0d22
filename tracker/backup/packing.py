"""The parts of a backup in one zip, the manifest first, each part with its SHA-256."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from tracker.backup.manifest import (
    DATABASE_PARTS,
    NAME,
    NO_BACKUP,
    TEMPLATE_PART,
    Manifest,
    Part,
    read_manifest,
    write_manifest,
)
from tracker.errors import RefusedFileError

CHUNK = 1 << 20
MANIFEST_BYTES = 1 << 20
"""No manifest of ours is near it."""
_PACKED = {DATABASE_PARTS["sqlite"]: zipfile.ZIP_DEFLATED}
"""A dump of PostgreSQL and a docx are packed already."""
KNOWN = frozenset({*DATABASE_PARTS.values(), TEMPLATE_PART})


def part_of(path: Path) -> Part:
    """Size and sum of a file."""
    with path.open("rb") as file:
        return Part(hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size)


def pack(target: Path, manifest: Manifest, files: Mapping[str, Path]) -> None:
    """Write the backup; readable by its owner alone, for it holds everything. Raises OSError."""
    target.touch(mode=0o600)
    with zipfile.ZipFile(target, "w", allowZip64=True, compresslevel=6) as packed:
        packed.writestr(NAME, write_manifest(manifest))
        for name, path in files.items():
            packed.write(path, name, compress_type=_PACKED.get(name, zipfile.ZIP_STORED))


@contextmanager
def opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """The backup and what it says of itself. Raises RefusedFileError for what is no backup, or a cut one."""
    try:
        with zipfile.ZipFile(path) as packed:
            if packed.getinfo(NAME).file_size > MANIFEST_BYTES:
                raise RefusedFileError(NO_BACKUP.format(name=path.name))
            manifest = read_manifest(packed.read(NAME), path.name)
            _check_names(packed, manifest, path.name)
            yield packed, manifest
    except (zipfile.BadZipFile, KeyError, EOFError) as error:
        raise RefusedFileError(f"{NO_BACKUP.format(name=path.name)[:-1]}, eller så är den skadad.") from error


def _check_names(packed: zipfile.ZipFile, manifest: Manifest, name: str) -> None:
    """Exactly the parts that the manifest names, and only such as we make: a name is never part of a path."""
    there, said = set(packed.namelist()) - {NAME}, set(manifest.parts)
    if there != said or not said <= KNOWN or manifest.database_part not in said:
        raise RefusedFileError(f"{name} är skadad: innehållet är inte det som manifestet säger.")


def unpack(packed: zipfile.ZipFile, manifest: Manifest, part: str, target: Path) -> Path:
    """Write a part to `target`, checked against its sum. Raises RefusedFileError when it is not what was packed."""
    with target.open("wb") as file:
        _through(packed, manifest, part, file)
    return target


def check(packed: zipfile.ZipFile, manifest: Manifest) -> None:
    """Read every part through against its sum. Raises RefusedFileError."""
    for part in manifest.parts:
        _through(packed, manifest, part, None)


def _through(packed: zipfile.ZipFile, manifest: Manifest, part: str, file: BinaryIO | None) -> None:
    found, size, said = hashlib.sha256(), 0, manifest.parts[part]
    damaged = RefusedFileError(f"Säkerhetskopian är skadad: {part} stämmer inte med sin kontrollsumma.")
    try:
        with packed.open(part) as source:
            while chunk := source.read(CHUNK):
                size += len(chunk)
                if size > said.size_bytes:
                    raise damaged
                found.update(chunk)
                if file is not None:
                    file.write(chunk)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise damaged from error
    if (found.hexdigest(), size) != (said.sha256, said.size_bytes):
        raise damaged
