"""A large file of open data that stands ready: written once for each state of the register, then only sent.

Anybody may ask for it, and to write it takes time that grows with the register. It lies in STATE_DIR, holds nothing
but what is public at its revision, and is sent at no other.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import blake2b, sha256
from pathlib import Path
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class Kept:
    """An open file, its size, and a mark of its contents alone."""

    file: BinaryIO
    size: int
    mark: str


def kept_file(folder: Path, name: str, state: object, parts: Callable[[], Iterable[bytes]]) -> Kept:
    """The file of a state, written first where it is not there; those of other states are thrown away.

    Whoever asks while it is written waits for it, in this process or another.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sign = blake2b(repr(state).encode(), digest_size=12).hexdigest()
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        path = next(folder.glob(f"{name}.{sign}.*"), None) or _written(folder, f"{name}.{sign}", parts())
        for other in folder.glob(f"{name}.*.*"):
            if other != path:
                other.unlink()
        file = path.open("rb")
    return Kept(file, os.fstat(file.fileno()).st_size, path.suffix[1:])


def _written(folder: Path, stem: str, parts: Iterable[bytes]) -> Path:
    """Half a file never gets the name."""
    digest = sha256()
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".", delete=False) as file:
        try:
            for part in parts:
                digest.update(part)
                file.write(part)
        except BaseException:
            os.unlink(file.name)
            raise
    path = folder / f"{stem}.{digest.hexdigest()[:32]}"
    os.replace(file.name, path)
    return path
