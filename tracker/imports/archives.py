"""Packed files, taken apart with care: bounded in number, size and ratio, and no name from the archive is trusted."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from tracker.errors import RefusedFileError
from tracker.messages import message

MAX_MEMBERS = 2_000
MAX_BYTES = 512 * 2**20
MAX_RATIO = 250
"""Of everything together; sheets of numbers come to some 20, maps to 10. Small archives may have any ratio."""
_SMALL = 16 * 2**20
_CHUNK = 2**18
_LOCAL_HEADER = 30


def checked_members(path: Path, title: str) -> list[zipfile.ZipInfo]:
    """The files of an archive. Raises RefusedFileError for one that is broken, locked, or too much."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, EOFError) as error:
        raise _broken(title) from error
    if any(one.flag_bits & 0x1 for one in members):
        raise RefusedFileError(
            message("%(title)s är skyddad med lösenord. Ta bort lösenordet och skicka filen igen.", title=title)
        )
    if len(members) > MAX_MEMBERS:
        raise RefusedFileError(
            message(
                "%(title)s innehåller %(count)s filer; högst %(most)s tas emot.",
                title=title,
                count=len(members),
                most=MAX_MEMBERS,
            )
        )
    total = sum(one.file_size for one in members)
    if total > MAX_BYTES or (total > _SMALL and total > MAX_RATIO * path.stat().st_size):
        raise _bomb(title)
    return members


def check_sizes(path: Path, title: str, see: Callable[[str, bytes], None] = lambda _name, _data: None) -> None:
    """Unpack everything once in small pieces and throw it away, for a reader that trusts the archive.

    Raises RefusedFileError when a member holds more than it states. `see` is shown each piece.
    """
    for member in checked_members(path, title):
        size = 0
        for piece in _inflated(path, member, title):
            size += len(piece)
            if size > member.file_size:
                raise _bomb(title)
            see(member.filename, piece)


def _inflated(path: Path, member: zipfile.ZipInfo, title: str) -> Iterator[bytes]:
    """The bytes of a member as they really are, whatever size the directory states."""
    with path.open("rb") as file:
        _go_to_data(file, member, title)
        left = member.compress_size
        unpack = zlib.decompressobj(-15) if member.compress_type == zipfile.ZIP_DEFLATED else None
        if unpack is None and member.compress_type != zipfile.ZIP_STORED:
            raise _broken(title)
        while left > 0 and (data := file.read(min(left, _CHUNK))):
            left -= len(data)
            if unpack is None:
                yield data
                continue
            try:
                while data and not unpack.eof:
                    yield unpack.decompress(data, _CHUNK)
                    data = unpack.unconsumed_tail
            except zlib.error as error:
                raise _broken(title) from error


def _go_to_data(file: BinaryIO, member: zipfile.ZipInfo, title: str) -> None:
    try:
        file.seek(member.header_offset)
        header = file.read(_LOCAL_HEADER)
        if len(header) < _LOCAL_HEADER or header[:4] != b"PK\x03\x04":
            raise _broken(title)
        file.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    except (OSError, ValueError) as error:
        raise _broken(title) from error


def unpack(path: Path, folder: Path, title: str, wanted: frozenset[str]) -> list[Path]:
    """Write the members with these suffixes into `folder`, under names of our own that keep stem and suffix.

    Shapefiles of one stem stay together whatever their case; folders are flattened; what macOS adds is left out.
    """
    written: list[Path] = []
    stems: dict[str, int] = {}
    for member in checked_members(path, title):
        name = PurePosixPath(member.filename.replace("\\", "/"))
        hidden = "__MACOSX" in name.parts or name.name.startswith("._")
        if hidden or stat.S_ISLNK(member.external_attr >> 16) or name.suffix.casefold() not in wanted:
            continue
        number = stems.setdefault(str(name.with_suffix("")).casefold(), len(stems))
        target = folder / f"{number}" / f"{safe_stem(name.stem).casefold()}{name.suffix.casefold()}"
        if target.exists():
            raise RefusedFileError(
                message(
                    "%(title)s innehåller två filer som heter %(name)s. Packa om den.", title=title, name=target.name
                )
            )
        target.parent.mkdir(exist_ok=True)
        _write(path, member, target, title)
        written.append(target)
    return written


def safe_stem(stem: str) -> str:
    """A name for a file of our own that says the same as the given one: it becomes the layer's name."""
    kept = "".join(letter if letter.isalnum() or letter in " -_" else "_" for letter in stem)
    return kept[:80].strip() or "lager"


def _write(path: Path, member: zipfile.ZipInfo, target: Path, title: str) -> None:
    size = checksum = 0
    with target.open("wb") as out:
        for piece in _inflated(path, member, title):
            size += len(piece)
            if size > member.file_size:
                raise _bomb(title)
            checksum = zlib.crc32(piece, checksum)
            out.write(piece)
    if (size, checksum) != (member.file_size, member.CRC):
        raise _broken(title)


def _broken(title: str) -> RefusedFileError:
    return RefusedFileError(
        message("%(title)s är skadad eller avkortad: innehållet går inte att packa upp.", title=title)
    )


def _bomb(title: str) -> RefusedFileError:
    return RefusedFileError(message("%(title)s blir orimligt stor när den packas upp och tas inte emot.", title=title))
